"""Looking after the inbox of notifications: how many wait, which are held and why, once more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.findings import Finding
from labour_book.errors import Conflict
from labour_book.queries import register_events, register_feeds
from labour_book.queries.register_events import DONE, HELD, REFUSED, SPREAD, WAITING
from labour_book.queries.register_feeds import FeedOnFile
from labour_book.registers.notifications import REGISTERS
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.permission import check_administers
from labour_book.services.receipts import Told, told

__all__ = ["STATES", "HeldEvent", "Inbox", "give_up", "inbox_of", "try_again"]

STATES = (WAITING, SPREAD, DONE, HELD, REFUSED)
SHOWN = 100
"""Notifications that are listed together."""
PURPOSE = "register-events"
_GIVEN_UP = "EVENT_GIVEN_UP"


@dataclass(frozen=True, slots=True)
class HeldEvent:
    """A notification that could not be recorded; nothing of what it says."""

    id: UUID
    register: str
    state: str
    why: Told
    attempts: int
    data_as_of: datetime
    received_at: datetime
    can_be_tried: bool
    """What it said is still there."""


@dataclass(frozen=True, slots=True)
class Inbox:
    """The inbox as an administrator sees it."""

    counts: Sequence[tuple[str, Sequence[int]]]
    """Register, and how many in each of ``STATES``."""
    held: Sequence[HeldEvent]
    feeds: Sequence[FeedOnFile]
    """How the registers answered that are asked for their changes."""


def inbox_of(db: Db, by: Caller, *, now: datetime) -> Inbox:
    """Return how the inbox stands.

    Raises:
        DeniedToRole: the caller does not look after the whole country's connections.
    """
    check_administers(db, by, Action.EVENT_OVERSEE, None, now)
    counted = {(name, state): count for name, state, count in register_events.counts(db)}
    counts = [(name, [counted.get((name, each), 0) for each in STATES]) for name in REGISTERS]
    held = [
        HeldEvent(
            id=each.id,
            register=each.register_name,
            state=each.state,
            why=told(Finding(each.cause or "EVENT_FAILED")),
            attempts=each.attempts,
            data_as_of=each.data_as_of,
            received_at=each.received_at,
            can_be_tried=each.body is not None,
        )
        for each in register_events.not_done(db, (HELD, REFUSED), SHOWN)
    ]
    trace(db, by, Action.EVENT_OVERSEE, at=now, purpose=PURPOSE, detail={"held": len(held)})
    return Inbox(counts, held, register_feeds.feeds(db))


def try_again(db: Db, by: Caller, event_id: UUID, *, now: datetime) -> None:
    """Let a notification that is held or refused be tried once more, in the next cycle.

    Raises:
        Conflict: it is not held any more.
        DeniedToRole: as ``inbox_of``.
    """
    check_administers(db, by, Action.EVENT_SETTLE, None, now)
    if not register_events.try_again(db, event_id):
        raise Conflict("it is not held any more")
    _trace(db, by, event_id, "again", now)


def give_up(db: Db, by: Caller, event_id: UUID, *, now: datetime) -> None:
    """Give up a notification that is held, for good; what it said is forgotten.

    Raises:
        Conflict: it is not held any more.
        DeniedToRole: as ``inbox_of``.
    """
    check_administers(db, by, Action.EVENT_SETTLE, None, now)
    if not register_events.give_up(db, event_id, _GIVEN_UP, now):
        raise Conflict("it is not held any more")
    _trace(db, by, event_id, "given-up", now)


def _trace(db: Db, by: Caller, event_id: UUID, deed: str, now: datetime) -> None:
    detail = {"event": str(event_id), "deed": deed}
    trace(db, by, Action.EVENT_SETTLE, at=now, purpose=PURPOSE, detail=detail)
