"""The four numbers, counted in the database and kept by day; no person ever leaves it.

Everything is one statement for each kind of scope: who belongs to it, joined with the marks, the
match states and the open findings. The median is the mean of the middle days.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from json import loads
from typing import Any

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.rows import table_of
from labour_book.queries.units import in_force
from labour_book.queries.vietnam_time import day_number, day_of
from labour_book.queries.workforce import OF_THE_EMPLOYER
from labour_book.tables import (
    CheckFinding,
    Employer,
    EmploymentFact,
    InsuranceFact,
    Person,
    Place,
    ProfileFact,
    QualificationFact,
    QualityMark,
    QualitySnapshot,
)

_PERSON = table_of(Person)
_MARK = table_of(QualityMark)
_FINDING = table_of(CheckFinding)
_SNAPSHOT = table_of(QualitySnapshot)
_PLACE = table_of(Place)
_EMPLOYER = table_of(Employer)
_WORK = table_of(EmploymentFact)
_INSURANCE = table_of(InsuranceFact)
_FACTS = tuple(
    table_of(each) for each in (EmploymentFact, InsuranceFact, QualificationFact, ProfileFact)
)
_YEAR = timedelta(days=365)
ROOT = 10
"""Characters of an enterprise's code without its branch."""
COUNTRY = "VN"


@dataclass(frozen=True, slots=True)
class Numbers:
    """The four numbers of a place, an employer or a register on a day, as counts."""

    scope_kind: str
    scope_code: str
    day: date
    people: int
    matched: int
    complete: int
    clean: int
    dated: int
    within_year: int
    median_age_days: float | None
    required: int
    missing: int
    fields: Mapping[str, int]
    """People who lack a field, by field."""
    measured_at: datetime


_COLUMNS = tuple(_SNAPSHOT.c[name] for name in Numbers.__slots__)
_FIELDS = Numbers.__slots__.index("fields")


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured by: the day, the rules that make a record unclean, the fields to count."""

    day: date
    unclean: Sequence[str]
    fields: Sequence[str]
    fewest: int
    """People below which an employer's numbers are not kept: they would tell of one person."""
    at: datetime


def measure(db: Db, kind: str, by: Measure) -> None:
    """Count one kind of scope and keep that as its numbers of the day, in place of earlier ones."""
    db.execute(
        sa.delete(_SNAPSHOT).where(_SNAPSHOT.c.scope_kind == kind, _SNAPSHOT.c.day == by.day)
    )
    counted = _counted(db, kind, by)
    names = [column.name for column in counted.selected_columns]
    db.execute(sa.insert(_SNAPSHOT).from_select(names, counted))


def _counted(db: Db, kind: str, by: Measure) -> sa.Select[Any]:
    """Return the statement that counts; it is inserted, so that its rows need no order."""
    members = _members(db, kind, by.day).cte("members")
    sums = _sums(members, kind, by).subquery("sums")
    middle = _middle(members)
    fields = [sums.c[each] for each in by.fields]
    today = day_number(sa.literal(by.day, sa.Date))
    return (
        sa.select(
            sa.literal(kind).label("scope_kind"),
            sums.c.code.label("scope_code"),
            sa.literal(by.day, sa.Date).label("day"),
            *(sums.c[name] for name in _COUNTS),
            (today - middle.c.middle).label("median_age_days"),
            sum(fields[1:], fields[0]).label("missing"),
            _as_json(dict(zip(by.fields, fields, strict=True))).label("fields"),
            sa.literal(by.at, _SNAPSHOT.c.measured_at.type).label("measured_at"),
        )
        .outerjoin(middle, middle.c.code == sums.c.code)
        .order_by(sums.c.code)
    )


_COUNTS = ("people", "matched", "complete", "clean", "dated", "within_year", "required")


def _sums(members: sa.CTE, kind: str, by: Measure) -> sa.Select[Any]:
    """Return the people of each scope, summed."""
    lacks = {each: _MARK.c.missing.contains(f" {each} ", autoescape=True) for each in by.fields}
    query = (
        sa.select(
            members.c.code,
            sa.func.count().label("people"),
            _count(_PERSON.c.match_state == "MATCHED").label("matched"),
            _count(_MARK.c.missing == " ").label("complete"),
            _count(~_is_dirty(by.unclean)).label("clean"),
            sa.func.count(members.c.confirmed_on).label("dated"),
            _count(members.c.confirmed_on >= by.day - _YEAR).label("within_year"),
            sa.func.sum(_MARK.c.required).label("required"),
            *(_count(lack).label(name) for name, lack in lacks.items()),
        )
        .select_from(members)
        .join(_MARK, _MARK.c.person_id == members.c.person_id)
        .join(_PERSON, _PERSON.c.id == members.c.person_id)
        .group_by(members.c.code)
        .order_by(members.c.code)
    )
    return query.having(sa.func.count() >= by.fewest) if kind == "employer" else query


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0), type_=sa.Integer)


def _is_dirty(unclean: Sequence[str]) -> sa.ColumnElement[bool]:
    """Return the condition that a person has an open finding that nobody called right as it is."""
    return sa.exists().where(
        _FINDING.c.person_id == _MARK.c.person_id,
        _FINDING.c.cleared_at.is_(None),
        _FINDING.c.state != "ignored",
        _FINDING.c.rule.in_(sorted(unclean)),
    )


def _as_json(counts: Mapping[str, sa.ColumnElement[int]]) -> sa.ColumnElement[str]:
    text: sa.ColumnElement[str] = sa.literal("{")
    for number, (name, count) in enumerate(counts.items()):
        comma = ", " if number else ""
        text = text + sa.literal(f'{comma}"{name}": ') + sa.cast(count, sa.String)
    return text + sa.literal("}")


def _middle(members: sa.CTE) -> sa.Subquery:
    """Return the middle day of confirmation of each scope, as a number of days."""
    numbered = (
        sa.select(
            members.c.code,
            members.c.confirmed_on,
            sa.func.row_number()
            .over(partition_by=members.c.code, order_by=members.c.confirmed_on)
            .label("place"),
            sa.func.count().over(partition_by=members.c.code).label("of"),
        )
        .join(_MARK, _MARK.c.person_id == members.c.person_id)
        .where(members.c.confirmed_on.is_not(None))
        .subquery()
    )
    halves = ((numbered.c.of + 1) // 2, (numbered.c.of + 2) // 2)
    return (
        sa.select(numbered.c.code, sa.func.avg(day_number(numbered.c.confirmed_on)).label("middle"))
        .where(sa.or_(*(numbered.c.place == half for half in halves)))
        .group_by(numbered.c.code)
        .order_by(numbered.c.code)
        .subquery()
    )


def _members(db: Db, kind: str, day: date) -> sa.Select[Any] | sa.CompoundSelect[Any]:
    """Return who belongs to the scopes of a kind: code, person, and when last confirmed."""
    person, confirmed = _MARK.c.person_id, _MARK.c.confirmed_on
    if kind == "employer":
        return _by_employer(day)
    if kind == "register":
        return _by_register(db)
    if kind == "country":
        return sa.select(sa.literal(COUNTRY).label("code"), person, confirmed).order_by(person)
    home = sa.select(
        (_PERSON.c.residence_commune if kind == "commune" else _PLACE.c.parent_code).label("code"),
        person,
        confirmed,
    ).join(_PERSON, _PERSON.c.id == person)
    if kind == "commune":
        return home.where(_PERSON.c.residence_commune.is_not(None)).order_by(person)
    here = sa.and_(
        _PLACE.c.level == "commune",
        _PLACE.c.code == _PERSON.c.residence_commune,
        in_force(_PLACE, day),
    )
    return home.join(_PLACE, here).order_by(person)


def _by_employer(day: date) -> sa.Select[Any]:
    """Return who works for whom now, as contracts, filings and open insurance ranges say."""
    ended = sa.and_(_WORK.c.last_day.is_not(None), _WORK.c.last_day < day.isoformat())
    working = sa.union(
        sa.select(_WORK.c.employer_id, _WORK.c.person_id).where(
            _WORK.c.running,
            ~ended,
            _WORK.c.voided_at.is_(None),
            _WORK.c.source.in_([each.value for each in OF_THE_EMPLOYER]),
        ),
        sa.select(_INSURANCE.c.employer_id, _INSURANCE.c.person_id).where(
            _INSURANCE.c.last_month.is_(None), _INSURANCE.c.voided_at.is_(None)
        ),
    ).subquery()
    root = sa.func.substr(_EMPLOYER.c.code, 1, ROOT, type_=sa.String)
    return (
        sa.select(root.label("code"), working.c.person_id, _MARK.c.confirmed_on)
        .join(_EMPLOYER, _EMPLOYER.c.id == working.c.employer_id)
        .join(_MARK, _MARK.c.person_id == working.c.person_id)
        .distinct()
        .order_by(root, working.c.person_id)
    )


def _by_register(db: Db) -> sa.Select[Any]:
    """Return of whom each source has a live statement, and when it last made one."""
    parts = [
        sa.select(
            table.c.source, table.c.person_id, sa.func.max(table.c.stated_at).label("stated_at")
        )
        .where(table.c.voided_at.is_(None))
        .group_by(table.c.source, table.c.person_id)
        for table in _FACTS
    ]
    every = sa.union_all(*parts).subquery()
    return (
        sa.select(
            every.c.source.label("code"),
            every.c.person_id,
            day_of(db, sa.func.max(every.c.stated_at)).label("confirmed_on"),
        )
        .group_by(every.c.source, every.c.person_id)
        .order_by(every.c.source, every.c.person_id)
    )


def latest(db: Db, kind: str, codes: Collection[str] | None = None) -> list[Numbers]:
    """Return the newest numbers of scopes of a kind: of some codes, or of all on the newest day."""
    newest = sa.select(sa.func.max(_SNAPSHOT.c.day)).where(_SNAPSHOT.c.scope_kind == kind)
    query = (
        sa.select(*_COLUMNS)
        .where(_SNAPSHOT.c.scope_kind == kind, _SNAPSHOT.c.day == newest.scalar_subquery())
        .order_by(_SNAPSHOT.c.scope_code)
    )
    if codes is not None:
        query = query.where(_SNAPSHOT.c.scope_code.in_(sorted(codes)))
    return [_numbers(row) for row in db.execute(query)]


def history(db: Db, kind: str, code: str, *, since: date) -> list[Numbers]:
    """Return the numbers of one scope from a day on, oldest first."""
    query = (
        sa.select(*_COLUMNS)
        .where(
            _SNAPSHOT.c.scope_kind == kind,
            _SNAPSHOT.c.scope_code == code,
            _SNAPSHOT.c.day >= since,
        )
        .order_by(_SNAPSHOT.c.day)
    )
    return [_numbers(row) for row in db.execute(query)]


def forget_days(db: Db, before: date) -> None:
    """Remove the numbers of days before one, but for the first of each month and the country's."""
    day = _SNAPSHOT.c.day
    db.execute(
        sa.delete(_SNAPSHOT).where(
            day < before, sa.extract("day", day) != 1, _SNAPSHOT.c.scope_kind != "country"
        )
    )


def _numbers(row: sa.Row[Any]) -> Numbers:
    values = list(row)
    values[_FIELDS] = loads(values[_FIELDS])
    return Numbers(*values)
