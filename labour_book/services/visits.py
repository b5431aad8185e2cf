"""Opening a share: the only way to what somebody shared, counted, limited and traced.

Whoever tries codes learns nothing: what is unknown, malformed, forged, or meant for somebody else
gets one answer, made by one path. Only the holder of the right code is told how a share ended.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from labour_book.database import Db, reading, transaction
from labour_book.domain.limits import counted_as, roughly
from labour_book.domain.share_states import ShareState, state_of
from labour_book.domain.sharing import Audience
from labour_book.errors import Invalid, LabourBookError
from labour_book.queries import shares
from labour_book.queries.shares import StoredShare
from labour_book.services import limiting, live_codes, numbering
from labour_book.services.auditing import check_purpose, trace
from labour_book.services.callers import STATES_ITS_PURPOSE, Action
from labour_book.services.installation import Installation
from labour_book.services.limiting import TooMany
from labour_book.services.live_codes import LiveCodeOver
from labour_book.services.permission import check_role, deed
from labour_book.services.recipients import EnterpriseRefused
from labour_book.services.revisiting import VisitOver, note_opening, opened_with, show_again
from labour_book.services.showing import ShareEnded, ShareUnknown, Shown, Visit, show

__all__ = [
    "Cover",
    "LiveCodeOver",
    "ShareEnded",
    "ShareUnknown",
    "Shown",
    "TooMany",
    "Visit",
    "VisitOver",
    "inbox_code",
    "open_again",
    "open_live",
    "open_received",
    "open_share",
    "peek",
    "peek_live",
]

LINK, LIVE, INBOX = "link", "live", "inbox"
_NO_CODE = ""
"""Looked up in place of what cannot be a code, so that both take the same time."""


@dataclass(frozen=True, slots=True)
class Cover:
    """What the holder of a code sees before opening: nothing about the person, no view burnt."""

    state: ShareState
    audience: Audience
    expires_at: datetime
    is_one_time: bool


def peek(inst: Installation, code: str, visit: Visit, *, now: datetime) -> Cover:
    """Return what stands before a share is opened; for a page that robots fetch as well.

    Raises:
        ShareUnknown: no share has this code.
        TooMany: this address has tried too many codes.
    """
    return _cover(inst, lambda db: _by_code(db, code), visit, now)


def peek_live(inst: Installation, code: str, visit: Visit, *, now: datetime) -> Cover:
    """Return what stands before a live code is used.

    Raises:
        ShareUnknown: it is none of ours.
        LiveCodeOver: it is too old, or was used.
        TooMany: this address has tried too many codes.
    """
    return _cover(inst, lambda db: live_codes.look_at(db, inst, code, now), visit, now)


def open_share(inst: Installation, code: str, visit: Visit, *, now: datetime) -> Shown:
    """Open a share by the code in its address; that is one view, but again with one's ticket.

    Raises:
        ShareUnknown: no share has this code, or it is for somebody else.
        ShareEnded: withdrawn, expired, used up, paused, or to be deleted by this recipient.
        EnterpriseRefused: the caller's enterprise is gone, or not at its address.
        Invalid: the caller must say what for.
        TooMany: a limit is reached.
        NoCurrentVersion: the book was revoked.
    """
    way = _Way(LINK, lambda db: _by_code(db, code), code)
    return _opened(inst, way, visit, now)


def open_live(inst: Installation, code: str, visit: Visit, *, now: datetime) -> Shown:
    """Open a share by a live code, which works once and not for long.

    Raises:
        LiveCodeOver: it is too old, or was used.
        ShareUnknown, ShareEnded, EnterpriseRefused, Invalid, TooMany, NoCurrentVersion: as
            ``open_share``.
    """
    way = _Way(
        LIVE,
        lambda db: live_codes.share_of(db, inst, code, now),
        code,
        lambda db: live_codes.use(db, inst, code, now),
    )
    return _opened(inst, way, visit, now)


def open_again(inst: Installation, code: str, visit: Visit, *, now: datetime) -> Shown:
    """Open again what the visitor opened a moment ago by this code; that is no view.

    Raises:
        VisitOver: the visitor did not, or too long ago.
        ShareUnknown, ShareEnded, TooMany, NoCurrentVersion: as ``open_share``.
    """
    check_purpose(visit.purpose)
    with deed(inst.engine) as db:
        check_role(visit.caller, Action.SHARE_OPEN, now)
        opened = opened_with(db, inst, code, visit.ticket, now=now)
        if opened is None:
            raise VisitOver
        return show_again(db, inst, opened, visit, now=now)


def inbox_code(share_id: UUID) -> str:
    """Return what takes the place of a code where a share is opened from the inbox."""
    return f"{INBOX}:{share_id}"


def open_received(inst: Installation, share_id: UUID, visit: Visit, *, now: datetime) -> Shown:
    """Open a share that is addressed to the caller by name; again with one's ticket is no view.

    Raises:
        ShareUnknown, ShareEnded, EnterpriseRefused, Invalid, TooMany, NoCurrentVersion: as
            ``open_share``.
    """
    way = _Way(INBOX, lambda db: _by_id(db, share_id), inbox_code(share_id))
    return _opened(inst, way, visit, now)


Find = Callable[[Db], StoredShare | None]


@dataclass(frozen=True, slots=True)
class _Way:
    """By what means a share is found, and what is used up by opening it."""

    means: str
    find: Find
    code: str = ""
    use: Find | None = None


def _by_code(db: Db, text: str) -> StoredShare | None:
    return shares.share_by_code(db, numbering.lookup_hash(numbering.read_code(text) or _NO_CODE))


def _by_id(db: Db, share_id: UUID) -> StoredShare | None:
    share = shares.share_by_id(db, share_id)
    return None if share is None or share.audience is Audience.ANYONE else share


def _cover(inst: Installation, find: Find, visit: Visit, now: datetime) -> Cover:
    with _misses_counted(inst, visit, now) as found, reading(inst.engine) as db:
        share = found.remember(_found(db, inst, find, visit, now))
        return Cover(
            state_of(share.terms, now),
            share.audience,
            share.terms.expires_at,
            share.terms.max_views == 1,
        )


def _opened(inst: Installation, way: _Way, visit: Visit, now: datetime) -> Shown:
    _check_says_why(visit)
    with _misses_counted(inst, visit, now) as found, deed(inst.engine) as db:
        check_role(visit.caller, Action.SHARE_OPEN, now)
        opened = opened_with(db, inst, way.code, visit.ticket, now=now)
        if opened is None:
            share = found.remember(_found(db, inst, way.find, visit, now))
            opened = note_opening(db, inst, way.code, visit.ticket, share, now=now)
        if opened is None:
            if way.use is not None:
                way.use(db)
            return show(db, inst, share, visit, means=way.means, now=now)
        found.remember(opened.share)
        return show_again(db, inst, opened, visit, now=now)


def _found(db: Db, inst: Installation, find: Find, visit: Visit, now: datetime) -> StoredShare:
    limiting.check_allowed(db, inst, inst.limits.misses, _who(visit), now)
    share = find(db)
    if share is None:
        raise ShareUnknown
    return share


def _who(visit: Visit) -> str:
    """Return by whom misses are counted: an enterprise by its code, everybody else by address.

    The agents of an enterprise share a network with others, and may sit in several.
    """
    if visit.caller.kind == "employer":
        return f"enterprise:{visit.caller.enterprise_code}"
    return counted_as(visit.address)


def _check_says_why(visit: Visit) -> None:
    check_purpose(visit.purpose)
    if not visit.purpose.strip() and visit.caller.kind in STATES_ITS_PURPOSE:
        raise Invalid("say for what purpose")


@dataclass(slots=True)
class _Found:
    """The share that an attempt is about, once it is known."""

    share: StoredShare | None = None

    def remember(self, share: StoredShare) -> StoredShare:
        self.share = share
        return share


@contextmanager
def _misses_counted(inst: Installation, visit: Visit, now: datetime) -> Iterator[_Found]:
    """Count what opens nothing, and trace what a known share refused, though the deed is undone."""
    found = _Found()
    try:
        yield found
    except (ShareUnknown, ShareEnded, LiveCodeOver, EnterpriseRefused) as error:
        misses, who = inst.limits.misses, _who(visit)
        with transaction(inst.engine) as db:
            times = limiting.count(db, inst, misses, who, now)
            share = error.share if isinstance(error, LiveCodeOver) else found.share
            if times <= misses.most and share is not None:
                _trace_refusal(db, share, visit, error, now)
        if times > misses.most:
            raise TooMany(misses) from error
        raise


def _trace_refusal(
    db: Db, share: StoredShare, visit: Visit, error: LabourBookError, now: datetime
) -> None:
    cause = error.facts.get("state") or error.facts.get("enterprise_status") or error.slug
    trace(
        db,
        visit.caller,
        Action.SHARE_OPEN,
        at=now,
        purpose=visit.purpose.strip(),
        person_id=share.person_id,
        outcome="refused",
        detail={"share": str(share.id), "cause": cause, "from": roughly(visit.address)},
    )
