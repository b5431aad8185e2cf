"""Which lines people called right, and whom to ask to look through the own book."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.guards import insert_once, one_changed
from labour_book.queries.rows import table_of
from labour_book.tables import Book, LineConfirmation, Person, YearlyCheck

_CONFIRMATION = table_of(LineConfirmation)
_CHECK = table_of(YearlyCheck)
_BOOK = table_of(Book)
_PERSON = table_of(Person)


def confirmed_at(db: Db, person_id: UUID) -> dict[str, datetime]:
    """Return when each key of a line was confirmed by its owner; also of lines no longer so."""
    rows = db.execute(
        sa.select(_CONFIRMATION.c.line_key, _CONFIRMATION.c.confirmed_at)
        .where(_CONFIRMATION.c.person_id == person_id)
        .order_by(_CONFIRMATION.c.line_key)
    )
    return {row.line_key: row.confirmed_at for row in rows}


def confirm(db: Db, person_id: UUID, key: str, *, at: datetime, by: str) -> bool:
    """Note that a line was called right; tell whether that is new."""
    row = {"person_id": person_id, "line_key": key, "confirmed_at": at, "confirmed_by": by}
    return insert_once(db, _CONFIRMATION, row)


def take_back(db: Db, person_id: UUID, key: str) -> bool:
    """Forget that a line was called right; tell whether it was."""
    statement = (
        sa.delete(_CONFIRMATION)
        .where(_CONFIRMATION.c.person_id == person_id, _CONFIRMATION.c.line_key == key)
        .returning(_CONFIRMATION.c.line_key)
    )
    return db.execute(statement).one_or_none() is not None


def unchecked_since(db: Db, before: datetime, *, limit: int) -> list[UUID]:
    """Return living people with a book whom nobody asked to look through it since an instant."""
    query = (
        sa.select(_BOOK.c.person_id)
        .join(_PERSON, _PERSON.c.id == _BOOK.c.person_id)
        .outerjoin(_CHECK, _CHECK.c.person_id == _BOOK.c.person_id)
        .where(
            _BOOK.c.current_version > 0,
            _PERSON.c.life_status == "ALIVE",
            sa.or_(_CHECK.c.told_at.is_(None), _CHECK.c.told_at <= before),
        )
        .order_by(_BOOK.c.person_id)
        .limit(limit)
    )
    return list(db.execute(query).scalars())


def note_asked(db: Db, person_id: UUID, *, at: datetime, before: datetime) -> bool:
    """Note that a person is asked now; tell whether nobody else did so since ``before``."""
    row = {"person_id": person_id, "told_at": at}
    if insert_once(db, _CHECK, row):
        return True
    return one_changed(
        db,
        sa.update(_CHECK)
        .where(_CHECK.c.person_id == person_id, _CHECK.c.told_at <= before)
        .values(told_at=at),
    )
