"""What the command line says of an import, in Vietnamese and English."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from labour_book import cli, data
from labour_book.cli.imports import show_run, show_told
from labour_book.database import reading
from labour_book.domain.findings import Finding, message
from labour_book.errors import Invalid
from labour_book.services.collection import receipts_of
from labour_book.services.receipts import told
from tests.services.collecting import PERIOD, PERSON, VAULT, Importer


class TestShowRun:
    def test_tells_each_cause_without_holes(
        self, sqlite_engine: sa.Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        imported = Importer(sqlite_engine, tmp_path)
        imported("population", PERSON)
        show_run(imported("insurance", PERIOD | {"from_month": "2003-01", "zalo": "1"}))

        shown = capsys.readouterr().out
        assert "created 1  WORK_BEFORE_15" in shown
        assert "Bắt đầu làm việc khi chưa đủ 15 tuổi. Kiểm tra ngày sinh" in shown
        assert "Work began before the age of 15. Check the birth date" in shown
        assert 'Cột "zalo" không nhận ra' in shown
        assert "…" not in shown

    def test_tells_a_row_where_it_stood(
        self, sqlite_engine: sa.Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        imported = Importer(sqlite_engine, tmp_path)
        done = imported("population", PERSON | {"sex": "?"})
        with reading(sqlite_engine) as db:
            (receipt,) = receipts_of(db, VAULT, done.run_id)
        show_told(receipt.told[0])

        assert "UNKNOWN_CODE [sex]" in capsys.readouterr().out


class TestTold:
    @pytest.mark.parametrize("cause", sorted(data.causes()))
    def test_has_no_holes_when_there_is_no_detail(self, cause: str) -> None:
        found = told(Finding(cause))

        assert "…" not in found.message_vi + found.message_en
        assert "…" not in found.what_to_do_vi + found.what_to_do_en

    def test_has_general_words_only_where_they_are_needed(self) -> None:
        for row in data.rows("causes_in_general"):
            assert "…" in message(row["cause"]), row["cause"]


class TestMain:
    def test_explains_a_file_that_cannot_be_read(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def refuse() -> None:
            raise Invalid("Missing columns: sex", cause="MISSING_COLUMNS", columns="sex")

        monkeypatch.setattr(cli, "app", refuse)

        with pytest.raises(SystemExit) as end:
            cli.main()

        shown = re.sub(r"\s+", " ", capsys.readouterr().err)
        assert end.value.code == 2
        assert "Thiếu cột: sex. Bổ sung cột" in shown
        assert "Missing columns: sex. Add them" in shown
