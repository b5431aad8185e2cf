"""What the register says of a version that somebody shows, without its content."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.credential_copies import COPIES, ENDED_AT, STANDING
from labour_book.queries.prepared import Prepared
from labour_book.queries.rows import table_of
from labour_book.tables import Book, BookVersion, CredentialCopy

_BOOK = table_of(Book)
_VERSION = table_of(BookVersion)
_COPY = table_of(CredentialCopy)


@dataclass(frozen=True, slots=True)
class Registered:
    """How a version stands."""

    person_id: UUID
    version: int
    state: str
    state_since: datetime
    newest_version: int
    """The number of the book's newest version."""


_BY_STATUS = Prepared(
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


_COPY_BY_STATUS = Prepared(
    sa.select(
        _VERSION.c.person_id,
        _VERSION.c.version,
        STANDING.label("state"),
        sa.func.coalesce(ENDED_AT, _VERSION.c.state_since, type_=_VERSION.c.state_since.type),
        _BOOK.c.current_version,
    )
    .select_from(COPIES.join(_BOOK, _BOOK.c.person_id == _VERSION.c.person_id))
    .where(
        _COPY.c.status_list_id == sa.bindparam("list_id", type_=sa.Integer),
        _COPY.c.status_index == sa.bindparam("index", type_=sa.Integer),
    )
)


def registered_by_status(db: Db, list_id: int, index: int) -> Registered | None:
    """Return how the version, or its copy, stands that an entry of a status list was given to."""
    row = _BY_STATUS.one_or_none(db, list_id=list_id, index=index)
    if row is None:
        row = _COPY_BY_STATUS.one_or_none(db, list_id=list_id, index=index)
    return None if row is None else Registered(*row)
