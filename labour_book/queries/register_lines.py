"""What registers say of people's work, line by line, and which lines somebody has to look at."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.domain.assurance import Source
from labour_book.queries.facts import FACTS, FactKind
from labour_book.queries.guards import one_changed
from labour_book.queries.portions import among, portions
from labour_book.queries.rows import insert_ignoring, table_of
from labour_book.tables import Book, LineAlert, Person

_ALERT = table_of(LineAlert)
_BOOK = table_of(Book)
_PERSON = table_of(Person)
_SOURCES = {
    FactKind.EMPLOYMENT: Source.CONTRACT_PLATFORM,
    FactKind.INSURANCE: Source.INSURANCE,
}


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """A live fact of a register about work at an employer."""

    kind: FactKind
    id: UUID
    person_id: UUID
    employer_id: UUID | None
    employer_code: str | None
    employer_name: str
    first: str
    """Day of a contract, month of a period."""
    last: str | None
    running: bool
    status: str
    """Of a period of insurance; of a contract ``suspended`` or nothing."""
    stated_at: datetime
    flags: str


@dataclass(frozen=True, slots=True)
class StoredAlert:
    """A line that somebody has to look at."""

    id: UUID
    person_id: UUID
    employer_code: str
    cause: str
    unit_code: str | None
    opened_at: datetime


_ALERT_COLUMNS = tuple(_ALERT.c[name] for name in StoredAlert.__slots__)


def lines_of(db: Db, people: Collection[UUID]) -> dict[UUID, list[RegisterLine]]:
    """Return what the insurance register and the contract platform say of people's work now."""
    found: dict[UUID, list[RegisterLine]] = {each: [] for each in people}
    for kind, source in _SOURCES.items():
        for some in portions(people):
            for row in db.execute(_live(db, kind, source, some)):
                found[row.person_id].append(RegisterLine(kind, *row))
    return found


def people_at(db: Db, employer_id: UUID, *, after: UUID | None, limit: int) -> list[UUID]:
    """Return who has live lines at an employer, in order of their ids."""
    parts = []
    for kind in _SOURCES:
        table = FACTS[kind].c
        part = sa.select(table.person_id).where(
            table.employer_id == employer_id, table.voided_at.is_(None)
        )
        parts.append(part if after is None else part.where(table.person_id > after))
    each = sa.union(*parts).subquery()
    query = sa.select(each.c.person_id).order_by(each.c.person_id).limit(limit)
    return list(db.execute(query).scalars())


def people_with_versions(db: Db, people: Collection[UUID]) -> list[UUID]:
    """Return those of the people whose book has been issued, in order of their ids."""
    found: list[UUID] = []
    for some in portions(people):
        query = (
            sa.select(_BOOK.c.person_id)
            .where(among(db, _BOOK.c.person_id, some), _BOOK.c.current_version > 0)
            .order_by(_BOOK.c.person_id)
        )
        found += db.execute(query).scalars()
    return sorted(found)


def communes_of(db: Db, people: Collection[UUID]) -> dict[UUID, str | None]:
    """Return where each of the people lives."""
    found: dict[UUID, str | None] = {}
    for some in portions(people):
        query = (
            sa.select(_PERSON.c.id, _PERSON.c.residence_commune)
            .where(among(db, _PERSON.c.id, some))
            .order_by(_PERSON.c.id)
        )
        found.update((row.id, row.residence_commune) for row in db.execute(query))
    return found


def open_alerts(db: Db, people: Collection[UUID]) -> list[StoredAlert]:
    """Return the open alerts about lines of people."""
    found: list[StoredAlert] = []
    for some in portions(people):
        query = (
            sa.select(*_ALERT_COLUMNS)
            .where(among(db, _ALERT.c.person_id, some), _ALERT.c.closed_at.is_(None))
            .order_by(_ALERT.c.person_id, _ALERT.c.employer_code, _ALERT.c.cause)
        )
        found += [StoredAlert(*row) for row in db.execute(query)]
    return found


def settled_alerts(
    db: Db, people: Collection[UUID], *, but_by: str, since: datetime
) -> set[tuple[UUID, str, str]]:
    """Return the person, employer and cause of alerts that somebody has closed since."""
    found: set[tuple[UUID, str, str]] = set()
    for some in portions(people):
        query = (
            sa.select(_ALERT.c.person_id, _ALERT.c.employer_code, _ALERT.c.cause)
            .where(
                among(db, _ALERT.c.person_id, some),
                _ALERT.c.closed_at > since,
                _ALERT.c.closed_by != but_by,
            )
            .order_by(_ALERT.c.id)
        )
        found.update((row.person_id, row.employer_code, row.cause) for row in db.execute(query))
    return found


def add_alerts(db: Db, rows: Sequence[Mapping[str, Any]]) -> None:
    insert_ignoring(db, _ALERT, rows)


def close_alert(db: Db, alert_id: UUID, *, at: datetime, by: str, reason: str) -> bool:
    """Close an alert; tell whether it was open."""
    return one_changed(
        db,
        sa.update(_ALERT)
        .where(_ALERT.c.id == alert_id, _ALERT.c.closed_at.is_(None))
        .values(closed_at=at, closed_by=by, close_reason=reason),
    )


def alerts_of_units(
    db: Db, units: Collection[str], *, after: UUID | None, limit: int
) -> list[StoredAlert]:
    """Return the open alerts that lie with some units, in order of their ids (oldest first)."""
    query = sa.select(*_ALERT_COLUMNS).where(
        _ALERT.c.unit_code.in_(sorted(units)), _ALERT.c.closed_at.is_(None)
    )
    if after is not None:
        query = query.where(_ALERT.c.id > after)
    return [StoredAlert(*row) for row in db.execute(query.order_by(_ALERT.c.id).limit(limit))]


def alert_by_id(db: Db, alert_id: UUID) -> StoredAlert | None:
    query = sa.select(*_ALERT_COLUMNS).where(_ALERT.c.id == alert_id, _ALERT.c.closed_at.is_(None))
    row = db.execute(query).one_or_none()
    return None if row is None else StoredAlert(*row)


def _live(db: Db, kind: FactKind, source: Source, people: Sequence[UUID]) -> sa.Select[Any]:
    table = FACTS[kind].c
    is_contract = kind is FactKind.EMPLOYMENT
    of_kind: tuple[sa.ColumnElement[Any], ...]
    if is_contract:
        suspended = sa.case((table.suspended, "suspended"), else_="")
        of_kind = (table.first_day, table.last_day, table.running, suspended)
    else:
        running = table.last_month.is_(None)
        of_kind = (table.first_month, table.last_month, running, table.status)
    return (
        sa.select(
            *(table.id, table.person_id, table.employer_id, table.employer_code),
            *(table.employer_name, *of_kind, table.stated_at, table.flags),
        )
        .where(
            among(db, table.person_id, people),
            table.source == source.value,
            table.voided_at.is_(None),
        )
        .order_by(table.person_id, table.id)
    )
