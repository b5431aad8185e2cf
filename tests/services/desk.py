"""An office with officials of several units, for tests of what is done at the desk."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import transaction
from labour_book.domain.people import PartialDate, fold
from labour_book.queries.people import identity_key
from labour_book.queries.rows import table_of
from labour_book.services import access
from labour_book.services.access import Caller, Role
from labour_book.services.installation import Installation
from labour_book.tables import Person
from tests.services.people import add_people, add_units

NAMES = ("Nguyễn Thị Một", "Nguyễn Thị Hai", "Nguyễn Thị Ba")
BORN = PartialDate(1990, 5, 17)
OPERATOR = access.operator("test")


@dataclass(frozen=True)
class Desk:
    """The installation, and who works there."""

    inst: Installation
    people: list[UUID]
    collector: Caller
    colleague: Caller
    approver: Caller
    elsewhere: Caller
    ministry: Caller


def opened_desk(inst: Installation, now: datetime, *, people: int = 0) -> Desk:
    add_units(inst.engine)
    return Desk(
        inst,
        _named(inst, add_people(inst.engine, people)) if people else [],
        official(inst, Role.COLLECTOR, "UB-00070", now),
        official(inst, Role.COLLECTOR, "UB-00070", now),
        official(inst, Role.APPROVER, "SNV-01", now),
        official(inst, Role.COLLECTOR, "UB-26734", now),
        official(inst, Role.APPROVER, "BNV", now),
    )


def _named(inst: Installation, ids: list[UUID]) -> list[UUID]:
    """Give people names that a form can hold."""
    table = table_of(Person)
    with transaction(inst.engine) as db:
        for person, name in zip(ids, NAMES, strict=False):
            key = identity_key(name, BORN)
            values = {"full_name": name, "search_key": fold(name), "identity_key": key}
            db.execute(sa.update(table).where(table.c.id == person).values(values))
    return ids


def official(
    inst: Installation, role: Role, unit: str, now: datetime, *, person_id: UUID | None = None
) -> Caller:
    with access.deed(inst.engine) as db:
        account = access.open_account(
            db, OPERATOR, kind="official", name="Cán bộ", role=role, unit_code=unit, now=now
        )
    return Caller("official", str(account), "Cán bộ", role, unit, person_id)
