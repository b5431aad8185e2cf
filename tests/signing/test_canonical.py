"""The fast canonical form against a slow one written from the text of RFC 8785."""

from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from signing import SigningError, canonical_json, checked

MAX = 2**53 - 1
texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX, MAX) | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=30,
)
ESCAPES = {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}


def slow(value: Any) -> str:
    """Write RFC 8785 sections 3.2.2 and 3.2.3 out, one character at a time."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return '"' + "".join(map(slow_character, value)) + '"'
    if isinstance(value, list):
        return "[" + ",".join(map(slow, value)) + "]"
    ordered = sorted(value.items(), key=lambda member: code_units(member[0]))
    return "{" + ",".join(f"{slow(name)}:{slow(each)}" for name, each in ordered) + "}"


def slow_character(character: str) -> str:
    code = ord(character)
    return ESCAPES.get(code) or (f"\\u{code:04x}" if code < 32 else character)


def code_units(text: str) -> list[int]:
    """Return the UTF-16 code units, by the arithmetic of RFC 2781."""
    units: list[int] = []
    for code in map(ord, text):
        if code < 0x10000:
            units.append(code)
        else:
            units += [0xD800 + (code - 0x10000 >> 10), 0xDC00 + (code - 0x10000 & 0x3FF)]
    return units


class TestCanonicalJson:
    @given(values)
    def test_is_what_the_slow_reference_writes(self, value: object) -> None:
        assert canonical_json(value) == slow(value).encode()

    @given(values)
    def test_is_what_another_library_writes(self, value: Any) -> None:
        assert canonical_json(value) == rfc8785.dumps(value)

    @given(st.dictionaries(st.sampled_from("aAzZ~é\ue000\ufffd\U00010000\U0001f600"), texts))
    def test_sorts_keys_by_code_units_and_not_by_code_points(self, value: dict[str, str]) -> None:
        assert canonical_json(value) == slow(value).encode()

    def test_orders_the_keys_of_the_standard(self) -> None:
        # RFC 8785 section 3.2.3
        keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]

        written = canonical_json(dict.fromkeys(keys, 0)).decode()

        order = ["\\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
        assert written == "{" + ",".join(f'"{key}":0' for key in order) + "}"

    def test_does_not_depend_on_the_order_of_members(self) -> None:
        assert canonical_json({"b": 1, "a": [{}]}) == canonical_json({"a": [{}], "b": 1})

    @pytest.mark.parametrize(
        "value",
        [
            1.0,
            float("nan"),
            float("inf"),
            [0.5],
            {"a": {"b": 1.5}},
            MAX + 1,
            -MAX - 1,
            2**64,
            {1: "a"},
            {None: 1},
            {True: 1},
            "\ud800",
            {"\udfff": 1},
            {"é\udfff": 1},
            ["\ud83d"],
            (1, 2),
            {1},
            b"a",
            object(),
        ],
    )
    def test_refuses_what_has_no_canonical_form(self, value: object) -> None:
        with pytest.raises(SigningError):
            canonical_json(value)

    def test_refuses_what_nests_too_deep(self) -> None:
        deep: list[Any] = []
        for _ in range(50_000):
            deep = [deep]

        with pytest.raises(SigningError):
            canonical_json(deep)


class TestChecked:
    @given(st.dictionaries(texts, values))
    def test_gives_the_same_form_whole_and_in_parts(self, value: dict[str, object]) -> None:
        once = checked(value)

        assert once.json() == canonical_json(value)
        for name, part in value.items():
            assert once.json_of_part({name: part}) == canonical_json({name: part})

    @pytest.mark.parametrize("value", [{"a": 1.5}, {"a": [2**53]}, {1: "a"}, [object()]])
    def test_refuses_what_has_no_canonical_form(self, value: object) -> None:
        with pytest.raises(SigningError):
            checked(value)

    def test_refuses_a_lone_surrogate_when_it_is_written(self) -> None:
        with pytest.raises(SigningError):
            checked({"a": "\ud800"}).json()
