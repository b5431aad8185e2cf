"""One value, one sequence of bytes: JSON canonicalisation (RFC 8785) on our range of values.

The range is str, int, bool, None, list and dict with str keys. Floats are refused rather than
formatted: money is whole đồng and durations are whole months, so a float is a mistake.
"""

import json
from typing import Any

import orjson

from signing.errors import SigningError

# RFC 8785 section 3.2.2.3 and RFC 7493: beyond this, readers that use doubles lose digits.
MAX_INTEGER = 2**53 - 1
MAX_DEPTH = 200

_SCALARS = (str, bool, type(None))


def canonical_json(value: object) -> bytes:
    """Return the RFC 8785 form in UTF-8.

    orjson writes the same strings and numbers as RFC 8785 but sorts keys by code point; the two
    orders are equal as long as all keys are ASCII, which is when it is used (a property test
    compares it with a slow reference).

    Raises:
        SigningError: a float, an integer beyond 2^53-1, a key that is no string, a lone
            surrogate, nesting beyond 200, or a type that JSON does not have.
    """
    try:
        if check_values(value):
            return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
        return _write(value).encode("utf-8")
    except (UnicodeEncodeError, orjson.JSONEncodeError) as error:
        raise SigningError("a text holds a lone surrogate") from error


def check_values(value: object) -> bool:
    """Refuse what lies outside our range; return whether all keys are ASCII.

    Raises:
        SigningError: as `canonical_json`, lone surrogates excepted.
    """
    ascii_keys = True
    level: list[Any] = [value]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for each in level:
            kind = type(each)
            if kind is dict:
                ascii_keys = _check_keys(each) and ascii_keys
                below.extend(each.values())
            elif kind is list:
                below.extend(each)
            elif kind is int:
                _check_integer(each)
            elif kind not in _SCALARS:
                raise SigningError(f"{kind.__name__} has no canonical form")
        if not below:
            return ascii_keys
        level = below
    raise SigningError(f"nested deeper than {MAX_DEPTH} levels")


def _check_keys(members: dict[Any, Any]) -> bool:
    for key in members:
        if type(key) is not str:
            raise SigningError("a key must be a string")
    return "".join(members).isascii()


def _check_integer(number: int) -> None:
    if not -MAX_INTEGER <= number <= MAX_INTEGER:
        raise SigningError("an integer beyond 2^53-1 has no exact canonical form")


def _write(value: Any) -> str:  # noqa: ANN401 - any value that was checked
    if isinstance(value, dict):
        # RFC 8785 section 3.2.3: by UTF-16 code units; big-endian bytes compare alike.
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{_write(key)}:{_write(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_write, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
