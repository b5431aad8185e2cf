"""What the register says of a version that somebody shows, without its content."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.rows import table_of
from labour_book.tables import Book, BookVersion

_BOOK = table_of(Book)
_VERSION = table_of(BookVersion)


@dataclass(frozen=True, slots=True)
class Registered:
    """How a version stands."""

    person_id: UUID
    version: int
    state: str
    state_since: datetime
    newest_version: int
    """The number of the book's newest version."""


# Built once: to build a statement takes longer than to run it.
_BY_STATUS = (
    sa.select(
        _VERSION.c.person_id,
        _VERSION.c.version,
        _VERSION.c.state,
        _VERSION.c.state_since,
        _BOOK.c.current_version,
    )
    .join(_BOOK, _BOOK.c.person_id == _VERSION.c.person_id)
    .where(
        _VERSION.c.status_list_id == sa.bindparam("list_id", type_=sa.Integer),
        _VERSION.c.status_index == sa.bindparam("index", type_=sa.Integer),
    )
)


def registered_by_status(db: Db, list_id: int, index: int) -> Registered | None:
    """Return the version that an entry of a status list was given to."""
    row = db.execute(_BY_STATUS, {"list_id": list_id, "index": index}).one_or_none()
    return None if row is None else Registered(*row)
