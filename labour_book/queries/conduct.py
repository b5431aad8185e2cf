"""What officials did, in numbers: decisions and how quickly they came, books opened without a case.

Also the insured wages by occupation and province, for comparing each with its own kind.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby, pairwise
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.oversight import numbered_since
from labour_book.queries.rows import table_of
from labour_book.queries.units import in_force
from labour_book.queries.vietnam_time import month_of
from labour_book.tables import (
    Account,
    CheckFinding,
    CollectionVisit,
    CorrectionCase,
    CorrectionDecision,
    DataRequest,
    Employer,
    EmploymentFact,
    InsuranceFact,
    Person,
    Place,
    Trace,
)

_ACCOUNT = table_of(Account)
_DECISION = table_of(CorrectionDecision)
_CASE = table_of(CorrectionCase)
_VISIT = table_of(CollectionVisit)
_REQUEST = table_of(DataRequest)
_FINDING = table_of(CheckFinding)
_TRACE = table_of(Trace)
_WORK = table_of(EmploymentFact)
_INSURANCE = table_of(InsuranceFact)
_EMPLOYER = table_of(Employer)
_PLACE = table_of(Place)
_PERSON = table_of(Person)
_OPEN_A_BOOK = "book.open"
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Decisions:
    """How one official decided in a span of time."""

    account: str
    unit_code: str | None
    decided: int
    approved: int
    quick: int
    """How many came within some seconds of the one before."""


@dataclass(frozen=True, slots=True)
class Lookups:
    """Whose books one official opened in a span of time, in numbers."""

    account: str
    role: str
    unit_code: str | None
    opened: int
    """People."""
    without: int
    """Of those, how many had nothing that is being dealt with."""


@dataclass(frozen=True, slots=True)
class Wage:
    """An insured wage, and with whom it is compared. The wage is not told to anybody."""

    person_id: UUID
    commune_code: str | None
    vnd: int


def decisions(db: Db, since: datetime, *, seconds: int) -> list[Decisions]:
    """Return how each official decided since an instant, without what was decided automatically.

    Row by row, in order of official and time: only their sums are kept.
    """
    rows = db.execute(
        sa.select(
            _DECISION.c.decided_by,
            sa.func.coalesce(_ACCOUNT.c.unit_code, _DECISION.c.unit_code),
            _DECISION.c.outcome,
            _DECISION.c.at,
        )
        .outerjoin(_ACCOUNT, sa.cast(_ACCOUNT.c.id, sa.String) == _plain(db))
        .where(
            _DECISION.c.at >= since,
            ~_DECISION.c.automatic,
            _DECISION.c.outcome != "reversed",
        )
        .order_by(_DECISION.c.decided_by, _DECISION.c.at, _DECISION.c.id)
        .execution_options(yield_per=_AT_ONCE)
    )
    return [
        _decisions(account, [(row[1], row[2], row[3]) for row in made], seconds)
        for account, made in groupby(rows, key=lambda row: str(row[0]))
    ]


def _plain(db: Db) -> sa.ColumnElement[str]:
    """Return the account of a decision as the database writes ids: SQLite without dashes."""
    if db.connection().dialect.name == "postgresql":
        return sa.cast(_DECISION.c.decided_by, sa.String)
    return sa.func.replace(_DECISION.c.decided_by, "-", "", type_=sa.String)


def _decisions(
    account: str, made: list[tuple[str | None, str, datetime]], seconds: int
) -> Decisions:
    times = [at for _, _, at in made]
    quick = sum((later - earlier).total_seconds() < seconds for earlier, later in pairwise(times))
    approved = sum(outcome == "approved" for _, outcome, _ in made)
    return Decisions(account, made[-1][0], len(made), approved, quick)


def lookups(db: Db, since: datetime, case_since: datetime) -> list[Lookups]:
    """Return how many books each official opened since an instant, and how many without a reason.

    A reason is a case, a request about own data or a visit of that person which was open or begun
    since ``case_since``, or a finding that this official settled.
    """
    opened = (
        sa.select(_TRACE.c.actor, _TRACE.c.person_id)
        .where(
            _TRACE.c.seq >= numbered_since(db, since),
            _TRACE.c.actor_kind == "official",
            _TRACE.c.action == _OPEN_A_BOOK,
            _TRACE.c.outcome == "ok",
            _TRACE.c.person_id.is_not(None),
        )
        .distinct()
        .order_by(_TRACE.c.actor, _TRACE.c.person_id)
        .subquery()
    )
    person = opened.c.person_id
    reasons = (
        sa.exists().where(
            _CASE.c.person_id == person,
            sa.or_(_CASE.c.state_since >= case_since, _CASE.c.queue.is_not(None)),
        ),
        sa.exists().where(_REQUEST.c.person_id == person, _REQUEST.c.created_at >= case_since),
        sa.exists().where(_VISIT.c.person_id == person, _VISIT.c.changed_at >= case_since),
        sa.exists().where(
            _FINDING.c.person_id == person,
            _FINDING.c.settled_by == opened.c.actor,
            _FINDING.c.settled_at >= case_since,
        ),
    )
    query = (
        sa.select(
            opened.c.actor,
            sa.func.count(),
            sa.func.sum(sa.case((sa.or_(*reasons), 0), else_=1)),
        )
        .group_by(opened.c.actor)
        .order_by(opened.c.actor)
    )
    counted = [(row[0], row[1], int(row[2])) for row in db.execute(query)]
    seats = _seats(db, [account for account, _, _ in counted])
    return [
        Lookups(account, *seats.get(account, ("", None)), people, without)
        for account, people, without in counted
    ]


def _seats(db: Db, accounts: list[str]) -> dict[str, tuple[str, str | None]]:
    ids = [UUID(each) for each in accounts]
    query = (
        sa.select(_ACCOUNT.c.id, _ACCOUNT.c.role, _ACCOUNT.c.unit_code)
        .where(_ACCOUNT.c.id.in_(ids))
        .order_by(_ACCOUNT.c.id)
    )
    return {str(row[0]): (row[1], row[2]) for row in db.execute(query)}


def wage_counts(
    db: Db, oldest_word: str, on: date
) -> Iterator[tuple[tuple[str, str], list[tuple[int, int]]]]:
    """Yield how many people have which wage, by occupation and province, in order of the wage.

    In memory is one group at a time, and of it each different wage once, whoever has it.
    """
    each = _wages(db, oldest_word, on)
    group = (each.c.occupation, each.c.province)
    query = (
        sa.select(*group, each.c.vnd, sa.func.count())
        .group_by(*group, each.c.vnd)
        .order_by(*group, each.c.vnd)
        .execution_options(yield_per=_AT_ONCE)
    )
    for key, rows in groupby(db.execute(query), key=lambda row: (str(row[0]), str(row[1]))):
        yield key, [(vnd, count) for _, _, vnd, count in rows]


def wages(db: Db, oldest_word: str, on: date) -> Iterator[tuple[tuple[str, str], Wage]]:
    """Yield the running insured wages with their occupation and province, row by row.

    The occupation is that of a running contract at the same employer; ``oldest_word`` is the month
    since which a range was restated.
    """
    each = _wages(db, oldest_word, on)
    ordered = sa.select(each).order_by(each.c.occupation, each.c.province, each.c.person_id)
    for occupation, province, *wage in db.execute(ordered.execution_options(yield_per=_AT_ONCE)):
        yield (str(occupation), str(province)), Wage(*wage)


def _wages(db: Db, oldest_word: str, on: date) -> sa.CTE:
    place = sa.func.coalesce(_WORK.c.workplace_commune, _EMPLOYER.c.commune_code)
    group = (_WORK.c.occupation_code, _PLACE.c.parent_code)
    return (
        sa.select(
            group[0].label("occupation"),
            group[1].label("province"),
            _INSURANCE.c.person_id,
            _PERSON.c.residence_commune,
            sa.func.max(_INSURANCE.c.wage_base_vnd).label("vnd"),
        )
        .join(
            _WORK,
            sa.and_(
                _WORK.c.person_id == _INSURANCE.c.person_id,
                _WORK.c.employer_id == _INSURANCE.c.employer_id,
            ),
        )
        .join(_EMPLOYER, _EMPLOYER.c.id == _INSURANCE.c.employer_id)
        .join(_PERSON, _PERSON.c.id == _INSURANCE.c.person_id)
        .join(
            _PLACE,
            sa.and_(_PLACE.c.level == "commune", _PLACE.c.code == place, in_force(_PLACE, on)),
        )
        .where(
            _INSURANCE.c.voided_at.is_(None),
            _INSURANCE.c.last_month.is_(None),
            _INSURANCE.c.status == "contributed",
            _INSURANCE.c.wage_base_vnd > 0,
            month_of(db, _INSURANCE.c.stated_at) >= oldest_word,
            _WORK.c.voided_at.is_(None),
            _WORK.c.running,
            _WORK.c.occupation_code.is_not(None),
        )
        .group_by(*group, _INSURANCE.c.person_id, _PERSON.c.residence_commune)
        .cte("wages")
    )
