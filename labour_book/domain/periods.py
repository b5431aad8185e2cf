"""Periods of days. Half-open inside; ``Period.of_days`` alone turns inclusive days into them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from labour_book.errors import Invalid

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """The days from ``start`` up to but without ``end``; ``end`` None while it is running."""

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            raise Invalid("a period ends before it begins")

    @classmethod
    def of_days(cls, first_day: date, last_day: date | None) -> Self:
        """Return the period from one day to another, both included.

        Raises:
            Invalid: the last day lies before the first.
        """
        return cls(first_day, None if last_day is None else last_day + _ONE_DAY)

    @property
    def first_day(self) -> date:
        return self.start

    @property
    def last_day(self) -> date | None:
        return None if self.end is None else self.end - _ONE_DAY

    def reaches(self, day: date) -> bool:
        """Say whether the period holds a day or ends on the eve of it."""
        return self.end is None or day <= self.end


def overlaps(one: Period, other: Period) -> bool:
    """Say whether two periods share at least one day."""
    return (one.end is None or other.start < one.end) and (
        other.end is None or one.start < other.end
    )


def days(period: Period) -> int | None:
    """Count the days; None while the period is running."""
    return None if period.end is None else (period.end - period.start).days


def merge(periods: Iterable[Period]) -> list[Period]:
    """Join overlapping and adjoining periods.

    The result is sorted, disjoint, and covers exactly the days of the input: a worker
    who held two jobs on one day is counted once for it.
    """
    merged: list[Period] = []
    for period in sorted(periods, key=lambda each: each.start):
        if merged and merged[-1].reaches(period.start):
            last = merged.pop()
            merged.append(Period(last.start, _later(last.end, period.end)))
        else:
            merged.append(period)
    return merged


def gaps(periods: Iterable[Period], within: Period) -> list[Period]:
    """Return the stretches of ``within`` that no period covers, oldest first."""
    found: list[Period] = []
    free_from: date | None = within.start
    for period in merge(periods):
        if free_from is None or (within.end is not None and period.start >= within.end):
            break
        if period.start > free_from:
            found.append(Period(free_from, period.start))
        free_from = None if period.end is None else max(free_from, period.end)
    if free_from is not None and (within.end is None or free_from < within.end):
        found.append(Period(free_from, within.end))
    return found


def _later(one: date | None, other: date | None) -> date | None:
    return None if one is None or other is None else max(one, other)
