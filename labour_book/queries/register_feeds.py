"""How far the changes have been fetched that registers offer."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.guards import insert_once, inserting, one_changed
from labour_book.queries.rows import table_of
from labour_book.tables import RegisterFeed

_FEED = table_of(RegisterFeed)


@dataclass(frozen=True, slots=True)
class FeedOnFile:
    """How far a register's changes have been fetched, and how it answered last."""

    register_name: str
    cursor: str
    asked_at: datetime
    answered_at: datetime | None
    failure: str | None


def feeds(db: Db) -> list[FeedOnFile]:
    """Return how far each register has been asked that has been asked at all."""
    columns = [_FEED.c[name] for name in FeedOnFile.__slots__]
    rows = db.execute(sa.select(*columns).order_by(_FEED.c.register_name))
    return [FeedOnFile(*row) for row in rows]


def cursor_of(db: Db, register: str) -> str:
    """Return the place up to which a register has told its changes; empty at the beginning."""
    query = sa.select(_FEED.c.cursor).where(_FEED.c.register_name == register)
    return str(db.execute(query).scalar_one_or_none() or "")


def advance(db: Db, register: str, before: str, to: str, at: datetime) -> bool:
    """Move the place; False when another process has moved it since."""
    moved = one_changed(
        db,
        sa.update(_FEED)
        .where(_FEED.c.register_name == register, _FEED.c.cursor == before)
        .values(cursor=to, asked_at=at, answered_at=at, failure=None),
    )
    row = {
        "register_name": register,
        "cursor": to,
        "asked_at": at,
        "answered_at": at,
        "failure": None,
    }
    return moved or (not before and insert_once(db, _FEED, row))


def note_failure(db: Db, register: str, cursor: str, failure: str, at: datetime) -> None:
    """Note that a register did not tell; the place stays."""
    statement = inserting(db, _FEED).values(
        register_name=register, cursor=cursor, asked_at=at, answered_at=None, failure=failure
    )
    db.execute(
        statement.on_conflict_do_update(
            index_elements=["register_name"], set_={"asked_at": at, "failure": failure}
        )
    )
