"""Which live codes, and which tickets of visits, were used."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.guards import insert_once
from labour_book.queries.rows import table_of
from labour_book.tables import LiveCodeUse

_USE = table_of(LiveCodeUse)


@dataclass(frozen=True, slots=True)
class Use:
    """For which share something was used, and when."""

    share_id: UUID
    at: datetime


def use_code(db: Db, nonce: bytes, share_id: UUID, now: datetime) -> bool:
    """Note that a code is used; tell whether it was the first time."""
    return insert_once(db, _USE, {"nonce": nonce, "share_id": share_id, "used_at": now})


def was_used(db: Db, nonce: bytes) -> bool:
    return use_of(db, nonce) is not None


def use_of(db: Db, nonce: bytes) -> Use | None:
    query = sa.select(_USE.c.share_id, _USE.c.used_at).where(_USE.c.nonce == nonce)
    row = db.execute(query).one_or_none()
    return None if row is None else Use(*row)


def forget_uses(db: Db, before: datetime) -> int:
    """Delete the uses of codes that are long over; return how many there were."""
    gone = db.execute(sa.delete(_USE).where(_USE.c.used_at < before))
    return int(gone.rowcount)  # type: ignore[attr-defined]  # a DELETE gives a CursorResult
