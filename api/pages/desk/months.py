"""A working life as a picture: one row for each year, one cell for each month. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from labour_book.domain.book import LabourBook
from labour_book.domain.book_checks import MonthState, months_by_state
from labour_book.domain.months import Month, MonthRange, ranges_of

MONTHS = range(1, 13)
KINDS = ("contradicted", "paid", "arrears", "credited", "unknown", "gap", "none")
"""What a month can be, the strongest first: of several lines that share it, that one is shown."""


@dataclass(frozen=True, slots=True)
class YearRow:
    """The months of a year, each by its kind."""

    year: int
    cells: tuple[str, ...]


def years_of(book: LabourBook) -> tuple[YearRow, ...]:
    """Return the years from the first month anything is known of to the last one reported."""
    kinds = _kinds(book)
    if not kinds:
        return ()
    first, last = Month(min(kinds)).year, Month(max(kinds)).year
    return tuple(
        YearRow(year, tuple(kinds.get(Month.of(year, each).ordinal, "none") for each in MONTHS))
        for year in range(first, last + 1)
    )


def _kinds(book: LabourBook) -> dict[int, str]:
    gaps = [MonthRange(gap.first, gap.last) for gap in book.gaps]
    found = _marked(gaps, "gap")
    for kind, ranges in (
        ("unknown", "months_unknown"),
        ("credited", "months_credited"),
        ("arrears", "months_arrears"),
        ("paid", "months_paid"),
    ):
        for entry in book.employments:
            found |= _marked(getattr(entry, ranges), kind)
    for entry in book.employments:
        contradicted = months_by_state(book, entry)[MonthState.CONTRADICTED]
        found |= _marked(ranges_of(contradicted), "contradicted")
    return found


def _marked(ranges: Iterable[MonthRange], kind: str) -> dict[int, str]:
    return {month.ordinal: kind for each in ranges for month in each.months()}
