"""Tables of refused rows, to be mended in a spreadsheet and sent again.

Every cell is text: a leading zero of an identifier survives, a date stays as it was written, and
what looks like a formula is never one.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from labour_book.domain.cells import FORMULA_STARTS
from labour_book.errors import Invalid

LONGEST_CELL = 32_767
"""Characters that a spreadsheet cell holds (ECMA-376)."""

MOST_ROWS = 1_048_575
"""Rows below the header that a sheet holds."""

LONGEST_TITLE = 31
"""Characters of a sheet's name."""

_NOT_IN_TITLE = re.compile(r"[\\/*?:\[\]]")
_WIDEST, _NARROWEST = 60, 10
_IS_NUMBER = re.compile(r"[+-][0-9][0-9., ]*")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: lines of text, then a header that stays in sight, then rows."""

    title: str
    top: Sequence[str]
    headers: Sequence[str]
    rows: Iterable[Sequence[str | int | None]]


def sheets_xlsx(sheets: Iterable[Sheet]) -> bytes:
    """Return a workbook of text cells only: what looks like a formula or a number stays text.

    Rows may come from a generator; they are not held in memory.

    Raises:
        Invalid: there are more rows than a sheet holds.
    """
    book = Workbook(write_only=True)
    book.properties.creator = "labour-book"
    for each in sheets:
        _write(book.create_sheet(_NOT_IN_TITLE.sub(" ", each.title)[:LONGEST_TITLE]), each)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _write(sheet: WriteOnlyWorksheet, what: Sheet) -> None:
    headers, rows = what.headers, what.rows
    sheet.freeze_panes = f"A{len(what.top) + 2}"
    for number, header in enumerate(headers, start=1):
        width = min(max(len(header) + 2, _NARROWEST), _WIDEST)
        sheet.column_dimensions[get_column_letter(number)].width = width
    for line in what.top:
        sheet.append([_text_cell(sheet, line)])
    sheet.append([_heading(sheet, header) for header in headers])
    for count, row in enumerate(rows, start=1):
        if count > MOST_ROWS:
            raise Invalid("a sheet holds no more rows; write CSV instead", most=MOST_ROWS)
        sheet.append([_text_cell(sheet, value) for value in row])


def refused_rows_csv(headers: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> bytes:
    """Return the rows as CSV in UTF-8 with a byte-order mark, which Excel needs to see.

    A cell that a spreadsheet would compute is led in by an apostrophe, as people type it
    themselves; reading such a file again takes it away.
    """
    written = StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([_harmless(header) for header in headers])
    writer.writerows([_harmless(_as_text(value)) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def _heading(sheet: WriteOnlyWorksheet, header: str) -> WriteOnlyCell:
    cell = _text_cell(sheet, header)
    cell.font = Font(bold=True)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _text_cell(sheet: WriteOnlyWorksheet, value: str | int | None) -> WriteOnlyCell:
    text = _as_text(value)
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"  # openpyxl takes text with "=" in front for a formula
    cell.number_format = "@"
    cell.quotePrefix = text.startswith(FORMULA_STARTS)
    return cell


def _as_text(value: str | int | None) -> str:
    """Return the value as text that XML can carry and a cell can hold."""
    if value is None:
        return ""
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", str(value))[:LONGEST_CELL]


def _harmless(text: str) -> str:
    bare = text.lstrip(" \xa0")
    if bare.startswith(FORMULA_STARTS) and not _IS_NUMBER.fullmatch(bare):
        return f"'{text}"
    return text
