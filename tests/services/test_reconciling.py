import json
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from labour_book.database import reading, transaction
from labour_book.domain.people import fold
from labour_book.queries import identity_checks as stored
from labour_book.queries import linking
from labour_book.queries.rows import table_of
from labour_book.services import access, entering, match_lists, reconciling, reviewing
from labour_book.services.access import DeniedToRole
from labour_book.services.callers import operator
from labour_book.services.held_rows import subject_of
from labour_book.services.identity_checks import ways_out
from labour_book.services.installation import Installation
from labour_book.services.link_runs import HELD, RunElsewhere, advance, begin
from labour_book.services.reconciling import propose_for_held, propose_twice
from labour_book.services.reconciling_file import check_against_file
from labour_book.services.reviewing import Decision, Ruled
from labour_book.tables import LinkProposal, Person, PersonIdentifier
from tests.services.desk import Desk, opened_desk
from tests.services.test_entering import form

ME = operator("tester")
NAMED = {"personal_id": "", "full_name": "Nguyen Thi Mot", "birth_date": "17/05/1990"}


@pytest.fixture
def desk(inst: Installation, now: datetime) -> Desk:
    return opened_desk(inst, now, people=2)


@pytest.fixture
def small(sqlite_inst: Installation, now: datetime) -> Desk:
    return opened_desk(sqlite_inst, now, people=2)


def said(_done: int, _rows: int) -> None:
    return None


def held(desk: Desk, now: datetime) -> tuple[UUID, int]:
    """Let a form go to review that names the first person, without marks and without a number."""
    with access.deed(desk.inst.engine) as db:
        done = entering.enter_form(db, desk.inst, desk.collector, form(**NAMED), now=now)
    return done.run_id, 1


class TestProposeForHeld:
    def test_proposes_whom_a_row_means_and_links_nobody(self, desk: Desk, now: datetime) -> None:
        place = held(desk, now)

        run = propose_for_held(desk.inst, ME, now=now, on_progress=said)

        assert (run.state, run.rows, json.loads(run.counts)) == ("done", 1, {"review": 2})
        with access.deed(desk.inst.engine) as db:
            row = reviewing.open_row(db, desk.inst, desk.colleague, place, now=now)
        proposed, other = row.proposed.values()
        assert proposed.person_id == desk.people[0]
        assert proposed.millionths > other.millionths
        assert "birth" in proposed.agree
        assert ("name", "plain") in proposed.differ
        assert {each.person_id for each in row.likeness.people} == set(row.proposed)

    def test_is_listed_with_why_the_row_waits(self, desk: Desk, now: datetime) -> None:
        held(desk, now)
        propose_for_held(desk.inst, ME, now=now, on_progress=said)

        with access.deed(desk.inst.engine) as db:
            listed = match_lists.proposals(db, desk.colleague, HELD, after=None, now=now)

        assert {each.waits.cause for each in listed if each.waits} == {"PERSON_UNKNOWN"}
        assert len(listed) == 2

    def test_is_settled_by_the_decision(self, small: Desk, now: datetime) -> None:
        place = held(small, now)
        propose_for_held(small.inst, ME, now=now, on_progress=said)
        with access.deed(small.inst.engine) as db:
            row = reviewing.open_row(db, small.inst, small.colleague, place, now=now)
            person = next(iter(row.proposed))
            ruled = Ruled(Decision.LINK, "", person)
            reviewing.decide(db, small.inst, small.colleague, place, ruled, now=now)

        with reading(small.inst.engine) as db:
            states = db.execute(sa.select(table_of(LinkProposal).c.state)).scalars().all()
            assert sorted(states) == ["dismissed", "taken"]
            assert linking.proposals_of(db, subject_of(*place)) == []

    def test_proposes_nothing_twice(self, small: Desk, now: datetime) -> None:
        held(small, now)
        for _ in range(2):
            propose_for_held(small.inst, ME, now=now, on_progress=said)

        with reading(small.inst.engine) as db:
            assert len(linking.open_proposals(db, HELD, None, after=None, limit=9)) == 2

    def test_goes_on_where_it_was_cut_off(
        self, small: Desk, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for _ in range(3):
            held(small, now)
        monkeypatch.setattr(reconciling, "PORTION", 1)

        def cut(done: int, _rows: int) -> None:
            if done == 2:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            propose_for_held(small.inst, ME, now=now, on_progress=cut)
        seen: list[int] = []
        run = propose_for_held(
            small.inst, ME, now=now, on_progress=lambda done, _rows: seen.append(done)
        )

        assert (seen, run.state, run.position) == ([3], "done", 3)

    def test_is_for_the_operator(self, small: Desk, now: datetime) -> None:
        with pytest.raises(DeniedToRole):
            propose_for_held(small.inst, small.collector, now=now, on_progress=said)


class TestAdvance:
    def test_lets_one_process_do_a_portion(self, small: Desk, now: datetime) -> None:
        one, other = (
            begin(small.inst, ME, HELD, "", rows=2, version="1", now=now, on_progress=said)
            for _ in range(2)
        )
        advance(one, 1, (), ["review"])

        with pytest.raises(RunElsewhere):
            advance(other, 1, (), ["review"])


class TestProposeTwice:
    def test_proposes_who_may_be_one_unless_the_register_knows_both(
        self, small: Desk, now: datetime
    ) -> None:
        one, other = small.people[:2]
        _make_alike(small.inst, one, other, state="MATCHED")
        propose_twice(small.inst, ME, now=now, on_progress=said)
        with reading(small.inst.engine) as db:
            assert linking.open_proposals(db, "twice", None, after=None, limit=9) == []

        _make_alike(small.inst, one, other, state="NOT_FOUND")
        propose_twice(small.inst, ME, now=now, on_progress=said)

        with access.deed(small.inst.engine) as db:
            (found,) = match_lists.proposals(db, small.colleague, "twice", after=None, now=now)
            nothing = match_lists.proposals(db, small.elsewhere, "twice", after=None, now=now)
        assert {UUID(found.subject), found.person_id} == {one, other}
        assert nothing == []


class TestCheckAgainstFile:
    def test_notes_how_everybody_compares(self, desk: Desk, now: datetime, tmp_path: Path) -> None:
        one, other = desk.people[:2]
        with reading(desk.inst.engine) as db:
            known = {each.id: each for each in linking.comparable(db, desk.inst.vault)}
        number = next(digits for kind, digits in known[one].numbers if kind == "PIN")
        extract = tmp_path / "population.csv"
        extract.write_text(
            "personal_id,full_name,birth_date,sex,ethnic_code,residence_commune_code,status,"
            "status_date,old_ids\n"
            f"{number},{fold(known[one].full_name).upper()},1990,Nữ,01,00070,ALIVE,,\n",
            encoding="utf-8",
        )

        run = check_against_file(desk.inst, ME, extract, data_as_of=now, now=now, on_progress=said)

        assert json.loads(run.counts) == {"MISMATCH": 1, "NOT_FOUND": 1}
        with access.deed(desk.inst.engine) as db:
            rooms = match_lists.rooms(db, desk.colleague, now=now)
            stands = {each.state: each for each in rooms}
            people = match_lists.people_in(db, desk.colleague, "NOT_FOUND", "", after=None, now=now)
            found = stored.check_of(db, one)
        assert stands["MISMATCH"].cause == "BIRTH_DATE_YEAR_ONLY"
        assert [each.cause for each in ways_out(found)] == [
            "BIRTH_DATE_YEAR_ONLY",
            "NAME_TONE_MARKS",
        ]
        assert [each.id for each in people] == [other]


def _make_alike(inst: Installation, one: UUID, other: UUID, *, state: str) -> None:
    """Let the second be written as the first is, with one digit of the number wrong."""
    table, numbers = table_of(Person), table_of(PersonIdentifier)
    with transaction(inst.engine) as db:
        row = db.execute(sa.select(table).where(table.c.id == one)).mappings().one()
        same = ("full_name", "search_key", "birth_date", "birth_year", "sex", "residence_commune")
        values = {name: row[name] for name in same}
        db.execute(sa.update(table).where(table.c.id == other).values(values))
        db.execute(sa.update(table).values(match_state=state))
        db.execute(sa.delete(numbers).where(numbers.c.person_id == other))
