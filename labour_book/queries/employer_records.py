"""Employers as the books need them: names and legal states as known at an instant."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.domain.facts import EmployerRecord
from labour_book.queries.portions import among
from labour_book.queries.rows import table_of
from labour_book.tables import Employer, EmployerName, EmployerStatus

_EMPLOYER = table_of(Employer)
_NAME = table_of(EmployerName)
_STATUS = table_of(EmployerStatus)


def records_of(
    db: Db, employer_ids: Collection[UUID], known_at: datetime
) -> dict[str, EmployerRecord]:
    """Return the employers by id, each with its names and states, oldest first."""
    if not employer_ids:
        return {}
    names = _names(db, employer_ids, known_at)
    statuses = _statuses(db, employer_ids, known_at)
    found = db.execute(
        sa.select(_EMPLOYER.c.id, _EMPLOYER.c.code)
        .where(among(db, _EMPLOYER.c.id, employer_ids))
        .order_by(_EMPLOYER.c.id)
    )
    return {
        str(row.id): EmployerRecord(
            str(row.id), row.code, tuple(names[row.id]), tuple(statuses[row.id])
        )
        for row in found
    }


def _names(
    db: Db, employer_ids: Collection[UUID], known_at: datetime
) -> dict[UUID, list[tuple[str, date | None, date | None]]]:
    rows = db.execute(
        sa.select(_NAME.c.employer_id, _NAME.c.name, _NAME.c.valid_from, _NAME.c.valid_to)
        .where(among(db, _NAME.c.employer_id, employer_ids), _NAME.c.recorded_at <= known_at)
        .order_by(_NAME.c.employer_id, sa.func.coalesce(_NAME.c.valid_from, date.min), _NAME.c.id)
    )
    names: dict[UUID, list[tuple[str, date | None, date | None]]] = defaultdict(list)
    for row in rows:
        names[row.employer_id].append((row.name, row.valid_from, row.valid_to))
    return names


def _statuses(
    db: Db, employer_ids: Collection[UUID], known_at: datetime
) -> dict[UUID, list[tuple[str, date | None]]]:
    since = sa.func.coalesce(_STATUS.c.since, date.min)
    rows = db.execute(
        sa.select(_STATUS.c.employer_id, _STATUS.c.status, _STATUS.c.since)
        .where(among(db, _STATUS.c.employer_id, employer_ids), _STATUS.c.recorded_at <= known_at)
        .order_by(_STATUS.c.employer_id, since, _STATUS.c.recorded_at, _STATUS.c.id)
    )
    statuses: dict[UUID, list[tuple[str, date | None]]] = defaultdict(list)
    for row in rows:
        statuses[row.employer_id].append((row.status, row.since))
    return statuses
