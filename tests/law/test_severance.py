from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labour_book.law.provisions import LawNotModelled
from labour_book.law.severance import (
    Service,
    job_loss_allowance,
    job_loss_allowance_is_owed,
    severance,
    severance_is_owed,
    years_for_allowance,
)

ON = date(2026, 11, 20)
LONG = Service(worked=60, insured=0)


class TestSeveranceIsOwed:
    @pytest.mark.parametrize("clause", [1, 2, 3, 4, 6, 7, 9, 10])
    def test_for_these_ends_of_work(self, clause: int) -> None:
        assert severance_is_owed(clause, LONG, ON).holds

    @pytest.mark.parametrize("clause", [5, 8, 11, 12, 13])
    def test_not_for_the_others(self, clause: int) -> None:
        assert not severance_is_owed(clause, LONG, ON).holds

    def test_not_to_a_worker_who_left_unlawfully(self) -> None:
        assert not severance_is_owed(9, LONG, ON, lawful=False).holds
        assert severance_is_owed(10, LONG, ON, lawful=False).holds

    def test_from_a_year_of_work_on(self) -> None:
        assert not severance_is_owed(1, Service(11, insured=0), ON).holds
        assert severance_is_owed(1, Service(12, insured=0), ON).holds

    def test_is_not_guessed_for_earlier_law(self) -> None:
        with pytest.raises(LawNotModelled):
            severance_is_owed(1, LONG, date(2020, 12, 31))


class TestSeverance:
    @pytest.mark.parametrize(
        ("worked", "insured", "months"),
        [
            (60, 0, Fraction(5, 2)),
            (60, 60, Fraction(0)),
            (66, 0, Fraction(11, 4)),
            (67, 0, Fraction(3)),
            (120, 108, Fraction(1, 2)),
            (120, 114, Fraction(1, 4)),
        ],
    )
    def test_is_half_a_month_for_each_year_that_was_not_insured(
        self, worked: int, insured: int, months: Fraction
    ) -> None:
        assert severance(Service(worked, insured), ON) == months

    def test_leaves_out_what_was_paid_before(self) -> None:
        assert severance(Service(60, insured=0, paid=36), ON) == 1


class TestJobLossAllowance:
    def test_is_for_redundancy_alone(self) -> None:
        assert job_loss_allowance_is_owed(11, LONG, ON).holds
        assert not job_loss_allowance_is_owed(1, LONG, ON).holds

    @pytest.mark.parametrize(("worked", "insured", "months"), [(60, 0, 5), (14, 0, 2), (60, 60, 2)])
    def test_is_a_month_for_each_year_and_never_below_two(
        self, worked: int, insured: int, months: int
    ) -> None:
        assert job_loss_allowance(Service(worked, insured), ON) == months


class TestYearsForAllowance:
    @pytest.mark.parametrize(
        ("months", "years"),
        [
            (0, Fraction(0)),
            (1, Fraction(1, 2)),
            (6, Fraction(1, 2)),
            (7, Fraction(1)),
            (12, Fraction(1)),
            (13, Fraction(3, 2)),
            (19, Fraction(2)),
        ],
    )
    def test_count_odd_months_as_half_or_whole(self, months: int, years: Fraction) -> None:
        assert years_for_allowance(months) == years

    @given(st.integers(min_value=0, max_value=600))
    def test_never_fall_with_more_months(self, months: int) -> None:
        assert years_for_allowance(months) <= years_for_allowance(months + 1)
        assert 0 <= years_for_allowance(months) - Fraction(months, 12) < 1
