from typing import Any

from labour_book.domain.facts import EmploymentFact, InsuranceFact
from labour_book.domain.gap_advice import GapAdvice, Way, gap_advice
from labour_book.domain.months import Month, MonthRange
from tests.domain.factories import ACME, OTHER, book, employer, insured, job, remembered

REPORTED = Month.of(2026, 10)
WORKED = job("1", "2024-03-01", "2024-08-31")
PAID = insured("2", "2024-03", "2024-05")


def advice(
    *facts: EmploymentFact | InsuranceFact, status: str = "ACTIVE", insured_now: bool = False
) -> tuple[GapAdvice, ...]:
    employers = {ACME: employer(statuses=((status, None),))}
    made = book(*facts, employers=employers, insurance_as_of=REPORTED)
    return gap_advice(made.employments, reported=REPORTED, insured_now=insured_now)


def months(text: str) -> MonthRange:
    return MonthRange.parse(text)


class TestGapAdvice:
    def test_says_what_was_worked_what_was_seen_and_what_is_missing(self) -> None:
        (found,) = advice(WORKED, PAID)

        assert found.worked == months("2024-03/2024-08")
        assert found.paid == (months("2024-03/2024-05"),)
        assert found.unseen == (months("2024-06/2024-08"),)
        assert (found.owed, found.missing) == ((), 3)

    def test_asks_the_employer_first_while_it_can_answer(self) -> None:
        (found,) = advice(WORKED, PAID)

        assert found.ways == (Way.ASK_EMPLOYER, Way.CORRECT, Way.COMPLAIN, Way.BRIDGE)
        assert not found.employer_is_gone

    def test_asks_nobody_who_is_gone(self) -> None:
        (found,) = advice(WORKED, PAID, status="CLOSED")

        assert found.employer_is_gone
        assert found.ways == (Way.CORRECT, Way.COMPLAIN, Way.BRIDGE)

    def test_asks_nobody_who_is_not_at_the_address(self) -> None:
        (found,) = advice(WORKED, PAID, status="NOT_AT_ADDRESS")

        assert Way.ASK_EMPLOYER not in found.ways
        assert not found.employer_is_gone

    def test_complains_before_anything_else_but_asking_when_months_are_owed(self) -> None:
        (found,) = advice(WORKED, PAID, insured("3", "2024-06", "2024-08", status="arrears"))

        assert found.owed == (months("2024-06/2024-08"),)
        assert found.ways[:2] == (Way.ASK_EMPLOYER, Way.COMPLAIN)

    def test_offers_no_voluntary_insurance_to_who_is_in_the_compulsory_one(self) -> None:
        (found,) = advice(WORKED, PAID, insured_now=True)

        assert Way.BRIDGE not in found.ways

    def test_is_silent_where_every_month_is_paid(self) -> None:
        assert advice(WORKED, insured("2", "2024-03", "2024-08")) == ()

    def test_is_silent_about_months_recognised_without_payment(self) -> None:
        credited = insured("3", "2024-06", "2024-08", status="credited_duration_only")

        assert advice(WORKED, PAID, credited) == ()

    def test_waits_for_what_may_only_be_reported_late(self) -> None:
        running = job("1", "2026-01-01")

        assert advice(running, insured("2", "2026-01", "2026-09")) == ()
        (found,) = advice(running, insured("2", "2026-01", "2026-08"))
        assert found.unseen == (months("2026-09/2026-09"),)

    def test_is_silent_about_work_on_ones_own_account(self) -> None:
        own = remembered("1", "2020-01-01", "2022-12-31", employment_position="OWN_ACCOUNT")

        assert advice(own) == ()

    def test_puts_the_newest_missing_month_first(self) -> None:
        old = job("5", "2010-01-01", "2010-06-30", employer_code=OTHER, employer_name="B")

        found = advice(old, WORKED, PAID)

        assert [str(each.worked.first) for each in found] == ["2024-03", "2010-01"]

    def test_counts_no_month_twice(self) -> None:
        facts: list[Any] = [WORKED, PAID, insured("3", "2024-05", "2024-07", status="arrears")]

        for each in advice(*facts):
            assert each.missing + sum(map(len, each.paid)) == len(each.worked)
