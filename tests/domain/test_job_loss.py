"""Losses of work: what points to one, what confirms it, and what speaks against it."""

from datetime import date

import pytest

from labour_book.domain.facts import EmploymentFact, InsuranceFact
from labour_book.domain.job_loss import Loss, Waits, losses_of
from labour_book.domain.months import Month
from tests.domain.factories import ACME, OTHER, book, employer, insured, job

REPORTED = Month.parse("2026-10")
CLOSED = {ACME: employer(statuses=(("ACTIVE", None), ("CLOSED", date(2026, 7, 19))))}
BROKE = {ACME: employer(statuses=(("ACTIVE", None), ("BANKRUPTCY", date(2026, 2, 14))))}


def losses(
    *facts: EmploymentFact | InsuranceFact,
    on: date = date(2026, 11, 20),
    not_after: date | None = None,
    late_days: int = 45,
    **more: object,
) -> list[Loss]:
    of = book(*facts, as_of=on, insurance_as_of=REPORTED, **more)  # type: ignore[arg-type]  # given by name
    return list(losses_of(of, not_after=not_after, waits=Waits(late_days, 24)))


def told(found: list[Loss]) -> list[tuple[str, str]]:
    return [(str(each.month), str(each.state)) for each in found]


class TestLossesOf:
    def test_takes_the_day_and_clause_of_a_contract(self) -> None:
        ended = job("j", "2025-01-01", "2026-09-08", end_reason_clause=11)

        (found,) = losses(ended, insured("i", "2025-01", "2026-08"))

        assert (str(found.month), found.ended_on, found.clause) == (
            *("2026-09", date(2026, 9, 8)),
            11,
        )
        assert found.signals == ("contribution-stopped", "contract-ended")
        assert (found.firm, found.state) == (ACME, "confirmed")

    def test_waits_for_late_filings_where_only_contributions_stopped(self) -> None:
        stopped = insured("i", "2025-01", "2026-09")

        assert told(losses(stopped, on=date(2026, 11, 13))) == [("2026-09", "waiting")]
        assert told(losses(stopped, on=date(2026, 11, 14))) == [("2026-09", "confirmed")]
        assert told(losses(stopped, late_days=61)) == [("2026-09", "waiting")]

    def test_is_contradicted_by_a_contract_that_runs(self) -> None:
        found = losses(job("j", "2025-01-01"), insured("i", "2025-01", "2026-05"))

        assert told(found) == [("2026-05", "contradicted")]

    def test_is_confirmed_by_a_firm_in_trouble_whatever_the_contract_says(self) -> None:
        facts = job("j", "2025-01-01"), insured("i", "2025-01", "2026-02")

        assert told(losses(*facts, employers=BROKE)) == [("2026-02", "confirmed")]

    def test_only_suspects_a_range_that_nobody_closed(self) -> None:
        silent = insured(
            "i", "2020-01", stated_at=job("x", "2020-01-01").stated_at.replace(month=3)
        )

        assert told(losses(silent)) == [("2026-02", "suspected")]

    def test_believes_contract_and_firm_against_months_paid_later(self) -> None:
        paid_on = insured("i", "2025-01", "2026-10")
        ended = job("j", "2025-01-01", "2026-07-19", end_reason_clause=7)

        assert told(losses(paid_on, employers=CLOSED)) == [("2026-07", "contradicted")]
        (found,) = losses(paid_on, ended, employers=CLOSED)
        assert (str(found.month), found.state, found.clause) == ("2026-07", "confirmed", 7)

    @pytest.mark.parametrize(
        "after",
        [
            insured("k", "2026-06", employer_code=OTHER, employer_name="Khác"),
            insured("k", "2026-08"),
        ],
        ids=["at once elsewhere", "soon at the same firm"],
    )
    def test_is_none_where_the_work_goes_on(self, after: InsuranceFact) -> None:
        assert told(losses(insured("i", "2025-01", "2026-05"), after)) == [
            ("2026-05", "other-work")
        ]

    def test_is_one_where_the_next_work_came_later(self) -> None:
        later = insured("k", "2026-08", employer_code=OTHER, employer_name="Khác")

        assert told(losses(insured("i", "2025-01", "2026-05"), later)) == [("2026-05", "confirmed")]

    def test_is_none_for_whom_it_ended_with_working_life(self) -> None:
        ended = insured("i", "2025-01", "2026-05")

        assert losses(ended, not_after=date(2026, 5, 31)) == []
        assert told(losses(ended, not_after=date(2026, 6, 30))) == [("2026-05", "confirmed")]

    @pytest.mark.parametrize("clause", [5, 6, 12, 13])
    def test_is_none_for_ends_that_are_no_loss(self, clause: int) -> None:
        ended = job("j", "2025-01-01", "2026-05-31", end_reason_clause=clause)

        assert losses(ended, insured("i", "2025-01", "2026-05")) == []

    def test_leaves_out_what_is_too_long_ago(self) -> None:
        assert losses(insured("i", "2020-01", "2024-09")) == []
        assert told(losses(insured("i", "2020-01", "2024-10"))) == [("2024-10", "confirmed")]
