"""What a full file no longer names is looked at: asked about, kept, ended, and taken back."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from labour_book.database import reading
from labour_book.errors import Invalid, NotFound
from labour_book.queries.rows import table_of
from labour_book.services import vanished
from labour_book.services.access import Caller, DeniedToRole, Role, deed
from labour_book.services.collection import import_file
from labour_book.services.installation import Installation
from labour_book.services.vanished import DecidedMeanwhile, Gone, Ruled, Way
from labour_book.tables import BookVersion, InsuranceFact, Notice
from tests.services.collecting import PERSON, csv_file
from tests.services.desk import official, opened_desk
from tests.services.events import LAN, OF_LAN, RUNNING, registers_at_first
from tests.support.prepared import prepared

LANS = RUNNING | OF_LAN | {"enterprise_code": "0100112437"}


def after_a_full_file(inst: Installation, folder: Path, now: datetime) -> None:
    """Two people with books, and a full insurance file that names one of them alone."""

    def make() -> None:
        registers_at_first(inst, folder)
        opened_desk(inst, now)
        full(inst, folder, now, "insurance", RUNNING)

    prepared(("vanished", now), inst.engine, inst.data_dir, make)


def full(inst: Installation, folder: Path, now: datetime, kind: str, *rows: dict[str, str]) -> None:
    path = csv_file(folder / f"full-{now:%H%M}-{kind}.csv", rows)
    import_file(inst.engine, inst.vault, kind, path, by="tester", now=now, is_full=True)


@pytest.fixture
def seen(inst: Installation, tmp_path: Path, now: datetime) -> Installation:
    after_a_full_file(inst, tmp_path, now)
    return inst


@pytest.fixture
def small(sqlite_inst: Installation, tmp_path: Path, now: datetime) -> Installation:
    after_a_full_file(sqlite_inst, tmp_path, now)
    return sqlite_inst


def approver(inst: Installation, now: datetime, **more: UUID) -> Caller:
    return official(inst, Role.APPROVER, "BNV", now, **more)


def listed(inst: Installation, by: Caller, now: datetime, *, decided: bool = False) -> list[Gone]:
    with deed(inst.engine) as db:
        return vanished.listed(db, by, decided=decided, now=now)


def decide(inst: Installation, by: Caller, gone: Gone, ruled: Ruled | Way, now: datetime) -> None:
    if isinstance(ruled, Way):
        ruled = Ruled(ruled, "Đã hỏi cơ quan BHXH")
    with deed(inst.engine) as db:
        vanished.decide(db, inst, by, (gone.run_id, gone.ordinal), ruled, now=now)


def lines(inst: Installation) -> int:
    """Return how many periods of insurance stand."""
    table = table_of(InsuranceFact)
    query = sa.select(sa.func.count()).where(table.c.voided_at.is_(None))
    with reading(inst.engine) as db:
        return int(db.execute(query.select_from(table)).scalar_one())


def versions(inst: Installation, person: UUID | None) -> int:
    table = table_of(BookVersion)
    query = sa.select(sa.func.count()).where(table.c.person_id == person)
    with reading(inst.engine) as db:
        return int(db.execute(query.select_from(table)).scalar_one())


class TestEnding:
    def test_takes_the_line_out_of_the_book_and_keeping_it_after_all_puts_it_back(
        self, seen: Installation, now: datetime
    ) -> None:
        by = approver(seen, now)
        (gone,) = listed(seen, by, now)
        assert lines(seen) == 2

        decide(seen, by, gone, Way.END, now)

        assert (lines(seen), versions(seen, gone.person_id)) == (1, 2)
        assert listed(seen, by, now) == []
        (ended,) = listed(seen, by, now, decided=True)
        assert ended.decision == Way.END
        with pytest.raises(DecidedMeanwhile):
            decide(seen, by, gone, Way.END, now)

        decide(seen, by, ended, Way.KEEP, now + timedelta(minutes=1))

        assert (lines(seen), versions(seen, gone.person_id)) == (2, 3)

    def test_does_not_last_against_the_register_that_names_it_again(
        self, small: Installation, tmp_path: Path, now: datetime
    ) -> None:
        by = approver(small, now)
        (gone,) = listed(small, by, now)
        decide(small, by, gone, Way.END, now)

        path = csv_file(tmp_path / "insurance.csv", [RUNNING, LANS])
        import_file(small.engine, small.vault, "insurance", path, by="tester", now=now)
        decide(small, by, listed(small, by, now, decided=True)[0], Way.KEEP, now)

        assert lines(small) == 2

    def test_is_for_approvers_alone_with_a_reason(self, small: Installation, now: datetime) -> None:
        collector = official(small, Role.COLLECTOR, "BNV", now)
        (gone,) = listed(small, collector, now)

        with pytest.raises(DeniedToRole):
            decide(small, collector, gone, Way.END, now)
        with pytest.raises(Invalid):
            decide(small, approver(small, now), gone, Ruled(Way.END, " "), now)
        assert lines(small) == 2


class TestKeeping:
    def test_is_remembered_when_the_next_full_file_does_not_name_it_either(
        self, seen: Installation, tmp_path: Path, now: datetime
    ) -> None:
        by = official(seen, Role.COLLECTOR, "BNV", now)
        (gone,) = listed(seen, by, now)

        decide(seen, by, gone, Way.KEEP, now)
        full(seen, tmp_path, now + timedelta(hours=1), "insurance", RUNNING)

        assert listed(seen, by, now) == []
        assert lines(seen) == 2


class TestAsking:
    def test_tells_the_worker_and_leaves_it_on_the_list(
        self, small: Installation, now: datetime
    ) -> None:
        by = official(small, Role.COLLECTOR, "BNV", now)
        (gone,) = listed(small, by, now)

        decide(small, by, gone, Ruled(Way.ASK), now)

        (waits,) = listed(small, by, now)
        assert waits.decision == Way.ASK
        table = table_of(Notice)
        with reading(small.engine) as db:
            told = db.execute(sa.select(table.c.recipient, table.c.kind)).all()
        assert (str(gone.person_id), "line.doubtful") in told


class TestList:
    def test_is_of_the_newest_full_file_and_the_units_own_people(
        self, small: Installation, tmp_path: Path, now: datetime
    ) -> None:
        by = approver(small, now)
        elsewhere = official(small, Role.APPROVER, "UB-26734", now)
        (gone,) = listed(small, by, now)
        assert listed(small, elsewhere, now) == []
        with pytest.raises(NotFound), deed(small.engine) as db:
            vanished.opened(db, elsewhere, (gone.run_id, gone.ordinal), now=now)

        later = now + timedelta(hours=1)
        full(small, tmp_path, later, "insurance", RUNNING, LANS)

        assert listed(small, by, later) == []

    def test_offers_for_who_somebody_is_to_ask_and_to_keep_only(
        self, small: Installation, tmp_path: Path, now: datetime
    ) -> None:
        by = approver(small, now)
        full(small, tmp_path, now, "population", PERSON)
        gone = next(each for each in listed(small, by, now) if each.kind == "population")

        with deed(small.engine) as db:
            found = vanished.opened(db, by, (gone.run_id, gone.ordinal), now=now)

        assert found.ways == (Way.ASK, Way.KEEP)
        assert found.person is not None
        assert found.person.full_name == LAN["full_name"]
