"""What people are told, for lives that were reckoned by hand."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from labour_book.domain.facts import EmploymentFact, InsuranceFact
from labour_book.domain.insured_months import InsuredMonths, insured_months
from labour_book.domain.partial_dates import PartialDate
from labour_book.law.guidance import Basis, Condition, Entitlement, NotComputed, Right, Sheet
from labour_book.law.pension_guidance import pension_guidance
from labour_book.law.provisions import LawNotModelled
from labour_book.law.unemployment_guidance import unemployment_guidance
from labour_book.law.voluntary_guidance import voluntary_guidance
from tests.domain.factories import book, identity, insured, job

TODAY = date(2026, 11, 20)
VOL = frozenset({"VOL"})


def results(told: Entitlement) -> dict[str, int | str]:
    """Return what was found, by name; of several only those without an ``of``."""
    return {each.name: each.value for each in told.results if not each.of}


def holds(told: Entitlement) -> dict[str, bool | None]:
    return {each.name: each.holds for each in told.conditions}


def pension(*facts: InsuranceFact, **person: Any) -> Entitlement:
    who = book(person=identity(**person)).identity
    return pension_guidance(who, insured_months(facts, TODAY), TODAY)


def benefit(*facts: InsuranceFact | EmploymentFact, today: date = TODAY) -> Entitlement:
    ranges = [each for each in facts if isinstance(each, InsuranceFact)]
    entries = book(*facts, as_of=today).employments
    return unemployment_guidance(entries, insured_months(ranges, today), today)


class TestPension:
    def test_of_a_woman_with_ten_years_who_is_36(self) -> None:
        told = pension(insured("1", "2016-11", "2026-10"))

        # 03/05/1990: 60 years in 05/2050, pension from 01/06/2050; 282 months from 11/2026 on.
        assert results(told) == {
            "months_counted": 120,
            "months_needed": 180,
            "months_missing": 60,
            "retirement_age": 720,
            "retirement_day": "2050-05-31",
            "pension_from": "2050-06-01",
            "months_until": 282,
            "months_missing_then": 0,
        }
        assert holds(told)["contributed_long_enough"] is False
        assert holds(told)["age_reached"] is False
        assert told.not_computed == (NotComputed("rate", "TOO_FEW_MONTHS"),)

    def test_of_a_man_who_retires_this_month_and_lacks_four_years(self) -> None:
        told = pension(
            insured("1", "2015-11", "2026-10"), sex="M", birth_date=PartialDate(1965, 5, 15)
        )

        # DOMAIN: M, 15/05/1965 retires on 30/11/2026; 132 of 180 months.
        assert results(told)["retirement_day"] == "2026-11-30"
        assert results(told)["months_missing_then"] == 48

    def test_counts_voluntary_and_recognised_months_and_tells_the_rate(self) -> None:
        told = pension(
            insured("1", "2006-11", "2021-10"),
            insured("2", "2022-01", "2023-12", funds=VOL),
            insured("3", "2000-01", "2000-06", status="credited_duration_only"),
        )

        # 180 + 24 + 6 months are 17.5 years; women: 45 + 2.5 x 2 = 50 percent.
        assert results(told)["months_counted"] == 210
        assert results(told)["rate"] == "50"
        assert holds(told)["contributed_long_enough"] is True

    def test_says_what_the_book_lacks(self) -> None:
        told = pension(insured("1", "2016-11", "2026-10"), birth_date=None)

        assert NotComputed("retirement_day", "BIRTH_UNKNOWN") in told.not_computed
        assert results(told)["months_missing"] == 60

    def test_says_that_the_law_of_then_is_not_modelled(self) -> None:
        told = pension(insured("1", "2016-11", "2026-10"), birth_date=PartialDate(1930))

        assert NotComputed("retirement_day", "LAW_NOT_MODELLED") in told.not_computed

    def test_tells_of_every_number_of_the_law_where_it_stands_and_how_well_it_is_known(
        self,
    ) -> None:
        told = pension(insured("1", "2016-11", "2026-10"))
        law = [each for each in told.inputs if each.basis is Basis.LAW]

        assert next(each.name for each in law) == "pension.years_needed"
        assert all(each.source and each.since and each.provenance for each in law)
        assert told.articles


class TestUnemploymentBenefit:
    def test_of_somebody_who_works_is_told_as_if_it_ended_today(self) -> None:
        told = benefit(insured("1", "2021-03"))

        # 68 months of UI: 36 -> 3 months, 32 more -> 2; 8 reserved. 60 % of 6,000,000.
        assert results(told) == {
            "months_in_lookback": 23,
            "benefit_months": 5,
            "reserved_months": 8,
            "average_wage": 6_000_000,
            "monthly_lowest": 3_600_000,
            "monthly_highest": 3_600_000,
        }
        assert holds(told)["work_ended"] is False
        assert holds(told)["insured_long_enough"] is True

    def test_of_somebody_whose_work_ended_tells_the_last_day_to_apply(self) -> None:
        told = benefit(insured("1", "2024-01", "2026-09"), job("2", "2024-01-01", "2026-09-30"))

        assert results(told)["apply_by"] == "2026-12-30"
        assert holds(told)["in_time"] is True
        assert holds(told)["work_ended"] is True
        assert results(told)["months_in_lookback"] == 24

    def test_is_too_late_after_three_months(self) -> None:
        told = benefit(insured("1", "2024-01", "2026-05"), job("2", "2024-01-01", "2026-05-31"))

        assert results(told)["apply_by"] == "2026-08-31"
        assert holds(told)["in_time"] is False

    def test_with_too_few_months_gives_none(self) -> None:
        told = benefit(insured("1", "2026-01", "2026-09"), job("2", "2026-01-01", "2026-09-30"))

        assert results(told)["benefit_months"] == 0
        assert holds(told)["insured_long_enough"] is False

    def test_tells_a_span_where_the_region_decides(self) -> None:
        told = benefit(
            insured("1", "2021-01", "2026-03", wage_base_vnd=40_000_000),
            job("2", "2021-01-01", "2026-03-31"),
        )

        # 60 % is 24,000,000; capped at 5 x 3,700,000 in region IV, not in region I.
        assert results(told)["monthly_lowest"] == 18_500_000
        assert results(told)["monthly_highest"] == 24_000_000

    def test_averages_the_wages_of_the_last_six_months(self) -> None:
        told = benefit(
            insured("1", "2025-01", "2026-07"), insured("2", "2026-08", wage_base_vnd=9_000_000)
        )

        wages = [each for each in told.inputs if each.name == "wage"]
        assert [each.of for each in wages] == [f"2026-{n:02}" for n in range(5, 11)]
        assert results(told)["average_wage"] == 7_500_000

    def test_says_that_the_day_of_the_end_is_not_known(self) -> None:
        told = benefit(insured("1", "2024-01", "2026-05"))

        assert NotComputed("apply_by", "END_UNKNOWN") in told.not_computed

    def test_says_that_there_is_no_wage(self) -> None:
        told = benefit(job("1", "2024-01-01"))

        assert NotComputed("monthly_lowest", "NO_WAGE") in told.not_computed
        assert results(told)["benefit_months"] == 0

    def test_says_that_the_law_of_then_is_not_modelled(self) -> None:
        told = benefit(insured("1", "2010-01", "2012-05"), job("2", "2010-01-01", "2012-05-31"))

        assert NotComputed("benefit_months", "LAW_NOT_MODELLED") in told.not_computed
        assert NotComputed("apply_by", "LAW_NOT_MODELLED") in told.not_computed

    def test_leaves_open_what_a_book_cannot_tell(self) -> None:
        told = benefit(insured("1", "2021-03"))

        assert {name for name, met in holds(told).items() if met is None} == {
            "how_work_ended",
            "no_pension",
            "nothing_drawn",
            "not_working_again",
        }

    def test_of_a_person_without_any_work_invents_nothing(self) -> None:
        told = benefit()

        assert results(told)["months_in_lookback"] == 0
        assert holds(told)["work_ended"] is False


class TestVoluntaryInsurance:
    def insured(self, *facts: InsuranceFact) -> InsuredMonths:
        return insured_months(facts, TODAY)

    def test_tells_cost_and_support_of_every_group(self) -> None:
        told = voluntary_guidance(self.insured(), TODAY, insured_now=False)
        support = {each.of: each.value for each in told.results if each.name == "support"}

        assert results(told)["lowest_contribution"] == 330_000
        assert support == {
            "POOR_OR_ISLAND": 165_000,
            "NEAR_POOR": 132_000,
            "ETHNIC_MINORITY": 99_000,
            "OTHER": 66_000,
        }
        assert [e.value for e in told.results if e.name == "own_payment"] == [264_000]
        assert holds(told)["not_in_compulsory"] is True

    def test_counts_down_the_months_of_support(self) -> None:
        nine_years = self.insured(insured("1", "2017-01", "2025-12", funds=VOL))

        told = voluntary_guidance(nine_years, TODAY, insured_now=True)

        assert results(told)["support_months_left"] == 12
        assert holds(told)["not_in_compulsory"] is False

    def test_supports_nobody_for_longer_than_the_longest_time(self) -> None:
        eleven_years = self.insured(insured("1", "2015-01", "2025-12", funds=VOL))

        told = voluntary_guidance(eleven_years, TODAY, insured_now=False)

        assert {each.value for each in told.results if each.name == "support"} == {0}
        assert results(told)["support_months_left"] == 0

    def test_is_not_told_by_law_that_is_not_modelled(self) -> None:
        told = voluntary_guidance(self.insured(), date(2024, 1, 1), insured_now=False)

        assert {each.why for each in told.not_computed} == {"LAW_NOT_MODELLED"}


class TestSheet:
    def test_swallows_nothing_but_what_it_tells_of(self) -> None:
        sheet = Sheet.of(Right.PENSION, "x")

        def broken() -> None:
            raise KeyError

        def unknown() -> None:
            raise LawNotModelled

        with pytest.raises(KeyError):
            sheet.attempt(("a",), broken)
        sheet.attempt(("b", "c"), unknown)
        assert [each.name for each in sheet.closed().not_computed] == ["b", "c"]

    def test_is_a_value_once_it_is_closed(self) -> None:
        sheet = Sheet.of(Right.PENSION, "x")
        sheet.condition("a", "y", holds=True)
        closed = sheet.closed()
        sheet.condition("b", "y")

        assert closed.conditions == (Condition("a", holds=True, article="y"),)
        assert replace(closed) == closed
