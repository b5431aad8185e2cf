"""Health data (QĐ 3074/QĐ-BYT) is proven absent: nothing here has a field that could hold it."""

import csv
import dataclasses
import json
import re
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from api import reference
from api.main import create_app
from api.sandbox.registers_moods import DIAGNOSIS
from labour_book.registers import Row, contracts, form03, insurance, message_schemas
from labour_book.registers.messages.forms import Answered
from labour_book.settings import Settings
from labour_book.tables import METADATA
from tests.services.test_uploading import HEADER, PEOPLE

HEALTH = re.compile(
    r"icd|diagnos|disease|illness|sickness|hospital|clinic|patient|medic|treatment|facility"
    r"|health_?(?!z)|benefit_(type|kind)|disab|maternity|pregnan|prescri"
    r"|chan_doan|benh|kham|thuoc_",
    re.IGNORECASE,
)
"""How fields are called that would hold somebody's health, in English and in Vietnamese."""
SOURCE = Path(__file__).parent.parent / "labour_book"


def columns() -> Iterator[str]:
    for table in METADATA.tables.values():
        for column in table.columns:
            yield f"{table.name}.{column.name}"


def properties(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for each in schema.values():
            yield from properties(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from properties(each)


def forms(base: type[Answered] = Answered) -> Iterator[type[Answered]]:
    for form in base.__subclasses__():
        yield form
        yield from forms(form)


class TestHealth:
    def test_is_in_no_column_of_any_table(self) -> None:
        found = list(columns())

        assert len(found) > 300
        assert [each for each in found if HEALTH.search(each.partition(".")[2])] == []

    def test_is_in_no_message_between_us_and_a_register(self) -> None:
        found = [
            f"{name}: {each}"
            for name, schema in message_schemas.schemas()
            for each in properties(schema)
        ]

        assert len(found) > 200
        assert [each for each in found if HEALTH.search(each)] == []

    def test_is_in_no_typed_answer(self) -> None:
        found = [f"{form.__name__}.{name}" for form in forms() for name in form.model_fields]

        assert len(found) > 40
        assert [each for each in found if HEALTH.search(each)] == []
        assert {form.model_config["extra"] for form in forms()} == {"ignore"}

    def test_is_in_no_body_of_the_interface(self) -> None:
        document = reference.openapi_of(create_app(Settings(demo=True)))
        found = set(properties(document))

        assert len(found) > 200
        assert sorted(each for each in found if HEALTH.search(each)) == []

    def test_is_shared_by_no_preset(self) -> None:
        with (SOURCE / "data" / "presets.csv").open(encoding="utf-8") as file:
            rows = list(csv.reader(file))

        assert [cell for row in rows for cell in row if HEALTH.search(cell)] == []

    def test_is_in_no_row_of_any_file_that_is_read(self) -> None:
        found = [
            f"{form.__name__}.{field.name}"
            for form in typing.get_args(Row)
            for field in dataclasses.fields(form)
        ]

        assert len(found) > 80
        assert [each for each in found if HEALTH.search(each.partition(".")[2])] == []

    def test_would_be_found_if_it_were_there(self) -> None:
        assert all(HEALTH.search(name) for name in DIAGNOSIS)


class TestFileWithHealthData:
    """A register sends more than was agreed: it is dropped as it is read, also of refused rows."""

    @pytest.mark.parametrize("month", ["2025-01", "13/2025"])
    def test_leaves_nothing_of_it(self, tmp_path: Path, month: str) -> None:
        path = tmp_path / "insurance.csv"
        row = dict.fromkeys(insurance.COLUMNS, "") | {
            "si_number": "0111954241",
            "full_name": "Trần Xuân Bình",
            "sex": "Nam",
            "unit_name": "Công ty Mẫu",
            "from_month": month,
            "wage_base_vnd": "5310000",
            "funds": "SI",
            "status": "contributed",
            "last_updated": "2025-02-03",
        }
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [*row, *DIAGNOSIS])
            writer.writeheader()
            writer.writerow(row | DIAGNOSIS)

        (parsed,) = insurance.read(path)

        assert (parsed.row is None) is (month != "2025-01")
        assert parsed.raw.keys() == set(insurance.COLUMNS)
        assert not any(value in repr(parsed) for value in DIAGNOSIS.values())

    def test_leaves_nothing_of_it_as_json(self, tmp_path: Path) -> None:
        path = tmp_path / "contracts.jsonl"
        path.write_text(json.dumps({"message_id": "1"} | DIAGNOSIS) + "\n", encoding="utf-8")

        (parsed,) = contracts.read(path)

        assert parsed.row is None
        assert parsed.raw == {"message_id": "1"}

    def test_leaves_nothing_of_it_of_a_workbook_of_form_03(self, tmp_path: Path) -> None:
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        head = [*HEADER, *DIAGNOSIS, "Chẩn đoán bệnh"]
        told = [*DIAGNOSIS.values(), "Lao phổi"]
        for row in (("Mã xã: 00070",), ("Thời điểm: tháng 9 năm 2026",), head):
            sheet.append(list(row))
        for person in PEOPLE:
            sheet.append([*person, *told])
        path = tmp_path / "form03.xlsx"
        book.save(path)

        rows = list(form03.read(path))

        assert len(rows) == len(PEOPLE)
        assert any(each.row is None for each in rows)
        assert not [value for value in told if value in repr(rows)]
