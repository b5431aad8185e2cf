"""What was decided on corrections, what of it changed, and whom an official must not decide on."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.domain.correction_fields import FieldChange
from labour_book.domain.corrections import Outcome
from labour_book.queries.corrections import changes_in
from labour_book.queries.guards import insert_once, one_changed
from labour_book.queries.portions import among, portions
from labour_book.queries.rows import table_of
from labour_book.tables import (
    CorrectionDecision,
    DecidedStatement,
    DecisionEffect,
    OfficialRelation,
)

_DECISION = table_of(CorrectionDecision)
_EFFECT = table_of(DecisionEffect)
_STATEMENT = table_of(DecidedStatement)
_RELATION = table_of(OfficialRelation)
_IN_FORCE: sa.ColumnElement[bool] = sa.literal_column(f"{_STATEMENT.name}.in_force")
"""In the words of the index: SQLAlchemy would write ``= 1`` for SQLite, which then reads all."""

VOIDED, MADE, RESTORED = "voided", "made", "restored"


@dataclass(frozen=True, slots=True)
class StoredDecision:
    """A decision as it is stored."""

    id: UUID
    case_id: UUID
    person_id: UUID
    ordinal: int
    key: str | None
    at: datetime
    outcome: Outcome
    automatic: bool
    appeal: bool
    high_impact: bool
    unit_code: str | None
    decided_by: str
    decided_name: str
    confirmed_by: str | None
    confirmed_name: str | None
    reason_code: str
    words: bytes | None
    changes: tuple[FieldChange, ...]
    version_before: int | None
    version_after: int | None
    reversed_by: UUID | None


_COLUMNS = tuple(_DECISION.c[name] for name in StoredDecision.__slots__)


@dataclass(frozen=True, slots=True)
class Effect:
    """A fact that a decision voided, made or stated again."""

    fact_kind: str
    fact_id: UUID
    deed: str


def add_decision(db: Db, row: Mapping[str, Any]) -> bool:
    """Insert a decision; tell whether neither its key nor its place in the case was taken."""
    return insert_once(db, _DECISION, row)


def add_effects(db: Db, decision_id: UUID, effects: Sequence[Effect]) -> None:
    rows = [
        {
            "decision_id": decision_id,
            "fact_kind": each.fact_kind,
            "fact_id": each.fact_id,
            "deed": each.deed,
        }
        for each in effects
    ]
    if rows:
        db.execute(sa.insert(_EFFECT), rows)


def set_aside(db: Db, rows: Sequence[Mapping[str, Any]]) -> None:
    """Note the statements that a decision sets aside; each row as the table has it."""
    if rows:
        db.execute(sa.insert(_STATEMENT), list(rows))


def note_version(db: Db, decision_id: UUID, version: int) -> None:
    """Note which version of the book says what was decided."""
    changed = one_changed(
        db,
        sa.update(_DECISION).where(_DECISION.c.id == decision_id).values(version_after=version),
    )
    assert changed


def take_back(db: Db, decision_id: UUID, reversal: UUID) -> bool:
    """Note that a decision was taken back; tell whether it was in force."""
    changed = one_changed(
        db,
        sa.update(_DECISION)
        .where(_DECISION.c.id == decision_id, _DECISION.c.reversed_by.is_(None))
        .values(reversed_by=reversal),
    )
    if changed:
        db.execute(
            sa.update(_STATEMENT)
            .where(_STATEMENT.c.decision_id == decision_id)
            .values(in_force=False)
        )
    return changed


def decisions_of(db: Db, case_id: UUID) -> list[StoredDecision]:
    """Return the decisions on a case, oldest first."""
    query = sa.select(*_COLUMNS).where(_DECISION.c.case_id == case_id).order_by(_DECISION.c.ordinal)
    return [_decision(row) for row in db.execute(query)]


def decision_with_key(db: Db, key: str) -> StoredDecision | None:
    row = db.execute(sa.select(*_COLUMNS).where(_DECISION.c.key == key)).one_or_none()
    return None if row is None else _decision(row)


def effects_of(db: Db, decision_id: UUID) -> list[Effect]:
    """Return what a decision did to facts."""
    query = (
        sa.select(_EFFECT.c.fact_kind, _EFFECT.c.fact_id, _EFFECT.c.deed)
        .where(_EFFECT.c.decision_id == decision_id)
        .order_by(_EFFECT.c.fact_kind, _EFFECT.c.fact_id)
    )
    return [Effect(*row) for row in db.execute(query)]


def last_high_impact(db: Db, person_id: UUID) -> StoredDecision | None:
    """Return the newest decision of high impact about a person that changed something."""
    query = (
        sa.select(*_COLUMNS)
        .where(
            _DECISION.c.person_id == person_id,
            _DECISION.c.high_impact,
            _DECISION.c.outcome != str(Outcome.REFUSED),
            _DECISION.c.automatic.is_(sa.false()),
        )
        .order_by(_DECISION.c.at.desc(), _DECISION.c.id)
        .limit(1)
    )
    row = db.execute(query).one_or_none()
    return None if row is None else _decision(row)


def count_decided_by(db: Db, official: str, since: datetime) -> int:
    """Return how many decisions an official has made since an instant."""
    query = sa.select(sa.func.count()).where(
        _DECISION.c.decided_by == official, _DECISION.c.at >= since
    )
    return int(db.execute(query).scalar_one())


def set_aside_statements(
    db: Db, fact_kind: str, source: str, refs: Collection[str]
) -> dict[str, frozenset[bytes]]:
    """Return the fingerprints that decisions in force set aside, by the name of the statement."""
    found: dict[str, set[bytes]] = {}
    for some in portions(refs):
        query = (
            sa.select(_STATEMENT.c.source_ref, _STATEMENT.c.fingerprint)
            .where(
                _IN_FORCE,
                among(db, _STATEMENT.c.source_ref, some),
                _STATEMENT.c.source == source,
                _STATEMENT.c.fact_kind == fact_kind,
            )
            .order_by(_STATEMENT.c.source_ref, _STATEMENT.c.decision_id)
        )
        for ref, fingerprint in db.execute(query):
            found.setdefault(ref, set()).add(fingerprint)
    return {ref: frozenset(each) for ref, each in found.items()}


def add_relation(db: Db, row: Mapping[str, Any]) -> bool:
    """Note that an official is somebody's family; tell whether it was not noted before."""
    return insert_once(db, _RELATION, row)


def is_related(db: Db, account_id: str, person_id: UUID) -> bool:
    """Say whether an official has declared a person to be the own self or family."""
    query = sa.select(_RELATION.c.relation).where(
        _RELATION.c.account_id == account_id, _RELATION.c.person_id == person_id
    )
    return db.execute(query).one_or_none() is not None


def _decision(row: Sequence[Any]) -> StoredDecision:
    values: dict[str, Any] = dict(zip(StoredDecision.__slots__, row, strict=True))
    values["outcome"] = Outcome(values["outcome"])
    values["changes"] = changes_in(values["changes"])
    return StoredDecision(**values)
