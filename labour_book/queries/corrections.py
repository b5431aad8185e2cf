"""Correction cases and their steps; each change of a case is one UPDATE guarded by its revision."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.domain.correction_fields import Ask, CaseKind, FieldChange
from labour_book.domain.corrections import CaseState, Outcome, Owner, Step
from labour_book.queries.guards import insert_once, one_changed
from labour_book.queries.rows import table_of
from labour_book.tables import CorrectionCase, CorrectionStep

_CASE = table_of(CorrectionCase)
_STEP = table_of(CorrectionStep)
Fact = tuple[str, UUID]
"""Kind and id of a fact."""


@dataclass(frozen=True, slots=True)
class StoredCase:
    """A case as it is stored; sealed words stay sealed."""

    id: UUID
    number: str
    person_id: UUID
    kind: CaseKind
    ask: Ask
    version: int | None
    line_number: int | None
    line_facts: tuple[Fact, ...]
    changes: tuple[FieldChange, ...]
    words: bytes | None
    employer_code: str | None
    employer_name: str
    assurance: str
    declared_kind: str
    declared_by: str
    assisted: bool
    created_at: datetime
    submitted_at: datetime | None
    submit_key: str | None
    state: CaseState
    state_since: datetime
    revision: int
    owner_kind: Owner | None
    owner_code: str | None
    due_on: date | None
    escalations: int
    claimed_by: str | None
    claimed_name: str | None
    claimed_at: datetime | None
    high_impact: bool
    alternative: bool
    employer_answer: str | None
    proposal: bytes | None
    proposed_by: str | None
    outcome: Outcome | None
    decided_at: datetime | None
    appealed_at: datetime | None
    sampled_at: datetime | None
    reviewed_at: datetime | None
    was_right: bool | None
    rating: int | None


@dataclass(frozen=True, slots=True)
class StoredStep:
    """One step of a case."""

    ordinal: int
    at: datetime
    step: Step
    before: CaseState | None
    after: CaseState
    by_kind: str
    by: str
    by_name: str
    place: str
    owner: str | None
    reason_code: str
    words: bytes | None
    due_on: date | None


CASE_COLUMNS = tuple(_CASE.c[name] for name in StoredCase.__slots__)
_STEP_COLUMNS = tuple(_STEP.c[name] for name in StoredStep.__slots__)


def case_of(row: Sequence[Any]) -> StoredCase:
    """Return a case from its columns."""
    values: dict[str, Any] = dict(zip(StoredCase.__slots__, row, strict=True))
    values["kind"], values["ask"] = CaseKind(values["kind"]), Ask(values["ask"])
    values["state"] = CaseState(values["state"])
    values["owner_kind"] = None if values["owner_kind"] is None else Owner(values["owner_kind"])
    values["outcome"] = None if values["outcome"] is None else Outcome(values["outcome"])
    values["line_facts"] = tuple((kind, UUID(each)) for kind, each in _read(values["line_facts"]))
    values["changes"] = changes_in(values["changes"])
    return StoredCase(**values)


def changes_in(text: str) -> tuple[FieldChange, ...]:
    """Return the changes that a column holds."""
    return tuple(FieldChange(**each) for each in _read(text))


def changes_text(changes: Sequence[FieldChange]) -> str:
    """Return changes as a column holds them."""
    return json.dumps([asdict(each) for each in changes], ensure_ascii=False)


def facts_text(facts: Sequence[Fact]) -> str:
    """Return facts as a column holds them."""
    return json.dumps([[kind, str(each)] for kind, each in facts])


def queue_of(owner: Owner, code: str) -> str:
    """Return the name of an owner's queue."""
    return f"{owner}:{code}"


def add_case(db: Db, row: Mapping[str, Any]) -> bool:
    """Insert a case; tell whether its number was free."""
    return insert_once(db, _CASE, row)


def add_step(db: Db, row: Mapping[str, Any]) -> None:
    db.execute(sa.insert(_STEP), row)


def case_by_id(db: Db, case_id: UUID) -> StoredCase | None:
    row = db.execute(sa.select(*CASE_COLUMNS).where(_CASE.c.id == case_id)).one_or_none()
    return None if row is None else case_of(row)


def case_numbered(db: Db, number: str) -> StoredCase | None:
    row = db.execute(sa.select(*CASE_COLUMNS).where(_CASE.c.number == number)).one_or_none()
    return None if row is None else case_of(row)


def case_with_key(db: Db, key: str) -> StoredCase | None:
    """Return the case that was handed in under a key."""
    row = db.execute(sa.select(*CASE_COLUMNS).where(_CASE.c.submit_key == key)).one_or_none()
    return None if row is None else case_of(row)


def cases_of_person(db: Db, person_id: UUID, *, limit: int) -> list[StoredCase]:
    """Return the newest cases about a person."""
    query = (
        sa.select(*CASE_COLUMNS)
        .where(_CASE.c.person_id == person_id)
        .order_by(_CASE.c.created_at.desc(), _CASE.c.id)
        .limit(limit)
    )
    return [case_of(row) for row in db.execute(query)]


def cases_declared_by(
    db: Db, declared_by: str, person_id: UUID | None, *, limit: int
) -> list[StoredCase]:
    """Return the newest cases that somebody declared, of one person or of all."""
    query = (
        sa.select(*CASE_COLUMNS)
        .where(_CASE.c.declared_by == declared_by)
        .order_by(_CASE.c.created_at.desc(), _CASE.c.id)
        .limit(limit)
    )
    if person_id is not None:
        query = query.where(_CASE.c.person_id == person_id)
    return [case_of(row) for row in db.execute(query)]


def count_begun(db: Db, person_id: UUID, since: datetime) -> int:
    """Return how many cases were begun about a person since an instant."""
    query = sa.select(sa.func.count()).where(
        _CASE.c.person_id == person_id, _CASE.c.created_at >= since
    )
    return int(db.execute(query).scalar_one())


def change_case(
    db: Db, case: StoredCase, values: Mapping[str, Any], *, held_by: str | None = None
) -> bool:
    """Change a case as it was read; tell whether it still was as it was read.

    ``held_by``: also only if nobody else has claimed it.
    """
    statement = sa.update(_CASE).where(
        _CASE.c.id == case.id, _CASE.c.revision == case.revision, _CASE.c.state == case.state
    )
    if held_by is not None:
        statement = statement.where(
            sa.or_(_CASE.c.claimed_by.is_(None), _CASE.c.claimed_by == held_by)
        )
    return one_changed(db, statement.values(revision=case.revision + 1, **values))


def steps_of(db: Db, case_id: UUID) -> list[StoredStep]:
    """Return the steps of a case, oldest first."""
    rows = db.execute(
        sa.select(*_STEP_COLUMNS).where(_STEP.c.case_id == case_id).order_by(_STEP.c.ordinal)
    )
    return [_step_of(row) for row in rows]


def last_step(db: Db, case_id: UUID) -> StoredStep | None:
    """Return the newest step of a case."""
    row = db.execute(
        sa.select(*_STEP_COLUMNS)
        .where(_STEP.c.case_id == case_id)
        .order_by(_STEP.c.ordinal.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else _step_of(row)


def similar_cases(db: Db, case: StoredCase, *, limit: int) -> list[StoredCase]:
    """Return the newest other cases about the same employer and of the same kind."""
    query = (
        sa.select(*CASE_COLUMNS)
        .where(
            _CASE.c.employer_code == case.employer_code,
            _CASE.c.kind == str(case.kind),
            _CASE.c.id != case.id,
            _CASE.c.submitted_at.is_not(None),
        )
        .order_by(_CASE.c.created_at.desc(), _CASE.c.id)
        .limit(limit)
    )
    return [case_of(row) for row in db.execute(query)]


def open_on_facts(db: Db, person_id: UUID, states: Collection[CaseState]) -> list[StoredCase]:
    """Return the cases about a person that are in some states, oldest first."""
    query = (
        sa.select(*CASE_COLUMNS)
        .where(_CASE.c.person_id == person_id, _CASE.c.state.in_([str(each) for each in states]))
        .order_by(_CASE.c.created_at, _CASE.c.id)
    )
    return [case_of(row) for row in db.execute(query)]


def _step_of(row: Sequence[Any]) -> StoredStep:
    values: dict[str, Any] = dict(zip(StoredStep.__slots__, row, strict=True))
    before = values["before"]
    values["before"] = None if before is None else CaseState(before)
    values["after"], values["step"] = CaseState(values["after"]), Step(values["step"])
    return StoredStep(**values)


def _read(text: str) -> Any:  # noqa: ANN401 - what JSON holds
    return json.loads(text)
