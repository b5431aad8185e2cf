from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labour_book import data
from labour_book.domain.months import Month
from labour_book.domain.partial_dates import PartialDate
from labour_book.law.provisions import LawNotModelled
from labour_book.law.retirement import retirement_of

TABLE = [row for row in data.rows("retirement_age") if row["birth_month_from"]]
births = st.builds(Month.of, st.integers(1961, 2005), st.integers(1, 12))


class TestRetirementOf:
    @pytest.mark.parametrize(
        ("sex", "birth", "age", "last_day", "pension_from"),
        [
            ("M", "1965-05-15", 61 * 12 + 6, date(2026, 11, 30), date(2026, 12, 1)),
            ("F", "1969-09-01", 57 * 12, date(2026, 9, 30), date(2026, 10, 1)),
            ("F", "1966", 55 * 12 + 4, date(2021, 5, 31), date(2021, 6, 1)),
            ("M", "1966-03", 61 * 12 + 9, date(2027, 12, 31), date(2028, 1, 1)),
            ("M", "1966-04", 62 * 12, date(2028, 4, 30), date(2028, 5, 1)),
        ],
    )
    def test_gives_age_and_days(
        self, sex: str, birth: str, age: int, last_day: date, pension_from: date
    ) -> None:
        found = retirement_of(sex, PartialDate.parse(birth))

        assert (found.age_months, found.last_day) == (age, last_day)
        assert found.pension_from == pension_from

    @pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row['sex']}{row['birth_month_from']}")
    def test_agrees_with_the_table_of_the_decree(self, row: dict[str, str]) -> None:
        edges = [row["birth_month_from"], row["birth_month_to"] or "2000-12"]
        retire = [row["retire_month_from"], row["retire_month_to"]]

        for birth, month in zip(edges, retire, strict=True):
            found = retirement_of(row["sex"], PartialDate.parse(birth))
            assert found.age_months == int(row["age_months"])
            assert not month or str(Month.of_day(found.last_day)) == month

    @given(st.sampled_from("MF"), births)
    def test_comes_no_earlier_for_the_younger(self, sex: str, born: Month) -> None:
        older = retirement_of(sex, PartialDate.of_month(born))
        younger = retirement_of(sex, PartialDate.of_month(born.plus(1)))

        assert older.last_day < younger.last_day
        assert older.age_months <= younger.age_months

    def test_is_not_guessed_for_old_law(self) -> None:
        with pytest.raises(LawNotModelled):
            retirement_of("M", PartialDate(1940))
        assert retirement_of("M", PartialDate(1958, 3)).age_months == 720
