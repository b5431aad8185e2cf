"""How queues stand and how cases were decided, in numbers; never about a single person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.domain.corrections import WAITING_FOR_OWNER, Outcome
from labour_book.queries.corrections import CASE_COLUMNS, StoredCase, case_of
from labour_book.queries.portions import among
from labour_book.queries.rows import table_of
from labour_book.tables import CorrectionCase, CorrectionDecision

_CASE = table_of(CorrectionCase)
_DECISION = table_of(CorrectionDecision)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Cases of one queue that are due on one day."""

    owner_kind: str
    owner_code: str
    due_on: date | None
    cases: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Decided:
    """Decisions with one outcome."""

    outcome: Outcome
    decisions: int
    automatic: int
    in_time: int
    appealed: int
    """On appeal."""
    changed: int
    """Of the decisions on appeal, those that took an earlier one back or went beyond it."""
    escalated: int
    rated: int
    rating_sum: int


def waiting(db: Db, queues: Sequence[str]) -> list[Waiting]:
    """Return how many cases wait in each of the queues, by the day they are due."""
    query = (
        sa.select(
            _CASE.c.owner_kind,
            _CASE.c.owner_code,
            _CASE.c.due_on,
            sa.func.count(),
            sa.type_coerce(sa.func.min(_CASE.c.submitted_at), _CASE.c.submitted_at.type),
        )
        .where(
            among(db, _CASE.c.queue, list(queues)),
            _CASE.c.state.in_(sorted(str(each) for each in WAITING_FOR_OWNER)),
        )
        .group_by(_CASE.c.owner_kind, _CASE.c.owner_code, _CASE.c.due_on)
        .order_by(_CASE.c.owner_kind, _CASE.c.owner_code, _CASE.c.due_on)
    )
    return [Waiting(*row) for row in db.execute(query)]


def decided(db: Db, units: Sequence[str], since: datetime, until: datetime) -> list[Decided]:
    """Return how some units decided in a span of time, by outcome."""
    earlier = _DECISION.alias()
    was_changed = sa.exists().where(
        earlier.c.case_id == _DECISION.c.case_id,
        earlier.c.ordinal < _DECISION.c.ordinal,
        earlier.c.outcome != _DECISION.c.outcome,
    )
    query = (
        sa.select(
            _DECISION.c.outcome,
            sa.func.count(),
            _count(_DECISION.c.automatic),
            _count(_DECISION.c.in_time),
            _count(_DECISION.c.appeal),
            _count(sa.and_(_DECISION.c.appeal, was_changed)),
            _count(_CASE.c.escalations > 0),
            sa.func.count(_CASE.c.rating),
            sa.func.coalesce(sa.func.sum(_CASE.c.rating), 0),
        )
        .join(_CASE, _CASE.c.id == _DECISION.c.case_id)
        .where(
            among(db, _DECISION.c.unit_code, list(units)),
            _DECISION.c.at >= since,
            _DECISION.c.at < until,
        )
        .group_by(_DECISION.c.outcome)
        .order_by(_DECISION.c.outcome)
    )
    return [Decided(Outcome(outcome), *rest) for outcome, *rest in db.execute(query)]


def sampled(db: Db, units: Sequence[str], *, limit: int) -> list[StoredCase]:
    """Return cases whose automatic decision was drawn for review, those not looked at first."""
    query = (
        sa.select(*CASE_COLUMNS)
        .where(_CASE.c.sampled_at.is_not(None), among(db, _CASE.c.owner_code, list(units)))
        .order_by(_CASE.c.reviewed_at.is_not(None), _CASE.c.sampled_at, _CASE.c.id)
        .limit(limit)
    )
    return [case_of(row) for row in db.execute(query)]


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
