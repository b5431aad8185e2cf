"""Makes `vectors/compact.json`: QR texts with the answers that every verifier must give.

The server, the verifier page's JavaScript and the app run the same file. Keys are derived from
their names and sign deterministically (RFC 6979); certificates are taken from the file that is
there. `UPDATE_GOLDEN=1 pytest tests/signing/test_compact_golden.py` writes it anew.
"""

import json
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

import signing
from signing import REVOKED, SUPERSEDED, SUSPENDED, StatusList
from signing.certificates import signing_key
from tests.signing import samples
from tests.signing.golden_cases import (
    BEGIN,
    DAY,
    FAR,
    GONE,
    ISSUER,
    KEYS,
    NEWER,
    NOW,
    PAUSED,
    PERIODS,
    STATUS_URI,
    USES,
    cases,
)

FILE = samples.VECTORS / "compact.json"
THREE = ("integrity", "status", "issuer")


def made(old: dict[str, Any] | None) -> dict[str, Any]:
    """Return the whole file; certificates are those of the old one, if there is one."""
    certificates = _certificates(old)
    vectors = [
        {
            "name": name,
            "text": content,
            "now": (given.get("now") or NOW).isoformat(),
            "trust": given.get("trust", "current"),
            "status": given.get("status", "fresh"),
        }
        for name, content, given in cases()
    ]
    made_file = {
        "about": "Each text, checked at `now` with that trust and status list, has those answers.",
        "trust": {
            "issuer": ISSUER,
            "root": certificates["root"],
            "current": [_entry(name, certificates) for name in PERIODS],
            "withdrawn": [
                _entry(name, certificates, NOW - timedelta(minutes=30)) for name in PERIODS
            ],
        },
        "status": {
            "fresh": _status(NOW - timedelta(hours=1)),
            "30 hours old": _status(NOW - timedelta(hours=30)),
        },
        "vectors": vectors,
    }
    for vector in vectors:
        vector["expected"] = answers(vector, made_file)
    return made_file


def answers(vector: dict[str, Any], file: dict[str, Any]) -> dict[str, Any]:
    """Return what our own verifier answers to a vector."""
    verdict = check(vector, file)
    three = {name: getattr(verdict, name) for name in THREE}
    found: dict[str, Any] = {
        name: {"state": each.state.value, "reason": each.reason.value}
        for name, each in three.items()
    }
    return found | {"step": verdict.step, "claims": verdict.claims}


def check(vector: dict[str, Any], file: dict[str, Any]) -> signing.Verdict:
    """Run one vector as every verifier should."""
    return signing.compact_verify(
        vector["text"],
        trust_of(vector["trust"], file),
        datetime.fromisoformat(vector["now"]),
        lambda uri: snapshot_of(vector["status"], uri, file),
    )


def trust_of(name: str, file: dict[str, Any]) -> signing.TrustBundle:
    given = file["trust"]
    keys = [
        signing.trusted(
            [_certificate(each["x5c"][0])],
            revoked_from=_moment(each.get("vn_revoked_from")),
        )
        for each in given[name]
    ]
    root = _certificate(given["root"])
    return signing.trust_bundle(issuer=given["issuer"], root=root, keys=keys, issued_at=NOW)


def snapshot_of(name: str, uri: str, file: dict[str, Any]) -> signing.StatusSnapshot | None:
    if name == "none" or uri != file["status"][name]["uri"]:
        return None
    given = file["status"][name]
    listed = StatusList.inflate(given["lst"], given["bits"])
    times = (datetime.fromisoformat(given[each]) for each in ("issued_at", "expires_at"))
    return signing.StatusSnapshot(given["uri"], *times, given["ttl"], listed)


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _certificate(encoded: str) -> x509.Certificate:
    return x509.load_der_x509_certificate(b64decode(encoded))


def _status(issued_at: datetime) -> dict[str, Any]:
    statuses = {GONE: REVOKED, NEWER: SUPERSEDED, PAUSED: SUSPENDED}
    listed = StatusList.of(64, statuses)
    return {
        "uri": STATUS_URI,
        "issued_at": issued_at.isoformat(),
        "expires_at": (issued_at + DAY).isoformat(),
        "ttl": 3600,
        "bits": listed.bits,
        "lst": listed.deflate(),
    }


def _entry(
    name: str, certificates: dict[str, str], revoked_from: datetime | None = None
) -> dict[str, Any]:
    """Return a key as the trust list has it."""
    key = KEYS[name]
    begins, ends = (int(each.timestamp()) for each in PERIODS[name])
    entry = {
        **signing.public_jwk(key.private.public_key()),
        "kid": key.kid,
        "x5c": [certificates[name]],
        "vn_use": USES[name].value,
        "vn_not_before": begins,
        "vn_not_after": ends,
    }
    if revoked_from is not None and name == "qr":
        entry["vn_revoked_from"] = int(revoked_from.timestamp())
    return entry


def _certificates(old: dict[str, Any] | None) -> dict[str, str]:
    if old is not None:
        kept = zip(PERIODS, old["trust"]["current"], strict=True)
        return {"root": old["trust"]["root"]} | {name: each["x5c"][0] for name, each in kept}
    root = signing.new_root(common_name="Demo root", not_before=BEGIN, not_after=FAR)
    leaves = {name: _leaf(root, name) for name in PERIODS}
    return {"root": _encoded(root.certificate)} | leaves


def _leaf(root: signing.Root, name: str) -> str:
    begins, ends = PERIODS[name]
    leaf = signing.certify(
        root,
        KEYS[name].private.public_key(),
        use=USES[name],
        issuer_uri=ISSUER,
        common_name=f"Demo {name}",
        not_before=begins,
        not_after=ends,
    )
    signing_key(KEYS[name].private, (leaf,))
    return _encoded(leaf)


def _encoded(certificate: x509.Certificate) -> str:
    return b64encode(certificate.public_bytes(Encoding.DER)).decode()


def read() -> dict[str, Any] | None:
    return json.loads(FILE.read_text("utf-8")) if FILE.exists() else None


def write(file: dict[str, Any]) -> None:
    FILE.write_text(json.dumps(file, ensure_ascii=False, indent=1) + "\n", "utf-8")
