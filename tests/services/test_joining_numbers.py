"""Several insurance numbers of one person become one, by two officials, and can be parted again."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from labour_book.database import reading, transaction
from labour_book.errors import Conflict, Invalid
from labour_book.queries import linking, number_merges, people
from labour_book.queries.rows import table_of
from labour_book.services import joining_numbers, reconciling
from labour_book.services.access import Caller, Role, deed, operator
from labour_book.services.collection import import_file
from labour_book.services.installation import Installation
from labour_book.services.joining_numbers import Proposed
from labour_book.services.merging import CannotMerge, SamePerson
from labour_book.tables import BookVersion, InsuranceFact, Notice, Person
from tests.services.collecting import PERIOD, PERSON, csv_file
from tests.services.desk import official, opened_desk
from tests.services.events import BEFORE, LAN, OF_LAN, registers_at_first
from tests.support.prepared import prepared

SECOND = PERIOD | {"si_number": "0111111112", "from_month": "2010-01", "to_month": "2010-12"}
THIRD = "0122222223"
OTHERS_NAME = {"full_name": "Nguyễn Văn Hoà", "personal_id": "", "birth_date": "1990-03"}
WAITS = PERIOD | OTHERS_NAME | {"si_number": THIRD, "from_month": "2008-01", "to_month": "2008-06"}
"""A period under a number that names nobody, without an ID or a day of birth: no rule is sure."""


def at_work(inst: Installation, folder: Path, now: datetime) -> Installation:
    def make() -> None:
        registers_at_first(inst, folder)
        path = csv_file(folder / "second.csv", [SECOND, WAITS])
        import_file(inst.engine, inst.vault, "insurance", path, by="tester", now=BEFORE)
        by = operator("tester")
        reconciling.propose_for_held(inst, by, now=BEFORE, on_progress=lambda *_: None)
        opened_desk(inst, now)

    prepared(("joining-numbers", now), inst.engine, inst.data_dir, make)
    return inst


@pytest.fixture
def office(inst: Installation, tmp_path: Path, now: datetime) -> Installation:
    return at_work(inst, tmp_path, now)


@pytest.fixture
def small(sqlite_inst: Installation, tmp_path: Path, now: datetime) -> Installation:
    return at_work(sqlite_inst, tmp_path, now)


def hoa(inst: Installation) -> UUID:
    table = table_of(Person)
    with reading(inst.engine) as db:
        query = sa.select(table.c.id).where(table.c.full_name == PERSON["full_name"])
        found = db.execute(query).scalar_one()
    assert isinstance(found, UUID)
    return found


def counted(inst: Installation, model: type[BookVersion | InsuranceFact], person: UUID) -> int:
    table = table_of(model)
    query = sa.select(sa.func.count()).select_from(table).where(table.c.person_id == person)
    if model is InsuranceFact:
        query = query.where(table.c.voided_at.is_(None))
    with reading(inst.engine) as db:
        return int(db.execute(query).scalar_one())


def kinds(inst: Installation, person: UUID) -> list[str]:
    with reading(inst.engine) as db:
        return [each.kind for each in number_merges.insurance_numbers(db, person)]


def proposed(inst: Installation, by: Caller, now: datetime, *, added: str = "") -> UUID:
    """Propose that the first number stays; return the proposal."""
    person = hoa(inst)
    with deed(inst.engine) as db:
        (kept, *_) = number_merges.insurance_numbers(db, person)
        said = Proposed(kept.id, "Tờ rời sổ BHXH ghi cả hai mã", added)
        joining_numbers.propose(db, inst, by, person, said, now=now)
        found = joining_numbers.numbers_of(db, inst, by, person, now=now)
    assert found.merge is not None
    return found.merge.id


class TestJoining:
    def test_keeps_one_records_what_waited_and_is_undone_without_a_rest(
        self, office: Installation, now: datetime
    ) -> None:
        one = official(office, Role.COLLECTOR, "BNV", now)
        two = official(office, Role.APPROVER, "BNV", now)
        person = hoa(office)
        before = counted(office, InsuranceFact, person)
        with deed(office.engine) as db:
            ((several,), waiting) = joining_numbers.listed(db, one, now=now)
        assert (several.person.id, several.numbers, waiting) == (person, 2, [])

        merge = proposed(office, one, now, added=THIRD)
        with deed(office.engine) as db:
            assert joining_numbers.confirm(db, office, two, merge, now=now) == person

        assert kinds(office, person) == ["BHXH10", "JOINED_BHXH10", "JOINED_BHXH10"]
        assert counted(office, InsuranceFact, person) == before + 1
        assert counted(office, BookVersion, person) == 2
        with reading(office.engine) as db:
            named = people.named_by(db, [office.vault.index.of(THIRD)])
            assert linking.held_rows(db) == []
            told = db.execute(sa.select(table_of(Notice).c.kind)).scalars().all()
        assert [each.person.id for some in named.values() for each in some] == [person]
        assert "numbers.joined" in told

        with deed(office.engine) as db:
            joining_numbers.undo(db, office, two, merge, "Cơ quan BHXH nói là hai người", now=now)

        assert kinds(office, person) == ["BHXH10", "BHXH10"]
        assert counted(office, InsuranceFact, person) == before
        assert counted(office, BookVersion, person) == 3
        with reading(office.engine) as db:
            assert len(linking.held_rows(db)) == 1
        with pytest.raises(Conflict), deed(office.engine) as db:
            joining_numbers.undo(db, office, two, merge, "Lần nữa", now=now)

    def test_needs_a_second_official(self, small: Installation, now: datetime) -> None:
        by = official(small, Role.APPROVER, "BNV", now)
        merge = proposed(small, by, now)

        with pytest.raises(SamePerson), deed(small.engine) as db:
            joining_numbers.confirm(db, small, by, merge, now=now)
        assert kinds(small, hoa(small)) == ["BHXH10", "BHXH10"]

    def test_is_proposed_once_and_can_be_declined(self, small: Installation, now: datetime) -> None:
        by = official(small, Role.APPROVER, "BNV", now)
        merge = proposed(small, by, now)
        with pytest.raises(CannotMerge):
            proposed(small, by, now)

        with deed(small.engine) as db:
            joining_numbers.decline(db, by, merge, "Chưa đủ chứng cứ", now=now)

        assert proposed(small, by, now) != merge

    def test_adds_no_number_that_names_somebody_else_or_is_none(
        self, small: Installation, now: datetime
    ) -> None:
        by = official(small, Role.APPROVER, "BNV", now)
        for added, error in (
            (OF_LAN["si_number"], CannotMerge),
            (LAN["personal_id"], Invalid),
            ("12", Invalid),
        ):
            with pytest.raises(error):
                proposed(small, by, now, added=added)

    def test_is_refused_when_the_numbers_have_changed_meanwhile(
        self, small: Installation, now: datetime
    ) -> None:
        one = official(small, Role.COLLECTOR, "BNV", now)
        two = official(small, Role.APPROVER, "BNV", now)
        merge, person = proposed(small, one, now), hoa(small)
        with transaction(small.engine) as db:
            for each in number_merges.insurance_numbers(db, person):
                number_merges.change_kind(db, each.id, person, before="BHXH10", after="TAX")

        with pytest.raises(Conflict), deed(small.engine) as db:
            joining_numbers.confirm(db, small, two, merge, now=now)
