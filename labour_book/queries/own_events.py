"""What has become of books, for other systems to fetch: written first, numbered afterwards.

Numbers are given in one place, to what is committed: whoever fetches from a number on misses
nothing, whichever of two deeds that ran at once was done first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from labour_book.database import Db, insert_rows
from labour_book.queries.rows import table_of
from labour_book.tables import Book, OwnEvent

_EVENT = table_of(OwnEvent)
_BOOK = table_of(Book)

ISSUED, REVOKED = "book.issued", "book.revoked"


@dataclass(frozen=True, slots=True)
class NumberedEvent:
    """Something that became of a book."""

    number: int
    kind: str
    at: datetime
    book_no: str


def note(db: Db, kind: str, people: Iterable[UUID], at: datetime) -> None:
    """Note that something became of the books of some people."""
    rows: list[dict[str, Any]] = [
        {"id": uuid4(), "number": None, "kind": kind, "person_id": each, "at": at}
        for each in people
    ]
    insert_rows(db, _EVENT, rows)


def has_unnumbered(db: Db) -> bool:
    """Say whether something has become of a book that has no number yet."""
    query = sa.select(_EVENT.c.id).where(_EVENT.c.number.is_(None)).limit(1)
    return db.execute(query).first() is not None


def number(db: Db, limit: int) -> int:
    """Give numbers to what has none, in order of time; return how many there were.

    The caller has seen to it that nobody else does the same at this moment.
    """
    query = sa.select(_EVENT.c.id).where(_EVENT.c.number.is_(None))
    ids = list(db.execute(query.order_by(_EVENT.c.at, _EVENT.c.id).limit(limit)).scalars())
    if ids:
        last = db.execute(sa.select(sa.func.max(_EVENT.c.number))).scalar_one_or_none() or 0
        statement = (
            sa.update(_EVENT)
            .where(_EVENT.c.id == sa.bindparam("event_id"))
            .values(number=sa.bindparam("given"))
        )
        given = [{"event_id": each, "given": last + at} for at, each in enumerate(ids, start=1)]
        db.connection().execute(statement, given)
    return len(ids)


def events_after(db: Db, after: int, limit: int) -> list[NumberedEvent]:
    """Return what became of books after a number, in order of the numbers."""
    query = (
        sa.select(_EVENT.c.number, _EVENT.c.kind, _EVENT.c.at, _BOOK.c.book_no)
        .join(_BOOK, _BOOK.c.person_id == _EVENT.c.person_id)
        .where(_EVENT.c.number > after)
        .order_by(_EVENT.c.number)
        .limit(limit)
    )
    return [NumberedEvent(*row) for row in db.execute(query)]
