"""One value, one sequence of bytes: JSON canonicalisation (RFC 8785) on our range of values.

The range is str, int, bool, None, list and dict with str keys. Floats are refused rather than
formatted: money is whole đồng and durations are whole months, so a float is a mistake.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import orjson

from signing.errors import SigningError

# RFC 8785 section 3.2.2.3 and RFC 7493: beyond this, readers that use doubles lose digits.
MAX_INTEGER = 2**53 - 1
MAX_DEPTH = 200

_TEXT = frozenset({str})
_NESTING = frozenset({dict, list})
_KINDS = _NESTING | {str, bool, type(None), int}


@dataclass(frozen=True, slots=True)
class Checked:
    """A value that was held against our range, so that it need not be done again."""

    value: Any
    ascii_keys: bool

    def json(self) -> bytes:
        """Return the canonical form.

        Raises:
            SigningError: a lone surrogate.
        """
        return self.json_of_part(self.value)

    def json_of_part(self, part: object) -> bytes:
        """Return the canonical form of what is made of nothing but parts of this value.

        orjson writes the same strings and numbers as RFC 8785 but sorts keys by code point; the
        two orders are equal as long as all keys are ASCII, which is when it is used (a property
        test compares it with a slow reference).

        Raises:
            SigningError: a lone surrogate.
        """
        try:
            if self.ascii_keys:
                return orjson.dumps(part, option=orjson.OPT_SORT_KEYS)
            return _write(part).encode("utf-8")
        except (UnicodeEncodeError, orjson.JSONEncodeError) as error:
            raise SigningError("a text holds a lone surrogate") from error


def checked(value: object) -> Checked:
    """Hold a value against our range.

    Raises:
        SigningError: as `canonical_json`, lone surrogates excepted.
    """
    return Checked(value, check_values(value))


def canonical_json(value: object) -> bytes:
    """Return the RFC 8785 form in UTF-8.

    Raises:
        SigningError: a float, an integer beyond 2^53-1, a key that is no string, a lone
            surrogate, nesting beyond 200, or a type that JSON does not have.
    """
    return checked(value).json()


def check_values(value: object) -> bool:
    """Refuse what lies outside our range; return whether all keys are ASCII.

    Raises:
        SigningError: as `canonical_json`, lone surrogates excepted.
    """
    ascii_keys, level = True, [value]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for each in level:
            if type(each) is dict:
                ascii_keys = _check_keys(each) and ascii_keys
                values: Collection[Any] = each.values()
            else:
                values = each if type(each) is list else [each]
            kinds = set(map(type, values))  # of all at once: of most it is str alone
            if not kinds <= _TEXT:
                _check_kinds(kinds, values)
                if kinds & _NESTING:
                    below += [inner for inner in values if type(inner) in _NESTING]
        if not below:
            return ascii_keys
        level = below
    raise SigningError(f"nested deeper than {MAX_DEPTH} levels")


def _check_kinds(kinds: set[type], values: Collection[Any]) -> None:
    if not kinds <= _KINDS:
        kind = min(each.__name__ for each in kinds - _KINDS)
        raise SigningError(f"{kind} has no canonical form")
    if int in kinds:
        for each in values:
            if type(each) is int and not -MAX_INTEGER <= each <= MAX_INTEGER:
                raise SigningError("an integer beyond 2^53-1 has no exact canonical form")


def _check_keys(members: dict[Any, Any]) -> bool:
    try:
        return "".join(members).isascii()
    except TypeError as error:
        raise SigningError("a key must be a string") from error


def _write(value: Any) -> str:  # noqa: ANN401 - any value that was checked
    if isinstance(value, dict):
        # RFC 8785 section 3.2.3: by UTF-16 code units; big-endian bytes compare alike.
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{_write(key)}:{_write(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_write, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
