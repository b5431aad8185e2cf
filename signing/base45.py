"""Base45: bytes in the 45 letters that a QR code packs best, one spelling for one value.

Source: RFC 9285.
"""

from typing import Literal

from signing.errors import Reason, VerificationError

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_BASE = len(ALPHABET)
_PAIRS = [low + high for high in ALPHABET for low in ALPHABET]  # of the value they stand for
_FOREIGN = 255
_VALUES = bytes(ALPHABET.find(chr(each)) % 256 for each in range(256))
_LANE = 4  # bytes in which one group of three letters is worked out
_ORDER: Literal["little"] = "little"


def base45(raw: bytes) -> str:
    """Return the base45 form."""
    numbers = [high << 8 | low for high, low in zip(raw[::2], raw[1::2], strict=False)]
    text = "".join([ALPHABET[each % _BASE] + _PAIRS[each // _BASE] for each in numbers])
    return text + _PAIRS[raw[-1]] if len(raw) % 2 else text


def base45_decode(text: str, *, step: int) -> bytes:
    """Return the bytes.

    All groups of three letters are worked out at once, each in a lane of one large number.

    Raises:
        VerificationError: a foreign letter, a single letter at the end, or a value too large.
    """
    try:
        values = text.encode("ascii").translate(_VALUES)
    except UnicodeEncodeError:
        raise _no_base45(step) from None
    groups, rest = divmod(len(values), 3)
    whole = groups * 3
    first, second, third = (_lanes(values[place:whole:3]) for place in range(3))
    numbers = (first + second * _BASE + third * _BASE**2).to_bytes(groups * _LANE, _ORDER)
    end = values[whole] + values[whole + 1] * _BASE if rest > 1 else 0
    if _FOREIGN in values or rest == 1 or end > _FOREIGN or any(numbers[2::_LANE]):
        raise _no_base45(step)
    raw = bytearray(groups * 2)
    raw[::2], raw[1::2] = numbers[1::_LANE], numbers[::_LANE]
    return bytes(raw) + (bytes([end]) if rest else b"")


def _lanes(values: bytes) -> int:
    spread = bytearray(len(values) * _LANE)
    spread[::_LANE] = values
    return int.from_bytes(spread, _ORDER)


def _no_base45(step: int) -> VerificationError:
    return VerificationError(Reason.BASE45_INVALID, step, "this is no base45")
