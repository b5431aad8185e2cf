"""How satisfied people are with how a request of theirs was dealt with: once each, from 1 to 5."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

SCORES = range(1, 6)
"""Very dissatisfied, dissatisfied, neither, satisfied, very satisfied."""
LEAST_SATISFIED = 4
"""From which score on somebody counts as satisfied (hài lòng, rất hài lòng)."""
CHANGEABLE = timedelta(days=14)
"""How long an answer can be changed after it was first given."""
ASKED_FOR = timedelta(days=90)
"""How long after its end a request is asked about."""
_PER_CENT = 100


class RequestKind(StrEnum):
    """What was finished."""

    CORRECTION = "correction"
    DATA_REQUEST = "data-request"
    DOSSIER = "dossier"
    """Came back from the public service portal; support that was proposed ends so as well."""
    GAP_QUESTION = "gap-question"
    """An employer answered about missing months."""


@dataclass(frozen=True, slots=True)
class Scores:
    """How many people gave each score, 1 to 5."""

    counts: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)

    @classmethod
    def together(cls, several: Iterable["Scores"]) -> Self:
        """Add scores up."""
        found = [0, 0, 0, 0, 0]
        for each in several:
            found = [a + b for a, b in zip(found, each.counts, strict=True)]
        return cls((found[0], found[1], found[2], found[3], found[4]))

    @property
    def answers(self) -> int:
        """How many answered."""
        return sum(self.counts)

    @property
    def satisfied(self) -> int:
        """How many gave ``LEAST_SATISFIED`` or more."""
        return sum(self.counts[LEAST_SATISFIED - 1 :])

    @property
    def index(self) -> float | None:
        """Return the satisfaction index: per cent satisfied of those who answered; None of none.

        Source: the indicator "chỉ số đánh giá mức độ hài lòng" of NQ 125/NQ-CP; that it is the
        share of the two upper answers of five is the usual count, and not in that text.
        """
        return round(_PER_CENT * self.satisfied / self.answers, 1) if self.answers else None


def may_change(given_at: datetime | None, now: datetime) -> bool:
    """Say whether an answer can be given or still be changed."""
    return given_at is None or now < given_at + CHANGEABLE
