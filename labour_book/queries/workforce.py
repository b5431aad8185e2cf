"""Whom an employer itself has reported as working there now."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.domain.assurance import Source
from labour_book.queries.rows import table_of
from labour_book.tables import Employer, EmploymentFact, InsuranceFact, Person

_PERSON = table_of(Person)
_EMPLOYER = table_of(Employer)
_WORK = table_of(EmploymentFact)
_INSURANCE = table_of(InsuranceFact)

OF_THE_EMPLOYER = (Source.CONTRACT_PLATFORM, Source.EMPLOYER, Source.DECISION)
"""Sources through which the employer knows already; what a worker declared is the worker's."""


@dataclass(frozen=True, slots=True)
class OwnWorker:
    """A worker as the employer reported them: no more than it knows, and nothing of other jobs."""

    person_id: UUID
    full_name: str
    position: str
    since: str
    """Partial date: first day of the work, or first month of insurance."""


@dataclass(frozen=True, slots=True)
class ReportedWork:
    """Work for an enterprise that goes on, as it reported it itself or through the registers."""

    position: str
    since: str
    """Partial date."""


_CODE: sa.BindParameter[str] = sa.bindparam("code")
_BY_CONTRACT = (
    sa.select(_WORK.c.person_id, _WORK.c.position, _WORK.c.first_day.label("since"))
    .join(_EMPLOYER, _EMPLOYER.c.id == _WORK.c.employer_id)
    .where(
        _EMPLOYER.c.code == _CODE,
        _WORK.c.running,
        _WORK.c.voided_at.is_(None),
        _WORK.c.source.in_(OF_THE_EMPLOYER),
    )
)
_BY_INSURANCE = (
    sa.select(
        _INSURANCE.c.person_id, _INSURANCE.c.position, _INSURANCE.c.first_month.label("since")
    )
    .join(_EMPLOYER, _EMPLOYER.c.id == _INSURANCE.c.employer_id)
    .where(
        _EMPLOYER.c.code == _CODE,
        _INSURANCE.c.last_month.is_(None),
        _INSURANCE.c.voided_at.is_(None),
    )
)
_WORKING = _BY_CONTRACT.union_all(_BY_INSURANCE).subquery()


def own_workers(db: Db, code: str, *, after: UUID | None, limit: int) -> list[OwnWorker]:
    """Return some of the people who work for an enterprise now, in order of id."""
    query = (
        sa.select(
            _PERSON.c.id,
            _PERSON.c.full_name,
            sa.func.min(_WORKING.c.position),
            sa.func.min(_WORKING.c.since),
        )
        .join(_WORKING, _WORKING.c.person_id == _PERSON.c.id)
        .group_by(_PERSON.c.id, _PERSON.c.full_name)
        .order_by(_PERSON.c.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(_PERSON.c.id > after)
    return [OwnWorker(*row) for row in db.execute(query, {"code": code})]


def reported_work(db: Db, code: str, person_id: UUID) -> ReportedWork | None:
    """Return since when, and as what, a person works for an enterprise now; None: not at all."""
    query = sa.select(sa.func.min(_WORKING.c.position), sa.func.min(_WORKING.c.since)).where(
        _WORKING.c.person_id == person_id
    )
    position, since = db.execute(query, {"code": code}).one()
    return None if since is None else ReportedWork(position, since)
