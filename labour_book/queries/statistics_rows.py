"""The few columns that statistics are counted from, people by people; never a name or a number.

Each query gives text alone, in the order that ``registers.counting`` takes it in, of some people:
of the next so many in order of id, or of everybody who lives in a commune. Whoever was merged into
another record is not among them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSON

from labour_book.database import Db
from labour_book.domain.months import Month
from labour_book.queries.headcounts import ARREARS, CONTRIBUTED
from labour_book.queries.rows import table_of
from labour_book.queries.vietnam_time import month_of
from labour_book.queries.workforce import OF_THE_EMPLOYER
from labour_book.tables import (
    Employer,
    EmploymentFact,
    InsuranceFact,
    Person,
    PersonMerge,
    ProfileFact,
    QualificationFact,
)

_PERSON = table_of(Person)
_MERGE = table_of(PersonMerge)
_EMPLOYER = table_of(Employer)
_WORK = table_of(EmploymentFact)
_INSURANCE = table_of(InsuranceFact)
_PROFILE = table_of(ProfileFact)
_QUALIFICATION = table_of(QualificationFact)

Row = Sequence[str | None]
AT_ONCE = 2_000
"""Rows that are taken from the driver at a time."""


@dataclass(frozen=True, slots=True)
class Some:
    """Some people: those after an id up to another one, or those of a commune."""

    after: UUID | None = None
    until: UUID | None = None
    commune: str | None = None


def next_people(db: Db, after: UUID | None, *, limit: int) -> Some | None:
    """Return the next people in order of id; None after the last one."""
    query = sa.select(_PERSON.c.id).order_by(_PERSON.c.id)
    if after is not None:
        query = query.where(_PERSON.c.id > after)
    until = db.execute(query.offset(limit - 1).limit(1)).scalar_one_or_none()
    if until is None:
        until = db.execute(query.order_by(None).order_by(_PERSON.c.id.desc()).limit(1)).scalar()
    return None if until is None else Some(after, until)


def firms(db: Db) -> Iterator[Row]:
    """Return where each employer is, in which zone, and its industry."""
    columns = [_EMPLOYER.c[each] for each in ("code", "commune_code", "zone", "zone_kind")]
    query = sa.select(*columns, _EMPLOYER.c.vsic_code).order_by(_EMPLOYER.c.code)
    return (tuple(row) for row in db.execute(query))


def rows(db: Db, name: str, some: Some, first: Month, last: Month) -> Iterator[Row]:
    """Return the rows of one kind about some people that matter from month to month.

    They are text as the driver has it, and are taken from it by the thousand: nothing is done to
    any of them on the way.
    """
    cursor = db.execute(_QUERIES[name](db, some, first, last)).cursor  # type: ignore[attr-defined]  # a SELECT gives a CursorResult
    portions: Iterator[list[Row]] = iter(partial(cursor.fetchmany, AT_ONCE), [])
    return chain.from_iterable(portions)


def _people(_db: Db, some: Some, _first: Month, _last: Month) -> sa.Select[Any]:
    died = sa.func.coalesce(sa.func.substr(_text(_PERSON.c.life_status_on), 1, 7), "0000-00")
    merged = sa.exists().where(_MERGE.c.merged_id == _PERSON.c.id, _MERGE.c.state == "done")
    return (
        sa.select(
            _text(_PERSON.c.id),
            _PERSON.c.residence_commune,
            _text(_PERSON.c.birth_year),
            _PERSON.c.sex,
            sa.case((_PERSON.c.life_status == "DECEASED", died)),
        )
        .where(*_among(_PERSON.c.id, some), ~merged)
        .order_by(_PERSON.c.id)
    )


def _insured(db: Db, some: Some, first: Month, last: Month) -> sa.Select[Any]:
    """Return ranges of compulsory insurance; what the register owes itself is no month of work."""
    facts = _INSURANCE.c
    return (
        sa.select(
            _text(facts.person_id),
            facts.employer_code,
            facts.first_month,
            facts.last_month,
            month_of(db, facts.stated_at),
            _text(facts.wage_base_vnd),
        )
        .where(
            *_among(facts.person_id, some),
            facts.voided_at.is_(None),
            facts.status.in_((CONTRIBUTED, ARREARS)),
            ~facts.fund_vol,
            facts.first_month <= str(last),
            sa.or_(facts.last_month.is_(None), facts.last_month >= str(first)),
        )
        .order_by(facts.person_id)
    )


def _contracts(_db: Db, some: Some, first: Month, last: Month) -> sa.Select[Any]:
    """Return contracts as employers reported them."""
    facts = _WORK.c
    return (
        sa.select(
            _text(facts.person_id),
            facts.employer_code,
            facts.first_day,
            facts.last_day,
            facts.occupation_code,
            facts.workplace_commune,
        )
        .where(
            *_among(facts.person_id, some),
            facts.voided_at.is_(None),
            facts.source.in_([each.value for each in OF_THE_EMPLOYER]),
            sa.or_(facts.running, facts.last_day.is_not(None)),
            sa.func.substr(facts.first_day, 1, 7) <= str(last),
            sa.or_(facts.last_day.is_(None), facts.last_day >= str(first)),
        )
        .order_by(facts.person_id)
    )


def _forms(db: Db, some: Some, _first: Month, last: Month) -> sa.Select[Any]:
    facts = _PROFILE.c
    stated = month_of(db, facts.stated_at)
    said = (_said(db, "economic_activity"), _said(db, "technical_qualification"))
    columns: list[sa.ColumnElement[Any]] = [_text(facts.person_id), stated, *said]
    return (
        sa.select(*columns)
        .where(
            *_among(facts.person_id, some),
            facts.voided_at.is_(None),
            facts.kind == "form03",
            stated <= str(last),
        )
        .order_by(facts.person_id)
    )


def _diplomas(_db: Db, some: Some, _first: Month, last: Month) -> sa.Select[Any]:
    facts = _QUALIFICATION.c
    return (
        sa.select(_text(facts.person_id), facts.issued_on, facts.level)
        .where(
            *_among(facts.person_id, some),
            facts.voided_at.is_(None),
            facts.issued_on <= str(last.plus(1)),
        )
        .order_by(facts.person_id)
    )


_QUERIES = {
    "person": _people,
    "insured": _insured,
    "contract": _contracts,
    "form": _forms,
    "diploma": _diplomas,
}


def _among(person: sa.Column[Any], some: Some) -> list[sa.ColumnElement[bool]]:
    if some.commune is not None:
        lives = (
            sa.select(_PERSON.c.id)
            .where(_PERSON.c.residence_commune == some.commune)
            .order_by(_PERSON.c.id)
        )
        return [person.in_(lives)]
    bounds = [person <= some.until]
    return bounds if some.after is None else [*bounds, person > some.after]


def _text(column: sa.Column[Any]) -> sa.ColumnElement[str]:
    return sa.cast(column, sa.String)


def _said(db: Db, field: str) -> sa.ColumnElement[str]:
    """Return what a form says of a field."""
    if db.connection().dialect.name == "postgresql":
        said: sa.ColumnElement[str] = sa.cast(_PROFILE.c.body, JSON)[field].astext
        return said
    return sa.func.json_extract(_PROFILE.c.body, f"$.{field}", type_=sa.String)
