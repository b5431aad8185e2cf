"""The QR texts of `vectors/compact.json`: what is signed, and how it is spoilt.

Keys are derived from their names and sign deterministically (RFC 6979).
"""

import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

import signing
from signing import Use
from signing.base45 import base45
from signing.compact import BOOK, EXP, IAT, ISS, PREFIX, STATUS_CLAIM, wrap
from signing.compact_book import to_wire
from signing.cose import to_be_signed, write_sign1
from signing.keys import raw_signature, short_kid
from tests.signing import samples

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2029, 1, 1, tzinfo=UTC)
FAR = datetime(2046, 1, 1, tzinfo=UTC)
ISSUER = samples.ISSUER
STATUS_URI = f"{ISSUER}/status/1"
GOOD, GONE, NEWER, PAUSED, ODD = 1, 2, 3, 4, 5  # places on the status list
DAY = timedelta(days=1)
ES256 = ec.ECDSA(SHA256(), deterministic_signing=True)


class DemoKey:
    """A key that anybody can derive, and that signs the same bytes the same way each time."""

    def __init__(self, name: str) -> None:
        scalar = int.from_bytes(sha256(f"labour book demo key: {name}".encode()).digest(), "big")
        self.private = ec.derive_private_key(scalar, ec.SECP256R1())
        self.kid = signing.thumbprint(signing.public_jwk(self.private.public_key()))

    def sign(self, data: bytes) -> bytes:
        return raw_signature(self.private.sign(data, ES256))


PERIODS = {"qr": (BEGIN, END), "qr-retired": (BEGIN, NOW - 10 * DAY), "log": (BEGIN, END)}
USES = {"qr": Use.QR, "qr-retired": Use.QR, "log": Use.LOG}
KEYS = {name: DemoKey(name) for name in [*PERIODS, "stranger"]}


def job(number: int, **changes: Any) -> signing.CompactJob:
    employers = [
        ("Công ty TNHH May mặc Hòa Bình", "0101234567", "Công nhân may", "7531"),
        ("Công ty Cổ phần Giày Thăng Long", "0302345678", "Tổ trưởng chuyền may", "8153"),
        ("Công ty TNHH Điện tử Sông Hồng", "2300325764", "Kỹ thuật viên kiểm tra", "3114"),
        ("Công ty Cổ phần Dệt may Nam Định", "0600019436", "Thợ dệt", "8152"),
        ("Công ty TNHH Cơ khí Việt Tiến", "0100150174", "Công nhân lắp ráp", "8212"),
        ("Hợp tác xã Dịch vụ Nông nghiệp Tân Tiến", "0800123123", "Kế toán viên", "3313"),
        ("Công ty TNHH Thực phẩm Sài Gòn Xanh", "0312345679", "Nhân viên kho", "4321"),
        ("Công ty Cổ phần Vận tải Biển Đông", "0201123456-001", "Lái xe tải", "8332"),
        ("Công ty TNHH Giày da Bình Tân", "0300813662", "Công nhân may giày", "8156"),
        ("Công ty Cổ phần Xây dựng số 9", "0100105052", "Thợ nề", "7112"),
    ]
    given: dict[str, Any] = dict(
        zip(
            ("employer", "enterprise_code", "position", "occupation_code"),
            employers[number],
            strict=True,
        )
    )
    given |= {
        "contract_kind": "INDEFINITE" if number % 2 else "FIXED_TERM",
        "first_day": f"{2010 + number}-03-{10 + number:02}",
        "last_day": f"{2011 + number}-0{1 + number % 9}-{28 - number}",
    }
    return signing.CompactJob(**given | changes)


def book(count: int = 3, **changes: Any) -> signing.CompactBook:
    running = {"last_day": None}
    given: dict[str, Any] = {
        "full_name": "Nguyễn Văn An",
        "birth_date": "1990-04-05",
        "id_tail": "2345",
        "jobs": tuple(job(n, **(running if n == count - 1 else {})) for n in range(count)),
        "totals": signing.CompactTotals(120, 118, "2026-10"),
        "book_no": "SLD-7K2M-Q9XD-04TB",
        "version": 3,
    }
    return signing.CompactBook(**given | changes)


def claims(what: signing.CompactBook | None = None, **changes: Any) -> dict[Any, Any]:
    """Return the claims of a payload; `index`, `at` and `life` are short for the usual changes."""
    issued_at = changes.pop("at", NOW - timedelta(hours=1))
    reference = {"idx": changes.pop("index", GOOD), "uri": changes.pop("uri", STATUS_URI)}
    given = {
        ISS: changes.pop("iss", ISSUER),
        EXP: int((issued_at + changes.pop("life", 7 * DAY)).timestamp()),
        IAT: int(issued_at.timestamp()),
        STATUS_CLAIM: {"status_list": reference},
        BOOK: to_wire(what or book()),
    }
    return {name: value for name, value in (given | changes.pop("put", {})).items() if value != ...}


def envelope(payload: dict[Any, Any] | bytes, key: str = "qr", *, kid: str | None = None) -> bytes:
    raw = payload if isinstance(payload, bytes) else cbor2.dumps(payload)
    short = short_kid(KEYS[kid or key].kid)
    return write_sign1(short, raw, KEYS[key].sign(to_be_signed(short, raw)))


def text(payload: dict[Any, Any] | bytes | None = None, key: str = "qr", **more: Any) -> str:
    return wrap(envelope(claims() if payload is None else payload, key, **more))


def cose(
    protected: Any, *, unprotected: Any = None, tag: int | None = 18, signature: Any = None
) -> str:
    """Return an envelope of any form, with a signature that is right for that form."""
    header = protected if isinstance(protected, bytes) else cbor2.dumps(protected)
    payload = cbor2.dumps(claims())
    if signature is None:
        covered = cbor2.dumps(["Signature1", header, b"", payload])
        signature = KEYS["qr"].sign(covered)
    parts = [header, unprotected or {}, payload, signature]
    return wrap(cbor2.dumps(parts if tag is None else cbor2.CBORTag(tag, parts)))


def changed(raw: bytes, at: int) -> bytes:
    return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]


Case = tuple[str, str, dict[str, Any]]


def cases() -> Iterator[Case]:
    """Yield name, text and circumstances (`now`, `trust`, `status`) of each vector."""
    yield from _genuine()
    yield from _standing()
    yield from _keys()
    yield from _outer_form()
    yield from _envelopes()
    yield from _payloads()


def _genuine() -> Iterator[Case]:
    yield "genuine, current job and totals", text(claims(book(1))), {}
    yield "genuine, three employers", text(), {}
    yield "genuine, ten employers", text(claims(book(10))), {}
    partial = book(1, jobs=(job(0, first_day="2019", last_day="2020-02"),), birth_date="1975")
    yield "genuine, years and months only", text(claims(partial)), {}
    bare = signing.CompactJob("Nông trường 19/5", None, None, None, None, "1998-06", None)
    least = book(0, jobs=(bare,), totals=None, id_tail=None, birth_date=None)
    yield "genuine, hardly anything known", text(claims(least)), {}
    yield "genuine, no jobs", text(claims(book(0))), {}


def _standing() -> Iterator[Case]:
    issued = NOW - 7 * DAY
    yield "expired", text(claims(at=issued - timedelta(seconds=60))), {}
    yield "in the last second of leeway", text(claims(at=issued - timedelta(seconds=59))), {}
    yield "not yet valid", text(claims(at=NOW + timedelta(seconds=61))), {}
    yield "revoked", text(claims(index=GONE)), {}
    yield "superseded", text(claims(index=NEWER)), {}
    yield "suspended", text(claims(index=PAUSED)), {}
    old = {"status": "30 hours old"}
    yield "genuine, status 30 hours old", text(), old
    yield "revoked, status 30 hours old", text(claims(index=GONE)), old
    yield "superseded, status 30 hours old", text(claims(index=NEWER)), old
    yield "suspended, status 30 hours old", text(claims(index=PAUSED)), old
    yield "genuine, no status at hand", text(), {"status": "none"}
    yield "status index outside the list", text(claims(index=10**6)), {}
    yield "status index negative", text(claims(index=-1)), {}
    yield "status index a fraction", text(claims(index=1.5)), {}
    yield "status index a text", text(claims(index="1")), {}
    yield "status at a stranger's address", text(claims(uri="https://evil.example/1")), {}
    yield "status in a file", text(claims(uri="file:///etc/passwd")), {}
    yield "status at a metadata host", text(claims(uri="http://169.254.169.254/latest")), {}
    yield "status withheld", text(claims(put={STATUS_CLAIM: ...})), {}
    yield "another issuer under our key", text(claims(iss="https://evil.example")), {}


def _keys() -> Iterator[Case]:
    old = claims(at=NOW - 20 * DAY, put={EXP: int((NOW + DAY).timestamp())})
    yield "genuine, key retired since", text(old, "qr-retired"), {}
    yield "retired key past its life", text(claims(), "qr-retired"), {}
    yield "withdrawn key", text(), {"trust": "withdrawn"}
    before = {"trust": "withdrawn", "now": NOW - timedelta(minutes=31)}
    yield "genuine, key withdrawn later", text(), before
    yield "key of a stranger", text(claims(), "stranger"), {}
    yield "key of another use", text(claims(), "log"), {}
    yield "forged under our key's name", text(claims(), "stranger", kid="qr"), {}


def _outer_form() -> Iterator[Case]:
    good = text()
    yield "empty", "", {}
    yield "wrong prefix", good.replace(PREFIX, "VNL2:", 1), {}
    yield "health certificate", good.replace(PREFIX, "HC1:", 1), {}
    yield "a link", "https://book.example/s/AbCdEf", {}
    yield "small letters", good.replace(PREFIX, PREFIX.lower(), 1), {}
    yield "prefix only", PREFIX, {}
    yield "truncated", good[: len(good) // 2 // 3 * 3 + 2], {}
    yield "one letter at the end of base45", good + "0" * (1 + (3 - len(good[5:]) % 3) % 3), {}
    yield "letter outside base45", good[:50] + "a" + good[51:], {}
    yield "letter outside ASCII", good[:50] + "ế" + good[51:], {}
    yield "base45 group too large", PREFIX + ":::" + good[8:], {}
    yield "no zlib stream", PREFIX + base45(envelope(claims())), {}
    yield "zlib stream cut off", PREFIX + base45(zlib.compress(envelope(claims()))[:-1]), {}
    yield (
        "bytes after the zlib stream",
        PREFIX + base45(zlib.compress(envelope(claims())) + b"x"),
        {},
    )
    yield "bomb", PREFIX + base45(zlib.compress(bytes(1_000_000), 9)), {}
    yield "longer than a QR code", good + "0" * 5_000, {}


def _envelopes() -> Iterator[Case]:
    kid = short_kid(KEYS["qr"].kid)
    raw = envelope(claims())
    yield "one byte of the payload changed", wrap(changed(raw, len(raw) // 2)), {}
    yield "one byte of the signature changed", wrap(changed(raw, len(raw) - 1)), {}
    yield "empty envelope", wrap(b""), {}
    yield "bytes after the envelope", wrap(raw + b"\0"), {}
    yield "no tag", cose({1: -7, 4: kid}, tag=None), {}
    yield "tag of a CWT around it", wrap(b"\xd8\x3d" + raw), {}
    yield "tag of COSE_Mac0", cose({1: -7, 4: kid}, tag=17), {}
    yield "alg missing", cose({4: kid}), {}
    yield "alg in the unprotected header", cose({4: kid}, unprotected={1: -7}), {}
    yield "alg in both headers", cose({1: -7, 4: kid}, unprotected={1: -7}), {}
    yield "alg ES384", cose({1: -35, 4: kid}), {}
    yield "alg EdDSA", cose({1: -8, 4: kid}), {}
    yield "alg HS256", cose({1: 5, 4: kid}), {}
    yield "alg 0", cose({1: 0, 4: kid}), {}
    yield "crit", cose({1: -7, 2: [1], 4: kid}), {}
    yield "kid missing", cose({1: -7}), {}
    yield "kid in the unprotected header", cose({1: -7}, unprotected={4: kid}), {}
    yield "kid too short", cose({1: -7, 4: kid[:7]}), {}
    yield "kid whole", cose({1: -7, 4: sha256(b"x").digest()}), {}
    yield "certificate in the header", cose({1: -7, 4: kid, 33: b"x"}), {}
    yield "address in the header", cose({1: -7, 4: kid, 35: "https://evil.example"}), {}
    yield "header empty", cose(b""), {}
    yield "signature missing", cose({1: -7, 4: kid}, signature=b""), {}
    der = KEYS["qr"].private.sign(b"x", ES256)
    yield "signature in DER", cose({1: -7, 4: kid}, signature=der), {}
    yield "signature too long", cose({1: -7, 4: kid}, signature=bytes(65)), {}
    yield "signature of zeros", cose({1: -7, 4: kid}, signature=bytes(64)), {}


def _payloads() -> Iterator[Case]:
    raw = cbor2.dumps(claims())
    wire = to_wire(book())
    yield "payload no CBOR", text(b"\xff"), {}
    yield "payload a list", text(b"\x80"), {}
    yield "payload with bytes after it", text(raw + b"\0"), {}
    yield "payload with a length spelt long", text(b"\xb8\x05" + raw[1:]), {}
    yield "payload of indefinite length", text(b"\xbf" + raw[1:] + b"\xff"), {}
    yield "payload with a claim twice", text(b"\xa6\x01\x61x" + raw[1:]), {}
    yield "payload nested deep", text(b"\x81" * 200 + b"\x00"), {}
    yield "exp missing", text(claims(put={EXP: ...})), {}
    yield "exp a text", text(claims(put={EXP: "2027"})), {}
    yield "exp a fraction", text(claims(put={EXP: 1.5})), {}
    yield "exp true", text(claims(put={EXP: True})), {}
    yield "exp beyond the calendar", text(claims(put={EXP: 10**15})), {}
    yield "iat missing", text(claims(put={IAT: ...})), {}
    yield "iss missing", text(claims(put={ISS: ...})), {}
    yield "iss a number", text(claims(put={ISS: 7})), {}
    yield "book missing", text(claims(put={BOOK: ...})), {}
    yield "a claim outside the profile", text(claims(put={-65538: 1})), {}
    for name, put in {
        "the whole personal ID": {3: "001090012345"},
        "the personal ID in the name": {1: "Nguyễn Văn An 001090012345"},
        "pay in the book": {9: 8_500_000},
        "pay in a job": {5: [[*wire[5][0], 8_500_000]]},
        "a job cut short": {5: [wire[5][0][:6]]},
        "thirteen jobs": {5: wire[5][:1] * 13},
        "a day without its month": {2: (90 * 13) * 32 + 5},
        "a control character": {1: "An\u202e"},
        "a version that is none": {8: True},
        "an unknown contract kind": {5: [[*wire[5][0][:4], 9, *wire[5][0][5:]]]},
    }.items():
        yield name, text(claims(put={BOOK: wire | put})), {}
