"""Mandates (ủy quyền): for whom somebody acts, for what of it, and until which day.

Source: Civil Code 91/2015/QH13, art. 562 (a mandate), 565 (its scope), 569 (it is ended at will).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from labour_book.errors import Invalid

MOST_DAYS = 366
"""Ours: a mandate lasts a year at most, and is given again by whoever still wants it."""


class Scope(StrEnum):
    """What a mandate is for; the word stands in the record and is never renamed."""

    VIEW = "view"
    """See the worker's book, print it, and see who looked."""
    CORRECT = "correct"
    """Ask for corrections and complete the own particulars."""
    SHARE = "share"
    """Share parts of the book, and take shares back."""
    FILE = "file"
    """Declare hires, changes and ends for the enterprise."""
    CONFIRM = "confirm"
    """Confirm or contest what workers of the enterprise claim."""
    RECEIVE = "receive"
    """Open what was shared with the enterprise, and keep its duties to delete."""


FOR_WORKER = (Scope.VIEW, Scope.CORRECT, Scope.SHARE)
FOR_ENTERPRISE = (Scope.FILE, Scope.CONFIRM, Scope.RECEIVE)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a mandate allows, and on which days; both count."""

    scope: frozenset[Scope]
    first_day: date
    last_day: date


def terms_of(
    scope: Collection[str], first_day: date, last_day: date, *, of: Collection[Scope], today: date
) -> Terms:
    """Return the terms of a new mandate of one of the two kinds (``of``).

    Raises:
        Invalid: it allows nothing, or what it cannot, or its days do not fit.
    """
    known = {str(each): each for each in of}
    if not scope or not set(scope) <= known.keys():
        raise Invalid("say for what the mandate is", cause="MANDATE_SCOPE")
    if first_day < today or last_day < first_day:
        raise Invalid("a mandate begins today or later, and ends after that", cause="MANDATE_DAYS")
    if last_day - first_day >= timedelta(days=MOST_DAYS):
        raise Invalid(f"a mandate lasts {MOST_DAYS} days at most", cause="MANDATE_DAYS")
    return Terms(frozenset(known[each] for each in scope), first_day, last_day)
