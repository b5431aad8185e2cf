"""Notifications that are held are attached to somebody, accepted, tried again or declined."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from labour_book.database import reading
from labour_book.errors import Invalid, NotFound
from labour_book.queries import register_events
from labour_book.queries.rows import table_of
from labour_book.services import event_review
from labour_book.services.access import Caller, Role, deed
from labour_book.services.event_review import Deed, HeldEvent, NotHeld, Ruled, StillHeld
from labour_book.services.installation import Installation
from labour_book.tables import BookVersion, Person
from tests.services.collecting import NOW, PERSON
from tests.services.desk import official, opened_desk
from tests.services.events import LAN, RUNNING, cycle, notification, registers_at_first, sent
from tests.support.prepared import prepared

NOBODYS = RUNNING | {
    "si_number": "0119999991",
    "personal_id": "001190123450",
    "full_name": "Nguyễn Văn Hoà",
    "birth_date": "1990-03",
    "enterprise_code": "0100112437",
    "last_updated": "2026-11-19",
}
"""A period of somebody whose number nobody on file has."""


def at_work(inst: Installation, folder: Path, now: datetime) -> Installation:
    def make() -> None:
        registers_at_first(inst, folder)
        opened_desk(inst, now)

    prepared(("event-review", now), inst.engine, inst.data_dir, make)
    return inst


@pytest.fixture
def office(inst: Installation, tmp_path: Path, now: datetime) -> Installation:
    return at_work(inst, tmp_path, now)


@pytest.fixture
def small(sqlite_inst: Installation, tmp_path: Path, now: datetime) -> Installation:
    return at_work(sqlite_inst, tmp_path, now)


def held(inst: Installation, by: Caller, now: datetime) -> list[HeldEvent]:
    with deed(inst.engine) as db:
        return list(event_review.held(db, inst, by, now=now).events)


def told(
    inst: Installation, folder: Path, by: Caller, register: str, row: Mapping[str, Any]
) -> HeldEvent:
    """Let a register tell something that is held, and return it as the room shows it."""
    sent(inst, folder, [notification(register, "held", row, 1)])
    cycle(inst)
    (event,) = held(inst, by, NOW)
    return event


def decide(inst: Installation, by: Caller, event: HeldEvent, ruled: Ruled, now: datetime) -> None:
    with deed(inst.engine) as db:
        event_review.decide(db, inst, by, event.id, ruled, now=now)


def state_of(inst: Installation, event: HeldEvent) -> tuple[str, str | None, bool]:
    with reading(inst.engine) as db:
        found = register_events.event_by_id(db, event.id)
    assert found is not None
    return found.state, found.cause, found.body is not None


def person_named(inst: Installation, name: str) -> UUID:
    table = table_of(Person)
    with reading(inst.engine) as db:
        found = db.execute(sa.select(table.c.id).where(table.c.full_name == name)).scalar_one()
    assert isinstance(found, UUID)
    return found


def versions(inst: Installation, person: UUID) -> int:
    table = table_of(BookVersion)
    query = sa.select(sa.func.count()).where(table.c.person_id == person).select_from(table)
    with reading(inst.engine) as db:
        return int(db.execute(query).scalar_one())


class TestLinking:
    def test_records_the_notification_of_that_person_and_reaches_the_book(
        self, office: Installation, tmp_path: Path, now: datetime
    ) -> None:
        by = official(office, Role.APPROVER, "BNV", now)
        event = told(office, tmp_path, by, "insurance", NOBODYS)
        hoa = person_named(office, PERSON["full_name"])
        with deed(office.engine) as db:
            opened = event_review.opened(
                db, office, by, event.id, number=PERSON["personal_id"], now=now
            )
        assert hoa in [each.person_id for each in opened.likeness.people]
        assert next(iter(opened.values.items())) == ("si_number", NOBODYS["si_number"])
        assert Deed.ACCEPT not in opened.deeds

        decide(office, by, event, Ruled(Deed.LINK, person_id=hoa), now)

        assert state_of(office, event)[0] == "done"
        assert versions(office, hoa) == 2
        assert held(office, by, now) == []
        with pytest.raises(NotFound):
            decide(office, by, event, Ruled(Deed.AGAIN), now)

    def test_is_not_for_what_the_population_register_says(
        self, small: Installation, tmp_path: Path, now: datetime
    ) -> None:
        by = official(small, Role.APPROVER, "BNV", now)
        stranger = {"full_name": "LÊ VĂN KHÁC", "birth_date": "1960-01-01", "sex": "Nữ"}
        lost = {
            "personal_id": NOBODYS["personal_id"],
            "old_ids": f"{PERSON['personal_id']};{LAN['personal_id']}",
        }
        event = told(small, tmp_path, by, "population", PERSON | stranger | lost)
        hoa = person_named(small, PERSON["full_name"])

        with pytest.raises(Invalid):
            decide(small, by, event, Ruled(Deed.LINK, person_id=hoa), now)
        decide(small, by, event, Ruled(Deed.AGAIN), now)
        assert state_of(small, event)[0] == "waiting"


class TestAccepting:
    def test_needs_somebody_whom_the_notification_names(
        self, small: Installation, tmp_path: Path, now: datetime
    ) -> None:
        by = official(small, Role.APPROVER, "BNV", now)
        event = told(small, tmp_path, by, "insurance", NOBODYS)

        with pytest.raises((Invalid, StillHeld)):
            decide(small, by, event, Ruled(Deed.ACCEPT), now)
        assert state_of(small, event)[0] == "held"


class TestDeclining:
    def test_needs_a_reason_and_forgets_what_was_said(
        self, office: Installation, tmp_path: Path, now: datetime
    ) -> None:
        by = official(office, Role.COLLECTOR, "BNV", now)
        event = told(office, tmp_path, by, "insurance", NOBODYS)
        with pytest.raises(Invalid):
            decide(office, by, event, Ruled(Deed.DECLINE, " "), now)

        decide(office, by, event, Ruled(Deed.DECLINE, "Người này không có trong cả nước"), now)

        assert state_of(office, event) == ("refused", "EVENT_DECLINED", False)


class TestRoom:
    def test_is_of_the_unit_whose_people_they_are(
        self, small: Installation, tmp_path: Path, now: datetime
    ) -> None:
        by = official(small, Role.APPROVER, "BNV", now)
        elsewhere = official(small, Role.COLLECTOR, "UB-26734", now)
        event = told(small, tmp_path, by, "insurance", NOBODYS)

        assert held(small, elsewhere, now) == []
        with pytest.raises(NotFound), deed(small.engine) as db:
            event_review.opened(db, small, elsewhere, event.id, now=now)

    def test_refuses_whoever_comes_second(
        self, small: Installation, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        by = official(small, Role.APPROVER, "BNV", now)
        event = told(small, tmp_path, by, "insurance", NOBODYS)
        monkeypatch.setattr(register_events, "try_again", lambda *_: False)

        with pytest.raises(NotHeld):
            decide(small, by, event, Ruled(Deed.AGAIN), now)
