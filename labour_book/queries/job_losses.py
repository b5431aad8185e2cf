"""Losses of work as they are stored, and how far the rounds are that look for them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db, insert_rows
from labour_book.queries.guards import insert_once, one_changed
from labour_book.queries.portions import among, portions
from labour_book.queries.rows import table_of
from labour_book.tables import (
    EmployerStatus,
    EmploymentFact,
    InsuranceFact,
    JobLoss,
    JobLossRun,
)

_LOSS = table_of(JobLoss)
_RUN = table_of(JobLossRun)
_STATUS = table_of(EmployerStatus)
_WORK = table_of(EmploymentFact)
_INSURANCE = table_of(InsuranceFact)
STANDING = ("suspected", "waiting", "confirmed")
"""States in which nobody has said otherwise yet."""


@dataclass(frozen=True, slots=True)
class StoredLoss:
    """A loss of work on file."""

    id: UUID
    person_id: UUID
    firm: str
    month: str
    """The last month of the work, ``YYYY-MM``."""
    employer_id: UUID | None
    employer_name: str
    ended_on: date | None
    clause: int | None
    signals: str
    firm_status: str | None
    state: str
    """suspected, waiting, confirmed, other-work or withdrawn."""
    commune_code: str | None
    found_at: datetime
    confirmed_at: datetime | None
    changed_at: datetime


_COLUMNS = tuple(_LOSS.c[name] for name in StoredLoss.__slots__)


def losses_of_people(
    db: Db, people: Collection[UUID], states: Sequence[str] | None = None
) -> dict[UUID, list[StoredLoss]]:
    """Return the losses of work of some people, the newest month first; of all states or some."""
    found: dict[UUID, list[StoredLoss]] = {each: [] for each in people}
    for some in portions(people):
        query = sa.select(*_COLUMNS).where(among(db, _LOSS.c.person_id, some))
        if states is not None:
            query = query.where(_LOSS.c.state.in_(states))
        query = query.order_by(_LOSS.c.person_id, _LOSS.c.month.desc(), _LOSS.c.firm)
        for row in db.execute(query):
            found[row.person_id].append(StoredLoss(*row))
    return found


def loss_by_id(db: Db, loss_id: UUID) -> StoredLoss | None:
    """Return a loss of work; None if there is none of that id."""
    row = db.execute(sa.select(*_COLUMNS).where(_LOSS.c.id == loss_id)).one_or_none()
    return None if row is None else StoredLoss(*row)


def counts_by_month(
    db: Db, *, first: str, last: str, communes: Collection[str] | None = None
) -> dict[tuple[str, str], int]:
    """Return how many confirmed losses of work end with each month: (commune, month) to people.

    ``first`` and ``last`` are months (``YYYY-MM``), both included; no ``communes``: everywhere.
    """
    found: dict[tuple[str, str], int] = {}
    code = sa.func.coalesce(_LOSS.c.commune_code, "")
    for some in [None] if communes is None else portions(communes):
        query = (
            sa.select(code, _LOSS.c.month, sa.func.count(sa.distinct(_LOSS.c.person_id)))
            .where(_LOSS.c.state == "confirmed", _LOSS.c.month.between(first, last))
            .group_by(code, _LOSS.c.month)
            .order_by(code, _LOSS.c.month)
        )
        if some is not None:
            query = query.where(among(db, _LOSS.c.commune_code, some))
        found.update(((row[0], row[1]), row[2]) for row in db.execute(query))
    return found


def losses_at(
    db: Db, employers: Collection[UUID], *, states: Sequence[str] = STANDING
) -> list[StoredLoss]:
    """Return the losses of work at some employers, by person and month."""
    found: list[StoredLoss] = []
    for some in portions(employers):
        query = (
            sa.select(*_COLUMNS)
            .where(among(db, _LOSS.c.employer_id, some), _LOSS.c.state.in_(states))
            .order_by(_LOSS.c.person_id, _LOSS.c.month, _LOSS.c.firm)
        )
        found += [StoredLoss(*row) for row in db.execute(query)]
    return found


def add(db: Db, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store losses of work that were not on file."""
    insert_rows(db, _LOSS, rows)


def change(db: Db, loss_id: UUID, before: str, values: Mapping[str, Any]) -> bool:
    """Change a loss of work that is still in the state it was read in; tell whether it was."""
    return one_changed(
        db,
        sa.update(_LOSS).where(_LOSS.c.id == loss_id, _LOSS.c.state == before).values(dict(values)),
    )


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One round of looking for losses of work."""

    id: UUID
    cursor: UUID | None
    changed_since: datetime | None
    on_day: date
    people: int
    found: int
    proposed: int
    revision: int
    state: str


_RUN_COLUMNS = tuple(_RUN.c[name] for name in StoredRun.__slots__)


def running(db: Db) -> StoredRun | None:
    """Return the round that has not ended; None if there is none."""
    row = db.execute(sa.select(*_RUN_COLUMNS).where(_RUN.c.state == "running")).one_or_none()
    return None if row is None else StoredRun(*row)


def last_begun(db: Db) -> tuple[datetime, str] | None:
    """Return when the round that ended last had begun, and through which month it knew."""
    query = (
        sa.select(_RUN.c.started_at, _RUN.c.reported)
        .where(_RUN.c.state == "done")
        .order_by(_RUN.c.started_at.desc(), _RUN.c.id)
        .limit(1)
    )
    row = db.execute(query).one_or_none()
    return None if row is None else (row.started_at, row.reported)


def begin(db: Db, row: Mapping[str, Any]) -> bool:
    """Note a new round; False if one is running."""
    return insert_once(db, _RUN, row)


def move_run(db: Db, run_id: UUID, revision: int, values: Mapping[str, Any]) -> bool:
    """Note how far a round is; False if another process took the step first."""
    return one_changed(
        db,
        sa.update(_RUN)
        .where(_RUN.c.id == run_id, _RUN.c.revision == revision, _RUN.c.state == "running")
        .values(dict(values) | {"revision": revision + 1}),
    )


def unsettled_among(db: Db, people: Sequence[UUID]) -> set[UUID]:
    """Return which of some people have a loss of work that time alone may settle."""
    query = (
        sa.select(_LOSS.c.person_id)
        .where(among(db, _LOSS.c.person_id, people), _LOSS.c.state == "waiting")
        .distinct()
        .order_by(_LOSS.c.person_id)
    )
    return set(db.execute(query).scalars())


def at_changed_firms(db: Db, people: Sequence[UUID], since: datetime) -> set[UUID]:
    """Return which of some people have worked at a firm whose legal status was recorded since."""
    found: set[UUID] = set()
    changed = sa.select(_STATUS.c.employer_id).where(_STATUS.c.recorded_at >= since)
    for table in (_WORK, _INSURANCE):
        query = (
            sa.select(table.c.person_id)
            .where(
                among(db, table.c.person_id, people),
                table.c.voided_at.is_(None),
                table.c.employer_id.in_(changed),
            )
            .distinct()
            .order_by(table.c.person_id)
        )
        found |= set(db.execute(query).scalars())
    return found


def losses_by_id(db: Db, ids: Collection[UUID]) -> dict[UUID, StoredLoss]:
    """Return some losses of work by their id."""
    found: dict[UUID, StoredLoss] = {}
    for some in portions(ids):
        query = sa.select(*_COLUMNS).where(among(db, _LOSS.c.id, some)).order_by(_LOSS.c.id)
        found.update((row.id, StoredLoss(*row)) for row in db.execute(query))
    return found
