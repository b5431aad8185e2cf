import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from labour_book.database import connect, reading
from labour_book.errors import Conflict, Invalid, Unavailable
from labour_book.services import drills, keys
from labour_book.services.auditing import verify_trace
from labour_book.services.backing_up import back_up, read_backup_key, restore
from labour_book.services.installation import Installation
from labour_book.services.issuing import issue_book
from labour_book.services.permission import deed
from tests.services import people
from tests.services.cases import OPERATOR
from tests.services.test_head_statements import stated
from tests.support.installations import opened

KEY = bytes(range(32))


@pytest.fixture
def issued(inst: Installation, now: datetime) -> Installation:
    return with_books(inst, now)


@pytest.fixture
def small_issued(sqlite_inst: Installation, now: datetime) -> Installation:
    return with_books(sqlite_inst, now)


def with_books(inst: Installation, now: datetime) -> Installation:
    for person in people.add_people(inst.engine, 2):
        with deed(inst.engine) as db:
            issue_book(db, inst, person, by=OPERATOR, now=now)
    stated(inst, now)
    return inst


@pytest.fixture
def elsewhere(issued: Installation, tmp_path: Path) -> Iterator[str]:
    """An empty database of the same kind."""
    with drills._place(issued, tmp_path) as url:
        yield url


def said(found: list[drills.Finding]) -> dict[str, bool]:
    return {each.what: each.is_good for each in found}


class TestBackUp:
    def test_comes_back_elsewhere_as_it_was(
        self, issued: Installation, now: datetime, tmp_path: Path, elsewhere: str
    ) -> None:
        manifest = back_up(issued, tmp_path / "b", KEY, now=now)

        restore(tmp_path / "b", KEY, data_dir=tmp_path / "there", database_url=elsewhere)

        engine = connect(elsewhere)
        copy = replace(opened(engine, tmp_path / "there", now))
        with reading(engine) as db:
            report = verify_trace(db, copy, keys.trust_bundle(db, copy, now), now)
            count = db.execute(sa.text("SELECT count(*) FROM book_version")).scalar_one()
        engine.dispose()
        assert (report.is_whole, report.rows, report.proven_to) == (
            True,
            manifest.trace_rows,
            manifest.trace_rows,
        )
        assert count == manifest.counts["book_version"] == 2

    def test_shows_nothing_to_who_has_the_file_alone(
        self, small_issued: Installation, now: datetime, tmp_path: Path
    ) -> None:
        back_up(small_issued, tmp_path / "b", KEY, now=now)
        content = (tmp_path / "b").read_bytes()

        assert (tmp_path / "b").stat().st_mode & 0o777 == 0o600
        for secret in (b"PRIVATE KEY", b"CREATE TABLE", people.personal_id().encode(), b"trace"):
            assert secret not in content
        with pytest.raises(Invalid):
            restore(
                tmp_path / "b",
                bytes(32),
                data_dir=tmp_path / "there",
                database_url=f"sqlite:///{tmp_path / 'x.sqlite'}",
            )

    def test_holds_no_secret_that_opens_personal_data(
        self, small_issued: Installation, now: datetime, tmp_path: Path
    ) -> None:
        """Whoever steals the backup and its key still has no personal ID."""
        back_up(small_issued, tmp_path / "b", KEY, now=now)
        restore(
            tmp_path / "b",
            KEY,
            data_dir=tmp_path / "there",
            database_url=f"sqlite:///{tmp_path / 'there.sqlite'}",
        )
        files = [each for each in tmp_path.rglob("*") if each.is_file()]
        content = b"".join(each.read_bytes() for each in files if "there" in str(each))

        assert b"PRIVATE KEY" in content
        assert people.personal_id().encode() not in content
        assert small_issued.lookup_key not in content

    def test_overwrites_nothing(
        self, small_issued: Installation, now: datetime, tmp_path: Path
    ) -> None:
        back_up(small_issued, tmp_path / "b", KEY, now=now)
        with pytest.raises(Conflict):
            back_up(small_issued, tmp_path / "b", KEY, now=now)
        with pytest.raises(Conflict):
            restore(
                tmp_path / "b",
                KEY,
                data_dir=small_issued.data_dir,
                database_url=f"sqlite:///{tmp_path / 'new.sqlite'}",
            )
        with pytest.raises(Invalid, match="of sqlite"):
            restore(
                tmp_path / "b",
                KEY,
                data_dir=tmp_path / "n",
                database_url="postgresql+psycopg://u@127.0.0.1:1/x",
            )

    def test_needs_a_key_of_the_right_form(self, tmp_path: Path) -> None:
        path = tmp_path / "key"
        for wrong in ("", "00" * 31, "x" * 64):
            path.write_text(wrong)
            with pytest.raises(Invalid):
                read_backup_key(path)
        path.write_text("ab" * 32 + "\n")
        assert read_backup_key(path) == b"\xab" * 32


class TestDrills:
    def test_prove_a_restored_copy(self, issued: Installation, now: datetime) -> None:
        found = drills.drill_restore(issued, KEY, now=now)

        assert said(found) == dict.fromkeys(("counts", "chain", "head", "signatures"), True)

    def test_find_a_backup_of_a_broken_installation(
        self, small_issued: Installation, now: datetime
    ) -> None:
        with small_issued.engine.begin() as connection:
            connection.execute(sa.text("UPDATE trace SET purpose = 'x' WHERE seq = 2"))
            connection.execute(
                sa.text(
                    "UPDATE book_version SET credential = record_hash WHERE person_id ="
                    " (SELECT min(person_id) FROM book_version)"
                )
            )

        found = said(drills.drill_restore(small_issued, KEY, now=now))

        assert (found["chain"], found["signatures"], found["counts"]) == (False, False, True)

    def test_of_a_stolen_key_sign_everything_again(
        self, small_issued: Installation, now: datetime
    ) -> None:
        before = small_issued.key_ring.signer(keys.Use.CREDENTIAL).kid

        found = drills.drill_key_compromise(
            small_issued, KEY, by=OPERATOR, now=now + timedelta(hours=1)
        )

        assert all(each.is_good for each in found), found
        with reading(small_issued.engine) as db:
            assert keys.renewed(db, small_issued, now=now) is None
        assert small_issued.key_ring.signer(keys.Use.CREDENTIAL).kid == before

    def test_of_a_frozen_log_leave_it_provable(
        self, small_issued: Installation, now: datetime
    ) -> None:
        found = drills.drill_freeze_log(small_issued, KEY, now=now)

        assert all(each.is_good for each in found), found

    def test_of_the_archive_say_where_there_is_none(self, issued: Installation) -> None:
        if issued.engine.dialect.name == "sqlite":
            with pytest.raises(Unavailable):
                drills.drill_archive(issued, seconds=1, pause=lambda _: None)
            return

        found = drills.drill_archive(issued, seconds=1, pause=lambda _: None)

        assert said(found) == {"archived": False}, "the server of the tests archives nothing"


def test_sqlite_is_copied_while_somebody_writes(
    small_issued: Installation, now: datetime, tmp_path: Path
) -> None:
    writer = sqlite3.connect(str(small_issued.engine.url.database), isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE trace_head SET seq = 99")

    manifest = back_up(small_issued, tmp_path / "b", KEY, now=now)
    writer.execute("ROLLBACK")
    writer.close()

    assert manifest.trace_rows != 99
