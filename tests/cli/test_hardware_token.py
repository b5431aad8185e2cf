"""An installation whose private keys live in a token (SoftHSM2), as an operator runs it."""

import base64
import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from shutil import which

import pytest

from signing import Use
from tests.cli.test_commands import PEOPLE, person
from tests.signing.test_hsm import LABEL, LIBRARY, PIN
from tests.support import token_keys
from tests.support.processes import command_line, run_apart

pytestmark = pytest.mark.skipif(
    LIBRARY is None or which("softhsm2-util") is None, reason="SoftHSM2 is not installed"
)
ADDRESS = "https://so.example.vn"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A token, and the settings that name it."""
    (tmp_path / "tokens").mkdir()
    configuration = tmp_path / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {tmp_path / 'tokens'}\nlog.level = ERROR\n")
    given = os.environ | {
        "SOFTHSM2_CONF": str(configuration),
        "LABOUR_BOOK_DATA_DIR": str(tmp_path / "installation"),
        "LABOUR_BOOK_PUBLIC_URL": ADDRESS,
        "LABOUR_BOOK_HSM_MODULE": str(LIBRARY),
        "LABOUR_BOOK_HSM_TOKEN": LABEL,
        "LABOUR_BOOK_HSM_PIN": PIN,
    }
    command = f"softhsm2-util --init-token --free --label {LABEL} --pin {PIN} --so-pin {PIN}"
    subprocess.run(command.split(), check=True, capture_output=True, env=given)
    return given


def runner(environment: Mapping[str, str], folder: Path) -> Run:
    def run(*words: str, ends: int = 0, **changed: str) -> subprocess.CompletedProcess[str]:
        done = run_apart(
            command_line, *words, environment={**environment, **changed}, folder=folder
        )
        assert done.returncode == ends, done.stdout + done.stderr
        return done

    return run


def private_keys(folder: Path) -> list[str]:
    return sorted(
        path.name
        for path in (folder / "installation").rglob("*")
        if path.is_file() and b"PRIVATE KEY" in path.read_bytes()
    )


def test_issues_and_seals_with_keys_that_were_made_in_the_token(
    environment: dict[str, str], tmp_path: Path
) -> None:
    secret = base64.b64encode(bytes(32)).decode()
    names = ("SEAL_KEY", "INDEX_KEY", "LOOKUP_KEY")
    run = runner(environment | {f"LABOUR_BOOK_{name}": secret for name in names}, tmp_path)
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    made = run_apart(
        token_keys.main,
        *(str(LIBRARY), LABEL, PIN, ADDRESS, tmp_path / "installation/keys"),
        environment=environment,
        folder=tmp_path,
    )
    assert made.returncode == 0, made.stderr

    run("init")
    assert f"{len(Use)} khóa mới" in run("keys", "import").stdout
    run("import", "population", str(tmp_path / "people.csv"))
    assert "2 phiên bản mới" in run("issue", "--all", "--processes", "2").stdout
    worker = str(person(tmp_path, "NGUYỄN THỊ HOA"))
    run("print", worker, str(tmp_path / "book.pdf"), "--purpose", "hồ sơ")
    said = run("verify", str(tmp_path / "book.pdf")).stdout

    assert "B-B: Không có dấu thời gian" in said
    assert private_keys(tmp_path) == []
    assert PIN not in run("settings").stdout.split()
    refused = run("keys", "rotate", "PDF", ends=1)
    assert "the root's private key is not here" in refused.stderr


def test_makes_new_keys_in_the_token_and_keeps_the_old_files(
    environment: dict[str, str], tmp_path: Path
) -> None:
    run = runner(environment | {"LABOUR_BOOK_DEMO": "true"}, tmp_path)
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    run("init")
    run("import", "population", str(tmp_path / "people.csv"))
    before = private_keys(tmp_path)

    made = [run("keys", "rotate", use).stdout.strip() for use in ("CREDENTIAL", "PDF")]
    run("issue", "--all")
    worker = str(person(tmp_path, "NGUYỄN THỊ HOA"))
    run("print", worker, str(tmp_path / "book.pdf"), "--purpose", "hồ sơ")

    run("verify", str(tmp_path / "book.pdf"))
    assert len(set(made)) == 2
    assert private_keys(tmp_path) == before
    wrong = run("issue", "--all", ends=1, LABOUR_BOOK_HSM_PIN="99999")
    assert "hardware token cannot be opened" in wrong.stderr
    assert "99999" not in wrong.stdout + wrong.stderr
    missing = run("issue", "--all", ends=2, LABOUR_BOOK_HSM_PIN="")
    assert "HSM_PIN" in missing.stderr
