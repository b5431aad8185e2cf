"""Sums over the people of enterprises, counted in the database; branches count with their root."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.domain.employers import gone_since, name_on, status_on
from labour_book.domain.evidence import STALE_AFTER_MONTHS, vietnam_day
from labour_book.domain.firm_checks import Standing
from labour_book.domain.months import Month
from labour_book.queries.employer_records import records_of
from labour_book.queries.portions import among
from labour_book.queries.quality_snapshots import ROOT
from labour_book.queries.rows import table_of
from labour_book.queries.vietnam_time import month_of
from labour_book.queries.workforce import OF_THE_EMPLOYER
from labour_book.tables import Employer, EmploymentFact, InsuranceFact

_EMPLOYER = table_of(Employer)
_WORK = table_of(EmploymentFact)
_INSURANCE = table_of(InsuranceFact)
_CODE = sa.func.substr(_EMPLOYER.c.code, 1, ROOT, type_=sa.String)
_SETTLING_MONTHS = 2
"""A contract this young may not have been reported to the insurance yet."""


def codes_after(db: Db, after: str, *, limit: int) -> list[str]:
    """Return the next enterprises in order of code."""
    query = sa.select(_CODE).where(after < _CODE).distinct().order_by(_CODE).limit(limit)
    return list(db.execute(query).scalars())


def standings(
    db: Db, codes: Collection[str], reported: Month, *, now: datetime
) -> dict[str, Standing]:
    """Return how many people some enterprises have now, by code."""
    on = vietnam_day(now)
    ids = _ids(db, codes)
    insured = _insured_now(db, reported)
    here = among(db, _INSURANCE.c.employer_id, list(ids))
    with_insurance = _people(db, _INSURANCE, here, insured)
    in_arrears = _people(db, _INSURANCE, here, insured, _INSURANCE.c.status == "arrears")
    theirs = among(db, _WORK.c.employer_id, list(ids))
    with_contract = _people(db, _WORK, theirs, _working(on))
    uninsured = _people(db, _WORK, theirs, _working(on), *_overdue(db, reported))
    registered = _registered(db, ids)
    legal = {each.code: each.statuses for each in records_of(db, list(ids), now).values()}
    return {
        code: Standing(
            code,
            *registered[code],
            status_on(legal.get(code, ()), on),
            gone_since(legal.get(code, ()), on),
            with_insurance.get(code, 0),
            in_arrears.get(code, 0),
            with_contract.get(code, 0),
            uninsured.get(code, 0),
        )
        for code in sorted(codes)
    }


def flows(
    db: Db, codes: Collection[str], reported: Month
) -> dict[str, tuple[dict[int, int], dict[int, int]]]:
    """Return by code how many insured ranges begin, and end, with each month.

    An open range that was not restated for months ends with the last month it was known of.
    """
    here = among(db, _INSURANCE.c.employer_id, list(_ids(db, codes)))
    stated = month_of(db, _INSURANCE.c.stated_at)
    is_open = _INSURANCE.c.last_month.is_(None)
    silent = sa.and_(is_open, stated < _oldest_word(reported))
    found: dict[str, tuple[dict[int, int], dict[int, int]]] = {
        code: (defaultdict(int), defaultdict(int)) for code in codes
    }
    for side, month, condition, later in (
        (0, _INSURANCE.c.first_month, sa.true(), 0),
        (1, _INSURANCE.c.last_month, ~is_open, 0),
        (1, stated, silent, -1),
    ):
        query = (
            sa.select(_CODE, month, sa.func.count())
            .join(_EMPLOYER, _EMPLOYER.c.id == _INSURANCE.c.employer_id)
            .where(here, _is_insurance(), condition)
            .group_by(_CODE, month)
            .order_by(_CODE, month)
        )
        for code, text, count in db.execute(query):
            found[code][side][Month.parse(text).ordinal + later] += count
    return found


def _ids(db: Db, codes: Collection[str]) -> dict[UUID, str]:
    query = (
        sa.select(_EMPLOYER.c.id, _CODE).where(_CODE.in_(sorted(codes))).order_by(_EMPLOYER.c.id)
    )
    return {row[0]: row[1] for row in db.execute(query)}


def _people(db: Db, table: sa.Table, *conditions: sa.ColumnElement[bool]) -> dict[str, int]:
    """Count the people with facts that fit, each once for an enterprise."""
    query = (
        sa.select(_CODE, sa.func.count(sa.distinct(table.c.person_id)))
        .join(_EMPLOYER, _EMPLOYER.c.id == table.c.employer_id)
        .where(*conditions)
        .group_by(_CODE)
        .order_by(_CODE)
    )
    return {row[0]: row[1] for row in db.execute(query)}


def _is_insurance() -> sa.ColumnElement[bool]:
    return sa.and_(
        _INSURANCE.c.voided_at.is_(None),
        _INSURANCE.c.status.in_(["contributed", "arrears"]),
        ~_INSURANCE.c.fund_vol,
    )


def _insured_now(db: Db, reported: Month) -> sa.ColumnElement[bool]:
    """Return the condition that a range covers the last reported month, as far as it is known."""
    lately = month_of(db, _INSURANCE.c.stated_at) >= _oldest_word(reported)
    runs = sa.and_(_INSURANCE.c.last_month.is_(None), lately)
    return sa.and_(_is_insurance(), sa.or_(runs, _INSURANCE.c.last_month >= str(reported)))


def _oldest_word(reported: Month) -> str:
    """Return the month before which an open range's last word is too old to say that it runs."""
    return str(reported.plus(-STALE_AFTER_MONTHS))


def _working(on: date) -> sa.ColumnElement[bool]:
    return sa.and_(
        _WORK.c.running,
        _WORK.c.voided_at.is_(None),
        _WORK.c.source.in_([each.value for each in OF_THE_EMPLOYER]),
        sa.or_(_WORK.c.last_day.is_(None), _WORK.c.last_day >= on.isoformat()),
    )


def _overdue(db: Db, reported: Month) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions that somebody with a contract should be insured there, and is not."""
    branch = _EMPLOYER.alias()
    insured = (
        sa.exists()
        .where(
            _INSURANCE.c.person_id == _WORK.c.person_id,
            _INSURANCE.c.employer_id == branch.c.id,
            sa.func.substr(branch.c.code, 1, ROOT) == _CODE,
            _insured_now(db, reported),
        )
        .correlate(_WORK, _EMPLOYER)
    )
    begun = sa.func.substr(_WORK.c.first_day, 1, 7) <= str(reported.plus(-_SETTLING_MONTHS))
    return ~_WORK.c.suspended, begun, ~insured


def _registered(db: Db, ids: Mapping[UUID, str]) -> dict[str, tuple[str | None, int | None]]:
    """Return where each enterprise is and how many workers it expected, itself before a branch."""
    query = (
        sa.select(_CODE, _EMPLOYER.c.commune_code, _EMPLOYER.c.expected_headcount)
        .where(among(db, _EMPLOYER.c.id, list(ids)))
        .order_by(_EMPLOYER.c.code.desc())  # the enterprise itself comes last, and so it holds
    )
    return {row[0]: (row[1], row[2]) for row in db.execute(query)}


def named(db: Db, code: str, now: datetime) -> tuple[str | None, str | None]:
    """Return what an enterprise is called today and where it is; None if there is no such one."""
    ids = _ids(db, [code])
    if not ids:
        return None, None
    records = records_of(db, list(ids), now).values()
    names = next((each.names for each in records if each.code == code), ())
    commune, _ = _registered(db, ids)[code]
    return name_on(names, vietnam_day(now)) or code, commune
