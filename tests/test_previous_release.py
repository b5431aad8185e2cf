"""The release before works on this release's schema: nobody has to stop for an upgrade.

``git archive`` lays out the code of the last tag, or of what LABOUR_BOOK_PREVIOUS names, else of
the last commit that changed no migration after the newest one. It runs in a process of its own.
"""

import os
import subprocess
import sys
import tarfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa

import migrations
from labour_book.database import reading
from labour_book.services.auditing import verify_chain
from labour_book.services.installation import Installation
from tests.services import people
from tests.services.conftest import new_installation
from tests.support import postgres
from tests.support.releases import Site

ROOT = Path(__file__).parents[1]
LAST_BEFORE_RELEASES = 17
"""Up to this migration nobody had installed anything."""
DEEDS = """
import sys
from datetime import datetime
from pathlib import Path
import migrations
migrations.is_current = lambda engine: True  # asked is whether it works, not whether it dares
from labour_book.database import connect, reading, transaction
from labour_book.services import issuing, verifying
from labour_book.services.access import deed, operator
from labour_book.services.bulk_issuing import issue_all
from labour_book.services.daily import daily
from tests.support.installations import opened
url, folder, now = sys.argv[1:]
at = datetime.fromisoformat(now)
inst = opened(connect(url), Path(folder), at)
done = issue_all(inst, by=operator("before"), now=at)
print("issued", done.issued)
for step in daily(inst, by=operator("before"), now=at):
    print(step.name, step.count)
"""


def git(*words: str) -> bytes:
    return subprocess.run(["git", "-C", ROOT, *words], check=True, capture_output=True).stdout


def previous() -> str:
    if named := os.environ.get("LABOUR_BOOK_PREVIOUS"):
        return named
    tags = git("tag", "--sort=-creatordate").decode().split()
    if tags:
        return tags[0]
    newest = max((ROOT / "migrations" / "versions").glob("0*.py"))
    added = git("log", "--format=%H", "--diff-filter=A", "--", str(newest)).decode().split()
    return f"{added[-1]}~1" if added else "HEAD"


def laid_out(folder: Path) -> Path:
    """Lay out the code of the release before."""
    with tarfile.open(fileobj=BytesIO(git("archive", previous()))) as archive:
        archive.extractall(folder, filter="data")
    return folder


@pytest.fixture
def inst(engine: sa.Engine, tmp_path: Path, now: datetime) -> Installation:
    return new_installation(engine, tmp_path / "data", now)


@pytest.mark.faults
class TestPreviousRelease:
    def test_works_on_the_schema_of_this_one(self, inst: Installation, tmp_path: Path) -> None:
        """Expand and contract: see deploy/sizing.md."""
        people.add_people(inst.engine, 5)
        before = laid_out(tmp_path / "before")
        url = inst.engine.url.render_as_string(hide_password=False)

        done = subprocess.run(
            [sys.executable, "-c", DEEDS, url, str(inst.data_dir), "2026-11-20T08:30:00+00:00"],
            cwd=before,
            env=os.environ | {"PYTHONPATH": str(before)},
            capture_output=True,
            text=True,
            check=False,
        )

        assert done.returncode == 0, done.stderr[-2000:]
        assert "issued 5" in done.stdout
        with reading(inst.engine) as db:
            assert verify_chain(db).is_whole
            assert db.execute(sa.text("SELECT count(*) FROM book_version")).scalar_one() == 5


@pytest.mark.faults
class TestUpgrade:
    def test_and_going_back_under_traffic_lose_no_request(
        self, postgres_server: postgres.Server, tmp_path: Path
    ) -> None:
        """As deploy/sizing.md has it: the new one beside the old, the old goes; and back again."""
        with postgres_server.database(template=migrations.upgrade) as engine:
            site = Site.of(engine, tmp_path)
            old, new = laid_out(tmp_path / "before"), ROOT
            with site.traffic() as answers:
                first = site.started(old, answers)
                second = site.started(new, answers)
                site.stopped(first, answers)
                third = site.started(old, answers)
                site.stopped(second, answers)
            site.stopped(third, answers)

            assert answers.wrong == []
            assert min(answers.good.values()) > 0
            assert len(answers.good) == 3, "each of the three processes has answered"
            with reading(engine) as db:
                assert verify_chain(db).is_whole
                looks = "SELECT count(*) FROM trace WHERE action = 'book.open'"
                assert db.execute(sa.text(looks)).scalar_one() == answers.looks


class TestEveryMigration:
    @pytest.mark.parametrize(
        "path", sorted((ROOT / "migrations" / "versions").glob("0*.py")), ids=lambda each: each.stem
    )
    def test_takes_nothing_away_that_the_release_before_needs(self, path: Path) -> None:
        """A migration that contracts says so in its head, and which release stopped using it."""
        text = path.read_text(encoding="utf-8")
        up = text.partition("def upgrade")[2].partition("def downgrade")[0]

        takes = any(word in up for word in ("drop_table", "drop_column", "rename_table", "DROP "))

        assert not takes or "Contract" in text or int(path.name[:4]) <= LAST_BEFORE_RELEASES
