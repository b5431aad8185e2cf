"""Months, inclusive ranges of them, and sets of them. Insurance counts whole months.

A set of months is an ``int`` whose bit n stands for the n-th month since January 1900: union,
difference and counting are then single machine-speed operations, and a month cannot be counted
twice by construction.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Self

from labour_book.errors import Invalid

_PER_YEAR = 12
_FIRST_YEAR = 1900
_LAST_YEAR = 2199
_ORIGIN = _FIRST_YEAR * _PER_YEAR
_WIRE_LENGTH = len("YYYY-MM")

MonthSet = int
"""A set of months as bits; made by ``month_set`` and ``ordinal_set``."""


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month (tháng). Wire form ``YYYY-MM``."""

    ordinal: int
    """Year * 12 + month - 1."""

    @classmethod
    def of(cls, year: int, month: int) -> Self:
        """Return the month of a year, 1 to 12.

        Raises:
            Invalid: there is no such month between 1900 and 2199.
        """
        if not (_FIRST_YEAR <= year <= _LAST_YEAR and 1 <= month <= _PER_YEAR):
            raise Invalid("no such month", year=year, month=month)
        return cls(year * _PER_YEAR + month - 1)

    @classmethod
    def of_day(cls, day: date) -> Self:
        """Return the month a day lies in."""
        return cls(day.year * _PER_YEAR + day.month - 1)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``YYYY-MM``.

        Raises:
            Invalid: the text is not of that form, or there is no such month.
        """
        well_formed = (
            len(text) == _WIRE_LENGTH
            and text.isascii()
            and text[4] == "-"
            and (text[:4] + text[5:]).isdigit()
        )
        if not well_formed:
            raise Invalid("a month is written YYYY-MM")
        return cls.of(int(text[:4]), int(text[5:]))

    def __str__(self) -> str:
        year, month = divmod(self.ordinal, _PER_YEAR)
        return f"{year:04d}-{month + 1:02d}"

    def __sub__(self, other: "Month") -> int:
        """Return how many months after the other one this is."""
        return self.ordinal - other.ordinal

    @property
    def year(self) -> int:
        return self.ordinal // _PER_YEAR

    @property
    def month(self) -> int:
        return self.ordinal % _PER_YEAR + 1

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    def plus(self, months: int) -> "Month":
        """Return the month so many months later, or earlier if negative."""
        return Month(self.ordinal + months)


@dataclass(frozen=True, slots=True, order=True)
class MonthRange:
    """Consecutive months, both ends included. Wire form ``YYYY-MM/YYYY-MM``."""

    first: Month
    last: Month

    def __post_init__(self) -> None:
        if self.last.ordinal < self.first.ordinal:
            raise Invalid("a range of months ends before it begins")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``YYYY-MM/YYYY-MM``, or one month alone.

        Raises:
            Invalid: the text is not of that form, or ends before it begins.
        """
        first, slash, last = text.partition("/")
        return cls(Month.parse(first), Month.parse(last if slash else first))

    def __str__(self) -> str:
        return f"{self.first}/{self.last}"

    def __len__(self) -> int:
        return self.last.ordinal - self.first.ordinal + 1

    def __contains__(self, month: Month) -> bool:
        return self.first.ordinal <= month.ordinal <= self.last.ordinal

    def months(self) -> list[Month]:
        """Return each month, oldest first."""
        return [Month(each) for each in range(self.first.ordinal, self.last.ordinal + 1)]


_MONTHS = tuple(Month(_ORIGIN + n) for n in range((_LAST_YEAR - _FIRST_YEAR + 1) * _PER_YEAR))


def ordinal_set(first: int, last: int) -> MonthSet:
    """Return the set of the months with these ordinals and all between; empty if reversed."""
    return ((1 << (last - first + 1)) - 1) << (first - _ORIGIN) if last >= first else 0


def month_set(ranges: Iterable[MonthRange]) -> MonthSet:
    """Return the set of all months that lie in at least one range."""
    months = 0
    for each in ranges:
        months |= ordinal_set(each.first.ordinal, each.last.ordinal)
    return months


def ranges_of(months: MonthSet) -> tuple[MonthRange, ...]:
    """Return the fewest ranges that hold exactly the months of a set, oldest first."""
    if not months:
        return ()
    lowest = months & -months
    if not (months + lowest) & months:  # one unbroken range: nearly all sets of a book are
        first, last = lowest.bit_length() - 1, months.bit_length() - 1
        return (MonthRange(_MONTHS[first], _MONTHS[last]),)
    found = []
    position = 0
    while months:
        skip = (months & -months).bit_length() - 1
        months >>= skip
        length = (~months & (months + 1)).bit_length() - 1
        months >>= length
        position += skip
        found.append(MonthRange(_MONTHS[position], _MONTHS[position + length - 1]))
        position += length
    return tuple(found)


def first_of(months: MonthSet) -> Month | None:
    """Return the oldest month of a set."""
    return _MONTHS[(months & -months).bit_length() - 1] if months else None


def last_of(months: MonthSet) -> Month | None:
    """Return the newest month of a set."""
    return _MONTHS[months.bit_length() - 1] if months else None


def merge_months(ranges: Iterable[MonthRange]) -> list[MonthRange]:
    """Join overlapping and adjoining ranges: sorted, disjoint, the same months as given."""
    return list(ranges_of(month_set(ranges)))


def unique_months(ranges: Iterable[MonthRange]) -> int:
    """Count the months, each once however many ranges hold it."""
    return month_set(ranges).bit_count()


def gaps(ranges: Iterable[MonthRange], within: MonthRange) -> list[MonthRange]:
    """Return the ranges of months of ``within`` that no range holds, oldest first."""
    return list(ranges_of(month_set([within]) & ~month_set(ranges)))
