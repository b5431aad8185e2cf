"""Telling people something: a notice in the inbox, written in the transaction of the deed.

With it goes, in the same transaction, what lets it out by e-mail to those who chose that.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from labour_book.database import Db
from labour_book.domain.notices import NoticeKind, Recipient
from labour_book.errors import NotFound
from labour_book.queries import notices, outbox
from labour_book.queries.notices import StoredNotice
from labour_book.services.callers import Action, Caller
from labour_book.services.permission import check_role
from signing import canonical_json

__all__ = [
    "StoredNotice",
    "count_unread",
    "inbox",
    "inbox_of",
    "mark_all_read",
    "mark_read",
    "notify",
    "notify_all",
]

NOTICES_AT_MOST = 200
_NO_FACTS: Mapping[str, str | int] = {}


def notify(
    db: Db,
    recipient: Recipient,
    kind: NoticeKind,
    *,
    about: str,
    now: datetime,
    facts: Mapping[str, str | int] = _NO_FACTS,
) -> None:
    """Put a notice into an inbox, once for what it is about; ``facts`` hold no value of a book."""
    notify_all(db, kind, [(recipient, about, facts)], now=now)


def notify_all(
    db: Db,
    kind: NoticeKind,
    told: Iterable[tuple[Recipient, str, Mapping[str, str | int]]],
    *,
    now: datetime,
) -> None:
    """Put notices of one kind into inboxes: to whom, about what, with which facts."""
    rows: list[dict[str, Any]] = [
        {
            "id": uuid4(),
            "recipient_kind": recipient.kind,
            "recipient": recipient.id,
            "kind": str(kind),
            "about": about,
            "facts": canonical_json(dict(facts)).decode(),
            "created_at": now,
            "read_at": None,
        }
        for recipient, about, facts in told
    ]
    notices.add_notices(db, rows)
    outbox.put_notices(db, [row["id"] for row in rows], str(kind), now)


def inbox(
    db: Db,
    caller: Caller,
    *,
    now: datetime,
    limit: int = NOTICES_AT_MOST,
    before: UUID | None = None,
) -> list[StoredNotice]:
    """Return the caller's newest notices, newest first: those older than one, if it is given.

    Raises:
        NotFound: the one given is not among the caller's.
        DeniedToRole: nobody writes to such a caller.
    """
    check_role(caller, Action.NOTICE_READ, now)
    recipient = inbox_of(caller)
    last = None if before is None else _own(db, recipient, before)
    return notices.notices_for(db, recipient, limit=min(limit, NOTICES_AT_MOST), before=last)


def count_unread(db: Db, caller: Caller, *, now: datetime) -> int:
    """Return how many notices the caller has not read.

    Raises:
        DeniedToRole: nobody writes to such a caller.
    """
    check_role(caller, Action.NOTICE_READ, now)
    return notices.count_unread(db, inbox_of(caller))


def mark_read(db: Db, caller: Caller, notice_id: UUID, *, now: datetime) -> None:
    """Note that the caller has read a notice.

    Raises:
        NotFound: the caller has no such notice that is unread.
        DeniedToRole: nobody writes to such a caller.
    """
    check_role(caller, Action.NOTICE_READ, now)
    if not notices.mark_read(db, inbox_of(caller), notice_id, now):
        raise NotFound("there is no such notice that you have not read")


def mark_all_read(db: Db, caller: Caller, *, up_to: UUID | None, now: datetime) -> int:
    """Note that the caller has read all notices, or all up to one; return how many were unread.

    Raises:
        NotFound: the one given is not among the caller's.
        DeniedToRole: nobody writes to such a caller.
    """
    check_role(caller, Action.NOTICE_READ, now)
    recipient = inbox_of(caller)
    newest = None if up_to is None else _own(db, recipient, up_to).created_at
    return notices.mark_all_read(db, recipient, now, up_to=newest)


def _own(db: Db, recipient: Recipient, notice_id: UUID) -> StoredNotice:
    found = notices.notice_of(db, recipient, notice_id)
    if found is None:
        raise NotFound("there is no such notice among yours")
    return found


def inbox_of(caller: Caller) -> Recipient:
    """Return whose inbox the caller reads: the person's, enterprise's, unit's, or its own."""
    match caller.kind:
        case "worker":
            return Recipient("worker", str(caller.person_id))
        case "employer":
            return Recipient("employer", str(caller.enterprise_code))
        case "official":
            return Recipient("official", str(caller.unit_code))
        case _:
            return Recipient(caller.kind, caller.id)
