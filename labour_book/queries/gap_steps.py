"""What workers did about missing months; each change is one statement with its guard."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.domain.gap_advice import Answer, Way
from labour_book.queries.guards import insert_once, one_changed
from labour_book.queries.rows import table_of
from labour_book.tables import GapStep, Person, PortalDossier

_STEP = table_of(GapStep)
_DOSSIER = table_of(PortalDossier)
_PERSON = table_of(Person)


@dataclass(frozen=True, slots=True)
class StoredStep:
    """One step as it is stored; the words of both sides are sealed."""

    id: UUID
    person_id: UUID
    firm: str
    way: Way
    number: int
    enterprise_code: str | None
    employer_name: str
    months: str
    words: bytes | None
    begun_at: datetime
    due_on: date | None
    reminded_at: datetime | None
    dossier_id: UUID | None
    answer: Answer | None
    answer_words: bytes | None
    pay_by: date | None
    case_numbers: str
    answered_at: datetime | None
    dossier_code: str | None
    dossier_state: str | None
    dossier_address: str | None


@dataclass(frozen=True, slots=True)
class AskedEmployer:
    """A question that an enterprise was asked, and by whom."""

    step: StoredStep
    full_name: str
    birth_date: str


_OWN = (*StoredStep.__slots__[:-3],)
_STORED = (
    *(_STEP.c[name] for name in _OWN),
    _DOSSIER.c.code.label("dossier_code"),
    _DOSSIER.c.state.label("dossier_state"),
    _DOSSIER.c.address.label("dossier_address"),
)
_JOINED = _STEP.outerjoin(_DOSSIER, _DOSSIER.c.id == _STEP.c.dossier_id)
_WAITS = _STEP.c.answer.is_(None) & (_STEP.c.way == Way.ASK_EMPLOYER.value)


def add_step(db: Db, row: Mapping[str, Any]) -> bool:
    """Store a step; False where another of this way and firm has its number."""
    return insert_once(db, _STEP, row)


def steps_of(db: Db, person_id: UUID) -> list[StoredStep]:
    """Return what a person did about missing months, the oldest first."""
    query = (
        sa.select(*_STORED)
        .select_from(_JOINED)
        .where(_STEP.c.person_id == person_id)
        .order_by(_STEP.c.begun_at, _STEP.c.firm, _STEP.c.way, _STEP.c.number)
    )
    return [_stored(row) for row in db.execute(query)]


def step(db: Db, step_id: UUID) -> StoredStep | None:
    """Return one step; None if there is no such one."""
    query = sa.select(*_STORED).select_from(_JOINED).where(_STEP.c.id == step_id)
    row = db.execute(query).one_or_none()
    return None if row is None else _stored(row)


def asked_of(db: Db, root: str, *, limit: int) -> list[AskedEmployer]:
    """Return what workers asked an enterprise: what waits stands first, by its day."""
    query = (
        sa.select(*_STORED, _PERSON.c.full_name, _PERSON.c.birth_date)
        .select_from(_JOINED.join(_PERSON, _PERSON.c.id == _STEP.c.person_id))
        .where(_STEP.c.firm == root, _STEP.c.way == Way.ASK_EMPLOYER.value)
        .order_by(_STEP.c.answered_at.is_not(None), _STEP.c.due_on, _STEP.c.id)
        .limit(limit)
    )
    return [AskedEmployer(_stored(r), r.full_name, r.birth_date) for r in db.execute(query)]


def answer_step(db: Db, step_id: UUID, values: Mapping[str, Any]) -> bool:
    """Note what an employer answers; tell whether it had not answered before."""
    return one_changed(
        db, sa.update(_STEP).where(_STEP.c.id == step_id, _WAITS).values(dict(values))
    )


def numbers_of(db: Db, person_id: UUID) -> list[tuple[UUID, str, str, int]]:
    """Return id, firm, way and number of all steps of a person, in order of the number."""
    query = (
        sa.select(_STEP.c.id, _STEP.c.firm, _STEP.c.way, _STEP.c.number)
        .where(_STEP.c.person_id == person_id)
        .order_by(_STEP.c.number, _STEP.c.id)
    )
    return [(row.id, row.firm, row.way, row.number) for row in db.execute(query)]


def lead(db: Db, step_id: UUID, *, holder: UUID, to: UUID, number: int) -> bool:
    """Let a step of a person be another's, under a number; tell whether it was that person's."""
    return one_changed(
        db,
        sa.update(_STEP)
        .where(_STEP.c.id == step_id, _STEP.c.person_id == holder)
        .values(person_id=to, number=number),
    )


def unanswered(db: Db, today: date, *, limit: int) -> list[StoredStep]:
    """Return questions whose day is over and of which nobody was told yet."""
    query = (
        sa.select(*_STORED)
        .select_from(_JOINED)
        .where(_WAITS, _STEP.c.due_on < today, _STEP.c.reminded_at.is_(None))
        .order_by(_STEP.c.due_on, _STEP.c.id)
        .limit(limit)
    )
    return [_stored(row) for row in db.execute(query)]


def note_reminded(db: Db, step_id: UUID, at: datetime) -> bool:
    """Note that both sides were told that the time is over; False where it is so already."""
    return one_changed(
        db,
        sa.update(_STEP)
        .where(_STEP.c.id == step_id, _WAITS, _STEP.c.reminded_at.is_(None))
        .values(reminded_at=at),
    )


def _stored(row: sa.Row[Any]) -> StoredStep:
    told = {name: getattr(row, name) for name in StoredStep.__slots__}
    told |= {"way": Way(row.way), "answer": None if row.answer is None else Answer(row.answer)}
    return StoredStep(**told)
