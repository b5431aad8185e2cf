"""Statements that the newest full file of a register no longer names, and what became of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.facts import FACTS, FactKind
from labour_book.queries.guards import inserting, one_changed
from labour_book.queries.imports import ReceiptOnFile
from labour_book.queries.rows import table_of
from labour_book.tables import ImportRun, ReviewDecision, RowReceipt

_RUN = table_of(ImportRun)
_RECEIPT = table_of(RowReceipt)
_DECISION = table_of(ReviewDecision)
_KEPT = _DECISION.alias("kept")
_BEFORE = _RECEIPT.alias("before")
_OF_ROW = sa.and_(
    _DECISION.c.run_id == _RECEIPT.c.run_id, _DECISION.c.ordinal == _RECEIPT.c.ordinal
)


@dataclass(frozen=True, slots=True)
class Vanished:
    """A statement that is on record and is not named any more, and what was decided of it."""

    receipt: ReceiptOnFile
    kind: str
    file_name: str
    sent_at: datetime
    """When the import of the full file began."""
    decision: str
    """Nothing while nobody has decided."""
    reason: str
    decided_at: datetime | None


def newest_full_runs(db: Db, kinds: Collection[str]) -> list[UUID]:
    """Return the newest delivery of each kind that was declared full and is done."""
    newest = (
        sa.select(_RUN.c.kind, sa.func.max(_RUN.c.started_at).label("at"))
        .where(
            _RUN.c.kind.in_(sorted(kinds)),
            _RUN.c.state == "done",
            _RUN.c.counts.contains('"full": true', autoescape=True),
        )
        .group_by(_RUN.c.kind)
        .subquery()
    )
    query = (
        sa.select(_RUN.c.id)
        .join(newest, sa.and_(newest.c.kind == _RUN.c.kind, newest.c.at == _RUN.c.started_at))
        .where(_RUN.c.counts.contains('"full": true', autoescape=True))
        .order_by(_RUN.c.id)
    )
    return list(db.execute(query).scalars())


def vanished(
    db: Db,
    runs: Collection[UUID],
    communes: Collection[str] | None,
    decisions: Collection[str],
    *,
    after: tuple[UUID, int] | None,
    limit: int,
) -> list[Vanished]:
    """Return what some deliveries no longer name and was decided so, in some communes or all.

    What somebody has decided to keep before is not asked again.
    """
    query = (
        _select()
        .where(_RECEIPT.c.run_id.in_(runs), _RECEIPT.c.outcome == "vanished", _decided(decisions))
        .limit(limit)
    )
    if communes is not None:
        query = query.where(_RECEIPT.c.commune_code.in_(communes))
    if "" in decisions:
        query = query.where(_RECEIPT.c.statement_key.not_in(_kept_before()))
    if after is not None:
        run_id, ordinal = after
        query = query.where(
            sa.tuple_(_RECEIPT.c.run_id, _RECEIPT.c.ordinal)
            > sa.tuple_(
                sa.bindparam(None, run_id, type_=_RECEIPT.c.run_id.type),
                sa.bindparam(None, ordinal, type_=_RECEIPT.c.ordinal.type),
            )
        )
    return [_vanished(row) for row in db.execute(query)]


def vanished_at(db: Db, run_id: UUID, ordinal: int) -> Vanished | None:
    """Return one of them by its place; None if there is none."""
    query = _select().where(
        _RECEIPT.c.run_id == run_id,
        _RECEIPT.c.ordinal == ordinal,
        _RECEIPT.c.outcome == "vanished",
    )
    row = db.execute(query).one_or_none()
    return None if row is None else _vanished(row)


def decide(db: Db, found: Vanished, row: Mapping[str, Any]) -> bool:
    """Note what was decided of one; False if it is not as it was found."""
    if not found.decision:
        statement = inserting(db, _DECISION).values(dict(row)).on_conflict_do_nothing()
        made = db.execute(statement.returning(_DECISION.c.ordinal))
        return made.one_or_none() is not None
    return one_changed(
        db,
        sa.update(_DECISION)
        .where(
            _DECISION.c.run_id == row["run_id"],
            _DECISION.c.ordinal == row["ordinal"],
            _DECISION.c.decision == found.decision,
            _DECISION.c.decided_at == found.decided_at,
        )
        .values({name: row[name] for name in ("decision", "reason", "decided_by", "decided_at")}),
    )


def _select() -> sa.Select[Any]:
    return (
        sa.select(
            _RECEIPT,
            _RUN.c.kind,
            _RUN.c.file_name,
            _RUN.c.started_at,
            _DECISION.c.decision,
            _DECISION.c.reason,
            _DECISION.c.decided_at,
        )
        .join(_RUN, _RUN.c.id == _RECEIPT.c.run_id)
        .outerjoin(_DECISION, _OF_ROW)
        .order_by(_RECEIPT.c.run_id, _RECEIPT.c.ordinal)
    )


def _decided(decisions: Collection[str]) -> sa.ColumnElement[bool]:
    words = sorted(set(decisions) - {""})
    is_one = _DECISION.c.decision.in_(words)
    return sa.or_(_DECISION.c.decision.is_(None), is_one) if "" in decisions else is_one


def _kept_before() -> sa.ScalarSelect[Any]:
    return (
        sa.select(_BEFORE.c.statement_key)
        .join(
            _KEPT,
            sa.and_(_KEPT.c.run_id == _BEFORE.c.run_id, _KEPT.c.ordinal == _BEFORE.c.ordinal),
        )
        .where(
            _KEPT.c.decision == "keep",
            _BEFORE.c.outcome == "vanished",
            _BEFORE.c.statement_key.is_not(None),
        )
        .scalar_subquery()
    )


def _vanished(row: sa.Row[Any]) -> Vanished:
    on_file = ReceiptOnFile(*row[: len(ReceiptOnFile.__slots__)])
    return Vanished(
        on_file,
        row.kind,
        row.file_name,
        row.started_at,
        row.decision or "",
        row.reason or "",
        row.decided_at,
    )


def ended_fact(db: Db, kind: FactKind, person_id: UUID, reason: str) -> dict[str, Any] | None:
    """Return the fact about a person that ended last for a reason, whole; None if none did."""
    table = FACTS[kind]
    query = (
        sa.select(table)
        .where(table.c.person_id == person_id, table.c.void_reason == reason)
        .order_by(table.c.voided_at.desc(), table.c.id.desc())
        .limit(1)
    )
    row = db.execute(query).mappings().one_or_none()
    return None if row is None else dict(row)
