"""Workbooks that are none, that are broken, or that want to be the last thing we read."""

import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from labour_book.errors import Invalid
from labour_book.registers import check_file
from labour_book.registers.workbook import Limits, Sheet, SheetRow, read_workbook
from labour_book.registers.zip_guard import inspect

Write = Callable[..., Path]
MIB = 1 << 20


def cause_of(path: Path, limits: Limits | None = None) -> object:
    with pytest.raises(Invalid) as error:
        list(read_workbook(path, limits=limits or Limits()))
    return error.value.facts["cause"]


def rezipped(source: Path, target: Path, changed: dict[str, bytes]) -> Path:
    with (
        zipfile.ZipFile(source) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, changed.get(name, old.read(name)))
        for name in changed.keys() - set(old.namelist()):
            new.writestr(name, changed[name])
    return target


@pytest.fixture
def sample(demo: Path) -> Path:
    return demo / "form03_26206.xlsx"


class TestWhatIsNoWorkbook:
    @pytest.mark.parametrize(
        ("content", "cause"),
        [
            (b"", "EMPTY_FILE"),
            (b"personal_id,full_name\n", "NOT_A_WORKBOOK"),
            (b"%PDF-1.7\n", "NOT_A_WORKBOOK"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "XLS_OR_ENCRYPTED"),
            (b"PK\x03\x04 but nothing else", "BROKEN_WORKBOOK"),
        ],
    )
    def test_is_refused_by_its_first_bytes(
        self, tmp_path: Path, content: bytes, cause: str
    ) -> None:
        path = tmp_path / "form03_26206.xlsx"
        path.write_bytes(content)

        assert cause_of(path) == cause

    @pytest.mark.parametrize("name", ["a.txt", "xl/workbook.bin"])
    def test_is_refused_by_its_parts(self, tmp_path: Path, name: str) -> None:
        path = tmp_path / "x.xlsx"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(name, "x")

        assert cause_of(path) == "NOT_A_WORKBOOK"

    @pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
    def test_is_refused_when_cut_off(self, sample: Path, tmp_path: Path, part: float) -> None:
        content = sample.read_bytes()
        path = tmp_path / "cut.xlsx"
        path.write_bytes(content[: int(len(content) * part)])

        assert cause_of(path) == "BROKEN_WORKBOOK"

    def test_is_refused_when_a_sheet_is_no_xml(self, sample: Path, tmp_path: Path) -> None:
        broken = {"xl/workbook.xml": b"<workbook><sheets><sheet"}
        path = rezipped(sample, tmp_path / "x.xlsx", broken)

        assert cause_of(path) == "BROKEN_WORKBOOK"

    def test_is_refused_with_xml_entities(self, sample: Path, tmp_path: Path) -> None:
        bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><sst>&a;</sst>'
        path = rezipped(sample, tmp_path / "x.xlsx", {"xl/sharedStrings.xml": bomb})

        assert cause_of(path) == "XML_ENTITIES"


class TestBombs:
    def test_are_refused_before_any_library_sees_them(self, sample: Path, tmp_path: Path) -> None:
        path = tmp_path / "bomb.xlsx"
        row = b'<row r="1"><c r="A1" t="n"><v>1</v></c></row>'
        rezipped(sample, path, {"xl/worksheets/sheet1.xml": row * (400 * MIB // len(row))})
        assert path.stat().st_size < 3 * MIB

        began = time.process_time()
        with pytest.raises(Invalid) as error:
            inspect(path)

        assert error.value.facts == {"cause": "ZIP_BOMB", "allowed_mib": 300}
        assert time.process_time() - began < 20

    def test_have_an_absolute_limit_that_can_be_set(self, sample: Path) -> None:
        assert cause_of(sample, Limits(inflated_bytes=100_000)) == "ZIP_BOMB"

    def test_with_two_cells_far_apart_stop_at_the_memory_limit(self, tmp_path: Path) -> None:
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        sheet["A1"] = 1
        sheet["XFD1048576"] = 1
        path = tmp_path / "form03_26206.xlsx"
        book.save(path)

        assert cause_of(path) in {"WORKBOOK_LIMIT", "BROKEN_WORKBOOK"}

    def test_stop_at_the_time_limit(self, sample: Path, tmp_path: Path) -> None:
        row = b'<row r="1"><c r="A1" t="n"><v>1</v></c></row>'
        sheet = b"<worksheet><sheetData>" + row * 2_500_000 + b"</sheetData></worksheet>"
        path = rezipped(sample, tmp_path / "slow.xlsx", {"xl/worksheets/sheet1.xml": sheet})

        assert cause_of(path, Limits(cpu_seconds=0)) == "WORKBOOK_LIMIT"

    def test_the_child_ends_when_nobody_reads_on(self, sample: Path) -> None:
        rows = read_workbook(sample)
        next(rows)

        rows.close()  # type: ignore[attr-defined] # a generator

        assert list(rows) == []


class TestCells:
    def test_reach_us_as_text_without_loss(self, form: Write) -> None:
        path = form([[75082917214, 1.5, 123456789012345678, True, None, "x", "_x0007_"], []])

        rows = [each for each in read_workbook(path) if isinstance(each, SheetRow)]

        assert rows[0].cells[:2] == ["75082917214", "1.5"]
        assert "e+17" in rows[0].cells[2]
        assert rows[0].cells[3:] == ["True", "", "x", "\x07"]

    def test_keep_their_row_and_column(self, tmp_path: Path) -> None:
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        sheet["C4"] = "x"
        path = tmp_path / "x.xlsx"
        book.save(path)

        rows = [each for each in read_workbook(path) if isinstance(each, SheetRow)]

        assert rows[-1] == SheetRow(4, ["", "", "x"])

    def test_of_hidden_sheets_are_not_read(self, tmp_path: Path) -> None:
        book = Workbook()
        for name, state in (("one", "hidden"), ("two", "veryHidden")):
            sheet = book.create_sheet(name)
            sheet["A1"] = "secret"
            sheet.sheet_state = state
        path = tmp_path / "x.xlsx"
        book.save(path)

        read = list(read_workbook(path))

        assert [(each.name, each.is_read) for each in read if isinstance(each, Sheet)] == [
            ("Sheet", True),
            ("one", False),
            ("two", False),
        ]
        assert not any("secret" in each.cells for each in read if isinstance(each, SheetRow))

    def test_formulas_are_told_by_cell(self, demo: Path) -> None:
        (first, *_rest) = inspect(demo / "form03_02260.xlsx").formulas

        assert first["T76"].startswith('HYPERLINK("http://')
        assert first["E48"] == "COUNTA(E11:E47)"

    def test_a_workbook_of_something_else_is_no_form(self, form: Write) -> None:
        path = form([["Tháng", "Thu", "Chi"], [1, 2, 3]])

        with pytest.raises(Invalid) as error:
            check_file(path, "form03")

        assert error.value.facts["cause"] == "NOT_FORM03"
