"""Workbooks of employers' declarations, as they are filled in."""

from collections.abc import Mapping
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from labour_book.domain.filings import FilingKind
from labour_book.errors import Invalid
from labour_book.registers import KINDS, FilingRow, Parsed, check_file
from labour_book.registers.employer_filings import headings
from labour_book.services.filing_files import template

HIRED: Mapping[str, object] = {
    "kind": "Tuyển dụng",
    "personal_id": "001190000001",
    "full_name": "NGUYỄN THỊ SỐ 1",
    "birth_date": "17/05/1990",
    "first_day": "02/11/2026",
    "position": "Kế toán viên",
    "occupation_code": "33",
    "contract_kind": "Không xác định thời hạn",
    "workplace_commune": "00070",
}


def workbook(path: Path, *rows: Mapping[str, object], before: int = 0) -> Path:
    """Fill in a workbook with the headings of the template."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for number in range(before):
        sheet.append([f"Dòng {number}"])
    sheet.append(list(headings().values()))
    for row in rows:
        sheet.append([row.get(field) for field in headings()])
    book.save(path)
    return path


def read(path: Path) -> list[Parsed]:
    check_file(path, "employer_filings")
    return list(KINDS["employer_filings"].read(path))


def row_of(path: Path, row: Mapping[str, object]) -> FilingRow:
    (parsed,) = read(workbook(path / "f.xlsx", row))
    assert isinstance(parsed.row, FilingRow), parsed.findings
    return parsed.row


def causes(path: Path, row: Mapping[str, object]) -> set[str]:
    (parsed,) = read(workbook(path / "f.xlsx", row))
    assert parsed.row is None
    return {each.cause for each in parsed.findings}


class TestTemplate:
    def test_is_read_when_it_is_filled_in(self, tmp_path: Path) -> None:
        book = load_workbook(BytesIO(template()))
        sheet = book.worksheets[0]
        for column, field in enumerate(headings(), start=1):
            sheet.cell(2, column, HIRED.get(field))
        path = tmp_path / "filled.xlsx"
        book.save(path)

        (parsed,) = read(path)

        assert isinstance(parsed.row, FilingRow)
        assert parsed.row.personal_id == "001190000001"
        assert parsed.line.number == 2

    def test_has_one_header_row_and_the_codes_beside(self) -> None:
        book = load_workbook(BytesIO(template()))
        filings, codes = book.worksheets

        assert [each.value for each in filings[1]] == list(headings().values())
        known = {(row[0].value, row[1].value) for row in codes.iter_rows(min_row=2)}
        assert ("Khoản Điều 34", "9") in known
        assert ("Mã xã nơi làm việc", "00070") in known
        assert ("Loại khai báo", "Chấm dứt") in known

    def test_that_is_empty_says_so(self, tmp_path: Path) -> None:
        path = tmp_path / "empty.xlsx"
        path.write_bytes(template())

        assert [each.cause for each in check_file(path, "employer_filings")] == ["NO_ROWS"]


class TestRead:
    def test_gives_what_is_declared(self, tmp_path: Path) -> None:
        row = row_of(tmp_path, HIRED)

        assert row.kind is FilingKind.HIRE
        assert row.birth_date == date(1990, 5, 17)
        assert row.said.as_body() == {
            "first_day": "2026-11-02",
            "position": "Kế toán viên",
            "occupation_code": "33",
            "contract_kind": "INDEFINITE",
            "workplace_commune": "00070",
        }

    def test_puts_back_what_excel_takes_away(self, tmp_path: Path) -> None:
        row = row_of(
            tmp_path,
            {
                **HIRED,
                "personal_id": 1190000001,
                "workplace_commune": 70,
                "birth_date": datetime(1990, 5, 17),
                "occupation_code": 33,
            },
        )

        assert row.personal_id == "001190000001"
        assert row.said.workplace_commune == "00070"
        assert row.birth_date == date(1990, 5, 17)
        assert row.said.occupation_code == "33"

    @pytest.mark.parametrize("word", ["chấm dứt", "CHAM DUT", "Báo giảm", "end"])
    def test_knows_the_words_people_use(self, tmp_path: Path, word: str) -> None:
        row = {**HIRED, "kind": word, "last_day": "18/11/2026", "end_reason_clause": 9}

        assert row_of(tmp_path, row).kind is FilingKind.END

    @pytest.mark.parametrize(
        ("other", "cause"),
        [
            ({"kind": "?"}, "FILING_KIND_UNKNOWN"),
            ({"kind": None}, "MISSING_VALUE"),
            ({"personal_id": None}, "MISSING_VALUE"),
            ({"personal_id": "123"}, "PERSONAL_ID_FORM"),
            ({"personal_id": "012345678"}, "PERSONAL_ID_FORM"),
            ({"full_name": None}, "MISSING_VALUE"),
            ({"birth_date": None}, "MISSING_VALUE"),
            ({"birth_date": "1990"}, "FILING_PARTIAL_DAY"),
            ({"first_day": "31/02/2026"}, "BAD_DATE"),
            ({"first_day": "11/2026"}, "FILING_PARTIAL_DAY"),
            ({"first_day": "02/11/26"}, "TWO_DIGIT_YEAR"),
            ({"contract_kind": "thời vụ"}, "UNKNOWN_CODE"),
            ({"end_reason_clause": "chín"}, "UNKNOWN_CODE"),
            ({"position": "=1+1"}, "FILING_FORMULA"),
            ({"position": "=HYPERLINK(1)"}, "FILING_FORMULA"),
        ],
    )
    def test_refuses_a_row_with_its_cause(
        self, tmp_path: Path, other: Mapping[str, object], cause: str
    ) -> None:
        assert cause in causes(tmp_path, {**HIRED, **other})

    def test_takes_up_behind_the_rows_that_are_done(self, tmp_path: Path) -> None:
        rows = [{**HIRED, "position": name} for name in ("a b", "c d", "e f")]
        path = workbook(tmp_path / "f.xlsx", *rows, before=3)

        parsed = list(KINDS["employer_filings"].read(path, skip=2))

        assert [each.line.number for each in parsed] == [7]

    def test_refuses_another_workbook(self, tmp_path: Path) -> None:
        book = Workbook()
        path = tmp_path / "other.xlsx"
        book.save(path)

        with pytest.raises(Invalid) as error:
            list(KINDS["employer_filings"].read(path))

        assert error.value.facts["cause"] == "NOT_FILINGS"
