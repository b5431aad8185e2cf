"""Firms that are bankrupt, not to be found or in arrears, and whom that may cost months."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.domain.months import Month, MonthRange
from labour_book.domain.partial_dates import PartialDate
from labour_book.domain.union_list import BANKRUPT, EVADING, AtStake, Insured, at_stake
from labour_book.queries.portions import among
from labour_book.queries.quality_snapshots import ROOT
from labour_book.queries.rows import table_of
from labour_book.queries.units import in_force
from labour_book.queries.workforce import OF_THE_EMPLOYER
from labour_book.tables import (
    CheckFinding,
    Employer,
    EmployerStatus,
    EmploymentFact,
    InsuranceFact,
    Person,
    Place,
)

_EMPLOYER = table_of(Employer)
_STATUS = table_of(EmployerStatus)
_WORK = table_of(EmploymentFact)
_INSURANCE = table_of(InsuranceFact)
_FINDING = table_of(CheckFinding)
_PERSON = table_of(Person)
_PLACE = table_of(Place)
_CODE = sa.func.substr(_EMPLOYER.c.code, 1, ROOT, type_=sa.String)
_OWES = (_INSURANCE.c.status == "arrears") & _INSURANCE.c.voided_at.is_(None)
UNINSURED = "FIRM_CONTRACTS_UNINSURED"
"""The finding of contracts that nobody declared to the insurance."""


@dataclass(frozen=True, slots=True)
class FirmAtStake:
    """A firm on the list: what it is called is looked up elsewhere."""

    code: str
    commune_code: str | None
    province_code: str | None
    in_arrears: int
    """People for whom it owes months now or once did, each once."""


@dataclass(frozen=True, slots=True)
class WorkerAtStake:
    """One person at one firm, with what is at stake."""

    firm: str
    person_id: UUID
    stake: AtStake


def firms_at_stake(db: Db, on: date) -> list[FirmAtStake]:
    """Return all firms on the list on a day, in order of code; branches count with their root."""
    owing = _owing(db)
    chosen = sorted(owing.keys() | _by_status(db, on) | _by_finding(db))
    where = _places(db, chosen, on)
    return [
        FirmAtStake(code, *where.get(code, (None, None)), owing.get(code, 0)) for code in chosen
    ]


def workers_of(
    db: Db, codes: Sequence[str], reported: Month, closed: Mapping[str, Month]
) -> Iterator[WorkerAtStake]:
    """Yield the people at some firms for whom something is at stake, in order of firm and id.

    A contract of which nobody stated the end goes on until the firm was closed.
    """
    insured, worked = _insured(db, codes, reported), _worked(db, codes, reported, closed)
    for firm, person_id in sorted(insured.keys() | worked.keys()):
        key = (firm, person_id)
        stake = at_stake(insured.get(key, ()), worked.get(key, ()), reported)
        if stake is not None:
            yield WorkerAtStake(firm, person_id, stake)


def names_of(db: Db, person_ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """Return name and birth date of some people."""
    query = (
        sa.select(_PERSON.c.id, _PERSON.c.full_name, _PERSON.c.birth_date)
        .where(among(db, _PERSON.c.id, list(person_ids)))
        .order_by(_PERSON.c.id)
    )
    return {row[0]: (row[1], row[2]) for row in db.execute(query)}


def _owing(db: Db) -> dict[str, int]:
    query = (
        sa.select(_CODE, sa.func.count(sa.distinct(_INSURANCE.c.person_id)))
        .join(_EMPLOYER, _EMPLOYER.c.id == _INSURANCE.c.employer_id)
        .where(_OWES)
        .group_by(_CODE)
        .order_by(_CODE)
    )
    return {row[0]: row[1] for row in db.execute(query)}


def _by_status(db: Db, on: date) -> set[str]:
    """Return the firms whose newest status says that nobody may be there to pay."""
    began = sa.func.coalesce(_STATUS.c.since, date.min)
    later = _STATUS.alias()
    newer = sa.exists().where(
        later.c.employer_id == _STATUS.c.employer_id,
        later.c.since <= on,
        later.c.since > began,
    )
    query = (
        sa.select(_CODE)
        .join(_STATUS, _STATUS.c.employer_id == _EMPLOYER.c.id)
        .where(_STATUS.c.status.in_(sorted(BANKRUPT | EVADING)), began <= on, ~newer)
        .distinct()
        .order_by(_CODE)
    )
    return set(db.execute(query).scalars())


def _by_finding(db: Db) -> set[str]:
    query = (
        sa.select(_FINDING.c.subject)
        .where(_FINDING.c.rule == UNINSURED, _FINDING.c.cleared_at.is_(None))
        .order_by(_FINDING.c.subject)
    )
    return set(db.execute(query).scalars())


def _places(db: Db, codes: Collection[str], on: date) -> dict[str, tuple[str | None, str | None]]:
    """Return commune and province of each firm's head office."""
    here = (_PLACE.c.level == "commune") & in_force(_PLACE, on)
    query = (
        sa.select(_EMPLOYER.c.code, _EMPLOYER.c.commune_code, _PLACE.c.parent_code)
        .outerjoin(_PLACE, (_PLACE.c.code == _EMPLOYER.c.commune_code) & here)
        .where(among(db, _EMPLOYER.c.code, list(codes)))
        .order_by(_EMPLOYER.c.code)
    )
    return {row[0]: (row[1], row[2]) for row in db.execute(query)}


def _insured(
    db: Db, codes: Sequence[str], reported: Month
) -> dict[tuple[str, UUID], list[Insured]]:
    columns = ("person_id", "first_month", "last_month", "status", "wage_base_vnd")
    query = (
        sa.select(_CODE.label("firm"), *(_INSURANCE.c[name] for name in columns))
        .join(_EMPLOYER, _EMPLOYER.c.id == _INSURANCE.c.employer_id)
        .where(among_roots(codes), _INSURANCE.c.voided_at.is_(None), ~_INSURANCE.c.fund_vol)
        .order_by(_INSURANCE.c.first_month, _INSURANCE.c.id)
    )
    found: dict[tuple[str, UUID], list[Insured]] = {}
    for row in db.execute(query):
        first = Month.parse(row.first_month)
        last = reported if row.last_month is None else Month.parse(row.last_month)
        if first <= last:
            each = Insured(MonthRange(first, last), row.status, row.wage_base_vnd)
            found.setdefault((row.firm, row.person_id), []).append(each)
    return found


def _worked(
    db: Db, codes: Sequence[str], reported: Month, closed: Mapping[str, Month]
) -> dict[tuple[str, UUID], list[MonthRange]]:
    """Return the months of contracts, as the employer itself stated them."""
    columns = ("person_id", "first_day", "last_day", "running")
    query = (
        sa.select(_CODE.label("firm"), *(_WORK.c[name] for name in columns))
        .join(_EMPLOYER, _EMPLOYER.c.id == _WORK.c.employer_id)
        .where(among_roots(codes), _WORK.c.voided_at.is_(None))
        .where(_WORK.c.source.in_([each.value for each in OF_THE_EMPLOYER]))
        .where(~_WORK.c.suspended)
        .order_by(_WORK.c.first_day, _WORK.c.id)
    )
    found: dict[tuple[str, UUID], list[MonthRange]] = {}
    for row in db.execute(query):
        first = Month.of_day(PartialDate.parse(row.first_day).last_possible)
        last = min(closed.get(row.firm, reported), reported)
        if row.last_day is not None:
            last = min(Month.of_day(PartialDate.parse(row.last_day).first_possible), last)
        elif not row.running:
            continue  # nobody knows until when
        if first <= last:
            found.setdefault((row.firm, row.person_id), []).append(MonthRange(first, last))
    return found


def among_roots(codes: Sequence[str]) -> sa.ColumnElement[bool]:
    """Return the condition that an employer, or the root of a branch, is one of some."""
    return _CODE.in_(sorted(codes))
