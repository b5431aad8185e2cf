from datetime import date
from fractions import Fraction

import pytest

from labour_book.law.pension import pension_rate, pension_years

ON = date(2026, 11, 20)


class TestPensionYears:
    @pytest.mark.parametrize(
        ("months", "years"),
        [(14 * 12 + 6, 14.5), (14 * 12 + 7, 15), (20 * 12, 20), (1, 0.5), (0, 0), (11, 1)],
    )
    def test_rounds_odd_months_to_half_years(self, months: int, years: float) -> None:
        assert pension_years(months) == years


class TestPensionRate:
    @pytest.mark.parametrize(
        ("sex", "years", "percent"),
        [
            ("F", 15, 45),
            ("F", 30, 75),
            ("F", 40, 75),
            ("M", 15, 40),
            ("M", 20, 45),
            ("M", 35, 75),
            ("M", 40, 75),
        ],
    )
    def test_rises_to_its_highest(self, sex: str, years: int, percent: int) -> None:
        assert pension_rate(sex, Fraction(years), ON) == percent

    def test_is_none_below_the_years_needed(self) -> None:
        with pytest.raises(ValueError, match="below"):
            pension_rate("F", Fraction(29, 2), ON)
