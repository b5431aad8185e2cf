"""Files to read: the packaged samples, and small ones made on the spot."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

import labour_book.data

DEMO = Path(labour_book.data.__file__).parent / "demo"


@pytest.fixture(scope="session")
def demo() -> Path:
    return DEMO


@pytest.fixture
def csv_file(tmp_path: Path) -> Callable[..., Path]:
    def write(rows: Sequence[Mapping[str, str]], name: str = "rows.csv") -> Path:
        text = io.StringIO()
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        path = tmp_path / name
        path.write_text(text.getvalue(), encoding="utf-8", newline="")
        return path

    return write


@pytest.fixture
def form(tmp_path: Path) -> Callable[..., Path]:
    """Write a workbook whose first sheet holds the given rows."""

    def write(rows: Sequence[Sequence[object]], name: str = "form03_26206.xlsx") -> Path:
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        for row in rows:
            sheet.append(list(row))
        path = tmp_path / name
        book.save(path)
        return path

    return write
