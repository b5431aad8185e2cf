"""Working days (ngày làm việc): Monday to Friday without public holidays, and days swapped.

Public holidays come from the ``holidays`` package for Việt Nam (Labour Code 45/2019/QH14, art. 112,
and the yearly announcements as far as the package knows them). ``data/working_day_overrides.csv``
says where that is not to be followed; an installation may add a file of its own, since swapped
days are announced each year. Not verified: that 24 November (NQ 28/2026/QH16) is a day off; until
it is, it counts as a working day, so that nobody waits longer than promised. Not modelled: holidays
of single agencies, and half days.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import holidays

from labour_book import data
from labour_book.errors import Invalid

_SATURDAY = 5
_COLUMNS = ("date", "works")
_WORKS = {"yes": True, "no": False}
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked. ``overrides`` go before holidays and weekends."""

    overrides: Mapping[date, bool] = field(default_factory=dict)
    """Day to whether it is worked."""

    def is_working_day(self, day: date) -> bool:
        """Say whether offices work on a day."""
        told = self.overrides.get(day)
        if told is not None:
            return told
        return day.weekday() < _SATURDAY and day not in public_holidays(day.year)

    def after(self, day: date, count: int) -> date:
        """Return the last day of a deadline of so many working days.

        The day on which it begins does not count; 0 gives that day, or the next working day.
        """
        assert count >= 0
        while not self.is_working_day(day) and count == 0:
            day += _ONE_DAY
        while count > 0:
            day += _ONE_DAY
            count -= self.is_working_day(day)
        return day

    def between(self, first: date, last: date) -> int:
        """Return how many working days there are after one day through another; negative if late.

        So a deadline of ``after(day, n)`` is ``n`` working days away on ``day``.
        """
        if last < first:
            return -self.between(last, first)
        span = (first + _ONE_DAY * (each + 1) for each in range((last - first).days))
        return sum(self.is_working_day(each) for each in span)


@cache
def public_holidays(year: int) -> frozenset[date]:
    """Return the public holidays of a year, with the days that stand in for those at weekends."""
    return frozenset(holidays.country_holidays("VN", years=year))


@cache
def shipped_overrides() -> Mapping[date, bool]:
    """Return where the product itself does not follow the list of public holidays."""
    return overrides_in(data.rows("working_day_overrides"))


def calendar_with(path: Path | None) -> Calendar:
    """Return the calendar of an installation; what its own file says goes before all else.

    The file is a CSV with the columns ``date`` (YYYY-MM-DD) and ``works`` (yes or no).

    Raises:
        Invalid: the file cannot be read.
    """
    shipped = shipped_overrides()
    if path is None:
        return Calendar(shipped)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            own = overrides_in(list(csv.DictReader(file)))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Invalid(f"the file of working days cannot be read: {path.name}") from error
    return Calendar({**shipped, **own})


def overrides_in(rows: Iterable[Mapping[str, str]]) -> Mapping[date, bool]:
    """Read rows of overrides.

    Raises:
        Invalid: a row has no day, or says neither yes nor no.
    """
    found: dict[date, bool] = {}
    for number, row in enumerate(rows, start=1):
        day, works = (row.get(name) or "" for name in _COLUMNS)
        if works not in _WORKS:
            raise Invalid("a day is worked: yes or no", row=number)
        try:
            found[date.fromisoformat(day)] = _WORKS[works]
        except ValueError as error:
            raise Invalid("a day is written YYYY-MM-DD", row=number) from error
    return found
