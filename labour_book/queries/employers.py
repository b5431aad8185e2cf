"""Employers by their code, with the history of their names and legal states."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.portions import among, insert_many, portions
from labour_book.queries.rows import table_of
from labour_book.tables import Employer, EmployerName, EmployerStatus

_EMPLOYER = table_of(Employer)
_NAME = table_of(EmployerName)
_STATUS = table_of(EmployerStatus)


@dataclass(frozen=True, slots=True)
class NameOnFile:
    """A name and the days it was borne, both included."""

    id: UUID
    name: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class EmployerOnFile:
    """An employer that has a code."""

    id: UUID
    code: str
    registered: bool
    fingerprint: bytes
    names: tuple[NameOnFile, ...]
    statuses: tuple[tuple[str, date | None], ...]
    """Legal state and its first day, in the order in which they became known."""


def employers_by_code(db: Db, codes: Collection[str]) -> dict[str, EmployerOnFile]:
    """Return the employers with these codes."""
    found: dict[str, EmployerOnFile] = {}
    for some in portions(codes):
        rows = db.execute(
            sa.select(
                _EMPLOYER.c.id, _EMPLOYER.c.code, _EMPLOYER.c.registered, _EMPLOYER.c.fingerprint
            )
            .where(among(db, _EMPLOYER.c.code, some))
            .order_by(_EMPLOYER.c.code)
        ).all()
        ids = [row.id for row in rows]
        names, statuses = _names_of(db, ids), _statuses_of(db, ids)
        for row in rows:
            found[row.code] = EmployerOnFile(
                id=row.id,
                code=row.code,
                registered=row.registered,
                fingerprint=row.fingerprint,
                names=tuple(names[row.id]),
                statuses=tuple(statuses[row.id]),
            )
    return found


def add_employers(db: Db, rows: Sequence[Mapping[str, Any]]) -> None:
    insert_many(db, _EMPLOYER, rows)


def add_names(db: Db, rows: Sequence[Mapping[str, Any]]) -> None:
    insert_many(db, _NAME, rows)


def add_statuses(db: Db, rows: Sequence[Mapping[str, Any]]) -> None:
    insert_many(db, _STATUS, rows)


def rewrite_employer(db: Db, employer_id: UUID, values: Mapping[str, Any]) -> None:
    """Rewrite what the enterprise register states of an employer now."""
    db.execute(sa.update(_EMPLOYER).where(_EMPLOYER.c.id == employer_id).values(**values))


def end_name(db: Db, name_id: UUID, last_day: date) -> None:
    db.execute(sa.update(_NAME).where(_NAME.c.id == name_id).values(valid_to=last_day))


def drop_hearsay_names(db: Db, employer_id: UUID) -> None:
    """Forget the names that other registers gave an employer before its own one did."""
    db.execute(sa.delete(_NAME).where(_NAME.c.employer_id == employer_id))


def _names_of(db: Db, ids: Sequence[UUID]) -> dict[UUID, list[NameOnFile]]:
    found: defaultdict[UUID, list[NameOnFile]] = defaultdict(list)
    query = (
        sa.select(
            _NAME.c.employer_id, _NAME.c.id, _NAME.c.name, _NAME.c.valid_from, _NAME.c.valid_to
        )
        .where(among(db, _NAME.c.employer_id, ids))
        .order_by(_NAME.c.employer_id, _NAME.c.recorded_at, _NAME.c.valid_to, _NAME.c.id)
    )
    for employer_id, *columns in db.execute(query):
        found[employer_id].append(NameOnFile(*columns))
    return found


def _statuses_of(db: Db, ids: Sequence[UUID]) -> dict[UUID, list[tuple[str, date | None]]]:
    found: defaultdict[UUID, list[tuple[str, date | None]]] = defaultdict(list)
    query = (
        sa.select(_STATUS.c.employer_id, _STATUS.c.status, _STATUS.c.since)
        .where(among(db, _STATUS.c.employer_id, ids))
        .order_by(_STATUS.c.employer_id, _STATUS.c.recorded_at, _STATUS.c.id)
    )
    for employer_id, status, since in db.execute(query):
        found[employer_id].append((status, since))
    return found
