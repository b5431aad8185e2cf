"""People are compared with the population register in bulk, before their books are issued."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from api.sandbox.registers_moods import Mood
from labour_book.database import reading
from labour_book.queries import identity_checks as stored
from labour_book.services import issuing
from labour_book.services.access import DeniedToRole, operator
from labour_book.services.asking_registers import Register, about_many
from labour_book.services.checking_identities import check_many_if_due
from labour_book.services.connections import Connections
from labour_book.services.identity_checks import Occasion
from tests.conftest import NOW
from tests.services.asking import APPROVER, Desk, opened_desk
from tests.services.people import add_people
from tests.support.databases import SqliteFiles


@pytest.fixture(scope="module")
def desk(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One person whom the register knows, and three whom it does not."""
    folder: Path = tmp_path_factory.mktemp("asked")
    with sqlite_files.database() as engine, opened_desk(engine, folder) as opened:
        add_people(engine, 3, first=2)
        yield opened


def everybody(desk: Desk) -> list[UUID]:
    with desk.inst.engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT id FROM person ORDER BY id")).scalars()
        return [UUID(each) for each in rows]


def states(desk: Desk) -> list[tuple[str, str | None]]:
    with reading(desk.inst.engine) as db:
        found = stored.checks_of(db, everybody(desk))
    return [(each.match_state, each.occasion) for each in found.values()]


def statements(desk: Desk, people: list[UUID]) -> int:
    """Return how many queries it takes to make the questions about some people."""
    counted: list[str] = []

    def count(*given: object) -> None:
        counted.append(str(given[2]))

    sa.event.listen(desk.inst.engine, "before_cursor_execute", count)
    with reading(desk.inst.engine) as db:
        by, purpose = operator("x"), "Cấp sổ"
        asked = about_many(db, desk.inst, by, people, Register.POPULATION, purpose=purpose, now=NOW)
    sa.event.remove(desk.inst.engine, "before_cursor_execute", count)
    assert len(asked) == len(people)
    return len(counted)


class TestManyAtOnce:
    def test_a_register_that_is_down_stops_no_issuing_and_is_noted(self, desk: Desk) -> None:
        desk.behave(Register.POPULATION, Mood.DOWN)
        before = len(desk.traced())

        done = issuing.issue_all(desk.inst, by=operator("x"), now=NOW)

        desk.behave(Register.POPULATION, Mood.NORMAL)
        assert (done.issued, done.failed) == (4, ())
        with reading(desk.inst.engine) as db:
            found = stored.checks_of(db, everybody(desk))
        assert all(each.failure is not None for each in found.values())
        assert len(desk.traced()) == before + 4

    def test_compares_who_is_due_and_tells_whose_state_changed(self, desk: Desk) -> None:
        later = NOW + timedelta(minutes=11)
        people = everybody(desk)

        changed = check_many_if_due(desk.inst, people, occasion=Occasion.ISSUE, now=later)
        again = check_many_if_due(desk.inst, people, occasion=Occasion.ISSUE, now=later)

        assert changed == set(people[1:])
        assert again == frozenset()
        assert states(desk) == [("MATCHED", "issue")] + [("NOT_FOUND", "issue")] * 3

    def test_takes_as_many_queries_for_many_as_for_one(self, desk: Desk) -> None:
        people = everybody(desk)

        assert statements(desk, people) == statements(desk, people[:1])

    def test_does_nothing_without_a_register(self, desk: Desk) -> None:
        alone = replace(desk.inst, connections=Connections())
        later = NOW + timedelta(days=9)

        assert not check_many_if_due(alone, everybody(desk), occasion=Occasion.ISSUE, now=later)

    def test_is_the_installations_own_doing(self, desk: Desk) -> None:
        with pytest.raises(DeniedToRole), reading(desk.inst.engine) as db:
            about_many(db, desk.inst, APPROVER, [], Register.POPULATION, purpose="x", now=NOW)
