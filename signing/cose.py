"""COSE_Sign1 in the one form that we write: tag 18, ES256, a key id of eight bytes, no more.

The envelope is read byte by byte instead of by a CBOR library: there is one accepted spelling,
and nothing that a stranger wrote reaches a general parser before its signature is checked.

Source: RFC 9052 sections 3, 4.2 and 4.4; RFC 8949 section 4.2.1.
"""

from dataclasses import dataclass

from signing.answers import FORM, HEADER, SIGNATURE
from signing.errors import Reason, VerificationError
from signing.keys import SHORT_KID_BYTES, SIGNATURE_BYTES

_TAGGED_ARRAY = b"\xd2\x84"  # tag 18, four elements
_BYTES, _BYTES_1, _BYTES_2 = 0x40, 0x58, 0x59  # a byte string; its length in one or two more bytes
_SHORT = 24
_ALG = b"\x01\x26"  # 1: -7 (ES256)
_KID = b"\x04\x48"  # 4: eight bytes
_CRIT = 0x02
_TWO_PARAMETERS = 0xA2
_PROTECTED = bytes([_TWO_PARAMETERS]) + _ALG + _KID
_NOTHING = b"\xa0"
_CONTEXT = b"\x84\x6aSignature1"


@dataclass(frozen=True, slots=True)
class Sign1:
    """A well-formed envelope whose signature nobody has checked yet."""

    kid: bytes
    payload: bytes
    signature: bytes

    @property
    def signed(self) -> bytes:
        """The bytes that the signature covers."""
        return to_be_signed(self.kid, self.payload)


def to_be_signed(kid: bytes, payload: bytes) -> bytes:
    """Return the Sig_structure of a payload."""
    return _CONTEXT + _string(_PROTECTED + kid) + _string(b"") + _string(payload)


def write_sign1(kid: bytes, payload: bytes, signature: bytes) -> bytes:
    """Return the envelope."""
    protected = _string(_PROTECTED + kid)
    return _TAGGED_ARRAY + protected + _NOTHING + _string(payload) + _string(signature)


def read_sign1(raw: bytes) -> Sign1:
    """Take an envelope apart (steps 1 and 2).

    Raises:
        VerificationError: any other form, header parameter, algorithm or length than ours.
    """
    if not raw.startswith(_TAGGED_ARRAY):
        raise VerificationError(Reason.TOKEN_MALFORMED, FORM, "no COSE_Sign1 with its tag")
    protected, at = _read_string(raw, len(_TAGGED_ARRAY))
    kid = _kid(protected)
    if raw[at : at + 1] != _NOTHING:
        raise VerificationError(Reason.HEADER_REFUSED, HEADER, "an unprotected header")
    payload, at = _read_string(raw, at + 1)
    signature, at = _read_string(raw, at)
    if at != len(raw):
        raise VerificationError(Reason.TOKEN_MALFORMED, FORM, "bytes after the envelope")
    if len(signature) != SIGNATURE_BYTES:
        raise VerificationError(
            Reason.SIGNATURE_MALFORMED, SIGNATURE, "not a 64-byte ES256 signature"
        )
    return Sign1(kid, payload, signature)


def _kid(protected: bytes) -> bytes:
    """Return the key id of a protected header that holds exactly alg and kid."""
    if protected[1:3] != _ALG:
        raise VerificationError(Reason.ALG_REFUSED, HEADER, "only ES256 is accepted")
    if protected[3:4] == bytes([_CRIT]):
        raise VerificationError(Reason.CRIT_REFUSED, HEADER, "no critical extension is known")
    if protected[3:5] != _KID or len(protected) < len(_PROTECTED) + SHORT_KID_BYTES:
        raise VerificationError(Reason.KID_REFUSED, HEADER, "no key id of ours")
    if protected[0] != _TWO_PARAMETERS or len(protected) > len(_PROTECTED) + SHORT_KID_BYTES:
        raise VerificationError(Reason.HEADER_REFUSED, HEADER, "a parameter outside the profile")
    return protected[-SHORT_KID_BYTES:]


def _string(content: bytes) -> bytes:
    """Return a CBOR byte string with the shortest head."""
    length = len(content)
    if length < _SHORT:
        return bytes([_BYTES + length]) + content
    if length < 1 << 8:
        return bytes([_BYTES_1, length]) + content
    return bytes([_BYTES_2]) + length.to_bytes(2, "big") + content


def _read_string(raw: bytes, at: int) -> tuple[bytes, int]:
    """Return a byte string and where it ends; heads longer than needed are refused."""
    head = raw[at] if at < len(raw) else 0
    if _BYTES <= head < _BYTES + _SHORT:
        start, length = at + 1, head - _BYTES
    elif head in (_BYTES_1, _BYTES_2):
        start = at + head - _BYTES_1 + 2
        length = int.from_bytes(raw[at + 1 : start], "big")
    else:
        raise VerificationError(Reason.TOKEN_MALFORMED, FORM, "a byte string is expected here")
    content = raw[start : start + length]
    if len(content) != length or not raw.startswith(_string(content), at):
        raise VerificationError(Reason.TOKEN_MALFORMED, FORM, "cut off, or a length spelt long")
    return content, start + length
