"""Requests of people about their own data; each change is one UPDATE guarded by the state."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.domain.data_requests import OPEN, DataRequestKind, DataRequestState
from labour_book.queries.guards import insert_once, one_changed
from labour_book.queries.rows import table_of
from labour_book.tables import DataRequest, Person

_REQUEST = table_of(DataRequest)
_PERSON = table_of(Person)
_IS_OPEN = _REQUEST.c.answered_at.is_(None)
_NEXT_DUE = sa.case(
    (_REQUEST.c.state == DataRequestState.RECEIVED, _REQUEST.c.acknowledge_by),
    else_=_REQUEST.c.due_on,
)


@dataclass(frozen=True, slots=True)
class StoredRequest:
    """A request as it is stored; the words of both sides are sealed."""

    id: UUID
    person_id: UUID
    kind: DataRequestKind
    words: bytes
    created_at: datetime
    acknowledge_by: date
    due_on: date
    third_party: bool
    state: DataRequestState
    acknowledged_at: datetime | None
    answer: bytes | None
    answered_at: datetime | None
    unit_code: str | None


@dataclass(frozen=True, slots=True)
class AskedBy:
    """A request that waits, and who asked."""

    request: StoredRequest
    full_name: str
    birth_date: str


@dataclass(frozen=True, slots=True)
class CountedRequests:
    """How many requests of the people of one commune wait."""

    commune_code: str | None
    waiting: int
    late: int
    oldest_due: date


_STORED = tuple(_REQUEST.c[name] for name in StoredRequest.__slots__)


def add_request(db: Db, row: Mapping[str, Any]) -> bool:
    """Store a request; tell whether the person has no other open one of that kind."""
    return insert_once(db, _REQUEST, row)


def request(db: Db, request_id: UUID) -> StoredRequest | None:
    """Return one request; None if there is no such one."""
    row = db.execute(sa.select(*_STORED).where(_REQUEST.c.id == request_id)).one_or_none()
    return None if row is None else _stored(row)


def requests_of(db: Db, person_id: UUID) -> list[StoredRequest]:
    """Return what a person has asked, the newest first."""
    query = (
        sa.select(*_STORED)
        .where(_REQUEST.c.person_id == person_id)
        .order_by(_REQUEST.c.created_at.desc(), _REQUEST.c.id)
    )
    return [_stored(row) for row in db.execute(query)]


def waiting(db: Db, communes: Collection[str] | None, *, limit: int) -> list[AskedBy]:
    """Return open requests of the people of some communes (None for all), due first first."""
    query = (
        sa.select(*_STORED, _PERSON.c.full_name, _PERSON.c.birth_date)
        .join(_PERSON, _PERSON.c.id == _REQUEST.c.person_id)
        .where(_IS_OPEN)
        .order_by(_NEXT_DUE, _REQUEST.c.id)
        .limit(limit)
    )
    if communes is not None:
        query = query.where(_PERSON.c.residence_commune.in_(sorted(communes)))
    return [AskedBy(_stored(row), row.full_name, row.birth_date) for row in db.execute(query)]


def late(db: Db, today: date, *, reminded_before: datetime, limit: int) -> list[StoredRequest]:
    """Return open requests whose next day is over and of which nobody was told lately."""
    reminded_at = _REQUEST.c.reminded_at
    query = (
        sa.select(*_STORED)
        .where(_IS_OPEN, today > _NEXT_DUE)
        .where(sa.or_(reminded_at.is_(None), reminded_at < reminded_before))
        .order_by(_NEXT_DUE, _REQUEST.c.id)
        .limit(limit)
    )
    return [_stored(row) for row in db.execute(query)]


def note_reminded(db: Db, found: StoredRequest, *, reminded_before: datetime, at: datetime) -> bool:
    """Note that offices were told of a late request; False where they were a moment ago."""
    reminded_at = _REQUEST.c.reminded_at
    return one_changed(
        db,
        sa.update(_REQUEST)
        .where(_REQUEST.c.id == found.id, _REQUEST.c.state == found.state)
        .where(sa.or_(reminded_at.is_(None), reminded_at < reminded_before))
        .values(reminded_at=at),
    )


def counted(db: Db, communes: Collection[str] | None, today: date) -> list[CountedRequests]:
    """Return how many requests wait in each commune (of all for None), the latest first."""
    late_ones = sa.func.sum(sa.case((today > _NEXT_DUE, 1), else_=0))
    oldest = sa.func.min(_NEXT_DUE)
    commune = _PERSON.c.residence_commune
    query = (
        sa.select(commune, sa.func.count(), late_ones, oldest)
        .join(_REQUEST, _PERSON.c.id == _REQUEST.c.person_id)
        .where(_IS_OPEN)
        .group_by(commune)
        .order_by(oldest, commune)
    )
    if communes is not None:
        query = query.where(commune.in_(sorted(communes)))
    return [CountedRequests(*row) for row in db.execute(query)]


def communes_waiting(db: Db) -> list[str]:
    """Return the communes of the people who wait for an answer."""
    query = (
        sa.select(_PERSON.c.residence_commune)
        .join(_REQUEST, _PERSON.c.id == _REQUEST.c.person_id)
        .where(_IS_OPEN, _PERSON.c.residence_commune.is_not(None))
        .distinct()
        .order_by(_PERSON.c.residence_commune)
    )
    return list(db.execute(query).scalars())


def move_request(
    db: Db,
    request_id: UUID,
    *,
    given: Collection[DataRequestState] = OPEN,
    values: Mapping[str, Any],
) -> bool:
    """Change a request that is in one of some states; tell whether it was."""
    return one_changed(
        db,
        sa.update(_REQUEST)
        .where(_REQUEST.c.id == request_id, _REQUEST.c.state.in_(sorted(given)))
        .values(dict(values)),
    )


def _stored(row: sa.Row[Any]) -> StoredRequest:
    told = {name: getattr(row, name) for name in StoredRequest.__slots__}
    told |= {"kind": DataRequestKind(row.kind), "state": DataRequestState(row.state)}
    return StoredRequest(**told)
