import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.test_commands import Run, issued, run

__all__ = ["issued", "run"]
NUMBER = "001190000017"


def shown(run: Run, *words: str) -> tuple[int, dict[str, bool]]:
    code, said = run("prove", "--sample", "5", "--json", *words)
    return code, {each["what"]: each["is_good"] for each in json.loads(said)["proofs"]}


class TestProve:
    @pytest.mark.usefixtures("issued")
    def test_shows_every_figure_of_a_whole_installation(self, run: Run) -> None:
        code, said = run("prove", "--sample", "5")

        assert (code, said.count("đạt / pass"), "SQLite" in said) == (0, 8, True), said
        assert NUMBER not in said

    @pytest.mark.usefixtures("issued")
    def test_finds_a_plain_number_in_a_log_and_in_the_database(
        self, run: Run, tmp_path: Path
    ) -> None:
        log = tmp_path / "access.log"
        log.write_text(f"GET /workers/{NUMBER}\n", encoding="utf-8")
        with sqlite3.connect(tmp_path / "installation" / "labour-book.sqlite") as database:
            database.execute("CREATE TABLE stray (note TEXT)")
            database.execute("INSERT INTO stray VALUES (?)", (f"ID {NUMBER}.",))

        code, found = shown(run, "--no-drills", "--log", str(log))

        assert (code, found["plain-database"], found["plain-logs"]) == (1, False, False)
        assert found["signatures"] is True

    @pytest.mark.usefixtures("issued")
    def test_finds_an_altered_credential_and_a_version_that_is_gone(
        self, run: Run, tmp_path: Path
    ) -> None:
        with sqlite3.connect(tmp_path / "installation" / "labour-book.sqlite") as database:
            database.execute("UPDATE book SET current_version = 2")
            database.execute("UPDATE book_version SET credential = zeroblob(100)")

        code, found = shown(run, "--no-drills")

        assert (code, found["versions"], found["signatures"]) == (1, False, False)
