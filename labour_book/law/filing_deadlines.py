"""By when an employer files a hire, a change or an end. In calendar days.

The declaration of labour goes with the one to social insurance (ND 318/2025, art. 5 and 7), so its
clock is taken. The day limits were not seen in the official text, which every answer says. Not
modelled: the yearly and half-yearly reports of the whole workforce, and time that an authority
grants for a disaster.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from labour_book.domain.filings import DECLARED, FilingKind
from labour_book.law.provisions import LawNotModelled, value_of


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day to file, by which article, and how well that is known."""

    due_on: date
    days: int
    source: str
    provenance: str
    """``seen`` in the official text, ``secondary`` page, or ``unverified`` knowledge."""


def deadline_of(kind: FilingKind, happened_on: date) -> Deadline | None:
    """Return the last day to file what happened on a day; that day itself does not count.

    None where the law of that time is not modelled, and for taking back, which has no deadline.
    """
    if kind not in DECLARED:
        return None
    try:
        found = value_of(f"filing.{kind}", on=happened_on)
    except LawNotModelled:
        return None
    due_on = happened_on + timedelta(days=found.amount)
    return Deadline(due_on, found.amount, found.source, found.provenance)


def days_late(due_on: date, filed_on: date) -> int:
    """Return how many days after the last one something was filed; 0 for in time."""
    return max(0, (filed_on - due_on).days)
