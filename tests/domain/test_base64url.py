import pytest
from hypothesis import given
from hypothesis import strategies as st

from labour_book.domain.base64url import bytes_of, letters_of


class TestLettersOf:
    @given(st.binary(max_size=40))
    def test_come_back_as_they_were(self, content: bytes) -> None:
        letters = letters_of(content)

        assert bytes_of(letters) == content
        assert not set(letters) & set("+/=")

    def test_are_those_of_the_standard(self) -> None:
        assert letters_of(b"\xfb\xff\xfe") == "-__-"  # RFC 4648, section 5


class TestBytesOf:
    @pytest.mark.parametrize("letters", ["a", "é"])
    def test_are_refused_where_there_are_none(self, letters: str) -> None:
        with pytest.raises(ValueError, match=r"padding|ASCII|number of data"):
            bytes_of(letters)
