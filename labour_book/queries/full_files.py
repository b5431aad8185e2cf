"""What a register has stated until now, by name, to be compared with a full file of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.facts import FACTS, FactKind
from labour_book.queries.rows import table_of
from labour_book.tables import Employer, InsuranceFact, Person

PAGE = 5_000
"""Statements that are read at a time."""
_PERSON = table_of(Person)
_EMPLOYER = table_of(Employer)
_INSURANCE = table_of(InsuranceFact)


@dataclass(frozen=True, slots=True)
class StatedFact:
    """A live fact by the name of its statement."""

    reference: str
    person_id: UUID
    commune_code: str | None
    """Where the person lives."""
    employer_name: str | None
    """Of an insured period; None for who somebody is."""
    first_month: str | None


@dataclass(frozen=True, slots=True)
class StatedEmployer:
    """An employer that the enterprise register has stated."""

    code: str
    commune_code: str | None


def facts_until(db: Db, kind: FactKind, source: str, until: datetime) -> Iterator[list[StatedFact]]:
    """Yield the live facts of a source that were on record at an instant, by name, in portions."""
    table, after = FACTS[kind], ""
    told = (
        (table.c.employer_name, table.c.first_month)
        if table is _INSURANCE
        else (sa.null(), sa.null())
    )
    query = (
        sa.select(table.c.source_ref, table.c.person_id, _PERSON.c.residence_commune, *told)
        .join(_PERSON, _PERSON.c.id == table.c.person_id)
        .where(
            table.c.source == source,
            table.c.voided_at.is_(None),
            table.c.recorded_at <= until,
            table.c.source_ref > sa.bindparam("after"),
        )
        .order_by(table.c.source_ref)
        .limit(PAGE)
    )
    while found := [StatedFact(*row) for row in db.execute(query, {"after": after})]:
        yield found
        after = found[-1].reference


def employers_until(db: Db, until: datetime) -> Iterator[list[StatedEmployer]]:
    """Yield the employers that their register had stated at an instant, by code, in portions."""
    after = ""
    query = (
        sa.select(_EMPLOYER.c.code, _EMPLOYER.c.commune_code)
        .where(
            _EMPLOYER.c.registered,
            _EMPLOYER.c.recorded_at <= until,
            _EMPLOYER.c.code > sa.bindparam("after"),
        )
        .order_by(_EMPLOYER.c.code)
        .limit(PAGE)
    )
    while found := [StatedEmployer(*row) for row in db.execute(query, {"after": after})]:
        yield found
        after = found[-1].code
