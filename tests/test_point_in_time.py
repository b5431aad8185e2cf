"""PostgreSQL brought back to a point in time from a base and its archive, as restore.md says."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

import migrations
from labour_book.database import connect, reading
from labour_book.services import drills
from labour_book.services.auditing import verify_chain
from labour_book.services.installation import Installation
from labour_book.services.issuing import issue_book
from labour_book.services.permission import deed
from tests.conftest import NOW
from tests.services import people
from tests.services.cases import OPERATOR
from tests.support import lone_postgres, postgres
from tests.support.installations import installed, opened

ARCHIVED_WITHIN = 60
"""Seconds."""


@contextmanager
def opened_at(url: str, folder: Path) -> Iterator[Installation]:
    inst = opened(connect(url), folder, NOW)
    try:
        yield inst
    finally:
        inst.close()


def issue(inst: Installation, number: int) -> None:
    with deed(inst.engine) as db:
        issue_book(db, inst, people.person_id(number), by=OPERATOR, now=NOW)


def wait_until(is_so: str, server: lone_postgres.Lone) -> None:
    end = time.monotonic() + ARCHIVED_WITHIN
    while server.say(is_so) != "True":
        assert time.monotonic() < end, is_so
        time.sleep(lone_postgres.PAUSE)


def versions(inst: Installation) -> int:
    with reading(inst.engine) as db:
        assert verify_chain(db).is_whole
        return int(db.execute(sa.text("SELECT count(*) FROM book_version")).scalar_one())


@pytest.mark.faults
class TestPointInTime:
    def test_brings_back_what_there_was_before_the_damage_and_nothing_after_it(
        self, tmp_path: Path
    ) -> None:
        archive, base, keys = tmp_path / "s" / "archive", tmp_path / "s" / "base", tmp_path / "keys"
        keep = {"archive_mode": "on", "archive_command": f"cp %p {archive}/%f"}
        with lone_postgres.started(tmp_path / "s", **keep) as server:
            archive.mkdir()
            postgres._drop_root(archive)
            engine = connect(server.url)
            migrations.upgrade(engine)
            installed(engine, keys, NOW).close()
            with opened_at(server.url, keys) as inst:
                people.add_people(inst.engine, 3)
                issue(inst, 1)
                where = ("-h", "127.0.0.1", "-p", str(server.port), "-U", "postgres")
                server.run("pg_basebackup", *where, "-D", str(base), "-X", "none", "-c", "fast")
                issue(inst, 2)
                moment = server.say("SELECT clock_timestamp()")
                issue(inst, 3)
                with inst.engine.begin() as connection:
                    connection.execute(sa.text("UPDATE trace SET purpose = 'x' WHERE seq = 2"))
            ended = server.say("SELECT pg_walfile_name(pg_switch_wal())")
            wait_until(
                f"SELECT coalesce(last_archived_wal, '') >= '{ended}' FROM pg_stat_archiver", server
            )

        (base / "recovery.signal").touch()
        back = {
            "restore_command": f"cp {archive}/%f %p",
            "recovery_target_time": moment,
            "recovery_target_action": "promote",
            "archive_mode": "off",
        }
        with lone_postgres.started_on(base, **back) as server:
            wait_until("SELECT NOT pg_is_in_recovery()", server)
            with opened_at(server.url, keys) as inst:
                assert versions(inst) == 2
                assert drills._signatures(inst, NOW) == (2, 0)
                issue(inst, 3)
                assert versions(inst) == 3
