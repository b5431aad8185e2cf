"""A few books to show in the demonstration."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.rows import table_of
from labour_book.queries.versions import CURRENT
from labour_book.tables import Book, BookVersion, EmploymentFact, InsuranceFact, Person

_BOOK = table_of(Book)
_VERSION = table_of(BookVersion)
_PERSON = table_of(Person)


@dataclass(frozen=True, slots=True)
class SampleVersion:
    """A current version, and whose it is."""

    version_id: UUID
    person_id: UUID
    book_no: str
    full_name: str


def current_versions(db: Db, count: int) -> list[SampleVersion]:
    """Return some current versions, those with most to show first."""
    stated = [_stated_of(table_of(each)) for each in (EmploymentFact, InsuranceFact)]
    rows = db.execute(
        sa.select(_VERSION.c.id, _VERSION.c.person_id, _BOOK.c.book_no, _PERSON.c.full_name)
        .join(_BOOK, _BOOK.c.person_id == _VERSION.c.person_id)
        .join(_PERSON, _PERSON.c.id == _VERSION.c.person_id)
        .where(_VERSION.c.state == CURRENT)
        .order_by(*[each.desc() for each in stated], _BOOK.c.book_no)
        .limit(count)
    )
    return [SampleVersion(*row) for row in rows]


def _stated_of(facts: sa.Table) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .where(facts.c.person_id == _VERSION.c.person_id, facts.c.voided_at.is_(None))
        .scalar_subquery()
    )
