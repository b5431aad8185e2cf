"""What needs the worker's attention, the most pressing first, and the screen where it is."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app import inbox, shown
from app.answers import CaseLine, Confirmation, Identity, Notice, OwnBook
from app.answers.satisfaction import FinishedRequest
from app.answers.support import Support
from app.parts.basic import Tone

REMIND_BEFORE = timedelta(days=30)
CHECKED_WITHIN = timedelta(days=365)
"""A book is to be looked through every year."""
FULL_LEVEL = 2
"""Of the national e-ID: needed to share and to correct."""
PROPOSED = frozenset({"proposed", "seen", "started"})
"""States of proposed support in which the worker has something to do."""
WAITING = frozenset({"submitted", "routed", "more_needed", "proposed", "appealed"})
"""States of a correction in which nothing has been decided yet."""


@dataclass(frozen=True, slots=True)
class Attention:
    """Something for the worker to look at, and the screen where it is."""

    tone: Tone
    what: str
    where: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """What the first screen was able to load beside the book."""

    notices: tuple[Notice, ...] = ()
    confirmations: tuple[Confirmation, ...] = ()
    cases: tuple[CaseLine, ...] = ()
    finished: tuple[FinishedRequest, ...] = ()
    support: tuple[Support, ...] = ()


def attention(
    own: OwnBook, known: Known, identity: Identity | None, now: datetime
) -> tuple[Attention, ...]:
    """Return what the worker should look at, the most pressing first."""
    return (
        *_book(own),
        *_support(known.support),
        *_cases(known.cases),
        *_level(identity),
        *_looked(known.notices),
        *_lines(known.confirmations, now),
        *_months(own),
        *_end(own, now),
        *_finished(known.finished),
        *_notices(known.notices),
    )


def undecided(cases: Iterable[CaseLine]) -> int:
    """Return how many corrections wait for a decision."""
    return sum(each.state in WAITING for each in cases)


def unread_views(notices: Iterable[Notice]) -> int:
    """Return how many looks at shares the worker has not read of."""
    return sum(each.kind == inbox.VIEWED and each.read_at is None for each in notices)


def _book(own: OwnBook) -> Iterator[Attention]:
    if own.state != "current":
        yield Attention(Tone.BAD, f"attention.state.{own.state}", "/book")
    owed = own.book.insurance.arrears_months if own.book.insurance else 0
    if owed:
        yield Attention(Tone.BAD, "attention.arrears", "/book/insurance", owed)


def _cases(cases: Sequence[CaseLine]) -> Iterator[Attention]:
    for state, tone in (("more_needed", Tone.CARE), ("decided", Tone.GOOD), ("draft", Tone.PLAIN)):
        found = [each for each in cases if each.state == state]
        if found:
            where = f"/correction/{found[0].case_id}" if len(found) == 1 else "/corrections"
            yield Attention(tone, f"attention.case.{state}", where, len(found))


def _support(proposed: Sequence[Support]) -> Iterator[Attention]:
    """Tell of support that waits for the worker's word."""
    waiting = [each for each in proposed if each.state in PROPOSED]
    if waiting:
        where = f"/support/{waiting[0].id}" if len(waiting) == 1 else "/support"
        yield Attention(Tone.CARE, "attention.support", where, len(waiting))


def _level(identity: Identity | None) -> Iterator[Attention]:
    if identity is not None and identity.level < FULL_LEVEL:
        yield Attention(Tone.CARE, "attention.level", "/more")


def _looked(notices: Sequence[Notice]) -> Iterator[Attention]:
    unread = unread_views(notices)
    if unread:
        yield Attention(Tone.PLAIN, "attention.looked", "/looked", unread)


def _lines(confirmations: Sequence[Confirmation], now: datetime) -> Iterator[Attention]:
    """Tell of lines never called right; of the yearly check once each of them was, long ago."""
    silent = sum(each.confirmed_at is None for each in confirmations)
    if silent:
        yield Attention(Tone.PLAIN, "attention.unconfirmed", "/book", silent)
        return
    said = [each.confirmed_at for each in confirmations if each.confirmed_at is not None]
    if said and max(said) < now - CHECKED_WITHIN:
        yield Attention(Tone.PLAIN, "attention.yearly", "/book")


def _months(own: OwnBook) -> Iterator[Attention]:
    missing = sum(each.months_unknown or 0 for each in own.book.employments)
    if missing:
        yield Attention(Tone.CARE, "attention.unknown", "/book", missing)


def _end(own: OwnBook, now: datetime) -> Iterator[Attention]:
    local = now.astimezone(shown.VIETNAM).date()
    if own.expires_on - local <= REMIND_BEFORE:
        yield Attention(Tone.CARE, "attention.expires", "/book")


def _notices(notices: Sequence[Notice]) -> Iterator[Attention]:
    unread = inbox.unread(notices)
    if unread:
        yield Attention(Tone.PLAIN, "attention.notices", "/notices", unread)


def _finished(finished: Sequence[FinishedRequest]) -> Iterator[Attention]:
    unsaid = sum(each.score is None for each in finished)
    if unsaid:
        yield Attention(Tone.PLAIN, "attention.satisfaction", "/satisfaction", unsaid)
