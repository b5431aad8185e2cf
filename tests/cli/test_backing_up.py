"""An operator's worst day, as commands: back up, lose the machine, restore elsewhere, prove it."""

import shutil
from pathlib import Path

import pytest

from tests.cli.test_commands import Run, issued, run

__all__ = ["issued", "run"]


@pytest.mark.usefixtures("issued")
def test_a_lost_installation_comes_back_and_proves_itself(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, backup = str(tmp_path / "key"), str(tmp_path / "backup")
    assert run("audit", "checkpoint")[0] == 0
    code, statement = run("audit", "head")
    kept = tmp_path / "kept-elsewhere.log"
    kept.write_text(statement, encoding="utf-8")
    assert (code, statement.count("\n")) == (0, 6)
    assert run("backup", backup, "--key-file", key, "--make-key")[0] == 0

    shutil.rmtree(tmp_path / "installation")
    monkeypatch.setenv("LABOUR_BOOK_DATA_DIR", str(tmp_path / "elsewhere"))
    restored = run("restore", backup, "--key-file", key)
    proven = run("audit", "verify", "--kept", str(kept))
    drills = [
        run("drill", name, "--key-file", key)
        for name in ("restore", "key-compromise", "freeze-log")
    ]

    assert restored[0] == 0, restored[1]
    assert (proven[0], "Intact" in proven[1]) == (0, True), proven[1]
    assert [code for code, _ in drills] == [0, 0, 0], drills
    assert "FAIL" not in "".join(said for _, said in drills)
    assert run("drill", "pitr")[0] == 1
    assert run("backup", backup, "--key-file", key)[0] == 1, "nothing is written over"
