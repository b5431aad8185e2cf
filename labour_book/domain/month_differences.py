"""Months of insurance as two places show them, one beside the other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from labour_book.domain.months import Month

NOT_THERE = "none"
"""What a month is called that one of the two does not show."""


@dataclass(frozen=True, slots=True)
class MonthShown:
    """One month at one unit in one of the places."""

    month: Month
    unit: str
    """Its code; its name where it has none."""
    name: str
    status: str
    """contributed, arrears or credited_duration_only."""


@dataclass(frozen=True, slots=True)
class MonthCompared:
    """One month at one unit in both; ``none`` where one of them has nothing."""

    month: Month
    unit: str
    name: str
    ours: str
    theirs: str

    @property
    def same(self) -> bool:
        return self.ours == self.theirs


def compared(
    ours: Iterable[MonthShown], theirs: Iterable[MonthShown], *, through: Month
) -> list[MonthCompared]:
    """Return every month that either shows, the newest first, up to and with ``through``.

    Later months are left out: one of the two has not heard of them yet, which is no difference.
    """
    left, right = _by_place(ours, through), _by_place(theirs, through)
    places = sorted(left.keys() | right.keys(), reverse=True)
    return [_compared(left.get(place), right.get(place)) for place in places]


def _by_place(
    shown: Iterable[MonthShown], through: Month
) -> Mapping[tuple[Month, str], MonthShown]:
    return {(each.month, each.unit): each for each in shown if each.month <= through}


def _compared(ours: MonthShown | None, theirs: MonthShown | None) -> MonthCompared:
    known = ours or theirs
    assert known is not None
    return MonthCompared(
        month=known.month,
        unit=known.unit,
        name=known.name,
        ours=NOT_THERE if ours is None else ours.status,
        theirs=NOT_THERE if theirs is None else theirs.status,
    )
