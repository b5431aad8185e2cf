"""Notices: what is to be told to whom, and what was read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from json import loads
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.domain.notices import Recipient
from labour_book.queries.guards import one_changed
from labour_book.queries.rows import insert_ignoring, table_of
from labour_book.tables import Notice

_NOTICE = table_of(Notice)


@dataclass(frozen=True, slots=True)
class StoredNotice:
    """A notice as it lies in an inbox."""

    id: UUID
    kind: str
    about: str
    facts: Mapping[str, str | int]
    created_at: datetime
    read_at: datetime | None


def add_notices(db: Db, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add notices; what a recipient was told already is not told again."""
    insert_ignoring(db, _NOTICE, rows)


def notices_for(db: Db, recipient: Recipient, *, limit: int) -> list[StoredNotice]:
    """Return the newest notices of a recipient, newest first."""
    rows = db.execute(
        sa.select(
            _NOTICE.c.id,
            _NOTICE.c.kind,
            _NOTICE.c.about,
            _NOTICE.c.facts,
            _NOTICE.c.created_at,
            _NOTICE.c.read_at,
        )
        .where(_NOTICE.c.recipient_kind == recipient.kind, _NOTICE.c.recipient == recipient.id)
        .order_by(_NOTICE.c.created_at.desc(), _NOTICE.c.id)
        .limit(limit)
    )
    return [
        StoredNotice(row.id, row.kind, row.about, loads(row.facts), row.created_at, row.read_at)
        for row in rows
    ]


def mark_read(db: Db, recipient: Recipient, notice_id: UUID, now: datetime) -> bool:
    """Note that a recipient has read one of the own notices; tell whether it was unread."""
    return one_changed(
        db,
        sa.update(_NOTICE)
        .where(
            _NOTICE.c.id == notice_id,
            _NOTICE.c.recipient_kind == recipient.kind,
            _NOTICE.c.recipient == recipient.id,
            _NOTICE.c.read_at.is_(None),
        )
        .values(read_at=now),
    )
