"""Dates that are known only to the year or the month. Never completed with an invented day."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Literal, Self

from labour_book.domain.months import Month
from labour_book.errors import Invalid

_FORM = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_DECEMBER = 12

BirthAgreement = Literal["same", "partial", "year", "swapped", "different"]


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A year, a month, or a day. Wire form ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.month is None:
            if self.day is not None:
                raise Invalid("a day without its month is no date")
            if not 1 <= self.year <= date.max.year:
                raise Invalid("no such year")
            return
        try:
            date(self.year, self.month, self.day or 1)
        except ValueError as error:
            raise Invalid("no such day in the calendar") from error
        if self.day == 0:
            raise Invalid("no such day in the calendar")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the wire form.

        Raises:
            Invalid: the text is of no such form, or there is no such day.
        """
        written = _FORM.fullmatch(text)
        if written is None:
            raise Invalid("a date is written YYYY, YYYY-MM or YYYY-MM-DD")
        return cls(*[int(part) for part in written.groups() if part is not None])

    @classmethod
    def of_day(cls, day: date) -> Self:
        """Return the day itself."""
        return cls(day.year, day.month, day.day)

    @classmethod
    def of_month(cls, month: Month) -> Self:
        """Return the month, its day unknown."""
        return cls(month.year, month.month)

    def __str__(self) -> str:
        if self.month is None:
            return f"{self.year:04d}"
        if self.day is None:
            return f"{self.year:04d}-{self.month:02d}"
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"

    @property
    def is_whole(self) -> bool:
        return self.day is not None

    @property
    def first_possible(self) -> date:
        """The earliest day it can mean; what the law computes with when only the year is known."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last_possible(self) -> date:
        """The latest day it can mean."""
        month = self.month or _DECEMBER
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    def agrees_with(self, other: "PartialDate") -> bool:
        """Say whether both can mean one and the same day."""
        return (
            self.year == other.year
            and (self.month is None or other.month is None or self.month == other.month)
            and (self.day is None or other.day is None or self.day == other.day)
        )


def births_agree(one: PartialDate, other: PartialDate) -> BirthAgreement:
    """Say how two statements of one birthday compare.

    ``same``: letter for letter; ``partial``: one knows less and nothing contradicts; ``swapped``:
    day and month are exchanged; ``year``: only the year is the same; else ``different``.
    """
    if one == other:
        return "same"
    if one.agrees_with(other):
        return "partial"
    if one.year != other.year:
        return "different"
    if one.is_whole and (one.month, one.day) == (other.day, other.month):
        return "swapped"
    return "year"
