from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from labour_book import database
from labour_book.database import Db, insert_rows, reading, reading_replica, transaction
from labour_book.domain.evidence import VIETNAM
from labour_book.errors import Invalid, Unavailable
from labour_book.queries.rows import table_of
from labour_book.tables import ImportRun, StatusList, TraceHead
from labour_book.tables.columns import UtcDateTime

HEADS, RUNS, LISTS = table_of(TraceHead), table_of(ImportRun), table_of(StatusList)


class TestTransaction:
    def test_keeps_what_was_written(self, engine: sa.Engine) -> None:
        with transaction(engine) as db:
            insert_rows(db, HEADS, [{"id": 7, "seq": 1, "hash": b"x"}])

        with reading(engine) as db:
            assert _heads(db) == 1

    def test_takes_everything_back_on_an_error(self, engine: sa.Engine) -> None:
        with pytest.raises(RuntimeError), transaction(engine) as db:
            insert_rows(db, HEADS, [{"id": 7, "seq": 1, "hash": b"x"}])
            raise RuntimeError

        with reading(engine) as db:
            assert _heads(db) == 0

    def test_lets_two_writers_follow_one_another(self, engine: sa.Engine) -> None:
        for number in (7, 8):
            with transaction(engine) as db:
                insert_rows(db, HEADS, [{"id": number, "seq": 1, "hash": b"x"}])

        assert _count(engine) == 2

    def test_says_that_another_writer_takes_too_long_and_works_again_after_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(database, "BUSY_TIMEOUT", 0.05)
        engine = database.connect(f"sqlite:///{tmp_path / 'locked.sqlite'}")
        with transaction(engine):
            with pytest.raises(Unavailable), transaction(engine):
                pass
            with reading(engine) as db:  # who only reads does not wait
                db.driver.execute("SELECT 1").fetchone()

        with transaction(engine) as db:
            assert db.driver.execute("SELECT 1").fetchone() == (1,)
        engine.dispose()


class TestValues:
    @pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
    def test_that_cannot_be_stored_are_refused(self, engine: sa.Engine) -> None:
        with pytest.raises(Invalid), reading(engine) as db:
            db.execute(sa.select(sa.literal("a\x00b")))


class TestInsertRows:
    def test_inserts_many_rows(self, engine: sa.Engine) -> None:
        rows = [{"id": number, "seq": number, "hash": bytes([number])} for number in range(2, 200)]

        with transaction(engine) as db:
            insert_rows(db, HEADS, rows)

        assert _count(engine) == 198

    def test_names_a_broken_constraint_alike_on_both(self, engine: sa.Engine) -> None:
        row = {"id": 7, "seq": 1, "hash": b"x"}

        with pytest.raises(IntegrityError), transaction(engine) as db:
            insert_rows(db, HEADS, [row, row])

        assert _count(engine) == 0

    def test_keeps_each_kind_of_value(self, engine: sa.Engine) -> None:
        row = {
            "id": uuid4(),
            "kind": "kỳ",
            "file_name": "tab\tline\n\\N",
            "file_sha256": "",
            "file_bytes": 2**40,
            "state": "done",
            "rows_done": 2**31 - 1,
            "started_at": datetime(2026, 7, 1, 0, 30, tzinfo=VIETNAM),
            "finished_at": None,
            "recorded_by": "tester",
            "counts": "",
        }

        with transaction(engine) as db:
            insert_rows(db, RUNS, [row])

        with reading(engine) as db:
            found = db.execute(sa.select(*(RUNS.c[name] for name in row))).one()
        assert dict(found._mapping) == row

    @pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
    @pytest.mark.parametrize("number", [2**31, -(2**31) - 1, 2**33 + 5])
    def test_refuses_a_number_that_would_be_cut_off(self, engine: sa.Engine, number: int) -> None:
        with pytest.raises(Invalid), transaction(engine) as db:
            insert_rows(
                db,
                LISTS,
                [{"id": 7, "capacity": number, "allocated": 0, "created_at": datetime.now(UTC)}],
            )

    def test_of_nothing_does_nothing(self, engine: sa.Engine) -> None:
        with transaction(engine) as db:
            insert_rows(db, HEADS, [])

        assert _count(engine) == 0


class TestUtcDateTime:
    @given(
        st.datetimes(datetime(1900, 1, 2), datetime(2200, 1, 1)),
        st.integers(-12, 14),
    )
    def test_gives_back_the_same_instant(self, day: datetime, hours: int) -> None:
        instant = day.replace(tzinfo=timezone(timedelta(hours=hours)))
        column = UtcDateTime()
        for dialect in (sa.dialects.sqlite.dialect(), sa.dialects.postgresql.dialect()):
            stored = column.process_bind_param(instant, dialect)

            assert column.process_result_value(stored, dialect) == instant

    def test_refuses_an_instant_without_time_zone(self) -> None:
        with pytest.raises(ValueError, match="time zone"):
            UtcDateTime().process_bind_param(
                datetime(2026, 1, 1),
                sa.dialects.sqlite.dialect(),
            )

    def test_survives_both_databases(self, engine: sa.Engine, now: datetime) -> None:
        table = sa.Table("moments", sa.MetaData(), sa.Column("at", UtcDateTime))
        with engine.begin() as connection:
            table.create(connection)
            connection.execute(table.insert(), [{"at": now}])

            assert connection.execute(sa.select(table.c.at)).scalar_one() == now

    def test_now_is_utc(self, now: datetime) -> None:
        assert now.tzinfo is UTC


def _count(engine: sa.Engine) -> int:
    with reading(engine) as db:
        return _heads(db)


def _heads(db: Db) -> int:
    return db.execute(sa.select(sa.func.count()).select_from(HEADS)).scalar_one()


class TestReadingReplica:
    def test_reads_the_copy_and_writes_nothing_there(self, engine: sa.Engine) -> None:
        url = engine.url.render_as_string(hide_password=False)
        replica = database.connect(url, read_only=True)

        with reading_replica(replica, engine) as db:
            assert _heads(db) == 0
        with pytest.raises((Unavailable, sa.exc.DBAPIError)), transaction(replica) as db:
            db.execute(sa.insert(HEADS), {"id": 7, "seq": 1, "hash": b"x"})
        replica.dispose()

    def test_reads_the_database_itself_while_the_copy_does_not_answer(
        self, engine: sa.Engine, tmp_path: Path
    ) -> None:
        replica = database.connect(f"sqlite:///{tmp_path}/none/there.sqlite", read_only=True)

        with reading_replica(replica, engine) as db:
            assert _heads(db) == 0


class TestConnect:
    def test_says_that_all_connections_are_in_use(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(database, "POOL_TIMEOUT", 0.01)
        engine = database.connect(f"sqlite:///{tmp_path / 'full.sqlite'}", connections=1)

        with reading(engine), pytest.raises(Unavailable, match="in use"), reading(engine):
            pass
        engine.dispose()
