"""How a book stands, in the four words of the national data campaign, and what needs attention.

"Đúng, đủ, sạch, sống": right, complete, clean, alive.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app import shown
from app.answers import Background, Book, Identity, Notice, OwnBook
from app.parts.basic import Tone

REPORTED_WITHIN = 3
"""Months: the insurance register reports a month in the one after it."""
REMIND_BEFORE = timedelta(days=30)
FULL_LEVEL = 2
"""Of the national e-ID: needed to share."""


@dataclass(frozen=True, slots=True)
class Word:
    """One of the four words: how it stands, and the key and values of the sentence for why."""

    name: str
    tone: Tone
    why: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Attention:
    """Something for the worker to look at, and the screen where it is."""

    tone: Tone
    what: str
    where: str
    count: int = 0


def four_words(own: OwnBook, background: Background | None, now: datetime) -> tuple[Word, ...]:
    """Return how right, complete, clean and alive the book is.

    Without the background (it could not be loaded) nothing is said of how clean it is.
    """
    return _right(own.book), _complete(own.book), _clean(background), _alive(own, now)


def attention(
    own: OwnBook, notices: Sequence[Notice], identity: Identity | None, now: datetime
) -> tuple[Attention, ...]:
    """Return what the worker should look at, the most pressing first."""
    found = []
    if own.state != "current":
        found.append(Attention(Tone.BAD, f"attention.state.{own.state}", "/book"))
    owed = own.book.insurance.arrears_months if own.book.insurance else 0
    if owed:
        found.append(Attention(Tone.BAD, "attention.arrears", "/book/insurance", owed))
    if identity is not None and identity.level < FULL_LEVEL:
        found.append(Attention(Tone.CARE, "attention.level", "/more"))
    unread = unread_views(notices)
    if unread:
        found.append(Attention(Tone.PLAIN, "attention.looked", "/looked", unread))
    missing = sum(each.months_unknown or 0 for each in own.book.employments)
    if missing:
        found.append(Attention(Tone.CARE, "attention.unknown", "/book", missing))
    local = now.astimezone(shown.VIETNAM).date()
    if own.expires_on - local <= REMIND_BEFORE:
        found.append(Attention(Tone.CARE, "attention.expires", "/book"))
    return tuple(found)


def unread_views(notices: Iterable[Notice]) -> int:
    """Return how many looks at shares the worker has not read of."""
    return sum(each.kind == "share.viewed" and each.read_at is None for each in notices)


def _right(book: Book) -> Word:
    checked = book.worker is not None and book.worker.population_check == "MATCHED"
    return Word("right", Tone.GOOD if checked else Tone.CARE, "yes" if checked else "no")


def _complete(book: Book) -> Word:
    if not book.employments:
        return Word("complete", Tone.PLAIN, "empty")
    missing = sum(each.months_unknown or 0 for each in book.employments)
    if missing:
        return Word("complete", Tone.CARE, "no", missing)
    return Word("complete", Tone.GOOD, "yes")


def _clean(background: Background | None) -> Word:
    if background is None:
        return Word("clean", Tone.PLAIN, "unknown")
    if background.doubts:
        return Word("clean", Tone.CARE, "no", len(background.doubts))
    return Word("clean", Tone.GOOD, "yes")


def _alive(own: OwnBook, now: datetime) -> Word:
    if own.state != "current":
        return Word("alive", Tone.BAD, "over")
    reported = own.book.insurance.as_of_month if own.book.insurance else None
    if reported is None:
        return Word("alive", Tone.CARE, "no")
    local = now.astimezone(shown.VIETNAM)
    late = shown.number_of(f"{local:%Y-%m}") - shown.number_of(reported) > REPORTED_WITHIN
    return Word("alive", Tone.CARE if late else Tone.GOOD, "no" if late else "yes")
