"""Notices: what is to be told to whom, and what was read."""

from collections.abc import Collection, Mapping, Sequence
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


_STORED = tuple(_NOTICE.c[name] for name in StoredNotice.__slots__)


def _stored(row: sa.Row[Any]) -> StoredNotice:
    return StoredNotice(row.id, row.kind, row.about, loads(row.facts), row.created_at, row.read_at)


def add_notices(db: Db, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add notices; what a recipient was told already is not told again."""
    insert_ignoring(db, _NOTICE, rows)


def notices_for(
    db: Db, recipient: Recipient, *, limit: int, before: StoredNotice | None = None
) -> list[StoredNotice]:
    """Return the newest notices of a recipient, newest first; those older than one, if given."""
    query = sa.select(*_STORED).where(*_is_for(recipient))
    if before is not None:
        older = _NOTICE.c.created_at < before.created_at
        beside = sa.and_(_NOTICE.c.created_at == before.created_at, _NOTICE.c.id > before.id)
        query = query.where(sa.or_(older, beside))
    rows = db.execute(query.order_by(_NOTICE.c.created_at.desc(), _NOTICE.c.id).limit(limit))
    return [_stored(row) for row in rows]


def notice_of(db: Db, recipient: Recipient, notice_id: UUID) -> StoredNotice | None:
    """Return one of a recipient's notices."""
    query = sa.select(*_STORED).where(_NOTICE.c.id == notice_id, *_is_for(recipient))
    row = db.execute(query).one_or_none()
    return None if row is None else _stored(row)


def count_unread(db: Db, recipient: Recipient) -> int:
    """Return how many notices a recipient has not read."""
    query = sa.select(sa.func.count()).where(*_is_for(recipient), _NOTICE.c.read_at.is_(None))
    counted: int = db.execute(query).scalar_one()
    return counted


def _is_for(recipient: Recipient) -> tuple[sa.ColumnElement[bool], ...]:
    return _NOTICE.c.recipient_kind == recipient.kind, _NOTICE.c.recipient == recipient.id


def notice_about(db: Db, recipient: Recipient, kind: str, about: str) -> StoredNotice | None:
    """Return the notice of a kind that a recipient got about something."""
    return next(iter(notices_about(db, recipient, kind, {about})), None)


def notices_about(
    db: Db, recipient: Recipient, kind: str, about: Collection[str]
) -> list[StoredNotice]:
    """Return the notices of a kind that a recipient got about some things, oldest first."""
    rows = db.execute(
        sa.select(*_STORED)
        .where(
            _NOTICE.c.recipient_kind == recipient.kind,
            _NOTICE.c.recipient == recipient.id,
            _NOTICE.c.kind == str(kind),
            _NOTICE.c.about.in_(sorted(about)),
        )
        .order_by(_NOTICE.c.created_at, _NOTICE.c.id)
    )
    return [_stored(row) for row in rows]


def notices_of_kind(db: Db, recipient: Recipient, kind: str, *, limit: int) -> list[StoredNotice]:
    """Return the newest notices of a kind that a recipient got, newest first."""
    rows = db.execute(
        sa.select(*_STORED)
        .where(*_is_for(recipient), _NOTICE.c.kind == str(kind))
        .order_by(_NOTICE.c.created_at.desc(), _NOTICE.c.id)
        .limit(limit)
    )
    return [_stored(row) for row in rows]


def notices_to_many(
    db: Db, recipient_kind: str, recipients: Collection[str], kind: str, about: Collection[str]
) -> list[StoredNotice]:
    """Return the notices of a kind that any of several got about some things, oldest first."""
    rows = db.execute(
        sa.select(*_STORED)
        .where(
            _NOTICE.c.recipient_kind == recipient_kind,
            _NOTICE.c.recipient.in_(sorted(recipients)),
            _NOTICE.c.kind == str(kind),
            _NOTICE.c.about.in_(sorted(about)),
        )
        .order_by(_NOTICE.c.created_at, _NOTICE.c.id)
    )
    return [_stored(row) for row in rows]


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


def mark_all_read(
    db: Db, recipient: Recipient, now: datetime, *, up_to: datetime | None = None
) -> int:
    """Note that a recipient has read what was not read yet, up to an instant; return how many."""
    statement = sa.update(_NOTICE).where(*_is_for(recipient), _NOTICE.c.read_at.is_(None))
    if up_to is not None:
        statement = statement.where(_NOTICE.c.created_at <= up_to)
    return int(db.execute(statement.values(read_at=now)).rowcount)  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
