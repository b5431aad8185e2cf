"""What the tests of signing sign: one issuer, one key per use, one typical book."""

import json
from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import signing
from signing.encoding import b64url
from signing.sd_jwt import digests_of

NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2029, 1, 1, tzinfo=UTC)
FAR = datetime(2046, 1, 1, tzinfo=UTC)
ISSUER = "https://book.example"
VCT = f"{ISSUER}/vct/labour-book/1"
STATUS_URI = f"{ISSUER}/status/1"
INDEX = 7
VECTORS = Path(__file__).parent / "vectors"


def employment(number: int = 1, **changes: Any) -> dict[str, Any]:
    entry = {
        "no": number,
        "employer": "Công ty TNHH May Hòa Bình",
        "enterprise_code": "0101234567",
        "position": "Công nhân may",
        "occupation_code": "7531",
        "contract_kind": "INDEFINITE",
        "contract_id": f"HD-{number:04}",
        "workplace": "Phường Bến Nghé",
        "first_day": "2021-03-01",
        "last_day": "2024-05-31",
        "months_paid": 39,
        "months_arrears": 0,
        "months_unknown": 0,
        "paid": ["2021-03/2024-05"],
        "arrears": [],
        "unknown": [],
        "assurance": "CONTRIBUTION_MATCHED",
        "wage_base_vnd": 8_500_000,
    }
    return entry | changes


def claims(**changes: Any) -> dict[str, Any]:
    book = {
        "book_no": "VN-0000123",
        "version": 3,
        "prev_sha256": "0" * 64,
        "as_of": "2026-10-01",
        "worker": {
            "full_name": "Nguyễn Văn An",
            "birth_date": "1990-04-05",
            "sex": "M",
            "nationality": "VN",
            "personal_id": "001090012345",
            "residence": "Phường Bến Nghé",
        },
        "employments": [employment(1), employment(2), employment(3)],
        "insurance": {"SI": 120, "UI": 118, "HI": 120, "VOL": 0, "as_of_month": "2026-09"},
        "gaps": [{"first": "2024-06", "last": "2024-08"}],
        "qualifications": [{"kind": "VOCATIONAL", "level": "3", "assurance": "ATTESTED"}],
        "registration_group": "1a",
    }
    return deepcopy(book | changes)


def root(name: str = "Demo root") -> signing.Root:
    return _root(name)


def key(
    use: signing.Use = signing.Use.CREDENTIAL,
    *,
    root_name: str = "Demo root",
    issuer: str = ISSUER,
    not_before: datetime = BEGIN,
    not_after: datetime = END,
) -> signing.SigningKey:
    return _key(use, root_name, issuer, not_before, not_after)


@cache
def _root(name: str) -> signing.Root:
    return signing.new_root(common_name=name, not_before=BEGIN, not_after=FAR)


@cache  # whoever asks for the same key gets the same one
def _key(
    use: signing.Use, root_name: str, issuer: str, not_before: datetime, not_after: datetime
) -> signing.SigningKey:
    return signing.new_leaf(
        root(root_name),
        use=use,
        issuer_uri=issuer,
        common_name=f"Demo {use} 2026",
        not_before=not_before,
        not_after=not_after,
    )


def bundle(*more: signing.SigningKey | signing.TrustedKey, **changes: Any) -> signing.TrustBundle:
    keys = changes.pop("keys", None) or [*map(key, signing.Use), *more]
    given = {"issuer": ISSUER, "root": root().certificate, "issued_at": NOW} | changes
    return signing.trust_bundle(keys=keys, **given)


@cache
def trust() -> signing.TrustBundle:
    return bundle()


def issue(book: Mapping[str, Any] | None = None, **changes: Any) -> str:
    given: dict[str, Any] = {
        "signer": key(),
        "issuer": ISSUER,
        "vct": VCT,
        "issued_on": date(2026, 10, 1),
        "expires_on": date(2027, 10, 1),
        "status_uri": STATUS_URI,
        "status_index": INDEX,
    }
    return signing.issue_book_credential(claims() if book is None else book, **given | changes)


def compact(book: signing.CompactBook | None = None, **changes: Any) -> str:
    given: dict[str, Any] = {
        "signer": key(signing.Use.QR),
        "issuer": ISSUER,
        "issued_at": NOW,
        "expires_at": NOW + timedelta(days=7),
        "status_uri": STATUS_URI,
        "status_index": INDEX,
    }
    return signing.compact_sign(book or signing.compact_book(claims()), **given | changes)


def snapshot(statuses: Mapping[int, int] | None = None, **changes: Any) -> signing.StatusSnapshot:
    given: dict[str, Any] = {
        "uri": STATUS_URI,
        "issued_at": NOW,
        "expires_at": NOW + timedelta(hours=24),
        "ttl_seconds": 3600,
        "list": signing.StatusList.of(1000, statuses or {}),
    }
    return signing.StatusSnapshot(**given | changes)


def all_valid(_uri: str) -> signing.StatusSnapshot:
    return snapshot()


def verify(token: str, **changes: Any) -> signing.Verdict:
    given: dict[str, Any] = {"trust": trust(), "now": NOW, "status": all_valid} | changes
    return signing.verify_credential(token, **given)


def payload(**changes: Any) -> dict[str, Any]:
    """Return the visible claims of a credential, as a forger or a faulty issuer would set them."""
    visible = {
        "iss": ISSUER,
        "vct": VCT,
        "iat": 1_790_786_800,
        "exp": 1_822_323_600,
        "status": {"status_list": {"idx": INDEX, "uri": STATUS_URI}},
        "_sd_alg": "sha-256",
    }
    return {name: value for name, value in (visible | changes).items() if value is not ...}


def header(**changes: Any) -> dict[str, Any]:
    given = {"alg": "ES256", "typ": "dc+sd-jwt", "kid": key().kid} | changes
    return {name: value for name, value in given.items() if value is not ...}


def forge(
    body: Any,
    *disclosures: str,
    head: Any = None,
    signer: signing.SigningKey | None = None,
    signature: bytes | None = None,
) -> str:
    """Sign anything at all as a credential; `body` and `head` may be raw bytes."""
    parts = [head if head is not None else header(), body]
    encoded = [each if isinstance(each, bytes) else json.dumps(each).encode() for each in parts]
    signed = ".".join(map(b64url, encoded))
    if signature is None:
        signature = (signer or key()).sign(signed.encode())
    return "~".join([f"{signed}.{b64url(signature)}", *disclosures, ""])


def disclosure(*parts: Any) -> tuple[str, str]:
    """Return a disclosure of anything and its digest."""
    encoded = b64url(json.dumps(list(parts)).encode())
    return encoded, digests_of([encoded.encode()])[0]
