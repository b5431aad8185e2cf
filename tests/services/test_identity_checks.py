from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from api.sandbox.registers_moods import Mood
from labour_book.database import reading, transaction
from labour_book.queries import identity_checks as stored
from labour_book.queries.identity_checks import CheckOnFile
from labour_book.services import access
from labour_book.services.access import Caller, Role
from labour_book.services.asking_registers import IdentityClaim, Register, ask_alone
from labour_book.services.identity_checks import (
    Checked,
    Occasion,
    Result,
    check,
    check_if_due,
    checked_by,
    note_check,
    own_check,
    ways_out,
)
from labour_book.services.installation import Installation
from tests.conftest import NOW
from tests.services.asking import APPROVER, PURPOSE, Desk, opened_desk
from tests.services.people import add_people
from tests.support.databases import SqliteFiles

DOWN = Checked(Result.UNAVAILABLE, failure="TIMEOUT")
SWAPPED = Checked(Result.MISMATCH, ("NAME_TONE_MARKS", "BIRTH_DATE_SWAPPED"), NOW)


@pytest.fixture
def person(inst: Installation) -> UUID:
    return add_people(inst.engine)[0]


def noted(
    inst: Installation, person: UUID, checked: Checked, *, now: datetime = NOW
) -> tuple[bool, CheckOnFile]:
    with transaction(inst.engine) as db:
        changed = note_check(db, person, checked, occasion=Occasion.EVENT, now=now)
    with reading(inst.engine) as db:
        found = stored.check_of(db, person)
    assert found is not None
    return changed, found


class TestNoteCheck:
    def test_notes_the_state_with_its_worst_cause(self, inst: Installation, person: UUID) -> None:
        changed, found = noted(inst, person, SWAPPED)

        assert changed
        assert (found.match_state, found.match_cause) == ("MISMATCH", "BIRTH_DATE_SWAPPED")
        assert found.causes == ("BIRTH_DATE_SWAPPED", "NAME_TONE_MARKS")
        assert (found.checked_at, found.tried_at, found.data_as_of) == (NOW, NOW, NOW)

    def test_keeps_the_state_when_the_register_does_not_answer(
        self, inst: Installation, person: UUID
    ) -> None:
        noted(inst, person, SWAPPED)
        later = NOW + timedelta(hours=1)

        changed, found = noted(inst, person, DOWN, now=later)

        assert not changed
        assert (found.match_state, found.causes) == ("MISMATCH", SWAPPED.causes[::-1])
        assert (found.checked_at, found.tried_at, found.failure) == (NOW, later, "TIMEOUT")

    def test_notes_a_first_try_in_vain(self, inst: Installation, person: UUID) -> None:
        _, found = noted(inst, person, DOWN)

        assert (found.match_state, found.checked_at, found.tried_at) == ("MATCHED", None, NOW)

    def test_lets_no_older_answer_replace_a_newer_one(
        self, inst: Installation, person: UUID
    ) -> None:
        noted(inst, person, SWAPPED)
        older = Checked(Result.MATCHED, data_as_of=NOW - timedelta(days=1))

        changed, found = noted(inst, person, older)

        assert (changed, found.match_state) == (False, "MISMATCH")

    def test_changes_nothing_twice(self, inst: Installation, person: UUID) -> None:
        assert noted(inst, person, SWAPPED)[0]
        assert not noted(inst, person, SWAPPED)[0]

    def test_says_that_the_register_differs_where_it_tells_a_strange_cause(
        self, inst: Installation, person: UUID
    ) -> None:
        _, found = noted(inst, person, Checked(Result.MISMATCH, ("HAIR_COLOUR",), NOW))

        assert found.causes == ("REGISTER_DIFFERS",)


class TestWaysOut:
    def test_tell_each_cause_with_its_owner(self) -> None:
        found = CheckOnFile("MISMATCH", "OLD_NUMBER", ("OLD_NUMBER", "NAME_SPELLING"))

        assert [(each.cause, each.owner) for each in ways_out(found)] == [
            ("OLD_NUMBER", "insurance"),
            ("NAME_SPELLING", "population"),
        ]

    def test_are_none_once_an_extract_has_matched_the_person(self) -> None:
        assert ways_out(CheckOnFile("MATCHED", None, ("OLD_NUMBER",))) == []

    def test_tell_of_a_death_that_an_extract_stated(self) -> None:
        assert [each.cause for each in ways_out(CheckOnFile("DECEASED", None))] == ["DECEASED"]


class TestCheck:
    @pytest.fixture(scope="class")
    @classmethod
    def desk(
        cls, sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory
    ) -> Iterator[Desk]:
        folder: Path = tmp_path_factory.mktemp("asked")
        with sqlite_files.database() as engine, opened_desk(engine, folder) as opened:
            yield opened

    def compare(self, desk: Desk, now: datetime) -> Checked | None:
        return check_if_due(desk.inst, desk.person, occasion=Occasion.SIGN_IN, now=now)

    def test_asks_once_a_day_and_soon_again_after_silence(self, desk: Desk) -> None:
        desk.behave(Register.POPULATION, Mood.DOWN)
        silent = self.compare(desk, NOW)
        desk.behave(Register.POPULATION, Mood.NORMAL)
        too_soon = self.compare(desk, NOW + timedelta(minutes=5))
        answered = self.compare(desk, NOW + timedelta(minutes=11))
        known = self.compare(desk, NOW + timedelta(hours=23))

        assert silent is not None
        assert silent.result is Result.UNAVAILABLE
        assert answered is not None
        assert answered.result is Result.MATCHED
        assert (too_soon, known) == (None, None)
        assert len(desk.traced()) == 2

    def test_asks_at_once_when_an_official_wants_it(self, desk: Desk) -> None:
        at = NOW + timedelta(hours=1)
        found = check(
            desk.inst, APPROVER, desk.person, occasion=Occasion.REQUEST, purpose=PURPOSE, now=at
        )

        assert found.result is Result.MATCHED

    def test_reads_why_it_does_not_match(self, desk: Desk) -> None:
        stated = IdentityClaim(full_name="TRÂN XUAN BINH")
        fetched = ask_alone(
            desk.inst,
            APPROVER,
            desk.person,
            Register.POPULATION,
            purpose=PURPOSE,
            now=NOW,
            stated=stated,
        )

        assert checked_by(fetched).causes == ("NAME_TONE_MARKS",)

    def test_says_that_a_number_is_missing(self, desk: Desk) -> None:
        fetched = ask_alone(
            desk.inst, APPROVER, desk.person, Register.POPULATION, purpose=PURPOSE, now=NOW
        )
        nothing = replace(fetched, body=None, cause="NO_PERSONAL_ID")

        assert checked_by(nothing) == Checked(Result.NOT_FOUND, ("NUMBER_MISSING",))


class TestOwnCheck:
    def test_tells_a_worker_why_and_who_mends_it(self, inst: Installation, person: UUID) -> None:
        noted(inst, person, SWAPPED)
        noted(inst, person, DOWN, now=NOW + timedelta(hours=1))
        worker = Caller("worker", "w", "x", Role.WORKER, person_id=person)

        with access.deed(inst.engine) as db:
            found = own_check(db, worker, now=NOW)

        assert (found.state, found.checked_at, found.is_answered) == ("MISMATCH", NOW, False)
        assert [each.owner for each in found.ways_out] == ["population", "population"]
