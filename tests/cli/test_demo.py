"""The demonstration as a newcomer runs it: once with everything to do, once with nothing."""

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

FILES = 10
FEWEST_PEOPLE = 3000


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """The folder of a demonstration that was run twice, and what each run printed."""
    folder = tmp_path_factory.mktemp("demo")
    return folder, [_run(folder) for _ in range(2)]


def _run(folder: Path) -> str:
    settings = {"LABOUR_BOOK_DATA_DIR": str(folder), "COLUMNS": "200"}
    command = [Path(sys.executable).parent / "labour-book", "demo", "--no-serve"]
    done = subprocess.run(
        command, env=os.environ | settings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


class TestDemo:
    def test_imports_every_file_and_issues_every_book(self, demo: tuple[Path, list[str]]) -> None:
        folder, (first, _second) = demo
        with sqlite3.connect(folder / "labour-book.sqlite") as db:
            (runs,) = db.execute("SELECT count(*) FROM import_run WHERE state = 'done'").fetchone()
            (people,) = db.execute("SELECT count(*) FROM person").fetchone()
            (books,) = db.execute("SELECT count(*) FROM book_version").fetchone()

        assert (runs, books) == (FILES, people)
        assert people >= FEWEST_PEOPLE
        assert "0 lỗi / failed" in first

    def test_ends_with_addresses_to_open(self, demo: tuple[Path, list[str]]) -> None:
        _folder, (first, _second) = demo

        assert len(re.findall(r"^QR .* http://127\.0\.0\.1:8000/v/\w+$", first, re.MULTILINE)) == 3

    def test_does_nothing_the_second_time(self, demo: tuple[Path, list[str]]) -> None:
        _folder, (_first, second) = demo

        assert "created" not in second
        assert " 0 phiên bản mới / issued" in second

    def test_stores_no_personal_id_in_the_clear(self, demo: tuple[Path, list[str]]) -> None:
        folder, _printed = demo
        stored = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
        register = Path(__file__).parents[2] / "labour_book/data/demo/population.csv"
        numbers = {line[:12] for line in register.read_bytes().splitlines()[1:]}

        assert len(numbers) == FEWEST_PEOPLE
        assert not numbers & set(re.findall(rb"(?<!\d)\d{12}(?!\d)", stored))
