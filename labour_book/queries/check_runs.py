"""Rounds of checks: where each one stands, and whom it looks at next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.guards import insert_once, one_changed
from labour_book.queries.portions import among
from labour_book.queries.rows import table_of
from labour_book.tables import (
    CheckRun,
    EmploymentFact,
    InsuranceFact,
    LineConfirmation,
    OwnCv,
    Person,
    PersonMerge,
    ProfileFact,
    QualificationFact,
    ReviewDecision,
    RowReceipt,
)

_RUN = table_of(CheckRun)
_PERSON = table_of(Person)
_MERGE = table_of(PersonMerge)
_RECEIPT = table_of(RowReceipt)
_DECISION = table_of(ReviewDecision)
_FACTS = tuple(
    table_of(each) for each in (EmploymentFact, InsuranceFact, QualificationFact, ProfileFact)
)
_OWN = ((table_of(LineConfirmation), "confirmed_at"), (table_of(OwnCv), "changed_at"))


@dataclass(frozen=True, slots=True)
class RunOnFile:
    """One round of checks."""

    id: UUID
    state: str
    stage: str
    cursor: str
    changed_since: datetime | None
    reported: int | None
    people: int
    findings: int
    revision: int
    started_at: datetime
    finished_at: datetime | None


_COLUMNS = tuple(_RUN.c[name] for name in RunOnFile.__slots__)


def running(db: Db) -> RunOnFile | None:
    """Return the round that has not ended; None if there is none."""
    row = db.execute(sa.select(*_COLUMNS).where(_RUN.c.state == "running")).one_or_none()
    return None if row is None else RunOnFile(*row)


def last_done(db: Db) -> RunOnFile | None:
    """Return the round that ended last; None if none did."""
    query = (
        sa.select(*_COLUMNS)
        .where(_RUN.c.state == "done")
        .order_by(_RUN.c.started_at.desc(), _RUN.c.id)
        .limit(1)
    )
    row = db.execute(query).one_or_none()
    return None if row is None else RunOnFile(*row)


def begin(db: Db, row: Mapping[str, Any]) -> bool:
    """Note a new round; False if one is running."""
    return insert_once(db, _RUN, row)


def move(db: Db, run_id: UUID, revision: int, values: Mapping[str, Any]) -> bool:
    """Note how far a round is; False if another process took the step first."""
    return one_changed(
        db,
        sa.update(_RUN)
        .where(_RUN.c.id == run_id, _RUN.c.revision == revision, _RUN.c.state == "running")
        .values(dict(values) | {"revision": revision + 1}),
    )


def changed_among(db: Db, person_ids: Sequence[UUID], since: datetime) -> list[UUID]:
    """Return of which of some people anything was recorded, voided or confirmed from an instant on.

    In order of id.
    """
    found: set[UUID] = set()
    for table in _FACTS:
        new = sa.or_(table.c.recorded_at >= since, table.c.voided_at >= since)
        found |= _people(db, table.c.person_id, person_ids, new)
    for table, name in _OWN:
        found |= _people(db, table.c.person_id, person_ids, table.c[name] >= since)
    found |= _people(db, _PERSON.c.id, person_ids, _PERSON.c.changed_at >= since)
    moved = sa.or_(
        *(_MERGE.c[name] >= since for name in ("proposed_at", "decided_at", "undone_at"))
    )
    for column in (_MERGE.c.kept_id, _MERGE.c.merged_id):
        found |= _people(db, column, person_ids, moved)
    decided = sa.exists().where(
        _DECISION.c.run_id == _RECEIPT.c.run_id,
        _DECISION.c.ordinal == _RECEIPT.c.ordinal,
        _DECISION.c.decided_at >= since,
    )
    found |= _people(db, _RECEIPT.c.person_id, person_ids, decided)
    return sorted(found)


def _people(
    db: Db, column: sa.Column[Any], person_ids: Sequence[UUID], new: sa.ColumnElement[bool]
) -> set[UUID]:
    query = sa.select(column).where(among(db, column, person_ids), new).distinct().order_by(column)
    return set(db.execute(query).scalars())
