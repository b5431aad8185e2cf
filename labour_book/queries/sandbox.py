"""Whom the sandbox of the demonstration may play: people with a book, and enterprises."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.rows import table_of
from labour_book.queries.samples import current_versions
from labour_book.tables import (
    Book,
    Employer,
    EmploymentFact,
    InsuranceFact,
    Person,
    SupportProposal,
)

_EMPLOYER = table_of(Employer)
_JOB = table_of(EmploymentFact)
_MONTHS = table_of(InsuranceFact)
_PERSON = table_of(Person)
_BOOK = table_of(Book)
_PROPOSAL = table_of(SupportProposal)


def people_with_book(db: Db, count: int) -> dict[UUID, str]:
    """Return ids and names of some people whose book has a current version, as the samples are."""
    return {each.person_id: each.full_name for each in current_versions(db, count)}


def people_with_proposal(db: Db, policy: str, count: int) -> dict[UUID, str]:
    """Return ids and names of some people to whom a support is proposed, and waits for them."""
    query = (
        sa.select(_PERSON.c.id, _PERSON.c.full_name)
        .join(_PROPOSAL, _PROPOSAL.c.person_id == _PERSON.c.id)
        .join(_BOOK, _BOOK.c.person_id == _PERSON.c.id)
        .where(
            _PROPOSAL.c.policy == policy,
            _PROPOSAL.c.state == "proposed",
            _BOOK.c.current_version > 0,
        )
        .order_by(_PROPOSAL.c.due_on.desc(), _PERSON.c.id)
        .limit(count)
    )
    return {row.id: row.full_name for row in db.execute(query)}


def enterprise_codes(db: Db, count: int) -> list[str]:
    """Return codes of some registered enterprises."""
    query = (
        sa.select(_EMPLOYER.c.code)
        .where(_EMPLOYER.c.registered, _EMPLOYER.c.code.is_not(None))
        .order_by(_EMPLOYER.c.code)
        .limit(count)
    )
    return list(db.execute(query).scalars())


def employer_codes(db: Db, ids: Collection[UUID]) -> list[str]:
    """Return the codes of the registered enterprises that some people's live facts name."""
    found: set[str] = set()
    for table in (_JOB, _MONTHS):
        query = (
            sa.select(table.c.employer_code)
            .join(_EMPLOYER, _EMPLOYER.c.code == table.c.employer_code)
            .where(
                table.c.person_id.in_(sorted(ids)),
                table.c.voided_at.is_(None),
                _EMPLOYER.c.registered,
            )
            .distinct()
            .order_by(table.c.employer_code)
        )
        found |= set(db.execute(query).scalars())
    return sorted(found)


def communes_of(db: Db, ids: Collection[UUID]) -> dict[UUID, str | None]:
    """Return where some people live."""
    rows = db.execute(
        sa.select(_PERSON.c.id, _PERSON.c.residence_commune)
        .where(_PERSON.c.id.in_(sorted(ids)))
        .order_by(_PERSON.c.id)
    )
    return {row.id: row.residence_commune for row in rows}
