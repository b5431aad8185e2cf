"""Rounds that look for losses of work: never twice, in any order, stopped at any moment."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from labour_book.domain.job_loss import Waits
from labour_book.queries.rows import table_of
from labour_book.services import job_losses
from labour_book.services.access import ANYBODY, DeniedToRole
from labour_book.services.installation import Installation
from labour_book.tables import EmployerStatus, InsuranceFact, Notice, SupportProposal
from tests.services import checks, losses, people
from tests.services.losses import DAY, NOW, detect, loses_work, works_on
from tests.services.people import person_id, uid

SUPPORTED = {
    "unemployment-benefit": "proposed",
    "voluntary-insurance-support": "proposed",
}


@pytest.fixture
def firm(inst: Installation) -> Installation:
    """Four people of one firm; two have just lost their work."""
    return _firm(inst)


@pytest.fixture
def small_firm(sqlite_inst: Installation) -> Installation:
    return _firm(sqlite_inst)


def _firm(inst: Installation) -> Installation:
    people.add_units(inst.engine)
    people.add_people(inst.engine, 4)
    loses_work(inst, 1)
    loses_work(inst, 2)
    return inst


class TestDetect:
    def test_finds_who_lost_work_and_proposes_what_the_law_gives(self, firm: Installation) -> None:
        done = detect(firm)

        assert (done.people, done.found, done.proposed) == (4, 2, 4)
        assert losses.losses(firm, 1) == [("2026-09", "confirmed")]
        assert losses.losses(firm, 3) == []
        assert losses.proposals(firm, 1) == SUPPORTED
        told = [row["recipient"] for row in checks.rows(firm, Notice)]
        assert sorted(told) == sorted([str(person_id(1))] * 2 + [str(person_id(2))] * 2)

    def test_changes_nothing_when_it_runs_again(self, firm: Installation) -> None:
        detect(firm)
        before = losses.stored(firm)

        for everybody in (True, False):
            again = detect(firm, NOW + DAY, everybody=everybody)

            assert (again.found, again.proposed) == (0, 0)
        assert losses.stored(firm) == before

    def test_goes_on_where_it_was_stopped(self, small_firm: Installation) -> None:
        losses.stop_after(small_firm, 1)
        assert len(losses.losses(small_firm, 1)) == 1
        assert losses.losses(small_firm, 2) == []

        done = detect(small_firm)

        assert (done.people, done.found) == (4, 2)
        assert losses.proposals(small_firm, 2) == SUPPORTED

    def test_lets_nobody_take_the_same_batch_twice(self, small_firm: Installation) -> None:
        one, other = (
            job_losses.detect(small_firm, by=checks.OPERATOR, now=NOW, everybody=True, batch=1)
            for _ in range(2)
        )
        next(one)
        next(other)

        with pytest.raises(job_losses.LookedElsewhere):
            next(one)

    def test_reads_no_book_once_it_writes(self, small_firm: Installation) -> None:
        said: list[str] = []

        def note(*given: Any) -> None:
            said.append(given[2])

        sa.event.listen(small_firm.engine, "before_cursor_execute", note)
        detect(small_firm)
        sa.event.remove(small_firm.engine, "before_cursor_execute", note)

        taken, noted, *_ = (
            n for n, each in enumerate(said) if each.startswith("UPDATE job_loss_run")
        )
        assert any("FROM insurance_fact" in each for each in said[:taken])
        assert not any("_fact" in each for each in said[taken:noted])

    def test_withdraws_what_later_news_contradict(self, small_firm: Installation) -> None:
        detect(small_firm)
        works_on(small_firm, 1)

        done = detect(small_firm, NOW + 2 * DAY, everybody=False)

        assert done.people == 1
        assert losses.losses(small_firm, 1) == [("2026-09", "withdrawn")]
        assert set(losses.proposals(small_firm, 1).values()) == {"withdrawn"}
        assert losses.proposals(small_firm, 2) == SUPPORTED

    def test_comes_to_the_same_in_whatever_order_it_hears_the_news(
        self, small_firm: Installation
    ) -> None:
        works_on(small_firm, 1)
        detect(small_firm)
        loses_work(small_firm, 1, last="2026-08-31")
        detect(small_firm, NOW + DAY)
        loses_work(small_firm, 1, last="2026-09-20")
        detect(small_firm, NOW + 2 * DAY)
        works_on(small_firm, 2)
        detect(small_firm, NOW + 3 * DAY)
        loses_work(small_firm, 2)
        detect(small_firm, NOW + 4 * DAY)
        by_detours = losses.stored(small_firm)
        with small_firm.engine.begin() as connection:
            for table in (SupportProposal, losses.JobLoss):
                connection.execute(table_of(table).delete())

        detect(small_firm, NOW + 5 * DAY)

        assert losses.stored(small_firm) == by_detours
        assert len(losses.losses(small_firm, 1)) == 1

    def test_waits_for_late_filings_and_settles_by_time_alone(
        self, small_firm: Installation
    ) -> None:
        early = NOW - timedelta(days=2)
        checks.change(
            *(small_firm, losses.EmploymentFact, 1, 4), voided_at=early, void_reason="wrong"
        )
        patient = replace(small_firm, waits=Waits(late_filing_days=52))
        detect(patient, NOW)
        assert losses.losses(small_firm, 1) == [("2026-09", "waiting")]
        assert losses.proposals(small_firm, 1) == {}

        detect(patient, NOW + 2 * DAY, everybody=False)

        assert losses.losses(small_firm, 1) == [("2026-09", "confirmed")]
        assert losses.proposals(small_firm, 1) == SUPPORTED

    def test_reaches_those_whose_firm_has_closed_since(self, small_firm: Installation) -> None:
        checks.change(small_firm, InsuranceFact, 3, 5, last_month="2026-08")
        detect(small_firm)
        assert losses.losses(small_firm, 3) == [("2026-08", "contradicted")]
        closed = {"id": uid(11, 2), "employer_id": uid(9, 1), "status": "CLOSED"}
        with people.transaction(small_firm.engine) as db:
            rows = [closed | {"since": (NOW - 60 * DAY).date(), "recorded_at": NOW + DAY}]
            people.insert_rows(db, people.table_of(EmployerStatus), rows)

        detect(small_firm, NOW + 2 * DAY, everybody=False)

        assert losses.losses(small_firm, 3) == [("2026-08", "confirmed")]

    def test_is_for_the_installation_alone(self, small_firm: Installation) -> None:
        with pytest.raises(DeniedToRole):
            next(job_losses.detect(small_firm, by=ANYBODY, now=NOW, everybody=True))
