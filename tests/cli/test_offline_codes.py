"""`labour-book verify` on the offline code of a worker, as text and as a picture, offline."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from labour_book.cli import edge
from labour_book.documents import qr_png
from labour_book.services.access import Caller, Role, deed
from labour_book.services.offline_codes import offline_code
from tests.cli.test_commands import Run, issued, run

__all__ = ["issued", "run"]


@pytest.fixture
def text(issued: UUID) -> str:
    worker = Caller("worker", "w", "Hoa", Role.WORKER, person_id=issued)
    now = datetime.now(UTC)
    with edge.opened() as inst, deed(inst.engine) as db:
        return offline_code(db, inst, worker, issued, days=1, lines=3, now=now).text


@pytest.fixture
def trusting(run: Run, issued: UUID, tmp_path: Path) -> list[str]:  # noqa: ARG001 - fixtures
    saved = tmp_path / "trust.jwt"
    assert run("trust", str(saved))[0] == 0
    return ["--trust", str(saved), "--root", str(saved.with_suffix(".root.pem"))]


class TestVerify:
    def test_takes_text_and_picture(
        self,
        run: Run,
        text: str,
        trusting: list[str],
        tmp_path: Path,
    ) -> None:
        (tmp_path / "code.txt").write_text(text + "\n", encoding="ascii")
        (tmp_path / "code.png").write_bytes(qr_png(text, scale=3))

        for name in ("code.txt", "code.png"):
            code, said = run("verify", str(tmp_path / name), *trusting)
            assert (code, said.count("✔")) == (0, 3)
            assert run("verify", str(tmp_path / name))[0] == 0

    def test_refuses_a_forged_one(
        self,
        run: Run,
        text: str,
        trusting: list[str],
        tmp_path: Path,
    ) -> None:
        (tmp_path / "code.txt").write_text(text[:-9] + "000000000", encoding="ascii")

        code, said = run("verify", str(tmp_path / "code.txt"), *trusting)

        assert code == 1
        assert "✘" in said

    def test_names_the_way_for_a_picture_of_a_link(
        self,
        run: Run,
        trusting: list[str],
        tmp_path: Path,
    ) -> None:
        (tmp_path / "link.png").write_bytes(qr_png("https://so.example.vn/v/X"))

        code, said = run("verify", str(tmp_path / "link.png"), *trusting)

        assert code == 2
        assert "LINK" in said or "link" in said
