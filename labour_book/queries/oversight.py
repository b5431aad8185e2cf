"""What supervisors and auditors look at: decisions counted by unit, and the trace with filters."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.rows import table_of
from labour_book.queries.trace import TraceRow
from labour_book.tables import Account, CorrectionCase, CorrectionDecision, Trace, Unit

_ACCOUNT = table_of(Account)
_CASE = table_of(CorrectionCase)
_DECISION = table_of(CorrectionDecision)
_TRACE = table_of(Trace)
_UNIT = table_of(Unit)


@dataclass(frozen=True, slots=True)
class UnitNumbers:
    """How a unit decided corrections in a span of time; never about a single official."""

    code: str
    """Empty for what was decided without a unit: registers confirmed it."""
    name: str
    decided: int
    approved: int
    partly: int
    refused: int
    in_time: int
    on_appeal: int
    reversed: int
    """Decisions of the span that were taken back since."""
    stars: int
    """Sum of the ratings of 1 to 5, by ``rated`` people."""
    rated: int


@dataclass(frozen=True, slots=True)
class TraceFilter:
    """Which rows of the trace; empty fields ask for all."""

    first: datetime
    """From this instant on."""
    end: datetime
    """Up to this instant, without it."""
    person_id: UUID | None = None
    actor: str = ""
    action: str = ""
    outcome: str = ""
    actors: frozenset[str] | None = field(default=None, repr=False)
    """Accounts whose deeds may be seen; None for everybody's."""


def numbers_by_unit(
    db: Db, units: Collection[str], first: datetime, end: datetime
) -> list[UnitNumbers]:
    """Return how these units decided from one instant to another, by unit; idle ones are left out.

    A decision that takes an earlier one back counts with the earlier one, as reversed.
    """
    decision = _DECISION.c

    def count_of(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)

    rows = db.execute(
        sa.select(
            decision.unit_code,
            sa.func.max(_UNIT.c.name),
            sa.func.count(),
            count_of(decision.outcome == "approved"),
            count_of(decision.outcome == "partly"),
            count_of(decision.outcome == "refused"),
            count_of(decision.in_time),
            count_of(decision.appeal),
            count_of(decision.reversed_by.is_not(None)),
            sa.func.coalesce(sa.func.sum(_CASE.c.rating), 0),
            sa.func.count(_CASE.c.rating),
        )
        .join(_CASE, _CASE.c.id == decision.case_id)
        .outerjoin(_UNIT, _UNIT.c.code == decision.unit_code)
        .where(
            decision.unit_code.in_(sorted(units)),
            decision.at >= first,
            decision.at < end,
            decision.outcome != "reversed",
        )
        .group_by(decision.unit_code)
        .order_by(decision.unit_code)
    )
    return [UnitNumbers(row[0] or "", row[1] or row[0] or "", *row[2:]) for row in rows]


def accounts_of(db: Db, units: Collection[str]) -> frozenset[str]:
    """Return the accounts of units, also closed ones, as the trace names them."""
    query = (
        sa.select(_ACCOUNT.c.id)
        .where(_ACCOUNT.c.unit_code.in_(sorted(units)))
        .order_by(_ACCOUNT.c.id)
    )
    return frozenset(str(each) for each in db.execute(query).scalars())


def traced(db: Db, wanted: TraceFilter, *, before: int | None, limit: int) -> list[TraceRow]:
    """Return rows of the trace, newest first: those before a number, if one is said."""
    first, end = numbered_since(db, wanted.first), numbered_since(db, wanted.end)
    query = (
        sa.select(_TRACE)
        .where(_TRACE.c.seq >= first, _TRACE.c.seq < (end if before is None else min(end, before)))
        .order_by(_TRACE.c.seq.desc())
        .limit(limit)
    )
    return [TraceRow(*row) for row in db.execute(_narrowed(query, wanted))]


def _narrowed(query: sa.Select[Any], wanted: TraceFilter) -> sa.Select[Any]:
    trace = _TRACE.c
    if wanted.person_id is not None:
        query = query.where(trace.person_id == wanted.person_id)
    for column, value in (
        (trace.actor, wanted.actor),
        (trace.action, wanted.action),
        (trace.outcome, wanted.outcome),
    ):
        if value:
            query = query.where(column == value)
    if wanted.actors is not None:
        query = query.where(trace.actor.in_(sorted(wanted.actors)))
    return query


def numbered_since(db: Db, at: datetime) -> int:
    """Return the number of the first row from an instant on; that of the next one if there is none.

    Rows are numbered in the order of time, so that halving finds it without an index on time.
    """
    last = db.execute(sa.select(sa.func.max(_TRACE.c.seq))).scalar_one() or 0
    low, high = 1, last + 1
    time_of = sa.select(_TRACE.c.at).where(_TRACE.c.seq == sa.bindparam("seq"))
    while low < high:
        middle = (low + high) // 2
        if db.execute(time_of, {"seq": middle}).scalar_one() < at:
            low = middle + 1
        else:
            high = middle
    return int(low)
