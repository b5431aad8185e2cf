"""The queues of owners: paged by key along an index, never by scanning all cases."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.domain.correction_fields import CaseKind
from labour_book.domain.corrections import WAITING_FOR_OWNER, CaseState
from labour_book.queries.corrections import CASE_COLUMNS, StoredCase, case_of
from labour_book.queries.rows import table_of
from labour_book.tables import CorrectionCase

_CASE = table_of(CorrectionCase)
Key = tuple[date, UUID]
"""Deadline and id of the last case of a page: the next one comes after it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases of some queues; empty: all that wait for their owner."""

    queues: Sequence[str]
    states: Collection[CaseState] = WAITING_FOR_OWNER
    kinds: Collection[CaseKind] = ()
    due_before: date | None = None
    due_from: date | None = None
    claimed_by: str | None = None
    not_claimed_by: str | None = None
    """Claimed by somebody else."""
    unclaimed: bool = False
    after: Key | None = field(default=None)


def queue_query(wanted: Wanted, limit: int) -> sa.Select[Any]:
    """Return the query for some cases of queues, due first; its plan is kept by a bench."""
    query = (
        sa.select(*CASE_COLUMNS)
        .where(
            _in_queue(wanted.queues),
            _CASE.c.state.in_(sorted(str(each) for each in wanted.states)),
        )
        .order_by(_CASE.c.due_on, _CASE.c.id)
        .limit(limit)
    )
    if wanted.kinds:
        query = query.where(_CASE.c.kind.in_(sorted(str(each) for each in wanted.kinds)))
    if wanted.due_before is not None:
        query = query.where(_CASE.c.due_on < wanted.due_before)
    if wanted.due_from is not None:
        query = query.where(_CASE.c.due_on >= wanted.due_from)
    if wanted.after is not None:
        query = query.where(
            _CASE.c.due_on >= wanted.after[0],  # the row comparison alone is no range to SQLite
            sa.tuple_(_CASE.c.due_on, _CASE.c.id) > sa.tuple_(*_key(wanted.after)),
        )
    return _by_claim(query, wanted)


def queued(db: Db, wanted: Wanted, *, limit: int) -> list[StoredCase]:
    """Return some cases of queues, due first."""
    return [case_of(row) for row in db.execute(queue_query(wanted, limit))]


def next_free(db: Db, queue: str, *, limit: int) -> list[StoredCase]:
    """Return the cases that are due first and that nobody has, passing over those being taken.

    PostgreSQL locks them, so that several who ask at once get different ones.
    """
    query = queue_query(Wanted([queue], unclaimed=True), limit).with_for_update(skip_locked=True)
    return [case_of(row) for row in db.execute(query)]


def overdue_cases(
    db: Db, today: date, states: Collection[CaseState], *, limit: int
) -> list[StoredCase]:
    """Return cases in some states whose deadline is over, the oldest deadline first."""
    query = (
        sa.select(*CASE_COLUMNS)
        .where(_CASE.c.due_on < today, _CASE.c.state.in_(sorted(str(each) for each in states)))
        .order_by(_CASE.c.due_on, _CASE.c.id)
        .limit(limit)
    )
    return [case_of(row) for row in db.execute(query)]


def left_submitted(db: Db, before: datetime, *, limit: int) -> list[StoredCase]:
    """Return cases that were handed in and not routed, since that was cut off."""
    query = (
        sa.select(*CASE_COLUMNS)
        .where(_CASE.c.state == "submitted", _CASE.c.state_since < before)
        .order_by(_CASE.c.state_since, _CASE.c.id)
        .limit(limit)
    )
    return [case_of(row) for row in db.execute(query)]


def _in_queue(queues: Sequence[str]) -> sa.ColumnElement[bool]:
    if len(queues) == 1:
        return _CASE.c.queue == queues[0]
    return _CASE.c.queue.in_(list(queues))


def _key(after: Key) -> tuple[sa.BindParameter[date], sa.BindParameter[UUID]]:
    due_on, case_id = after
    return (
        sa.bindparam("after_due", due_on, type_=_CASE.c.due_on.type),
        sa.bindparam("after_id", case_id, type_=_CASE.c.id.type),
    )


def _by_claim(query: sa.Select[Any], wanted: Wanted) -> sa.Select[Any]:
    if wanted.unclaimed:
        query = query.where(_CASE.c.claimed_by.is_(None))
    if wanted.claimed_by is not None:
        query = query.where(_CASE.c.claimed_by == wanted.claimed_by)
    if wanted.not_claimed_by is not None:
        query = query.where(
            _CASE.c.claimed_by.is_not(None), _CASE.c.claimed_by != wanted.not_claimed_by
        )
    return query
