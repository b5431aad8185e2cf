"""What waits to go out by e-mail: put there with the notice, taken by one process at a time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.guards import inserting, one_changed
from labour_book.queries.portions import portions
from labour_book.queries.rows import table_of
from labour_book.tables import Notice, NoticeChannel, OutboxMail
from labour_book.tables.columns import UtcDateTime

_MAIL = table_of(OutboxMail)
_CHANNEL = table_of(NoticeChannel)
_NOTICE = table_of(Notice)


_NOW = sa.bindparam("now", type_=UtcDateTime())
_PUT_NOTICES = sa.insert(_MAIL).from_select(
    ["id", "channel_id", "notice_id", "made_at", "due_at", "tries"],
    sa.select(_NOTICE.c.id, _CHANNEL.c.id, _NOTICE.c.id, _NOW, _NOW, sa.literal(0))
    .join(
        _CHANNEL,
        sa.and_(
            _CHANNEL.c.recipient_kind == _NOTICE.c.recipient_kind,
            _CHANNEL.c.recipient == _NOTICE.c.recipient,
        ),
    )
    .where(
        _NOTICE.c.id.in_(sa.bindparam("ids", expanding=True)),
        _CHANNEL.c.address.is_not(None),
        _CHANNEL.c.muted.not_like(sa.bindparam("pattern")),
    )
    .order_by(_NOTICE.c.id),
)
"""Made once: it runs with every notice, and to make it costs more than to run it."""


@dataclass(frozen=True, slots=True)
class WaitingMail:
    """A mail that was taken to be sent, and the channel as it is now."""

    id: UUID
    tries: int
    """This one included; whoever took it later has a higher number."""
    notice_kind: str | None
    recipient_kind: str
    channel_id: UUID
    language: str
    muted: str
    address: bytes | None
    asked_address: bytes | None
    asked_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeadMail:
    """A mail that was given up."""

    id: UUID
    notice_kind: str | None
    recipient_kind: str
    made_at: datetime
    dead_at: datetime
    tries: int
    reason: str


def put_notices(db: Db, notice_ids: Collection[UUID], kind: str, now: datetime) -> None:
    """Let notices go out by e-mail to those recipients who want this kind so.

    An id that is not there, because the same was told before, is passed over.
    """
    for some in portions(notice_ids):
        db.execute(_PUT_NOTICES, {"ids": some, "pattern": f"% {kind} %", "now": now})


def put_confirmation(db: Db, mail_id: UUID, channel_id: UUID, now: datetime) -> None:
    """Let the code that confirms an address go out."""
    row = {"id": mail_id, "channel_id": channel_id, "made_at": now, "due_at": now, "tries": 0}
    db.execute(inserting(db, _MAIL).values(row))


def is_due(db: Db, now: datetime) -> bool:
    """Say whether any mail is due."""
    waits = sa.exists().where(_MAIL.c.due_at <= now, *_is_free(now))
    return bool(db.execute(sa.select(waits)).scalar_one())


def take_due(db: Db, now: datetime, *, until: datetime, limit: int) -> list[WaitingMail]:
    """Take the mails that are due, oldest first; nobody else takes them before ``until``."""
    due = db.execute(
        sa.select(_MAIL.c.id)
        .where(_MAIL.c.due_at <= now, *_is_free(now))
        .order_by(_MAIL.c.due_at, _MAIL.c.id)
        .limit(limit)
    ).scalars()
    taken = [each for each in list(due) if _take(db, each, now, until)]
    return [_waiting(db, each) for each in taken]


def mark_sent(db: Db, mail_id: UUID, tries: int, now: datetime) -> bool:
    """Note that a mail was sent; False if another process has taken it meanwhile."""
    return _end(db, mail_id, tries, {"sent_at": now, "reason": None})


def mark_failed(db: Db, mail_id: UUID, tries: int, *, due_at: datetime, reason: str) -> bool:
    """Note that a mail was not sent, and when to try again."""
    return _end(db, mail_id, tries, {"due_at": due_at, "leased_until": None, "reason": reason})


def mark_dead(db: Db, mail_id: UUID, tries: int, now: datetime, *, reason: str) -> bool:
    """Note that a mail is given up."""
    return _end(db, mail_id, tries, {"dead_at": now, "leased_until": None, "reason": reason})


def dead_mails(db: Db, *, limit: int) -> list[DeadMail]:
    """Return the mails that were given up, the latest first."""
    rows = db.execute(
        sa.select(
            _MAIL.c.id,
            _NOTICE.c.kind,
            _CHANNEL.c.recipient_kind,
            _MAIL.c.made_at,
            _MAIL.c.dead_at,
            _MAIL.c.tries,
            _MAIL.c.reason,
        )
        .join(_CHANNEL, _CHANNEL.c.id == _MAIL.c.channel_id)
        .outerjoin(_NOTICE, _NOTICE.c.id == _MAIL.c.notice_id)
        .where(_MAIL.c.dead_at.is_not(None))
        .order_by(_MAIL.c.dead_at.desc(), _MAIL.c.id)
        .limit(limit)
    )
    return [DeadMail(*row) for row in rows]


def revive(db: Db, mail_id: UUID, now: datetime) -> bool:
    """Let a mail that was given up be tried again from the beginning."""
    return one_changed(
        db,
        sa.update(_MAIL)
        .where(_MAIL.c.id == mail_id, _MAIL.c.dead_at.is_not(None))
        .values(dead_at=None, due_at=now, tries=0),
    )


def forget_mails(db: Db, *, sent_before: datetime, dead_before: datetime) -> int:
    """Delete what was sent, or given up, long ago; return how many."""
    over = sa.or_(_MAIL.c.sent_at < sent_before, _MAIL.c.dead_at < dead_before)
    return int(db.execute(sa.delete(_MAIL).where(over)).rowcount)  # type: ignore[attr-defined]  # a DELETE gives a CursorResult


def _is_free(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        _MAIL.c.sent_at.is_(None),
        _MAIL.c.dead_at.is_(None),
        sa.or_(_MAIL.c.leased_until.is_(None), _MAIL.c.leased_until < now),
    )


def _take(db: Db, mail_id: UUID, now: datetime, until: datetime) -> bool:
    return one_changed(
        db,
        sa.update(_MAIL)
        .where(_MAIL.c.id == mail_id, *_is_free(now))
        .values(leased_until=until, tries=_MAIL.c.tries + 1),
    )


def _waiting(db: Db, mail_id: UUID) -> WaitingMail:
    row = db.execute(
        sa.select(
            _MAIL.c.id,
            _MAIL.c.tries,
            _NOTICE.c.kind,
            _CHANNEL.c.recipient_kind,
            _CHANNEL.c.id,
            _CHANNEL.c.language,
            _CHANNEL.c.muted,
            _CHANNEL.c.address,
            _CHANNEL.c.asked_address,
            _CHANNEL.c.asked_at,
        )
        .join(_CHANNEL, _CHANNEL.c.id == _MAIL.c.channel_id)
        .outerjoin(_NOTICE, _NOTICE.c.id == _MAIL.c.notice_id)
        .where(_MAIL.c.id == mail_id)
    ).one()
    return WaitingMail(*row)


def _end(db: Db, mail_id: UUID, tries: int, values: Mapping[str, Any]) -> bool:
    return one_changed(
        db,
        sa.update(_MAIL)
        .where(
            _MAIL.c.id == mail_id,
            _MAIL.c.tries == tries,
            _MAIL.c.sent_at.is_(None),
            _MAIL.c.dead_at.is_(None),
        )
        .values(**values),
    )
