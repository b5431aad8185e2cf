"""Which live codes were used."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.guards import insert_once
from labour_book.queries.rows import table_of
from labour_book.tables import LiveCodeUse

_USE = table_of(LiveCodeUse)


def use_code(db: Db, nonce: bytes, share_id: UUID, now: datetime) -> bool:
    """Note that a code is used; tell whether it was the first time."""
    return insert_once(db, _USE, {"nonce": nonce, "share_id": share_id, "used_at": now})


def was_used(db: Db, nonce: bytes) -> bool:
    query = sa.select(_USE.c.nonce).where(_USE.c.nonce == nonce)
    return db.execute(query).one_or_none() is not None


def forget_uses(db: Db, before: datetime) -> int:
    """Delete the uses of codes that are long over; return how many there were."""
    gone = db.execute(sa.delete(_USE).where(_USE.c.used_at < before))
    return int(gone.rowcount)  # type: ignore[attr-defined]  # a DELETE gives a CursorResult
