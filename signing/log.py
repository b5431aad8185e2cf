"""A log that shows tampering: hash-chained rows and signed checkpoints of the chain's head.

The chain alone misses who edits a row and hashes all that follow, and who cuts off the end; a
checkpoint kept elsewhere finds both. A checkpoint is a C2SP signed note with an ECDSA signature
(type 0x02: the key id is the start of the SHA-256 of the public key, the signature is ASN.1 DER)
over the three lines of a C2SP checkpoint. Its third line is the head of a chain, not the root of
a Merkle tree. A fourth line, where there is one, is the day for which it was stated in public (an
extension line, as C2SP calls it).
"""

from binascii import Error as Base64Error
from binascii import a2b_base64, b2a_base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from signing.canonical import canonical_json
from signing.errors import Reason, SigningError, VerificationError
from signing.jws import check_use
from signing.keys import SigningKey, Use, check_der_signature
from signing.trust import TrustBundle, TrustedKey

HASH_BYTES = 32
GENESIS = bytes(HASH_BYTES)
_DOMAIN = b"vn-labour-book/log/1\n"  # so that no other hash of ours can be taken for a row's
_KEY_ID_BYTES = 4
_MAX_NOTE = 4096
_LINES = (3, 4)
_DASH = "\N{EM DASH} "

# Steps of reading a checkpoint
FORM, ORIGIN, KEY, SIGNATURE = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class ChainedRow:
    """A row of the log: its number from 1 on, its content, and the hash it was stored with."""

    seq: int
    content: Mapping[str, Any]
    hash: bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log when it had `size` rows."""

    origin: str
    size: int
    head: bytes
    day: date | None = None
    """The day for which it was stated in public, if it was."""


def chain_hash(previous: bytes, row: Mapping[str, Any]) -> bytes:
    """Return the 32-byte hash of a row that follows the row with hash `previous`.

    The first row follows `GENESIS`.

    Raises:
        SigningError: `previous` is no hash, or the row has no canonical form.
    """
    if len(previous) != HASH_BYTES:
        raise SigningError("the previous hash has 32 bytes")
    return sha256(_DOMAIN + previous + canonical_json(dict(row))).digest()


def verify_chain(
    rows: Iterable[ChainedRow],
    *,
    previous: bytes = GENESIS,
    first: int = 1,
    checkpoints: Iterable[Checkpoint] = (),
) -> int | None:
    """Return the number of the first row that is altered, missing or out of order, or None.

    Rows come in order, from number `first`, after the row with hash `previous`. Verified
    checkpoints are compared with the rows they count; a row that a checkpoint counts and that
    is not there is the broken one.
    """
    heads = {each.size: each.head for each in checkpoints if each.size >= first}
    expected = first
    for row in rows:
        if row.seq != expected or chain_hash(previous, row.content) != row.hash:
            return expected
        if heads.pop(row.seq, row.hash) != row.hash:
            return expected
        previous, expected = row.hash, expected + 1
    return expected if heads else None


def sign_checkpoint(checkpoint: Checkpoint, *, signer: SigningKey) -> str:
    """Return the checkpoint as a signed note.

    Raises:
        SigningError: a key of another use, or an origin that is no key name.
    """
    check_use(signer, Use.LOG)
    origin = checkpoint.origin
    if not origin or "+" in origin or any(each.isspace() for each in origin):
        raise SigningError("an origin is a name without spaces and without +")
    if checkpoint.size < 0 or len(checkpoint.head) != HASH_BYTES:
        raise SigningError("a checkpoint has a size and a 32-byte head")
    text = _text(checkpoint)
    stamp = _key_id(signer.public_key) + signer.sign_der(text.encode())
    return f"{text}\n{_DASH}{origin} {_base64(stamp)}\n"


def read_checkpoint(note: str, trust: TrustBundle, now: datetime, *, origin: str) -> Checkpoint:
    """Verify a signed checkpoint of the log called `origin`.

    Raises:
        VerificationError: the form, origin, key or signature is not in order.
    """
    # (1) It has the one form that we write: three lines or four, an empty one, one signature.
    text, _, signature = note.partition("\n\n")
    lines = text.split("\n")
    if (
        len(note) > _MAX_NOTE
        or len(lines) not in _LINES
        or signature.find("\n") + 1 != len(signature)
    ):
        raise _malformed("a checkpoint is three lines, an empty one and a signature")
    day = _day(lines[3]) if len(lines) == max(_LINES) else None
    checkpoint = Checkpoint(lines[0], _size(lines[1]), _bytes(lines[2]), day)
    # (2) It is of the log that was asked for.
    prefix = f"{_DASH}{origin} "
    if checkpoint.origin != origin or not signature.startswith(prefix):
        raise VerificationError(Reason.CHECKPOINT_ORIGIN, ORIGIN, "of another log")
    # (3) A pinned LOG key is named, and not withdrawn.
    stamp = _bytes(signature.removeprefix(prefix).removesuffix("\n"))
    key = _log_key(stamp[:_KEY_ID_BYTES], trust, now)
    # (4) The signature covers these lines.
    signed = _text(checkpoint).encode()
    check_der_signature(key.public_key, stamp[_KEY_ID_BYTES:], signed, step=SIGNATURE)
    return checkpoint


def _log_key(key_id: bytes, trust: TrustBundle, now: datetime) -> TrustedKey:
    for key in trust.keys.values():
        if key.use is Use.LOG and _key_id(key.public_key) == key_id:
            if key.revoked_from is not None and now >= key.revoked_from:
                raise VerificationError(Reason.KEY_WITHDRAWN, KEY, "the key has been withdrawn")
            return key
    raise VerificationError(Reason.KEY_UNKNOWN, KEY, "no trusted log key has this id")


def _text(checkpoint: Checkpoint) -> str:
    day = "" if checkpoint.day is None else f"{checkpoint.day.isoformat()}\n"
    return f"{checkpoint.origin}\n{checkpoint.size}\n{_base64(checkpoint.head)}\n{day}"


def _key_id(public_key: ec.EllipticCurvePublicKey) -> bytes:
    spki = public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return sha256(spki).digest()[:_KEY_ID_BYTES]


def _size(line: str) -> int:
    if not (line.isascii() and line.isdigit()) or (line[0] == "0" and line != "0"):
        raise _malformed("the size is a decimal number")
    return int(line)


def _day(line: str) -> date:
    try:
        day = date.fromisoformat(line)
    except ValueError:
        raise _malformed("the fourth line is a day") from None
    if day.isoformat() != line:
        raise _malformed("the fourth line is a day")
    return day


def _bytes(line: str) -> bytes:
    try:
        raw = a2b_base64(line.encode("ascii"), strict_mode=True)
    except (UnicodeEncodeError, Base64Error):
        raise _malformed("not base64") from None
    if _base64(raw) != line:
        raise _malformed("not canonical base64")
    return raw


def _base64(raw: bytes) -> str:
    return b2a_base64(raw, newline=False).decode("ascii")


def _malformed(message: str) -> VerificationError:
    return VerificationError(Reason.CHECKPOINT_MALFORMED, FORM, message)
