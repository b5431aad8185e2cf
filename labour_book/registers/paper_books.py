"""Reads transcribed old paper labour books (sổ lao động giấy 1994-2004).

Source: QD 533/LĐTBXH of 1994 introduced the book; who transcribes may not be who checks.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from labour_book.domain.months import Month
from labour_book.registers import values as read_as
from labour_book.registers.csv_register import read_csv
from labour_book.registers.notes import Notes
from labour_book.registers.rows import PaperBookRow, Parsed

COLUMNS = (
    "personal_id",
    "full_name",
    "employer_name",
    "first_month",
    "last_month",
    "position",
    "page_ref",
    "transcribed_by",
    "checked_by",
)
LAST_MONTH_OF_THE_BOOKS = Month.of(2004, 12)


def read(
    path: Path,
    *,
    mapping: Mapping[str, object] | None = None,
    skip: int = 0,
    as_of: date | None = None,
) -> Iterator[Parsed]:
    """Yield the transcribed lines.

    A line without a second person to check it is refused, and one that ends after ``as_of``.

    Raises:
        Invalid: the file as a whole cannot be read.
    """

    def build(values: Mapping[str, str], notes: Notes) -> PaperBookRow:
        row = PaperBookRow(
            personal_id=read_as.recorded_id(notes, values, "personal_id"),
            full_name=read_as.person_name(notes, values, "full_name"),
            employer_name=read_as.text(notes, values, "employer_name"),
            first_month=read_as.month(notes, values, "first_month"),
            last_month=read_as.month(notes, values, "last_month"),
            position=read_as.text(notes, values, "position"),
            page_ref=read_as.text(notes, values, "page_ref"),
            transcribed_by=read_as.text(notes, values, "transcribed_by"),
            checked_by=values["checked_by"].strip(),
        )
        _check_two_people(row, notes)
        if not notes.refused:
            _check_period(row, notes, as_of)
        return row

    return read_csv(path, COLUMNS, build, mapping=mapping, skip=skip)


def _check_two_people(row: PaperBookRow, notes: Notes) -> None:
    if not row.checked_by:
        notes.refuse("NOT_CHECKED", "checked_by")
    elif row.checked_by.casefold() == row.transcribed_by.casefold():
        notes.refuse("CHECKED_BY_TRANSCRIBER", "checked_by")


def _check_period(row: PaperBookRow, notes: Notes, as_of: date | None) -> None:
    read_as.check_order(notes, row.first_month, row.last_month, "last_month")
    read_as.check_not_after(
        notes, row.last_month, Month.of_day(as_of) if as_of else None, "last_month"
    )
    if row.last_month > LAST_MONTH_OF_THE_BOOKS and not notes.refused:
        notes.note("AFTER_THE_PAPER_BOOKS", "last_month")
