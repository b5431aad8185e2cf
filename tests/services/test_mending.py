"""Refused rows go out, one cell is mended, and they come in."""

import csv
import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import Workbook, load_workbook

from labour_book.database import reading
from labour_book.errors import Invalid
from labour_book.services.collection import import_file
from labour_book.services.mending import mendable_file, suffix_of
from labour_book.services.receipts import RunSummary
from labour_book.tables import EmploymentFact, ProfileFact
from tests.services.collecting import (
    CERTIFICATE,
    ENTERPRISE,
    EVENT,
    NOW,
    PAPER_LINE,
    PERIOD,
    PERSON,
    VAULT,
    Importer,
)

LATER = datetime(2026, 11, 21, tzinfo=UTC)
CSV_KINDS = {
    "population": (PERSON, "sex", "?"),
    "enterprises": (ENTERPRISE, "registered_on", "17/3/2004"),
    "insurance": (PERIOD, "to_month", "2019-13"),
    "qualifications": (CERTIFICATE, "issued_on", "19/06"),
    "paper_books": (PAPER_LINE | {"personal_id": "001090123456"}, "checked_by", "cb.mot"),
}
FORM = {
    "STT": "1",
    "Mã hộ": "4",
    "Họ và tên": "NGUYỄN VĂN HÒA",
    "Giới tính": "Nam",
    "Ngày tháng năm sinh": "04/03/1990",
    "Số ĐDCN/CCCD": "00109012345",
    "Tình trạng tham gia hoạt động kinh tế": "Có việc làm",
    "Vị thế việc làm": "Làm công hưởng lương",
    "Nơi làm việc": "-Công ty Sao Mai",
}


@pytest.fixture
def lite(sqlite_engine: sa.Engine, tmp_path: Path) -> Importer:
    importer = Importer(sqlite_engine, tmp_path)
    importer("population", PERSON | {"full_name": "TRẦN THỊ BÉ", "personal_id": "001090123999"})
    return importer


def returned(lite: Importer, run: RunSummary) -> bytes:
    with reading(lite.engine) as db:
        return mendable_file(db, VAULT, run.run_id, suffix_of(run.kind))[0]


def sent_again(lite: Importer, path: Path, kind: str) -> RunSummary:
    return import_file(lite.engine, VAULT, kind, path, by="tester", now=LATER)


def mended_csv(content: bytes, field: str, value: str) -> bytes:
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    for row in rows:
        row[field] = value
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


class TestCsv:
    @pytest.mark.parametrize("kind", CSV_KINDS)
    def test_comes_back_mended(self, lite: Importer, tmp_path: Path, kind: str) -> None:
        good, field, bad = CSV_KINDS[kind]
        if kind != "population":
            lite(
                "population",
                PERSON
                | (
                    {"full_name": "TRẦN THỊ BÉ", "birth_date": "1960-01-01"}
                    if "page_ref" in good
                    else {}
                ),
            )
        run = lite(kind, good | {field: bad})
        path = tmp_path / "mended.csv"
        path.write_bytes(mended_csv(returned(lite, run), field, good[field]))

        done = sent_again(lite, path, kind)

        assert run.rows == {"refused": 1}
        assert done.rows == {"created": 1}
        assert done.causes == {}
        assert done.remarks == ()

    def test_keeps_what_looks_like_a_formula(self, lite: Importer, tmp_path: Path) -> None:
        lite("population", PERSON)
        run = lite("insurance", PERIOD | {"position_text": "=1+1", "to_month": "2019-13"})
        content = returned(lite, run)
        path = tmp_path / "mended.csv"
        path.write_bytes(mended_csv(content, "to_month", "2021-12"))

        done = sent_again(lite, path, "insurance")

        assert "'=1+1" in content.decode()
        assert done.causes == {"created": {"FORMULA_TEXT": 1}}

    def test_unmended_is_refused_for_the_same_cause(self, lite: Importer, tmp_path: Path) -> None:
        damaged = PERSON | {"full_name": "NGUYỄN \ufffdN"}
        run = lite("population", damaged, PERSON | {"sex": "?"})
        path = tmp_path / "again.csv"
        path.write_bytes(returned(lite, run))

        assert sent_again(lite, path, "population").causes == run.causes

    def test_unmended_does_not_win_over_what_it_contradicts(
        self, lite: Importer, tmp_path: Path
    ) -> None:
        lite("population", PERSON)
        run = lite("insurance", PERIOD, PERIOD | {"wage_base_vnd": "8000000"})
        path = tmp_path / "again.csv"
        path.write_bytes(returned(lite, run))

        done = sent_again(lite, path, "insurance")

        assert run.rows == {"created": 1, "needs_review": 1}
        assert done.causes == {"needs_review": {"STILL_CONTRADICTS": 1}}

    def test_says_where_and_why_once(self, lite: Importer) -> None:
        run = lite("population", PERSON | {"sex": "", "ethnic_code": ""})

        (row,) = csv.DictReader(io.StringIO(returned(lite, run).decode("utf-8-sig"), newline=""))

        assert row["# dòng / row"] == "2"
        assert row["# ô / field"] == "sex"
        assert row["# reason"].count("missing") == 1
        assert row["# cách sửa"]
        assert row["# what to do"]

    def test_has_the_columns_of_its_kind_even_for_broken_lines(
        self, lite: Importer, tmp_path: Path
    ) -> None:
        path = tmp_path / "p.csv"
        path.write_text(",".join(PERSON) + "\nonly this\n", encoding="utf-8")
        run = sent_again(lite, path, "population")
        path.write_bytes(returned(lite, run))

        assert sent_again(lite, path, "population").causes["refused"] == {"MISSING_VALUE": 1}

    def test_is_all_that_can_be_asked_for(self, lite: Importer) -> None:
        run = lite("population", PERSON | {"sex": "?"})

        with reading(lite.engine) as db, pytest.raises(Invalid, match=r"\.csv"):
            mendable_file(db, VAULT, run.run_id, ".xlsx")


class TestJsonLines:
    def test_come_back_mended(self, lite: Importer, tmp_path: Path) -> None:
        lite("population", PERSON)
        run = lite("contracts", EVENT | {"first_day": "2026-02-30"})
        (event,) = map(json.loads, returned(lite, run).splitlines())
        path = tmp_path / "mended.jsonl"
        path.write_text(json.dumps(event | {"first_day": "2026-01-05"}) + "\n", encoding="utf-8")

        done = sent_again(lite, path, "contracts")

        assert run.rows == {"refused": 1}
        assert event["# reason"]
        assert done.rows == {"created": 1}
        assert done.causes == {}


class TestForm03:
    def form(self, tmp_path: Path, *sheets: Mapping[str, str]) -> Path:
        book = Workbook()
        book.remove(book.worksheets[0])
        for number, values in enumerate(sheets, start=1):
            sheet = book.create_sheet(f"Khu phố {number}")
            sheet.append(["TỔNG HỢP THÔNG TIN - Thời điểm thu thập: ngày 7 tháng 9 năm 2026"])
            sheet.append(list(values))
            sheet.append(list(values.values()))
        path = tmp_path / "form03_26206.xlsx"
        book.save(path)
        return path

    def mended(self, content: bytes, path: Path, changes: Mapping[str, str]) -> Path:
        book = load_workbook(BytesIO(content))
        for sheet in book.worksheets:
            rows: list[tuple[Any, ...]] = list(sheet.iter_rows())
            at = next(x for x, row in enumerate(rows) if len([c for c in row if c.value]) > 5)
            for header in rows[at]:
                if header.value in changes:
                    sheet.cell(at + 2, header.column).value = changes[header.value]
        book.save(path)
        return path

    def test_comes_back_mended_under_any_name(self, lite: Importer, tmp_path: Path) -> None:
        second = {"Họ tên" if name == "Họ và tên" else name: text for name, text in FORM.items()}
        second |= {"Mã hộ": "", "Số ĐDCN/CCCD": "00108812345", "Họ tên": "TRẦN VĂN TÁM"}
        second["Ngày tháng năm sinh"] = "1988"
        run = sent_again(lite, self.form(tmp_path, FORM, second), "form03")
        content = returned(lite, run)
        path = self.mended(content, tmp_path / "sửa 00004.xlsx", {"Số ĐDCN/CCCD": "001090123456"})
        book = load_workbook(path)
        second_sheet = book.worksheets[1]
        for row in second_sheet.iter_rows():
            for cell in row:
                if cell.value == "001090123456":
                    cell.value = "001088123456"
        book.save(path)

        done = sent_again(lite, path, "form03")

        bodies = [
            json.loads(row["body"]) for row in lite.live(ProfileFact) if row["kind"] == "form03"
        ]
        places = {
            row["workplace_text"] or row["employer_name"] for row in lite.live(EmploymentFact)
        }
        assert run.rows == {"refused": 2}
        assert [sheet.title for sheet in book.worksheets] == ["Khu phố 1", "Khu phố 2"]
        assert done.rows == {"created": 2}
        assert {body["commune_code"] for body in bodies} == {"26206"}
        assert {body.get("household_code") for body in bodies} == {"4", None}
        assert not any("inactive_reason" in body for body in bodies)
        assert places == {"-Công ty Sao Mai"}
        assert done.remarks == ()
        assert NOW < LATER
