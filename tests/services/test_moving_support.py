"""Support of somebody who was on file twice: the same once, nothing proposed anew, and back."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from labour_book.database import insert_rows, reading, transaction
from labour_book.domain.support import State, Step, further_on
from labour_book.queries import gap_steps, payments, support
from labour_book.queries.rows import table_of
from labour_book.services.installation import Installation
from labour_book.tables import GapStep, JobLoss, PaymentLine, SupportProposal
from tests.services import checks, losses
from tests.services.desk import Desk, opened_desk
from tests.services.people import COMMUNE, person_id, uid
from tests.services.test_merging import merged_at, twice, undone_at

DAY = timedelta(days=1)
BENEFIT, VOLUNTARY = "unemployment-benefit", "voluntary-insurance-support"


@pytest.fixture
def desk(inst: Installation, now: datetime) -> Desk:
    return _without_work(inst, now)


@pytest.fixture
def small(sqlite_inst: Installation, now: datetime) -> Desk:
    return _without_work(sqlite_inst, now)


def _without_work(inst: Installation, now: datetime) -> Desk:
    """Two records of one human being, who lost the same work and was proposed the same twice."""
    desk = twice(opened_desk(inst, now, people=3), now)
    losses.loses_work(inst, 1)
    losses.loses_work(inst, 2)
    losses.detect(inst, now)
    return desk


def step(desk: Desk, number: int, policy: str, what: Step, now: datetime) -> None:
    one = next(each for each in of(desk, number) if each.policy == policy)
    with transaction(desk.inst.engine) as db:
        assert support.take_step(db, one.id, what, {}, now=now)


def of(desk: Desk, number: int) -> list[support.StoredProposal]:
    with reading(desk.inst.engine) as db:
        return support.proposals_of_people(db, [person_id(number)])[person_id(number)]


def told(desk: Desk, number: int) -> dict[str, list[str]]:
    """Return the states of what is proposed by policy, the furthest on last; none set aside."""
    found: dict[str, list[str]] = {}
    for each in of(desk, number):
        if each.about != str(each.id):
            found.setdefault(each.policy, []).append(each.state)
    return found


def on_file(desk: Desk) -> list[str]:
    """Return all losses and proposals but when they changed."""
    rows = [*checks.rows(desk.inst, JobLoss), *checks.rows(desk.inst, SupportProposal)]
    return sorted(str({k: v for k, v in row.items() if k != "changed_at"}) for row in rows)


class TestMoveSupport:
    def test_keeps_of_each_support_the_one_that_is_further_on(
        self, desk: Desk, now: datetime
    ) -> None:
        step(desk, 2, BENEFIT, Step.START, now)
        step(desk, 1, VOLUNTARY, Step.SEE, now)

        merged_at(desk, now + DAY)

        assert told(desk, 1) == {BENEFIT: ["started"], VOLUNTARY: ["seen"]}
        assert told(desk, 2) == {}

    def test_lets_nothing_be_proposed_anew(self, desk: Desk, now: datetime) -> None:
        step(desk, 2, BENEFIT, Step.START, now)
        step(desk, 2, BENEFIT, Step.GRANT, now)
        merged_at(desk, now + DAY)
        before = told(desk, 1)

        done = losses.detect(desk.inst, now + 2 * DAY)

        assert done.proposed == 0
        assert told(desk, 1) == before == {BENEFIT: ["granted"], VOLUNTARY: ["proposed"]}
        assert losses.losses(desk.inst, 1) == [("2026-09", "confirmed")]

    def test_goes_along_where_who_stays_lost_no_work(self, small: Desk, now: datetime) -> None:
        table = table_of(JobLoss)
        with transaction(small.inst.engine) as db:
            db.execute(sa.delete(table_of(SupportProposal)).where(_is_first(SupportProposal)))
            db.execute(sa.delete(table).where(_is_first(JobLoss)))

        merge = merged_at(small, now + DAY)
        assert losses.losses(small.inst, 1) == [("2026-09", "confirmed")]
        assert told(small, 1) == {BENEFIT: ["proposed"], VOLUNTARY: ["proposed"]}

        undone_at(small, merge, now + 2 * DAY)
        assert losses.losses(small.inst, 1) == []
        assert told(small, 2) == {BENEFIT: ["proposed"], VOLUNTARY: ["proposed"]}

    def test_comes_back_as_it_was(self, desk: Desk, now: datetime) -> None:
        step(desk, 2, BENEFIT, Step.START, now)
        before = on_file(desk)

        merge = merged_at(desk, now + DAY)
        assert on_file(desk) != before
        undone_at(desk, merge, now + 2 * DAY)

        assert on_file(desk) == before

    def test_pays_nobody_again_who_was_on_a_list(self, small: Desk, now: datetime) -> None:
        for number in (1, 2):
            step(small, number, VOLUNTARY, Step.START, now)
            step(small, number, VOLUNTARY, Step.GRANT, now)
        paid = next(each for each in of(small, 2) if each.policy == VOLUNTARY)
        line = {"list_id": losses.listed_to_pay(small.inst), "number": 1, "amount_vnd": 66_000}
        line |= {"person_id": person_id(2), "proposal_id": paid.id, "policy": VOLUNTARY}
        with transaction(small.inst.engine) as db:
            insert_rows(db, table_of(PaymentLine), [line | {"month": "2026-11"}])

        merged_at(small, now + DAY)

        with reading(small.inst.engine) as db:
            units = ("VND", "VND per month")
            assert payments.payable(db, VOLUNTARY, "2026-11", units, [COMMUNE]) == []
            left = payments.payable(db, VOLUNTARY, "2026-12", units, [COMMUNE])
        assert [each.person_id for each in left] == [person_id(1)]


class TestGapSteps:
    def test_go_along_under_the_next_number_and_back(self, small: Desk, now: datetime) -> None:
        with transaction(small.inst.engine) as db:
            rows = [_asked(1, 1, now), _asked(2, 1, now), _asked(2, 2, now)]
            insert_rows(db, table_of(GapStep), rows)

        merge = merged_at(small, now + DAY)
        assert numbers(small, 1) == [1, 2, 3]

        undone_at(small, merge, now + 2 * DAY)
        assert (numbers(small, 1), numbers(small, 2)) == ([1], [1, 2])


class TestFurtherOn:
    def test_knows_every_state(self) -> None:
        for one in State:
            assert not further_on(one, one)

        assert further_on(State.GRANTED, State.STARTED)
        assert further_on(State.STARTED, State.REFUSED)
        assert further_on(State.SEEN, State.EXPIRED)


def numbers(desk: Desk, number: int) -> list[int]:
    with reading(desk.inst.engine) as db:
        return [each[3] for each in gap_steps.numbers_of(db, person_id(number))]


def _is_first(model: Any) -> sa.ColumnElement[bool]:
    return table_of(model).c.person_id == person_id(1)


def _asked(person: int, number: int, now: datetime) -> dict[str, Any]:
    return {
        "id": uid(80 + person, number),
        "person_id": person_id(person),
        "firm": "0100109106",
        "way": "ask-employer",
        "number": number,
        "employer_name": "F",
        "months": "2026-01",
        "case_numbers": "",
        "begun_at": now,
    }
