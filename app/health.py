"""How a book stands, in the four words of the national data campaign.

"Đúng, đủ, sạch, sống": right, complete, clean, alive. Each is derived from what the interface
tells, and says "not known" where that could not be loaded.
"""

from dataclasses import dataclass
from datetime import datetime

from app import shown
from app.answers import Background, Book, OwnBook
from app.parts.basic import Tone

REPORTED_WITHIN = 3
"""Months: the insurance register reports a month in the one after it."""
WORDS = ("right", "complete", "clean", "alive")


@dataclass(frozen=True, slots=True)
class Word:
    """One of the four words: how it stands, and the key and values of the sentence for why."""

    name: str
    tone: Tone
    why: str
    count: int = 0


def four_words(
    own: OwnBook, background: Background | None, asked: int, now: datetime
) -> tuple[Word, ...]:
    """Return how right, complete, clean and alive the book is.

    ``asked`` is how many corrections are not decided yet: a line that its owner contests is not
    called right.
    """
    return (
        _right(background, asked),
        _complete(own.book),
        _clean(own.book, background),
        _alive(own, now),
    )


def _right(background: Background | None, asked: int) -> Word:
    """Right: the sources of every line agree, and its owner contests none."""
    if background is None:
        return Word("right", Tone.PLAIN, "unknown")
    doubts = sum(each.line is not None for each in background.doubts)
    if doubts:
        return Word("right", Tone.CARE, "no", doubts)
    if asked:
        return Word("right", Tone.CARE, "asked", asked)
    return Word("right", Tone.GOOD, "yes")


def _complete(book: Book) -> Word:
    """Complete: no month is unknown, and no time lies between two jobs."""
    if not book.employments:
        return Word("complete", Tone.PLAIN, "empty")
    missing = sum(each.months_unknown or 0 for each in book.employments)
    if missing:
        return Word("complete", Tone.CARE, "no", missing)
    if book.gaps:
        return Word("complete", Tone.PLAIN, "gaps", len(book.gaps))
    return Word("complete", Tone.GOOD, "yes")


def _clean(book: Book, background: Background | None) -> Word:
    """Clean: the population register knows the person, and nothing is flagged about them."""
    if book.worker is None or book.worker.population_check != "MATCHED":
        return Word("clean", Tone.CARE, "no")
    if background is None:
        return Word("clean", Tone.PLAIN, "unknown")
    flags = sum(each.line is None for each in background.doubts)
    return Word("clean", Tone.CARE, "flags", flags) if flags else Word("clean", Tone.GOOD, "yes")


def _alive(own: OwnBook, now: datetime) -> Word:
    """Alive: the version is in force, and the insurance register has reported lately."""
    if own.state != "current":
        return Word("alive", Tone.BAD, "over")
    reported = own.book.insurance.as_of_month if own.book.insurance else None
    if reported is None:
        return Word("alive", Tone.CARE, "no")
    local = now.astimezone(shown.VIETNAM)
    late = shown.number_of(f"{local:%Y-%m}") - shown.number_of(reported) > REPORTED_WITHIN
    return Word("alive", Tone.CARE if late else Tone.GOOD, "no" if late else "yes")
