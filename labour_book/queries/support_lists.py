"""Who in some communes has no insurance, has lost work, or has support proposed; page by page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.domain.evidence import STALE_AFTER_MONTHS
from labour_book.domain.months import Month
from labour_book.queries.portions import among
from labour_book.queries.rows import table_of
from labour_book.queries.vietnam_time import month_of
from labour_book.tables import InsuranceFact, JobLoss, Person, SupportProposal

_PERSON = table_of(Person)
_INSURANCE = table_of(InsuranceFact)
_LOSS = table_of(JobLoss)
_PROPOSAL = table_of(SupportProposal)
_OLDEST, _YOUNGEST = 62, 15
"""Ages in which somebody would be insured: from working age to the normal retirement age."""


@dataclass(frozen=True, slots=True)
class Uninsured:
    """Somebody of working age without insurance now."""

    person_id: UUID
    full_name: str
    birth_year: int | None
    commune_code: str | None
    last_month: str | None
    """Insured until then; None: never, as far as the register says."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Somebody's loss of work, and how many proposals wait."""

    id: UUID
    person_id: UUID
    full_name: str
    birth_year: int | None
    commune_code: str | None
    employer_name: str
    month: str
    signals: str
    state: str
    waiting: int


@dataclass(frozen=True, slots=True)
class Offered:
    """Support that was proposed to somebody."""

    id: UUID
    person_id: UUID
    full_name: str
    birth_year: int | None
    commune_code: str | None
    policy: str
    state: str
    overlap: str
    due_on: date | None


def uninsured(
    db: Db,
    communes: Collection[str] | None,
    reported: Month,
    on: date,
    *,
    after: UUID | None,
    limit: int,
) -> list[Uninsured]:
    """Return a page of those of working age whom no insurance covers now, in order of id."""
    query = (
        sa.select(
            *(_PERSON.c.id, _PERSON.c.full_name, _PERSON.c.birth_year, _PERSON.c.residence_commune)
        )
        .where(
            _PERSON.c.life_status == "ALIVE",
            _PERSON.c.birth_year.between(on.year - _OLDEST, on.year - _YOUNGEST - 1),
            *_in(db, _PERSON.c.residence_commune, communes),
            ~_is_covered(db, reported),
        )
        .order_by(_PERSON.c.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(_PERSON.c.id > after)
    rows = db.execute(query).all()
    last = _last_months(db, [row.id for row in rows])
    return [
        Uninsured(row.id, row.full_name, row.birth_year, row.residence_commune, last.get(row.id))
        for row in rows
    ]


def lost(
    db: Db,
    communes: Collection[str] | None,
    *,
    state: str,
    after: UUID | None,
    limit: int,
) -> list[Lost]:
    """Return a page of losses of work in a state, the newest first by when they were found."""
    waiting = (
        sa.select(sa.func.count())
        .where(_PROPOSAL.c.job_loss_id == _LOSS.c.id, _PROPOSAL.c.state.in_(["proposed", "seen"]))
        .scalar_subquery()
    )
    query = (
        sa.select(
            *(_LOSS.c.id, _LOSS.c.person_id, _PERSON.c.full_name, _PERSON.c.birth_year),
            *(_LOSS.c.commune_code, _LOSS.c.employer_name, _LOSS.c.month, _LOSS.c.signals),
            *(_LOSS.c.state, waiting.label("waiting")),
        )
        .join(_PERSON, _PERSON.c.id == _LOSS.c.person_id)
        .where(_LOSS.c.state == state, *_in(db, _LOSS.c.commune_code, communes))
        .order_by(_LOSS.c.month.desc(), _LOSS.c.id)
        .limit(limit)
    )
    if after is not None:
        month = sa.select(_LOSS.c.month).where(_LOSS.c.id == after).scalar_subquery()
        same = sa.and_(_LOSS.c.month == month, _LOSS.c.id > after)
        query = query.where(sa.or_(_LOSS.c.month < month, same))
    return [Lost(*row) for row in db.execute(query)]


def offered(
    db: Db,
    communes: Collection[str] | None,
    *,
    state: str,
    policy: str,
    after: UUID | None,
    limit: int,
) -> list[Offered]:
    """Return a page of proposals in a state, of one policy or all, in order of id."""
    query = (
        sa.select(
            *(_PROPOSAL.c.id, _PROPOSAL.c.person_id, _PERSON.c.full_name, _PERSON.c.birth_year),
            *(_PROPOSAL.c.commune_code, _PROPOSAL.c.policy, _PROPOSAL.c.state),
            *(_PROPOSAL.c.overlap, _PROPOSAL.c.due_on),
        )
        .join(_PERSON, _PERSON.c.id == _PROPOSAL.c.person_id)
        .where(_PROPOSAL.c.state == state, *_in(db, _PROPOSAL.c.commune_code, communes))
        .order_by(_PROPOSAL.c.id)
        .limit(limit)
    )
    if policy:
        query = query.where(_PROPOSAL.c.policy == policy)
    if after is not None:
        query = query.where(_PROPOSAL.c.id > after)
    return [Offered(*row) for row in db.execute(query)]


def _in(
    db: Db, column: sa.Column[Any], communes: Collection[str] | None
) -> tuple[sa.ColumnElement[bool], ...]:
    return () if communes is None else (among(db, column, sorted(communes)),)


def _is_covered(db: Db, reported: Month) -> sa.ColumnElement[bool]:
    """Return the condition that a range covers the last reported month, as far as it is known."""
    lately = month_of(db, _INSURANCE.c.stated_at) >= str(reported.plus(-STALE_AFTER_MONTHS))
    runs = sa.and_(_INSURANCE.c.last_month.is_(None), lately)
    return sa.exists().where(
        _INSURANCE.c.person_id == _PERSON.c.id,
        _INSURANCE.c.voided_at.is_(None),
        _INSURANCE.c.status != "credited_duration_only",
        sa.or_(runs, _INSURANCE.c.last_month >= str(reported)),
    )


def _last_months(db: Db, people: Sequence[UUID]) -> dict[UUID, str]:
    """Return the last insured month of some people; of a range nobody closed, when it was said."""
    last = sa.func.coalesce(_INSURANCE.c.last_month, month_of(db, _INSURANCE.c.stated_at))
    query = (
        sa.select(_INSURANCE.c.person_id, sa.func.max(last))
        .where(among(db, _INSURANCE.c.person_id, people), _INSURANCE.c.voided_at.is_(None))
        .group_by(_INSURANCE.c.person_id)
        .order_by(_INSURANCE.c.person_id)
    )
    return {row[0]: row[1] for row in db.execute(query)}
