import pytest
from hypothesis import given
from hypothesis import strategies as st

from labour_book.domain.partial_dates import PartialDate
from labour_book.domain.people import (
    identifier_kind,
    mask,
    personal_id_findings,
    read_personal_id,
)
from labour_book.errors import Invalid


class TestReadPersonalId:
    @pytest.mark.parametrize(
        ("number", "province", "sex", "year"),
        [
            ("001090123456", "Hà Nội", "M", 1990),
            ("079301000123", "Hồ Chí Minh", "F", 2001),
            ("070185000001", "Bình Phước", "F", 1985),
            ("001490123456", "Hà Nội", "M", 2190),
        ],
    )
    def test_says_province_sex_and_year(
        self, number: str, province: str, sex: str, year: int
    ) -> None:
        says = read_personal_id(number)

        assert (says.province_of_registration, says.sex, says.birth_year) == (province, sex, year)

    @pytest.mark.parametrize(
        "text", ["00109012345", "00109012345A", "0010901234567", "", "０01090123456"]
    )
    def test_refuses_what_has_not_twelve_digits(self, text: str) -> None:
        with pytest.raises(Invalid):
            read_personal_id(text)

    @given(st.from_regex(r"[0-9]{12}", fullmatch=True))
    def test_reads_every_twelve_digits(self, number: str) -> None:
        assert read_personal_id(number).birth_year % 100 == int(number[4:6])


class TestPersonalIdFindings:
    def test_flags_what_differs(self) -> None:
        found = personal_id_findings("005090123456", sex="F", birth_date=PartialDate(1991))

        assert [each.cause for each in found] == [
            "PERSONAL_ID_PROVINCE_UNKNOWN",
            "PERSONAL_ID_SEX_DIFFERS",
            "PERSONAL_ID_BIRTH_YEAR_DIFFERS",
        ]

    def test_finds_nothing_where_all_agrees(self) -> None:
        assert personal_id_findings("001090123456", sex="M", birth_date=PartialDate(1990, 5)) == ()

    def test_knows_country_codes(self) -> None:
        assert personal_id_findings("101090123456", sex=None, birth_date=None) == ()


class TestIdentifierKind:
    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("001090123456", "PIN"),
            ("0108912345", "BHXH10"),
            ("013892565", "CMND9"),
            ("B1234567", "PASSPORT"),
            ("1234", None),
            ("", None),
        ],
    )
    def test_goes_by_form(self, text: str, kind: str | None) -> None:
        assert identifier_kind(text) == kind


class TestMask:
    def test_shows_the_last_four(self) -> None:
        assert mask("001090123456") == "********3456"
        assert mask("123") == "123"
