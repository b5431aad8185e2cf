"""What the collectors of all kinds share: one readable row, and nobody found for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Generic, TypeVar

from labour_book.database import Db
from labour_book.domain.findings import Finding
from labour_book.registers.rows import Row as AnyRow
from labour_book.services.matching import Match
from labour_book.services.receipts import Judged, Outcome
from labour_book.services.recording import Run, Statement

R = TypeVar("R", bound=AnyRow)


@dataclass(frozen=True, slots=True)
class Row(Generic[R]):
    """A row that could be read, and what its reader remarked."""

    said: R
    findings: tuple[Finding, ...]
    ordinal: int = 0
    """Its place among the data rows of the file, from 1."""
    stated_at: datetime | None = None
    """When the register knew it, where the row came with that: in a notification."""


Collect = Callable[[Db, Run, Sequence[Row[R]]], list[Judged]]
"""Records the rows of one batch and says what became of each, in their order."""


def unmatched(match: Match, findings: tuple[Finding, ...]) -> Judged:
    """Send a row to review because nobody can be said to be meant."""
    assert match.cause is not None
    return Judged(Outcome.NEEDS_REVIEW, match.cause.cause, (match.cause, *match.flags, *findings))


def contradiction(cause: str, said: Statement, findings: tuple[Finding, ...]) -> Judged:
    """Send a row to review that says otherwise than another one about the same."""
    return Judged(
        Outcome.NEEDS_REVIEW,
        cause,
        (Finding(cause), *findings),
        statement_key=said.key,
        fingerprint=said.fingerprint,
    )


def instant_of(day: date) -> datetime:
    """Return a day as an instant: its first in UTC, which is 7 o'clock of the same day here."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
