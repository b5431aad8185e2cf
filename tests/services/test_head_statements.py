from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from labour_book.database import reading
from labour_book.errors import Conflict, NotFound
from labour_book.services import head_statements, keys
from labour_book.services.auditing import AuditReport
from labour_book.services.installation import Installation
from signing import Checkpoint
from tests.services.test_auditing import (
    HEAD,
    ROWS,
    TRACE,
    audited,
    checked,
    filled,
    look,
    rechained,
    tamper,
)


def stated(inst: Installation, now: datetime) -> Checkpoint | None:
    with reading(inst.engine) as db:
        return head_statements.state_head(db, inst, keys.trust_bundle(db, inst, now), now)


def proven(inst: Installation, now: datetime, kept: Path | None = None) -> AuditReport:
    with reading(inst.engine) as db:
        trust = keys.trust_bundle(db, inst, now)
        return head_statements.verify_stated(db, inst, trust, now, kept=kept)


@pytest.fixture
def kept(sqlite_inst: Installation, now: datetime, tmp_path: Path) -> Path:
    """What somebody outside has kept of three days."""
    for day in range(3):
        filled(sqlite_inst, now, ROWS + day)
        stated(sqlite_inst, now + timedelta(days=day))
    kept = tmp_path / "kept-elsewhere.log"
    kept.write_text(head_statements.all_statements(sqlite_inst), encoding="utf-8")
    return kept


def rewritten(inst: Installation, from_seq: int) -> None:
    """Do what an administrator can: change a row, hash all that follow, drop what was signed."""
    tamper(inst, sa.update(TRACE).where(TRACE.c.seq == from_seq).values(purpose="something else"))
    rechained(inst, from_seq)
    inst.checkpoints.unlink()
    inst.head_statements.unlink()


class TestStateHead:
    def test_is_made_once_a_day_as_viet_nam_counts_days(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        filled(sqlite_inst, now)
        midnight = now.replace(hour=17, minute=0)  # in Viet Nam

        made = [stated(sqlite_inst, each) for each in (now, now + timedelta(hours=1), midnight)]

        assert [each and str(each.day) for each in made] == ["2026-11-20", None, "2026-11-21"]
        assert head_statements.latest_statement(sqlite_inst).split("\n")[3] == "2026-11-21"

    def test_is_not_made_of_a_trace_that_lost_what_was_stated(
        self, sqlite_inst: Installation, now: datetime
    ) -> None:
        filled(sqlite_inst, now)
        stated(sqlite_inst, now)
        tamper(sqlite_inst, sa.update(TRACE).where(TRACE.c.seq == 3).values(purpose="x"))
        rechained(sqlite_inst, 3)
        sqlite_inst.checkpoints.unlink()
        look(sqlite_inst, now)

        with pytest.raises(Conflict, match="does not hold what was stated"):
            stated(sqlite_inst, now + timedelta(days=1))

    def test_says_so_before_there_is_one(self, sqlite_inst: Installation) -> None:
        with pytest.raises(NotFound):
            head_statements.latest_statement(sqlite_inst)


class TestVerifyStated:
    def test_is_whole_with_what_others_kept(
        self, sqlite_inst: Installation, now: datetime, kept: Path
    ) -> None:
        report = proven(sqlite_inst, now, kept)

        assert (report.is_whole, report.proven_to) == (True, ROWS + 2)

    def test_finds_a_rewrite_by_who_holds_everything(
        self, sqlite_inst: Installation, now: datetime, kept: Path
    ) -> None:
        rewritten(sqlite_inst, 5)
        checked(sqlite_inst, now)
        stated(sqlite_inst, now + timedelta(days=3))

        assert audited(sqlite_inst, now).is_whole, "from inside nothing can be seen"
        assert proven(sqlite_inst, now).is_whole
        assert proven(sqlite_inst, now, kept).first_broken_seq == ROWS

    def test_finds_a_trace_cut_off_with_its_head_moved(
        self, sqlite_inst: Installation, now: datetime, kept: Path
    ) -> None:
        with sqlite_inst.engine.begin() as connection:
            last = sa.select(TRACE.c.hash).where(TRACE.c.seq == ROWS - 2)
            end = connection.execute(last).scalar_one()
            connection.execute(sa.delete(TRACE).where(TRACE.c.seq > ROWS - 2))
            connection.execute(sa.update(HEAD).values(seq=ROWS - 2, hash=end))
        sqlite_inst.checkpoints.unlink()
        sqlite_inst.head_statements.unlink()

        assert proven(sqlite_inst, now).is_whole
        assert proven(sqlite_inst, now, kept).first_broken_seq == ROWS - 1

    def test_counts_statements_that_nobody_trusted_signed(
        self, sqlite_inst: Installation, now: datetime, kept: Path
    ) -> None:
        kept.write_text(kept.read_text(encoding="utf-8").replace("2026-11-21", "2026-11-29"))

        assert proven(sqlite_inst, now, kept).checkpoints_refused == 1

    def test_needs_the_file_it_is_told_of(
        self, sqlite_inst: Installation, now: datetime, tmp_path: Path
    ) -> None:
        with pytest.raises(NotFound):
            proven(sqlite_inst, now, tmp_path / "nothing")
