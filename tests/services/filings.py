"""What employers file in tests: valid by default."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import reading, transaction
from labour_book.domain.filings import FilingKind, Said
from labour_book.domain.partial_dates import PartialDate
from labour_book.queries import accounts
from labour_book.queries.rows import table_of
from labour_book.services import filing, issuing
from labour_book.services.callers import Caller
from labour_book.services.filing import NamedWorker, NewFiling
from labour_book.services.installation import Installation
from labour_book.services.permission import deed
from labour_book.tables import EmploymentFact
from tests.services import people, shares
from tests.services.shares import RIVAL

FIRST = date(2026, 11, 2)
HIRED = Said(
    first_day=PartialDate.of_day(FIRST),
    position="Kế toán viên",
    occupation_code="33",
    contract_kind="INDEFINITE",
    workplace_commune=people.COMMUNE,
)
CHANGED = Said(changed_on=date(2026, 11, 10), position="Kế toán trưởng")
ENDED = Said(last_day=date(2026, 11, 18), end_reason_clause=9)


def named(number: int = 1, **other: Any) -> NamedWorker:
    worker = NamedWorker(people.personal_id(number), f"NGUYỄN THỊ SỐ {number}", date(1990, 5, 17))
    return replace(worker, **other)


def hire(number: int = 1, said: Said = HIRED, **other: Any) -> NewFiling:
    return NewFiling(FilingKind.HIRE, named(number), replace(said, **other))


def new(kind: FilingKind, said: Said, worker: NamedWorker | UUID | None = None) -> NewFiling:
    return NewFiling(kind, worker or named(), said)


def filed(
    inst: Installation,
    now: datetime,
    what: NewFiling,
    caller: Caller = RIVAL,
    key: str | None = None,
) -> filing.StoredFiling:
    return filing.file(inst, caller, what, now=now, key=key).filing


def begun(inst: Installation, now: datetime, count: int = 1) -> list[UUID]:
    """Let people have books, and an enterprise for which none of them works."""
    ids = shares.issued(inst, now, count)
    shares.add_enterprise(inst.engine, shares.RIVAL_CODE, "ACTIVE")
    opened(inst, RIVAL, now)
    return ids


def opened(inst: Installation, agent: Caller, now: datetime) -> Caller:
    """Give an agent the account that workbooks are recorded under."""
    row = {
        "id": UUID(agent.id),
        "kind": agent.kind,
        "name": agent.name,
        "role": agent.role.value,
        "enterprise_code": agent.enterprise_code,
        "created_at": now,
    }
    with transaction(inst.engine) as db:
        accounts.add_account(db, row)
    return agent


def facts_of(inst: Installation, person: UUID, *, live: bool = True) -> list[sa.RowMapping]:
    """Return what the employer has stated of a person."""
    table = table_of(EmploymentFact)
    query = sa.select(table).where(table.c.person_id == person, table.c.source == "EMPLOYER")
    if live:
        query = query.where(table.c.voided_at.is_(None))
    with reading(inst.engine) as db:
        return list(
            db.execute(
                query.order_by(table.c.first_day, table.c.recorded_at, table.c.id)
            ).mappings()
        )


def version_of(inst: Installation, person: UUID, now: datetime) -> int:
    """Return the newest version of a book; it is issued if that is not done yet."""
    with deed(inst.engine) as db:
        found = issuing.issue_book(db, inst, person, by=shares.OPERATOR, now=now)
    assert isinstance(found, issuing.Unchanged), "what was filed is in the book already"
    return found.version


def filings_of(inst: Installation, now: datetime, caller: Caller) -> list[filing.StoredFiling]:
    with deed(inst.engine) as db:
        return filing.filed_by_enterprise(db, caller, now=now)
