from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labour_book.domain.months import Month
from labour_book.law.contributions import REGIONS
from labour_book.law.provisions import LawNotModelled
from labour_book.law.unemployment_benefit import (
    apply_by,
    benefit_months,
    benefit_range,
    monthly_benefit,
    reserved_months,
    wage_months,
)

ON = date(2026, 11, 20)


class TestBenefitMonths:
    @pytest.mark.parametrize(
        ("insured", "months"),
        [(11, 0), (12, 3), (36, 3), (47, 3), (48, 4), (143, 11), (144, 12), (300, 12)],
    )
    def test_grow_by_one_per_year(self, insured: int, months: int) -> None:
        assert benefit_months(insured, ON) == months

    def test_are_not_guessed_for_earlier_law(self) -> None:
        with pytest.raises(LawNotModelled):
            benefit_months(36, date(2014, 12, 31))


class TestReservedMonths:
    @pytest.mark.parametrize(("insured", "reserved"), [(12, 0), (36, 0), (37, 1), (50, 2)])
    def test_are_the_odd_ones(self, insured: int, reserved: int) -> None:
        assert reserved_months(insured, ON) == reserved


class TestMonthlyBenefit:
    @pytest.mark.parametrize(
        ("average", "last_month", "benefit"),
        [
            (40_000_000, "2026-03", 24_000_000),
            (60_000_000, "2025-12", 24_800_000),
            (60_000_000, "2026-01", 26_550_000),
        ],
    )
    def test_is_a_share_up_to_the_cap_of_the_last_month(
        self, average: int, last_month: str, benefit: int
    ) -> None:
        assert monthly_benefit(average, region="I", last_month=Month.parse(last_month)) == benefit


class TestBenefitRange:
    """Reckoned by hand: caps in 2026-09 are 5 x 5,310,000 in region I, 5 x 3,700,000 in IV."""

    @pytest.mark.parametrize(
        ("average", "last_month", "least", "most"),
        [
            (10_000_000, "2026-09", 6_000_000, 6_000_000),
            (30_833_333, "2026-09", 18_500_000, 18_500_000),
            (30_833_335, "2026-09", 18_500_000, 18_500_001),
            (40_000_000, "2026-09", 18_500_000, 24_000_000),
            (60_000_000, "2026-09", 18_500_000, 26_550_000),
            (60_000_000, "2025-12", 17_250_000, 24_800_000),
        ],
    )
    def test_is_one_amount_up_to_the_lowest_cap(
        self, average: int, last_month: str, least: int, most: int
    ) -> None:
        assert benefit_range(average, last_month=Month.parse(last_month)) == (least, most)

    @given(
        average=st.integers(0, 200_000_000),
        month=st.integers(0, 82).map(Month.parse("2020-01").plus),
    )
    def test_holds_the_benefit_of_each_region(self, average: int, month: Month) -> None:
        levels = [monthly_benefit(average, region=each, last_month=month) for each in REGIONS]

        assert benefit_range(average, last_month=month) == (min(levels), max(levels))


class TestApplyBy:
    @pytest.mark.parametrize(
        ("ended_on", "last_day"),
        [
            ("2026-09-15", "2026-12-15"),
            ("2026-10-31", "2027-01-31"),
            ("2026-11-30", "2027-02-28"),
            ("2027-11-30", "2028-02-29"),
        ],
    )
    def test_is_the_same_day_three_months_later(self, ended_on: str, last_day: str) -> None:
        assert apply_by(date.fromisoformat(ended_on)) == date.fromisoformat(last_day)

    def test_is_not_guessed_for_earlier_law(self) -> None:
        with pytest.raises(LawNotModelled):
            apply_by(date(2014, 12, 31))


class TestWageMonths:
    def test_are_the_last_six(self) -> None:
        assert wage_months(ON) == 6
