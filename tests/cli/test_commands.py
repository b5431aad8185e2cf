"""The commands as an operator types them, on a small installation in a folder of its own."""

import re
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from labour_book.cli import edge, main
from labour_book.services.hashed_secrets import hashed
from signing import Use

PEOPLE = """\
personal_id,full_name,birth_date,sex,ethnic_code,residence_commune_code,status,status_date,old_ids
001190000017,NGUYỄN THỊ HOA,1990-05-15,Nữ,01,00097,ALIVE,,
001085000026,TRẦN VĂN BÌNH,1985,Nam,01,00097,ALIVE,,
"""
DIPLOMA = """personal_id,kind,level,field,issuer,issued_on,number
001190000017,DIPLOMA,6,Kế toán,Trường Đại học Thương mại,2012-07-01,A123
001190000017,DIPLOMA,9,Kế toán,Trường Đại học Thương mại,2012-07-01,A124
"""
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line; return the exit code and what was printed."""
    monkeypatch.setenv("LABOUR_BOOK_DEMO", "true")
    monkeypatch.setenv("LABOUR_BOOK_DATA_DIR", str(tmp_path / "installation"))

    def command(*words: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["labour-book", *words])
        with pytest.raises(SystemExit) as ended:
            raise SystemExit(main())
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out + printed.err

    for console in (edge.OUT, edge.ERR):
        monkeypatch.setattr(console, "width", 400)
    return command


@pytest.fixture
def issued(run: Run, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> UUID:
    """Two people on file and issued; the id of the first. Made once, then copied."""
    kept = tmp_path_factory.getbasetemp() / "issued-installation"
    if kept.exists():
        shutil.copytree(kept, tmp_path / "installation")
    else:
        (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
        assert run("init")[0] == 0
        assert run("import", "population", str(tmp_path / "people.csv"))[0] == 0
        assert run("issue", "--all")[0] == 0
        shutil.copytree(tmp_path / "installation", kept)
    return person(tmp_path, "NGUYỄN THỊ HOA")


def person(folder: Path, name: str) -> UUID:
    (found,) = database(folder).execute("SELECT id FROM person WHERE full_name = ?", (name,))
    return UUID(found[0])


def database(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(folder / "installation" / "labour-book.sqlite")


class TestImport:
    @pytest.mark.usefixtures("issued")
    def test_counts_every_row_and_shows_it_again(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "diplomas.csv").write_text(DIPLOMA, encoding="utf-8")

        code, said = run("import", "qualifications", str(tmp_path / "diplomas.csv"))

        assert (code, "created 1" in said, "refused 1" in said) == (0, True, True)
        (found,) = re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", said)
        assert "refused 1" in run("import", "show", found)[1]

    @pytest.mark.usefixtures("issued")
    def test_names_the_kind_that_a_wrong_file_is_of(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "diplomas.csv").write_text(DIPLOMA, encoding="utf-8")

        code, said = run("import", "population", str(tmp_path / "diplomas.csv"))

        assert code == 2
        assert "qualifications" in said


class TestIssue:
    def test_issues_only_what_changed(self, run: Run, issued: UUID, tmp_path: Path) -> None:
        assert "0 phiên bản mới" in run("issue", "--all")[1]
        (tmp_path / "diplomas.csv").write_text(DIPLOMA, encoding="utf-8")
        run("import", "qualifications", str(tmp_path / "diplomas.csv"))

        assert "1 phiên bản mới" in run("issue", "--all")[1]
        assert "unchanged since version 2" in run("issue", "--worker", str(issued))[1]

    def test_wants_one_worker_or_all(self, run: Run, issued: UUID) -> None:
        assert run("issue")[0] == 2
        assert run("issue", "--all", "--worker", str(issued))[0] == 2


class TestVerify:
    def test_goes_from_genuine_over_superseded_to_revoked(
        self, run: Run, issued: UUID, tmp_path: Path
    ) -> None:
        paper = tmp_path / "book.pdf"
        run("print", str(issued), str(paper), "--purpose", "hồ sơ")
        assert run("verify", str(paper))[0] == 0

        (tmp_path / "diplomas.csv").write_text(DIPLOMA, encoding="utf-8")
        run("import", "qualifications", str(tmp_path / "diplomas.csv"))
        run("issue", "--all")
        code, said = run("verify", str(paper))
        assert (code, "SUPERSEDED" in said) == (1, True)

        query = "SELECT id FROM book_version WHERE person_id = ? AND version = 1"
        (version,) = database(tmp_path).execute(query, (issued.hex,)).fetchone()
        run("revoke", str(UUID(version)), "--reason", "cấp nhầm")
        code, said = run("verify", str(paper))
        assert (code, "REVOKED" in said) == (1, True)

    def test_refuses_one_changed_byte(self, run: Run, issued: UUID, tmp_path: Path) -> None:
        paper = tmp_path / "book.pdf"
        run("print", str(issued), str(paper), "--purpose", "hồ sơ")
        changed = bytearray(paper.read_bytes())
        changed[len(changed) // 3] ^= 1
        paper.write_bytes(changed)

        code, said = run("verify", str(paper))

        assert (code, "Không phải bản gốc" in said) == (1, True)

    def test_works_offline_with_a_saved_trust_list(
        self, run: Run, issued: UUID, tmp_path: Path
    ) -> None:
        paper, trust = tmp_path / "book.pdf", tmp_path / "trust.jwt"
        run("print", str(issued), str(paper), "--purpose", "hồ sơ")
        assert run("trust", str(trust))[0] == 0
        (tmp_path / "installation").rename(tmp_path / "far-away")

        root = str(tmp_path / "trust.root.pem")
        code, said = run("verify", str(paper), "--trust", str(trust), "--root", root)

        assert (code, "status as of" in said) == (0, True)

    @pytest.mark.usefixtures("issued")
    def test_needs_a_root_that_was_given_by_hand(self, run: Run, tmp_path: Path) -> None:
        trust = tmp_path / "trust.jwt"
        run("trust", str(trust))

        assert run("verify", str(trust), "--trust", str(trust))[0] == 2


class TestAudit:
    @pytest.mark.usefixtures("issued")
    def test_proves_the_trace_and_names_the_first_broken_row(
        self, run: Run, tmp_path: Path
    ) -> None:
        assert run("audit", "verify")[0] == 0
        assert run("audit", "checkpoint")[0] == 0

        with database(tmp_path) as db:
            db.execute("UPDATE trace SET purpose = 'nothing' WHERE seq = 2")

        code, said = run("audit", "verify")
        assert (code, "row 2" in said) == (1, True)


class TestKeys:
    def test_rotates_and_still_verifies_what_the_old_key_signed(
        self, run: Run, issued: UUID, tmp_path: Path
    ) -> None:
        paper = tmp_path / "book.pdf"
        run("print", str(issued), str(paper), "--purpose", "hồ sơ")

        code, said = run("keys", "rotate", "CREDENTIAL")
        assert (code, "uses the new key within seconds" in said) == (0, True)
        assert run("keys", "rotate", "PDF")[0] == 0
        assert run("verify", str(paper))[0] == 0

    def test_withdraws_a_key_and_refuses_what_it_signed(
        self, run: Run, issued: UUID, tmp_path: Path
    ) -> None:
        paper = tmp_path / "book.pdf"
        run("print", str(issued), str(paper), "--purpose", "hồ sơ")
        (kid,) = (
            database(tmp_path)
            .execute("SELECT kid FROM signing_key WHERE use = 'CREDENTIAL'")
            .fetchone()
        )

        assert run("keys", "withdraw", kid, "2026-01-01T00:00:00+07:00")[0] == 0
        assert run("verify", str(paper))[0] == 1


class TestAccount:
    def test_shows_a_token_once(self, run: Run, issued: UUID) -> None:
        words = ("account", "worker", "Hoa", "--role", "worker", "--worker", str(issued))

        code, said = run(*words)

        assert code == 0
        assert re.search(r"^lb_\S+$", said, re.MULTILINE)

    @pytest.mark.usefixtures("issued")
    def test_of_an_employer_names_the_enterprise(self, run: Run) -> None:
        words = ("account", "employer", "HR", "--role", "employer")

        assert run(*words)[0] == 2
        code, said = run(*words, "--enterprise", "0100109106")
        assert (code, "no such enterprise" in said) == (1, True)


class TestDaily:
    @pytest.mark.usefixtures("issued")
    def test_says_what_it_did_and_is_safe_to_run_again(self, run: Run) -> None:
        first, again = run("daily"), run("daily", "--most-batches", "1")

        assert (first[0], again[0]) == (0, 0)
        done = re.findall(r"[1-9]\d*  (.+)", first[1])
        assert "lời mời kiểm tra sổ / invitations to look through the book" in done
        assert re.findall(r"[1-9]\d*  (.+)", again[1]) == []
        assert "duties to delete begun" in again[1]


class TestJobs:
    def test_are_asked_for_listed_stopped_and_gone_on_with(self, run: Run) -> None:
        assert run("init")[0] == 0

        code, run_id = run("jobs", "start", "check")
        listed = run("jobs", "list")[1]

        assert code == 0
        assert run_id.strip() in listed
        assert "waiting" in listed
        assert run("jobs", "cancel", run_id.strip())[0] == 0
        assert "cancelled" in run("jobs", "list")[1]
        assert run("jobs", "retry", run_id.strip())[0] == 0
        assert run("jobs", "retry", run_id.strip())[0] == 1  # nothing of it failed


class TestServe:
    def test_of_several_processes_needs_postgresql(self, run: Run) -> None:
        code, said = run("serve", "--processes", "2")

        assert (code, "PostgreSQL" in said) == (2, True)


class TestRevocationList:
    @pytest.mark.usefixtures("issued")
    def test_is_written_for_long_term_checks(self, run: Run, tmp_path: Path) -> None:
        assert run("keys", "revocation-list", str(tmp_path / "root.crl"))[0] == 0

        assert (tmp_path / "root.crl").read_bytes()[:1] == b"\x30"  # DER


class TestSettings:
    def test_explains_each_and_shows_no_secret(self, run: Run) -> None:
        code, said = run("settings")

        assert code == 0
        assert "LABOUR_BOOK_PUBLIC_URL" in said
        assert "(secret)" in said


class TestFirstSteps:
    def test_the_first_administrator_is_invited_from_the_command_line(
        self, run: Run, tmp_path: Path
    ) -> None:
        run("init")
        words = ("account", "official", "Quản trị", "--role", "admin", "--unit", "BNV", "--invite")

        code, said = run(*words)

        secret = said.split()[0]
        assert code == 0
        assert "/sign-in/invitation" in said
        kept = database(tmp_path).execute("SELECT secret_hash FROM account_invitation").fetchall()
        assert kept == [(hashed(secret),)]
        assert database(tmp_path).execute("SELECT count(*) FROM access_token").fetchone() == (0,)

    def test_keys_are_made_where_there_is_no_installation(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "passphrase").write_text("mười hai chữ cái\n", encoding="utf-8")
        where = ("--address", "https://so.example.vn", "--name", "Department of Home Affairs")
        words = ("keys", "make", str(tmp_path / "stick"), *where)
        words = (*words, "--passphrase-file", str(tmp_path / "passphrase"))

        code, said = run(*words)
        again, said_again = run(*words, "--use", "QR")

        assert (code, again) == (0, 0)
        assert [line.split()[0] for line in said.splitlines()[: len(Use)]] == list(Use)
        assert "never goes to the server" in said
        assert "never goes to the server" not in said_again
        assert len(list((tmp_path / "stick" / "keys").glob("*.pem"))) == 1 + len(Use) + 1
        assert run(*words)[0] == 2  # the whole set a second time would be a second root
        assert not (tmp_path / "installation").exists()
