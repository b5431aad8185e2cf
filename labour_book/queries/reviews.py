"""Rows that went to review, and what officials decided of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.guards import inserting
from labour_book.queries.imports import ReceiptOnFile
from labour_book.queries.rows import table_of
from labour_book.tables import ImportRun, ReviewDecision, RowReceipt

_RUN = table_of(ImportRun)
_RECEIPT = table_of(RowReceipt)
_DECISION = table_of(ReviewDecision)

_OPEN = sa.and_(
    _RECEIPT.c.outcome == "needs_review",
    ~sa.exists().where(
        _DECISION.c.run_id == _RECEIPT.c.run_id, _DECISION.c.ordinal == _RECEIPT.c.ordinal
    ),
)


@dataclass(frozen=True, slots=True)
class OpenRow:
    """A row that waits for a decision; nothing of what stands in it."""

    run_id: UUID
    ordinal: int
    kind: str
    file_name: str
    sheet: str | None
    row_number: int
    cause: str
    commune_code: str | None
    person_id: UUID | None
    started_at: datetime


def open_causes(db: Db, communes: Collection[str] | None) -> dict[str, int]:
    """Return how many rows wait for each cause, in some communes or all."""
    query = (
        sa.select(_RECEIPT.c.cause, sa.func.count())
        .where(_OPEN, *_within(communes))
        .group_by(_RECEIPT.c.cause)
        .order_by(_RECEIPT.c.cause)
    )
    return {row[0]: row[1] for row in db.execute(query)}


def open_rows(
    db: Db,
    communes: Collection[str] | None,
    cause: str,
    *,
    after: tuple[UUID, int] | None,
    limit: int,
) -> list[OpenRow]:
    """Return the rows that wait for a cause, the oldest first."""
    query = (
        sa.select(
            _RECEIPT.c.run_id,
            _RECEIPT.c.ordinal,
            _RUN.c.kind,
            _RUN.c.file_name,
            _RECEIPT.c.sheet,
            _RECEIPT.c.row_number,
            _RECEIPT.c.cause,
            _RECEIPT.c.commune_code,
            _RECEIPT.c.person_id,
            _RUN.c.started_at,
        )
        .join(_RUN, _RUN.c.id == _RECEIPT.c.run_id)
        .where(_OPEN, _RECEIPT.c.cause == cause, *_within(communes))
        .order_by(_RECEIPT.c.run_id, _RECEIPT.c.ordinal)
        .limit(limit)
    )
    if after is not None:
        here = sa.tuple_(_RECEIPT.c.run_id, _RECEIPT.c.ordinal)
        query = query.where(here > sa.tuple_(*_typed(after)))
    return [OpenRow(*row) for row in db.execute(query)]


def open_row(db: Db, run_id: UUID, ordinal: int) -> tuple[ReceiptOnFile, str] | None:
    """Return the receipt of a row that waits and the kind of its file; None if it does not."""
    query = (
        sa.select(_RECEIPT, _RUN.c.kind)
        .join(_RUN, _RUN.c.id == _RECEIPT.c.run_id)
        .where(_RECEIPT.c.run_id == run_id, _RECEIPT.c.ordinal == ordinal, _OPEN)
    )
    row = db.execute(query).one_or_none()
    return None if row is None else (ReceiptOnFile(*row[:-1]), row.kind)


def decide_row(db: Db, row: Mapping[str, Any]) -> bool:
    """Note what was decided of a row; False if somebody else decided before."""
    statement = (
        inserting(db, _DECISION)
        .values(dict(row))
        .on_conflict_do_nothing()
        .returning(_DECISION.c.ordinal)
    )
    return db.execute(statement).one_or_none() is not None


def _within(communes: Collection[str] | None) -> list[sa.ColumnElement[bool]]:
    return [] if communes is None else [_RECEIPT.c.commune_code.in_(communes)]


def _typed(after: tuple[UUID, int]) -> tuple[sa.BindParameter[Any], sa.BindParameter[Any]]:
    run_id, ordinal = after
    return (
        sa.bindparam(None, run_id, type_=_RECEIPT.c.run_id.type),
        sa.bindparam(None, ordinal, type_=_RECEIPT.c.ordinal.type),
    )
