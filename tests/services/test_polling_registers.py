"""Fetching changes from the demonstration's registers, over real HTTP."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from api.sandbox.registers_changes import OF_REGISTER, Change, Feed
from api.sandbox.registers_moods import Mood
from api.sandbox.registers_samples import Samples, read_samples
from labour_book.database import reading
from labour_book.queries import register_feeds
from labour_book.queries.rows import table_of
from labour_book.registers.notifications import REGISTERS
from labour_book.services.asking_registers import Register, Status
from labour_book.services.connections import Circuit
from labour_book.services.polling_registers import Polled, poll
from labour_book.tables import EmployerStatus, Person, RegisterEvent
from tests.conftest import NOW
from tests.services.asking import Desk, opened_desk
from tests.services.events import cycle

HOUR = timedelta(hours=1)
PEOPLE_AND_FIRMS = frozenset({"population", "enterprises"})
"""Whose changes need nobody to be on file before."""
NOTHING = [Polled(each) for each in REGISTERS]


@pytest.fixture
def desk(sqlite_engine: sa.Engine, tmp_path: Path) -> Iterator[Desk]:
    """The demonstration, which does not fetch by itself meanwhile."""
    with opened_desk(sqlite_engine, tmp_path) as opened:
        yield replace_waits(opened)


def replace_waits(desk: Desk) -> Desk:
    """Let questions that failed in passing be asked again at once."""
    for register, client in desk.inst.connections.clients.items():
        desk.inst.connections.move(register, replace(client, wait=lambda _: None))
    return desk


def happens(desk: Desk, register: str, change: Change) -> httpx.Response:
    return desk.http.post(f"/sandbox/registers/{register}/changes", json={"change": change})


def polled(desk: Desk, after: timedelta = timedelta()) -> list[Polled]:
    return list(poll(desk.inst, clock=lambda: NOW + after))


def events(desk: Desk) -> list[tuple[str, str]]:
    table = table_of(RegisterEvent)
    with reading(desk.inst.engine) as db:
        query = sa.select(table.c.register_name, table.c.state).order_by(table.c.register_name)
        return [(row[0], row[1]) for row in db.execute(query)]


class TestChanges:
    def test_are_told_once_take_effect_and_are_answered_from_then_on(self, desk: Desk) -> None:
        before = desk.ask(Register.POPULATION)
        assert polled(desk) == NOTHING
        for register, changes in OF_REGISTER.items():
            for each in changes:
                assert happens(desk, register, each).status_code == 204
        while (after := desk.ask(Register.POPULATION)).status is Status.OK:
            happens(desk, "population", Change.NAME)

        first, again = polled(desk), polled(desk)
        cycle(desk.inst, now=NOW + HOUR)

        assert before.status is Status.OK
        assert (after.status, after.age) == (Status.MISMATCH, timedelta())
        assert again == NOTHING
        assert [each.taken >= len(OF_REGISTER[each.register]) for each in first] == [True] * 4
        states = events(desk)
        assert len(states) == sum(each.taken for each in first)
        assert {state for name, state in states if name in PEOPLE_AND_FIRMS} == {"done"}
        with reading(desk.inst.engine) as db:
            people = table_of(Person).c
            named = db.execute(sa.select(people.full_name, people.life_status)).all()
            firms = table_of(EmployerStatus).c
            closed = db.execute(sa.select(firms.status)).scalars().all()
        assert "TRẦN XUÂN THIÊN BÌNH" in [name for name, _life in named]
        assert [life for _name, life in named].count("DECEASED") == 1
        assert "CLOSED" in closed

    def test_are_not_lost_by_answers_that_cannot_be_used(self, desk: Desk) -> None:
        for each in (Change.NAME, Change.DEATH):
            happens(desk, "population", each)
        for mood in (Mood.PARTIAL, Mood.FORGED, Mood.WRONG, Mood.GARBLED):
            desk.behave(Register.POPULATION, mood)
            assert polled(desk)[1].failure is not None, mood
        desk.behave(Register.POPULATION, Mood.OUT_OF_ORDER)

        assert polled(desk)[1] == Polled("population", 2)
        assert events(desk) == [("population", "waiting")] * 2


class TestDown:
    def test_is_left_alone_for_a_while_and_caught_up_with(self, desk: Desk) -> None:
        desk.behave(Register.INSURANCE, Mood.DOWN)
        for _ in range(3):
            happens(desk, "insurance", Change.STOPPED)
        happens(desk, "contracts", Change.ENDED)
        down = [polled(desk) for _ in range(4)]
        standing = desk.inst.connections.standing(Register.INSURANCE, NOW)
        desk.behave(Register.INSURANCE, Mood.NORMAL)

        up = polled(desk, HOUR)

        assert [each[2].failure for each in down] == ["HTTP_503"] * 3 + ["PAUSED"]
        assert [each[3].taken for each in down] == [1, 0, 0, 0]
        assert standing is not None
        assert standing.circuit is Circuit.OPEN
        assert [each.taken for each in up] == [0, 0, 3, 0]
        with reading(desk.inst.engine) as db:
            assert {each.failure for each in register_feeds.feeds(db)} == {None}


class TestFeed:
    def test_is_told_a_page_at_a_time_and_from_its_start_to_who_knows_another(self) -> None:
        feed, samples = Feed(), read_samples().copy()
        for _ in range(3):
            assert feed.make(samples, "population", Change.NAME, NOW)

        _status, page = feed.after("population", {"after": "", "limit": 2})
        _status, rest = feed.after("population", {"after": page["cursor"], "limit": 2})
        _status, anew = feed.after("population", {"after": "another:2", "limit": 9})

        assert anew["events"] == page["events"] + rest["events"]
        assert len({each["body"]["personal_id"] for each in anew["events"]}) == 3
        assert feed.after("population", {"after": rest["cursor"], "limit": 2}) == (
            "OK",
            {"events": [], "cursor": rest["cursor"]},
        )

    def test_changes_nothing_of_what_others_read(self) -> None:
        feed, samples = Feed(), read_samples().copy()
        for register, changes in OF_REGISTER.items():
            for each in changes:
                feed.make(samples, register, each, NOW)

        shared = read_samples()
        assert samples.people != shared.people
        assert not any("THIÊN" in each["full_name"] for each in shared.people.values())
        assert sum(map(len, samples.events.values())) == 1 + sum(map(len, shared.events.values()))
        assert samples.insured != shared.insured
        assert samples.firms != shared.firms

    def test_ends_when_nobody_is_left(self) -> None:
        feed, samples = Feed(), Samples()

        assert not feed.make(samples, "population", Change.NAME, NOW)
