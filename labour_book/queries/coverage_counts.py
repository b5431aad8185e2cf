"""Coverage counted in the database: one statement a round; no person ever leaves it.

A round counts of a day what was known at an instant, as far as facts tell: insurance, merges and
who was on file. Where somebody lives, was born or died is kept as known now; so what a round has
counted is stored, and that is what reports go by.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.domain.coverage import Counts
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.months import Month
from labour_book.domain.satisfaction import LEAST_SATISFIED
from labour_book.queries.rows import table_of
from labour_book.queries.units import in_force
from labour_book.tables import (
    CoverageCount,
    CoverageRound,
    InsuranceFact,
    Person,
    PersonMerge,
    Place,
    Satisfaction,
)

_ROUND = table_of(CoverageRound)
_COUNT = table_of(CoverageCount)
_PERSON = table_of(Person)
_MERGE = table_of(PersonMerge)
_INSURANCE = table_of(InsuranceFact)
_PLACE = table_of(Place)
_SAID = table_of(Satisfaction)

COUNTRY = "VN"
NOWHERE = ""
"""In place of a commune that is not known."""
NAMES = Counts.__slots__
_NUMBERS = tuple(_COUNT.c[name] for name in NAMES)
_MONTHS_ASKED = 3
"""Over which answers about satisfaction are counted, the last one included."""


@dataclass(frozen=True, slots=True)
class Ages:
    """Who is of working age, as bounds of birth dates in the form that people have them."""

    men_from: str
    women_from: str
    until: str


@dataclass(frozen=True, slots=True)
class Moment:
    """Of which day is counted, and out of what was known when."""

    as_of: date
    known_at: datetime
    ages: Ages


@dataclass(frozen=True, slots=True)
class RoundOnFile:
    """A round that was counted."""

    id: UUID
    as_of: date
    number: int
    known_at: datetime
    definitions: str
    sha256: str


_ROUND_ROW = tuple(_ROUND.c[name] for name in RoundOnFile.__slots__)


def add_round(db: Db, row: Mapping[str, Any]) -> None:
    """Store a round, before its counts."""
    db.execute(sa.insert(_ROUND), row)


def put_hash(db: Db, round_id: UUID, sha256: str) -> None:
    """Note what the counts of a round add up to, once."""
    unset = sa.and_(_ROUND.c.id == round_id, _ROUND.c.sha256 == "")
    db.execute(sa.update(_ROUND).where(unset).values(sha256=sha256))


def next_number(db: Db, as_of: date) -> int:
    """Return the number of the next round of a day."""
    query = sa.select(sa.func.coalesce(sa.func.max(_ROUND.c.number), 0) + 1)
    return int(db.execute(query.where(_ROUND.c.as_of == as_of)).scalar_one())


def count(db: Db, round_id: UUID, moment: Moment) -> None:
    """Count every place and keep that: communes from the facts, the rest by adding up."""
    _insert(db, _communes(round_id, moment))
    here = sa.and_(
        _PLACE.c.level == "commune",
        _PLACE.c.code == _COUNT.c.place_code,
        in_force(_PLACE, vietnam_day(moment.known_at)),  # people have the codes of then
    )
    provinces = _sums(round_id, "province", _PLACE.c.parent_code).join(_PLACE, here)
    _insert(db, provinces.where(_PLACE.c.parent_code.is_not(None)).group_by(_PLACE.c.parent_code))
    _insert(db, _sums(round_id, "country", sa.literal(COUNTRY)))


def counted_anew(db: Db, moment: Moment) -> dict[str, Counts]:
    """Return by commune what a round of the same moment would count today, in order of code."""
    counted = _by_commune(moment).subquery()
    query = sa.select(counted.c.code, *(counted.c[name] for name in NAMES))
    return {code: Counts(*numbers) for code, *numbers in db.execute(query.order_by(counted.c.code))}


def all_counts(db: Db, round_id: UUID) -> list[tuple[str, str, Counts]]:
    """Return everything a round has counted: kind and code of the place; by both."""
    query = (
        sa.select(_COUNT.c.place_kind, _COUNT.c.place_code, *_NUMBERS)
        .where(_COUNT.c.round_id == round_id)
        .order_by(_COUNT.c.place_kind, _COUNT.c.place_code)
    )
    return [(kind, code, Counts(*numbers)) for kind, code, *numbers in db.execute(query)]


def rounds(db: Db, *, until: date, known_at: datetime) -> list[RoundOnFile]:
    """Return the newest round of each day up to one, as known at an instant; newest day first."""
    newer = _ROUND.alias()
    is_newest = ~sa.exists().where(
        newer.c.as_of == _ROUND.c.as_of,
        newer.c.number > _ROUND.c.number,
        newer.c.known_at <= known_at,
    )
    query = (
        sa.select(*_ROUND_ROW)
        .where(_ROUND.c.as_of <= until, _ROUND.c.known_at <= known_at, is_newest)
        .order_by(_ROUND.c.as_of.desc(), _ROUND.c.id)
    )
    return [RoundOnFile(*row) for row in db.execute(query)]


def first_known(db: Db) -> datetime | None:
    """Return when the installation first counted anything; None if it never did."""
    query = sa.select(sa.type_coerce(sa.func.min(_ROUND.c.known_at), _ROUND.c.known_at.type))
    first: datetime | None = db.execute(query).scalar_one()
    return first


def round_by_id(db: Db, round_id: UUID) -> RoundOnFile | None:
    row = db.execute(sa.select(*_ROUND_ROW).where(_ROUND.c.id == round_id)).one_or_none()
    return None if row is None else RoundOnFile(*row)


def counts_over_time(
    db: Db, round_ids: Collection[UUID], place_kind: str, place_code: str
) -> dict[UUID, Counts]:
    """Return what some rounds counted of one place; none where it had nobody."""
    query = (
        sa.select(_COUNT.c.round_id, *_NUMBERS)
        .where(
            _COUNT.c.place_kind == place_kind,
            _COUNT.c.place_code == place_code,
            _COUNT.c.round_id.in_(set(round_ids)),
        )
        .order_by(_COUNT.c.round_id)
    )
    return {row_id: Counts(*numbers) for row_id, *numbers in db.execute(query)}


def counts_of(
    db: Db, round_id: UUID, place_kind: str, codes: Collection[str] | None
) -> dict[str, Counts]:
    """Return what one round counted of places of a kind, of some or of all, in order of code."""
    query = (
        sa.select(_COUNT.c.place_code, *_NUMBERS)
        .where(_COUNT.c.round_id == round_id, _COUNT.c.place_kind == place_kind)
        .order_by(_COUNT.c.place_code)
    )
    if codes is not None:
        query = query.where(_COUNT.c.place_code.in_(sorted(codes)))
    return {code: Counts(*numbers) for code, *numbers in db.execute(query)}


def people_counted(
    db: Db, moment: Moment, indicator: str, commune: str, *, after: UUID | None, limit: int
) -> list[UUID]:
    """Return some of the people whom an indicator counts in a commune, in order of id."""
    funds = _funds(moment)
    query = (
        sa.select(_PERSON.c.id)
        .join(funds, funds.c.person_id == _PERSON.c.id)
        .where(
            _PERSON.c.residence_commune == commune,
            _counts(moment),
            _is_of_working_age(moment.ages),
            funds.c[indicator] == 1,
        )
        .order_by(_PERSON.c.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(_PERSON.c.id > after)
    return list(db.execute(query).scalars())


def _insert(db: Db, counted: sa.Select[Any]) -> None:
    names = [column.name for column in counted.selected_columns]
    db.execute(sa.insert(_COUNT).from_select(names, counted))


def _communes(round_id: UUID, moment: Moment) -> sa.Select[Any]:
    counted = _by_commune(moment).subquery()
    return sa.select(
        *_keys(round_id, "commune", counted.c.code), *(counted.c[name] for name in NAMES)
    ).order_by(counted.c.code)


def _sums(round_id: UUID, kind: str, code: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """Return what a round counted in communes, added up."""
    return (
        sa.select(
            *_keys(round_id, kind, code),
            *(sa.func.sum(each, type_=sa.Integer).label(each.name) for each in _NUMBERS),
        )
        .select_from(_COUNT)
        .where(_COUNT.c.round_id == round_id, _COUNT.c.place_kind == "commune")
        .having(sa.func.count() > 0)
        .order_by(sa.func.min(_COUNT.c.place_code))
    )


def _keys(
    round_id: UUID, kind: str, code: sa.ColumnElement[Any]
) -> tuple[sa.ColumnElement[Any], ...]:
    return (
        sa.literal(round_id, _COUNT.c.round_id.type).label("round_id"),
        sa.literal(kind).label("place_kind"),
        code.label("place_code"),
    )


def _by_commune(moment: Moment) -> sa.Select[Any]:
    """Return the counts of each commune: people with their insurance, and answers."""
    both = sa.union_all(sa.select(_people(moment)), sa.select(_answers(moment))).subquery()
    return (
        sa.select(
            both.c.code,
            *(sa.func.sum(both.c[name], type_=sa.Integer).label(name) for name in NAMES),
        )
        .group_by(both.c.code)
        .order_by(both.c.code)
    )


def _people(moment: Moment) -> sa.CTE:
    funds = _funds(moment)
    works = _is_of_working_age(moment.ages)
    code = sa.func.coalesce(_PERSON.c.residence_commune, NOWHERE)
    arrears = sa.and_(works, funds.c.insured == 1, funds.c.paid == 0)
    return (
        sa.select(
            code.label("code"),
            sa.func.count().label("people"),
            _how_many(works).label("working_age"),
            _how_many(works, funds.c.insured == 1).label("insured"),
            _how_many(arrears).label("in_arrears"),
            _how_many(works, funds.c.voluntary == 1).label("voluntary"),
            _how_many(works, funds.c.unemployment == 1).label("unemployment"),
            sa.literal(0).label("answers"),
            sa.literal(0).label("satisfied"),
        )
        .select_from(_PERSON.outerjoin(funds, funds.c.person_id == _PERSON.c.id))
        .where(_counts(moment))
        .group_by(code)
        .cte("people_counted")
    )


def _answers(moment: Moment) -> sa.CTE:
    last = Month.of_day(moment.as_of)
    code = sa.func.coalesce(_SAID.c.commune_code, NOWHERE)
    people = {name: sa.literal(0).label(name) for name in NAMES}
    people["answers"] = sa.func.count().label("answers")
    people["satisfied"] = _how_many(_SAID.c.score >= LEAST_SATISFIED).label("satisfied")
    return (
        sa.select(code.label("code"), *people.values())
        .where(
            _SAID.c.month.between(str(last.plus(1 - _MONTHS_ASKED)), str(last)),
            _SAID.c.given_at <= moment.known_at,
        )
        .group_by(code)
        .cte("answers_counted")
    )


def _funds(moment: Moment) -> sa.CTE:
    """Return who is insured in the month of the day, and how, as known at the instant."""
    month = str(Month.of_day(moment.as_of))
    social = sa.func.max(_one_if(_INSURANCE.c.fund_si))
    voluntary = sa.func.max(_one_if(_INSURANCE.c.fund_vol))
    return (
        sa.select(
            _INSURANCE.c.person_id,
            sa.func.max(_one_if(_INSURANCE.c.fund_si | _INSURANCE.c.fund_vol)).label("insured"),
            sa.case((social == 1, 0), else_=voluntary).label("voluntary"),
            sa.func.max(_one_if(_INSURANCE.c.fund_ui)).label("unemployment"),
            sa.func.max(_one_if(_INSURANCE.c.status == "contributed")).label("paid"),
        )
        .where(
            _INSURANCE.c.recorded_at <= moment.known_at,
            sa.or_(_INSURANCE.c.voided_at.is_(None), _INSURANCE.c.voided_at > moment.known_at),
            _INSURANCE.c.status.in_(("contributed", "arrears")),
            _INSURANCE.c.first_month <= month,
            sa.or_(_INSURANCE.c.last_month.is_(None), _INSURANCE.c.last_month >= month),
        )
        .group_by(_INSURANCE.c.person_id)
        .cte("funds")
    )


def _counts(moment: Moment) -> sa.ColumnElement[bool]:
    """Return the condition that somebody on file lives, and is nobody else's second record."""
    merged = sa.exists().where(
        _MERGE.c.merged_id == _PERSON.c.id,
        _MERGE.c.state.in_(("done", "undone")),
        _MERGE.c.decided_at <= moment.known_at,
        sa.or_(_MERGE.c.undone_at.is_(None), _MERGE.c.undone_at > moment.known_at),
    )
    lived = sa.or_(
        _PERSON.c.life_status != "DECEASED",
        sa.and_(_PERSON.c.life_status_on.is_not(None), _PERSON.c.life_status_on > moment.as_of),
    )
    return sa.and_(_PERSON.c.created_at <= moment.known_at, lived, ~merged)


def _is_of_working_age(ages: Ages) -> sa.ColumnElement[bool]:
    born_from = sa.case((_PERSON.c.sex == "M", ages.men_from), else_=ages.women_from)
    return sa.and_(
        _PERSON.c.sex.in_(("M", "F")),
        _PERSON.c.birth_date >= born_from,
        _PERSON.c.birth_date <= ages.until,
    )


def _how_many(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(_one_if(sa.and_(*conditions)), type_=sa.Integer)


def _one_if(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.case((condition, 1), else_=0)
