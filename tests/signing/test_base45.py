"""Base45: the examples of RFC 9285, and one spelling for one value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import signing
from signing import Reason
from signing.base45 import ALPHABET, base45, base45_decode

# RFC 9285 sections 4.3 and 4.4
EXAMPLES = [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"", "")]


class TestBase45:
    @pytest.mark.parametrize(("raw", "text"), [*EXAMPLES, (b"ietf!", "QED8WEX0")])
    def test_gives_the_examples_of_the_standard_both_ways(self, raw: bytes, text: str) -> None:
        assert base45(raw) == text
        assert base45_decode(text, step=1) == raw

    @given(st.binary(max_size=300))
    def test_gives_back_what_went_in(self, raw: bytes) -> None:
        assert base45_decode(base45(raw), step=1) == raw

    @given(st.text(ALPHABET, max_size=30))
    def test_accepts_one_spelling_only(self, text: str) -> None:
        try:
            raw = base45_decode(text, step=1)
        except signing.VerificationError:
            return
        assert base45(raw) == text

    @pytest.mark.parametrize("text", ["A", "ABCD", ":::", "GGW", "::", "V5", "a00", "00\n", "0 ế"])
    def test_refuses_what_is_none(self, text: str) -> None:
        with pytest.raises(signing.VerificationError) as refused:
            base45_decode(text, step=1)
        assert refused.value.reason is Reason.BASE45_INVALID
