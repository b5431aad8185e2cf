from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labour_book.domain.partial_dates import PartialDate, births_agree
from labour_book.errors import Invalid

whole = st.builds(PartialDate.of_day, st.dates())
partial = (
    whole
    | whole.map(lambda d: PartialDate(d.year, d.month))
    | whole.map(lambda d: PartialDate(d.year))
)


class TestPartialDate:
    @given(partial)
    def test_reads_what_it_writes(self, given_date: PartialDate) -> None:
        assert PartialDate.parse(str(given_date)) == given_date

    @given(partial)
    def test_means_a_stretch_of_days(self, given_date: PartialDate) -> None:
        first, last = given_date.first_possible, given_date.last_possible

        assert first <= last
        assert given_date.is_whole == (first == last)
        assert given_date.agrees_with(PartialDate.of_day(first))
        assert given_date.agrees_with(PartialDate.of_day(last))

    @given(partial, partial)
    def test_agrees_both_ways(self, one: PartialDate, other: PartialDate) -> None:
        assert one.agrees_with(other) == other.agrees_with(one)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "65",
            "1965-5",
            "1965-13",
            "1965-02-30",
            "1965-00",
            "1965-01-00",
            "1965--01",
            "01/01/1965",
            "1965-01-01 ",
            "１９６５",
            "0000",
        ],
    )
    def test_refuses_what_is_no_date(self, text: str) -> None:
        with pytest.raises(Invalid):
            PartialDate.parse(text)

    def test_refuses_a_day_without_its_month(self) -> None:
        with pytest.raises(Invalid):
            PartialDate(1965, None, 1)

    def test_knows_leap_years(self) -> None:
        assert PartialDate(2024, 2).last_possible == date(2024, 2, 29)


class TestBirthsAgree:
    @pytest.mark.parametrize(
        ("one", "other", "expected"),
        [
            ("1990-05-03", "1990-05-03", "same"),
            ("1990", "1990-05-03", "partial"),
            ("1990-05-03", "1990-05", "partial"),
            ("1990-05-03", "1990-03-05", "swapped"),
            ("1990-05-03", "1990-05-04", "year"),
            ("1990-05", "1990-06", "year"),
            ("1990-05-03", "1991-05-03", "different"),
            ("1990", "1991", "different"),
        ],
    )
    def test_says_how(self, one: str, other: str, expected: str) -> None:
        first, second = PartialDate.parse(one), PartialDate.parse(other)

        assert births_agree(first, second) == births_agree(second, first) == expected
