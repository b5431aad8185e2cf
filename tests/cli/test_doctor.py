import json
import re
import sqlite3
from pathlib import Path
from uuid import UUID

import pytest

from labour_book import data
from labour_book.cli import doctor as doctor_command
from labour_book.services import examining, examining_machine, examining_outside
from tests.cli.test_commands import Run, issued, run

__all__ = ["issued", "run"]


def seen(run: Run) -> tuple[int, dict[str, str]]:
    """The exit code, and how bad each thing is; nobody outside is asked."""
    code, said = run("doctor", "--offline", "--json")
    return code, {each["what"]: each["health"] for each in json.loads(said)}


class TestDoctor:
    @pytest.mark.usefixtures("issued")
    def test_finds_a_demonstration_whole_and_says_what_it_lacks(self, run: Run) -> None:
        code, found = seen(run)

        bad = {what for what, health in found.items() if health != "ok"}
        assert code == 0
        assert bad - {"wal-race", "disk"} == {"demo", "checkpoint", "head", "backup"}

    @pytest.mark.usefixtures("issued")
    def test_is_content_once_it_was_done_as_it_says(self, run: Run, tmp_path: Path) -> None:
        run("audit", "head")
        key = ("--key-file", str(tmp_path / "key"), "--make-key")
        assert run("backup", str(tmp_path / "b"), *key)[0] == 0

        _, found = seen(run)

        assert [found[what] for what in ("checkpoint", "head", "backup")] == ["ok"] * 3

    def test_says_what_to_do_in_two_languages(self, run: Run, issued: UUID) -> None:
        said = run("doctor", "--offline")[1]

        advice = data.by("doctor", "what")["backup"]
        assert advice["advice_vi"] in said
        assert advice["advice_en"] in said
        assert str(issued) not in said

    def test_stops_at_settings_that_are_wrong(
        self, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("LABOUR_BOOK_DEMO")

        code, found = seen(run)

        assert (code, found) == (1, {"settings": "fault"})

    def test_makes_no_database_where_there_is_none(self, run: Run, tmp_path: Path) -> None:
        code, found = seen(run)

        assert (code, found["database"]) == (1, "fault")
        assert list(tmp_path.rglob("*.sqlite")) == []

    @pytest.mark.usefixtures("issued")
    def test_sees_keys_that_everybody_on_the_machine_can_read(
        self, run: Run, tmp_path: Path
    ) -> None:
        folder = tmp_path / "installation"
        folder.chmod(0o755)
        (folder / "keys" / "root.pem").chmod(0o644)

        code, found = seen(run)

        assert (code, found["permissions"]) == (1, "fault")

    @pytest.mark.usefixtures("issued")
    def test_sees_a_clock_that_went_back_and_jobs_that_nobody_takes(
        self, run: Run, tmp_path: Path
    ) -> None:
        jobs = (
            "INSERT INTO job (id, run_id, part, kind, state, due_at, asked_at, asked_by, slot,"
            " first, last, position, done, counts, tries, revision) VALUES ('a', 'a', 1, 'daily',"
            " 'waiting', '2020-01-01', '2020-01-01', 'x', 's', '', '', '', 0, '{}', 0, 0)"
        )
        with sqlite3.connect(tmp_path / "installation" / "labour-book.sqlite") as database:
            database.execute("DROP TRIGGER IF EXISTS trace_is_never_changed")
            database.execute("UPDATE trace SET at = '2200-01-01 00:00:00'")
            database.execute(jobs)

        code, found = seen(run)

        assert (code, found["clock"], found["jobs-late"]) == (1, "fault", "fault")


class TestWords:
    def test_are_there_for_all_that_is_looked_at_and_nothing_else(self) -> None:
        modules = (doctor_command, examining, examining_machine, examining_outside)
        text = "".join(Path(str(each.__file__)).read_text(encoding="utf-8") for each in modules)
        asked = set(re.findall(r'(?:[Ss]ign|Place|_lasting)\(\s*"([a-z-]+)"', text))
        asked |= {f"queue-{name}" for name in ("files", "events", "mails")}

        assert asked == set(data.by("doctor", "what"))
        assert all(all(row.values()) for row in data.rows("doctor"))
