import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labour_book.domain.names import (
    LONGEST_NAME,
    clean_name,
    digits_apart,
    display_name,
    distance,
    fold,
    names_agree,
    sort_key,
    tone_key,
)
from labour_book.errors import Invalid

LETTERS = (
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
)
words = st.text(LETTERS + LETTERS.upper(), min_size=1, max_size=7)
vietnamese = st.lists(words, min_size=1, max_size=5).map(" ".join)


class TestFold:
    @given(st.text(max_size=60))
    def test_is_done_after_one_time(self, text: str) -> None:
        assert fold(fold(text)) == fold(text)

    @given(vietnamese)
    def test_leaves_plain_letters(self, text: str) -> None:
        assert fold(text).isascii()
        assert fold(text) == fold(text.upper()) == fold(unicodedata.normalize("NFD", text))

    @pytest.mark.parametrize(
        ("text", "key"),
        [
            ("Thanh Hoá", "thanh hoa"),
            ("ĐỖ  Ân ", "do an"),
            ("Ðặng", "dang"),
            ("H'Hen Niê", "h'hen nie"),
        ],
    )
    def test_takes_away_marks_case_and_spaces(self, text: str, key: str) -> None:
        assert fold(text) == key


class TestToneKey:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Hòa", "Hoà"),
            ("Thủy", "Thuỷ"),
            ("Thanh Hoá", "THANH HÓA"),
            ("Quý", "Qúy"),
            ("khỏe", "khoẻ"),
        ],
    )
    def test_does_not_mind_where_the_tone_is_put(self, one: str, other: str) -> None:
        assert tone_key(one) == tone_key(other)

    @pytest.mark.parametrize(
        ("one", "other"), [("Hòa", "Hóa"), ("Hoa", "Hòa"), ("An", "Ân"), ("Dao", "Đao")]
    )
    def test_minds_every_other_difference(self, one: str, other: str) -> None:
        assert tone_key(one) != tone_key(other)

    @given(vietnamese)
    def test_does_not_mind_case_or_composition(self, text: str) -> None:
        assert (
            tone_key(text) == tone_key(text.upper()) == tone_key(unicodedata.normalize("NFD", text))
        )


class TestSortKey:
    def test_sorts_by_given_name(self) -> None:
        names = ["Nguyễn Bá", "Đỗ Ân", "Lê Thị Ánh", "Trần Văn An"]

        assert sorted(names, key=sort_key) == ["Trần Văn An", "Lê Thị Ánh", "Đỗ Ân", "Nguyễn Bá"]

    def test_sorts_equal_given_names_by_family_name_then_middle_names(self) -> None:
        names = ["Trần Thị An", "Đỗ An", "Dương An", "Trần Bá An"]

        assert sorted(names, key=sort_key) == ["Dương An", "Đỗ An", "Trần Bá An", "Trần Thị An"]

    def test_runs_through_the_tones_in_order(self) -> None:
        names = ["Mạ", "Má", "Mã", "Mả", "Mà", "Ma"]

        assert sorted(names, key=sort_key) == ["Ma", "Mà", "Mả", "Mã", "Má", "Mạ"]

    def test_puts_the_shorter_word_first(self) -> None:
        assert sort_key("Lan") < sort_key("Lanh") < sort_key("Lăn")

    @given(vietnamese)
    def test_is_the_same_for_capitals(self, name: str) -> None:
        assert sort_key(name) == sort_key(name.upper())


class TestCleanName:
    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("  Nguyễn   Văn An ", "Nguyễn Văn An"),
            ("ÐỖ ÂN", "ĐỖ ÂN"),
            ("H’Hen Niê", "H'Hen Niê"),
            ("Y Ngông Niê Kdăm", "Y Ngông Niê Kdăm"),
            ("Nguyễn\u00a0An", "Nguyễn An"),
            ("Lê Thị Mai-Anh", "Lê Thị Mai-Anh"),
            ("HOÀ", "HOÀ"),
            ("Nguyễn Thuỳ", "Nguyễn Thuỳ"),
        ],
    )
    def test_keeps_names_as_registered(self, text: str, name: str) -> None:
        assert clean_name(text) == name
        assert clean_name(unicodedata.normalize("NFD", text)) == name

    @pytest.mark.parametrize("letter", LETTERS + LETTERS.upper())
    def test_keeps_every_vietnamese_letter(self, letter: str) -> None:
        assert clean_name(f"Lê {letter}") == f"Lê {letter}"

    @pytest.mark.parametrize(
        ("text", "cause"),
        [
            ("", "NAME_EMPTY"),
            ("   ", "NAME_EMPTY"),
            ("A" * (LONGEST_NAME + 1), "NAME_TOO_LONG"),
            ("Nguyễn\u200bAn", "NAME_INVISIBLE_CHARACTERS"),
            ("Nguyễn\u202eAn", "NAME_INVISIBLE_CHARACTERS"),
            ("Nguyễn\tAn", "NAME_INVISIBLE_CHARACTERS"),
            ("Nguyễn\x00An", "NAME_INVISIBLE_CHARACTERS"),
            ("NguyÔn V¨n An", "NAME_LEGACY_ENCODING"),
            ("Nguyeãn Vaên An", "NAME_LEGACY_ENCODING"),
            ("Nguyễn Văn 2", "NAME_CHARACTERS"),
            ("=HYPERLINK(A)", "NAME_CHARACTERS"),
            ("Нгуен", "NAME_CHARACTERS"),
        ],
    )
    def test_refuses_what_is_no_name(self, text: str, cause: str) -> None:
        with pytest.raises(Invalid) as refused:
            clean_name(text)

        assert refused.value.facts["cause"] == cause
        assert text.strip() == "" or text not in str(refused.value)


class TestDisplayName:
    @pytest.mark.parametrize(
        ("upper", "shown"),
        [
            ("NGUYỄN THỊ HOÀ", "Nguyễn Thị Hoà"),
            ("H'HEN NIÊ", "H'Hen Niê"),
            ("LÊ MAI-ANH", "Lê Mai-Anh"),
            ("ĐỖ ÂN", "Đỗ Ân"),
            ("Y Ngông Niê Kdăm", "Y Ngông Niê Kdăm"),
        ],
    )
    def test_is_in_title_case(self, upper: str, shown: str) -> None:
        assert display_name(upper) == shown

    @given(vietnamese)
    def test_changes_case_only(self, name: str) -> None:
        assert display_name(name.upper()).upper() == name.upper()


class TestNamesAgree:
    @pytest.mark.parametrize(
        ("one", "other", "expected"),
        [
            ("Nguyễn Văn An", "NGUYỄN  VĂN AN", "same"),
            ("Nguyễn Thị Hòa", "NGUYỄN THỊ HOÀ", "tone"),
            ("Nguyễn Văn An", "Nguyen Van An", "plain"),
            ("Nguyễn Văn An", "Nguyển Văn An", "plain"),
            ("Nguyễn Văn Hương", "Nguyễn Văn Hưng", "near"),
            ("Nguyễn Văn Khánh", "Nguyễn Văn Khnah", "near"),
            ("Nguyễn Thị Kim Oanh", "Nguyễn Kim Oanh", "near"),
            ("Huỳnh Thị Minh", "Hoàng Thị Minh", "near"),
            ("Nguyễn Văn An", "Trần Thị Bình", "different"),
            ("Lê Ba", "Lê An", "different"),
            ("Lê Thị An", "Phạm An", "different"),
        ],
    )
    def test_says_how(self, one: str, other: str, expected: str) -> None:
        assert names_agree(one, other) == names_agree(other, one) == expected

    @given(vietnamese)
    def test_is_same_with_itself(self, name: str) -> None:
        assert names_agree(name, name.upper()) == "same"


class TestDistance:
    @given(st.text("abc", max_size=6), st.text("abc", max_size=6))
    def test_is_none_only_between_equals(self, one: str, other: str) -> None:
        assert (distance(one, other) == 0) == (one == other)
        assert distance(one, other) == distance(other, one) <= max(len(one), len(other))


class TestDigitsApart:
    @pytest.mark.parametrize(
        ("one", "other", "expected"),
        [
            ("001090123456", "001090123457", True),
            ("001090123456", "001090123465", True),
            ("001090123456", "001090123456", False),
            ("001090123456", "001090123412", False),
            ("001090123456", "601090123450", False),
            ("001090123456", "00109012345", False),
        ],
    )
    def test_is_one_digit_or_two_swapped_neighbours(
        self,
        one: str,
        other: str,
        expected: bool,  # noqa: FBT001 - a table of cases
    ) -> None:
        assert digits_apart(one, other) is expected
