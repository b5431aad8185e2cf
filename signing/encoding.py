"""Base64url without padding and JSON, both strict: one value has one accepted spelling.

Source: RFC 4648 section 3.5 (canonical encoding), RFC 7515 section 2, RFC 8259.
"""

from binascii import Error as Base64Error
from binascii import a2b_base64, b2a_base64
from collections.abc import Iterable
from typing import Any

import orjson

from signing.errors import Reason, VerificationError

# A labour book nests five levels deep; orjson itself stops at 1024.
MAX_DEPTH = 32

_TO_URL = bytes.maketrans(b"+/", b"-_")
_LINES_TO_URL = bytes.maketrans(b"+/\n", b"-_~")
_FROM_URL = bytes.maketrans(b"-_+/", b"+/!!")


def b64url(raw: bytes) -> str:
    """Return the base64url form without padding."""
    return b2a_base64(raw, newline=False).translate(_TO_URL).rstrip(b"=").decode("ascii")


def b64url_decode(text: str, *, step: int) -> bytes:
    """Return the bytes, refusing every spelling but the canonical one.

    Raises:
        VerificationError: foreign characters, padding, or bits that no encoder sets.
    """
    try:
        encoded = text.encode("ascii")
        raw = a2b_base64(encoded.translate(_FROM_URL) + b"=" * (-len(encoded) % 4))
    except (UnicodeEncodeError, Base64Error):
        raise _not_canonical(step) from None
    if b2a_base64(raw, newline=False).translate(_TO_URL).rstrip(b"=") != encoded:
        raise _not_canonical(step)
    return raw


def b64url_each(raws: list[bytes]) -> list[str]:
    """Return the base64url forms of values of one length, encoded in one go.

    Each is filled up with zeros to whole groups of three bytes; the letters that stand for the
    filling are cut off again.
    """
    if not raws:
        return []
    length = len(raws[0])
    filling = bytes(-length % 3)
    letters = -(-length * 4 // 3)
    step = (length + len(filling)) // 3 * 4
    whole = b2a_base64(filling.join([*raws, b""]), newline=False).translate(_TO_URL).decode("ascii")
    return [whole[at : at + letters] for at in range(0, step * len(raws), step)]


def encode_all(raws: Iterable[bytes]) -> bytes:
    """Return the base64url forms joined by `~`, spelt for URLs in one go."""
    return b"".join(map(b2a_base64, raws)).translate(_LINES_TO_URL, b"=")[:-1]


def decode_all(encoded: bytes, *, step: int) -> list[bytes]:
    """Return the bytes of texts joined by `~` whose digests are signed as texts.

    Their spelling needs no check here: another spelling would have another digest.

    Raises:
        VerificationError: one is no base64url at all.
    """
    try:
        return [a2b_base64(each + b"==") for each in encoded.translate(_FROM_URL).split(b"~")]
    except Base64Error:
        raise _not_canonical(step) from None


def parse_json(raw: bytes, *, step: int) -> Any:  # noqa: ANN401 - JSON is any value
    """Return the JSON value.

    Raises:
        VerificationError: no JSON, or nested deeper than the parser goes.
    """
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        if "depth" in str(error):
            raise VerificationError(Reason.JSON_TOO_DEEP, step, "JSON nests too deep") from None
        raise VerificationError(Reason.JSON_INVALID, step, "this is no JSON") from None


def parse_object(encoded: str, *, step: int) -> dict[str, Any]:
    """Return the JSON object in a base64url part of a token.

    Raises:
        VerificationError: not canonical, no JSON, or JSON but no object.
    """
    value = parse_json(b64url_decode(encoded, step=step), step=step)
    if not isinstance(value, dict):
        raise VerificationError(Reason.JSON_INVALID, step, "a JSON object is expected here")
    return value


def _not_canonical(step: int) -> VerificationError:
    return VerificationError(Reason.BASE64_NOT_CANONICAL, step, "not canonical base64url")
