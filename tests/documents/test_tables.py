"""Refused rows, as a spreadsheet program would meet them."""

import csv
from collections.abc import Iterable, Iterator
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from labour_book.documents import Sheet, refused_rows_csv, sheets_xlsx
from labour_book.documents.tables import LONGEST_CELL

HEADERS = ["Dòng", "Số định danh", "Họ tên", "Nguyên nhân"]
ROWS: list[list[str | int | None]] = [
    [7, "001085123456", "Nguyễn Thị Hường", "thiếu ngày sinh"],
    [8, "000000000001", '=HYPERLINK("http://x.example","y")', None],
    [9, "2026-01-05", "@SUM(A1)", "+cmd|' /C calc'!A0"],
    [10, "-5", " =1+1", "a\x00b\x1b\ud800"],
]


def workbook(headers: list[str], rows: Iterable[list[str | int | None]]) -> bytes:
    return sheets_xlsx([Sheet("Refused", (), headers, rows)])


def sheet_xml(written: bytes) -> str:
    with ZipFile(BytesIO(written)) as parts:
        return parts.read("xl/worksheets/sheet1.xml").decode()


class TestSheetsXlsx:
    def test_keeps_every_value_as_text(self) -> None:
        sheet = load_workbook(BytesIO(workbook(HEADERS, ROWS))).active
        assert sheet is not None

        read = [[cell.value for cell in row] for row in sheet.iter_rows()]

        assert read[0] == HEADERS
        assert read[1] == ["7", "001085123456", "Nguyễn Thị Hường", "thiếu ngày sinh"]
        assert read[2][1:3] == ["000000000001", '=HYPERLINK("http://x.example","y")']
        assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
        assert {cell.number_format for row in sheet.iter_rows() for cell in row} == {"@"}

    def test_holds_no_formula(self) -> None:
        assert "<f>" not in sheet_xml(workbook(HEADERS, ROWS))

    def test_replaces_what_xml_cannot_carry(self) -> None:
        sheet = load_workbook(BytesIO(workbook(HEADERS, ROWS))).active
        assert sheet is not None

        assert sheet.cell(5, 4).value == "a\ufffdb\ufffd\ufffd"

    def test_cuts_what_no_cell_holds(self) -> None:
        sheet = load_workbook(BytesIO(workbook(["x"], [["y" * 40_000]]))).active
        assert sheet is not None

        assert len(str(sheet.cell(2, 1).value)) == LONGEST_CELL

    def test_keeps_the_header_in_sight(self) -> None:
        sheet = load_workbook(BytesIO(workbook(HEADERS, []))).active
        assert sheet is not None

        assert sheet.freeze_panes == "A2"

    def test_takes_rows_from_a_generator(self) -> None:
        rows: Iterator[list[str | int | None]] = ([number, "x"] for number in range(1_000))

        sheet = load_workbook(BytesIO(workbook(["a", "b"], rows))).active

        assert sheet is not None
        assert sheet.max_row == 1_001


class TestRefusedRowsCsv:
    def read(self, content: bytes) -> list[list[str]]:
        return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))

    def test_begins_with_the_mark_excel_needs(self) -> None:
        assert refused_rows_csv(HEADERS, []).startswith(b"\xef\xbb\xbf")

    def test_keeps_leading_zeros(self) -> None:
        assert self.read(refused_rows_csv(HEADERS, ROWS))[1][1] == "001085123456"

    @pytest.mark.parametrize(
        "formula", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd", " =1", "\t=1", "＝1+1"]
    )
    def test_makes_formulas_harmless(self, formula: str) -> None:
        [_, [cell]] = self.read(refused_rows_csv(["x"], [[formula]]))

        assert cell == "'" + formula

    @pytest.mark.parametrize("text", ["-5", "+84 912 345 678", "1=1", "Nguyễn-Văn", ""])
    def test_leaves_everything_else_alone(self, text: str) -> None:
        [_, [cell]] = self.read(refused_rows_csv(["x", "y"], [[text]])) if text else [[], [""]]

        assert cell == text
