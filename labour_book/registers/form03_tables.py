"""Finds the tables of a Form 03 workbook: which sheets, which header, which commune and time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from labour_book.domain.findings import Finding
from labour_book.domain.people import PartialDate
from labour_book.errors import Invalid
from labour_book.registers.form03_headers import Header, find_header
from labour_book.registers.form03_mapping import Mapped
from labour_book.registers.form03_rows import Collection
from labour_book.registers.form03_title import (
    collected_on,
    commune_code_in_title,
    commune_in_name,
    communes_in_title,
    signed_on,
)
from labour_book.registers.workbook import Limits, Sheet, SheetRow, read_workbook

ROWS_BEFORE_DATA = 60
"""Rows of a sheet among which its header is looked for."""


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet with a recognised header."""

    sheet: Sheet
    header: Header
    top: Sequence[SheetRow]
    """The rows up to the header, and some below."""
    rest: Iterator[SheetRow]

    @property
    def title(self) -> list[list[str]]:
        return [row.cells for row in self.top[: self.header.first_row]]


def tables(path: Path, mapped: Mapped, limits: Limits, findings: list[Finding]) -> Iterator[Table]:
    """Yield the tables of a workbook; each must be read before the next is asked for.

    What is not read (a hidden sheet, one without the form, a column nobody knows) is told in
    ``findings``.

    Raises:
        Invalid: a table lacks columns or has one twice, or the workbook holds no table.
    """
    seen = 0
    for sheet, rows in _by_sheet(read_workbook(path, limits=limits)):
        is_wanted = mapped.sheets is None or sheet.name in mapped.sheets
        if not (sheet.is_read and is_wanted):
            findings.append(Finding("SHEET_SKIPPED", None, {"sheet": sheet.name}))
            continue
        top = list(islice(rows, ROWS_BEFORE_DATA))
        header = find_header([row.cells for row in top], sheet.merged, mapped)
        if header is None:
            findings.append(Finding("SHEET_NOT_FORM03", None, {"sheet": sheet.name}))
            continue
        _check(header, sheet.name)
        findings += [
            Finding("UNKNOWN_COLUMN", None, {"sheet": sheet.name, "column": label})
            for label in header.unknown
        ]
        seen += 1
        yield Table(sheet, header, top, rows)
    if not seen:
        raise Invalid("No sheet of the workbook is a Form 03", cause="NOT_FORM03")


def _by_sheet(
    stream: Iterator[Sheet | SheetRow],
) -> Iterator[tuple[Sheet, Iterator[SheetRow]]]:
    sheet = next(stream, None)
    while isinstance(sheet, Sheet):
        following: list[Sheet] = []
        rows = _rows_until_next(stream, following)
        yield sheet, rows
        for _unread in rows:
            pass
        sheet = following[0] if following else None


def _rows_until_next(
    stream: Iterator[Sheet | SheetRow], following: list[Sheet]
) -> Iterator[SheetRow]:
    for value in stream:
        if isinstance(value, Sheet):
            following.append(value)
            return
        yield value


def _check(header: Header, sheet: str) -> None:
    if header.missing:
        columns = ", ".join(header.missing)
        detail = f"The sheet '{sheet}' lacks the columns {columns}"
        raise Invalid(detail, cause="MISSING_COLUMNS", sheet=sheet, columns=columns)
    if header.twice:
        columns = ", ".join(header.twice)
        detail = f"The sheet '{sheet}' has two columns for {columns}; map one of them"
        raise Invalid(detail, cause="COLUMN_TWICE", sheet=sheet, columns=columns)


def collection_of(path: Path, table: Table, mapped: Mapped, limits: Limits) -> Collection:
    """Return where and when a table was collected: from the mapping, the file name, the title.

    Raises:
        Invalid: one of them cannot be told; the mapping can.
    """
    return Collection(_commune(path, table, mapped), _collected_on(path, table, mapped, limits))


def _commune(path: Path, table: Table, mapped: Mapped) -> str:
    found = _commune_code(path, table, mapped)
    if found is not None:
        return found
    possible = communes_in_title(table.title) or frozenset()
    if len(possible) != 1:
        detail = "Neither the file name nor the title says which commune this is; map commune_code"
        raise Invalid(detail, cause="COMMUNE_MISSING", sheet=table.sheet.name)
    return next(iter(possible))


def _commune_code(path: Path, table: Table, mapped: Mapped) -> str | None:
    return mapped.commune_code or commune_code_in_title(table.title) or commune_in_name(path)


def _collected_on(path: Path, table: Table, mapped: Mapped, limits: Limits) -> PartialDate:
    found = mapped.collected_on or collected_on(table.title)
    if found is None:
        found = _signed_on(path, table.sheet.name, limits)
    if found is None:
        detail = "Neither the title nor the signature says when this was collected"
        raise Invalid(detail, cause="COLLECTION_TIME_MISSING", sheet=table.sheet.name)
    return found


def _signed_on(path: Path, name: str, limits: Limits) -> PartialDate | None:
    """Read the sheet once more, to its end, for the line above the signature."""
    for sheet, rows in _by_sheet(read_workbook(path, limits=limits)):
        if sheet.name == name:
            return signed_on(row.cells for row in rows)
    return None


def commune_findings(path: Path, table: Table, mapped: Mapped) -> tuple[Finding, ...]:
    """Return a finding if the title names another commune than the mapping or the file name."""
    possible = communes_in_title(table.title)
    code = _commune_code(path, table, mapped)
    if code is None or possible is None or code in possible:
        return ()
    return (Finding("COMMUNE_NAME_DIFFERS", None, {"sheet": table.sheet.name, "code": code}),)
