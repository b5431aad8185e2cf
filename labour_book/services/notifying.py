"""Telling people something: a notice in the inbox, written in the transaction of the deed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID, uuid4

from labour_book.database import Db
from labour_book.domain.notices import NoticeKind, Recipient
from labour_book.errors import NotFound
from labour_book.queries import notices
from labour_book.queries.notices import StoredNotice
from labour_book.services.callers import Action, Caller
from labour_book.services.permission import check_role
from signing import canonical_json

__all__ = ["StoredNotice", "inbox", "inbox_of", "mark_read", "notify", "notify_all"]

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
    rows = [
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


def inbox(
    db: Db, caller: Caller, *, now: datetime, limit: int = NOTICES_AT_MOST
) -> list[StoredNotice]:
    """Return the caller's newest notices, newest first.

    Raises:
        DeniedToRole: nobody writes to such a caller.
    """
    check_role(caller, Action.NOTICE_READ, now)
    return notices.notices_for(db, inbox_of(caller), limit=min(limit, NOTICES_AT_MOST))


def mark_read(db: Db, caller: Caller, notice_id: UUID, *, now: datetime) -> None:
    """Note that the caller has read a notice.

    Raises:
        NotFound: the caller has no such notice that is unread.
        DeniedToRole: nobody writes to such a caller.
    """
    check_role(caller, Action.NOTICE_READ, now)
    if not notices.mark_read(db, inbox_of(caller), notice_id, now):
        raise NotFound("there is no such notice that you have not read")


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
