"""A database that does not answer for a while: 503 within five seconds, and all well after it.

Enterprises go on filing all the time, under a key for each declaration; what was answered must be
there, once. The database is really slowed down: something in between holds back what passes, or
another process keeps a lock. Seconds are of the clock: that is what is promised.
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import migrations
from labour_book import database, patience
from labour_book.database import connect, reading, transaction
from labour_book.errors import Unavailable
from labour_book.services.auditing import verify_chain
from labour_book.services.installation import Installation
from labour_book.settings import Settings, open_installation
from tests.support import filers, installations, postgres, server_nursery, stalling
from tests.support.filers import CREATED, UNAVAILABLE, Filers

PEOPLE, THREADS = 1_500, 4
STALLED, REFUSED = 8.0, 3.0
"""Seconds."""
NOTICED, BACK = 5.0, 5.0
"""Seconds until an answer, and until the first that is no 503 when all is well again."""
CUTS = 10
KEY = "trace_head"


def in_a_request(seconds: float, work: Callable[[], object]) -> None:
    """Do it as on behalf of somebody who waits so long for an answer."""

    def waited_for() -> None:
        patience.begin(seconds)
        work()

    copy_context().run(waited_for)


class TestPatience:
    """Nothing else would end these waits in an hour."""

    @pytest.fixture(autouse=True)
    def _patient(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(database, "BUSY_TIMEOUT", 3_600)

    @pytest.fixture
    def own(self, engine: sa.Engine) -> Iterator[sa.Engine]:
        """Connections made with that, to a database with a row that can be locked."""
        own = connect(engine.url.render_as_string(hide_password=False))
        yield own
        own.dispose()

    def test_ends_while_another_writer_holds_on(self, engine: sa.Engine, own: sa.Engine) -> None:
        def write() -> None:
            with transaction(own) as db:
                db.execute(sa.text("DELETE FROM trace_head"))

        with transaction(engine) as db:
            db.execute(sa.text("DELETE FROM trace_head"))
            with pytest.raises(Unavailable, match="does not answer"):
                in_a_request(patience.LEAST_SECONDS, write)

        in_a_request(60, write)

    def test_ends_while_nothing_comes_back(
        self, postgres_server: postgres.Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(patience, "SHORTEST_CONNECT", 1)
        with (
            postgres_server.database(template=migrations.upgrade) as engine,
            stalling.between(postgres_server.port) as way,
        ):
            slow = connect(engine.url.set(port=way.port).render_as_string(hide_password=False))

            def read() -> None:
                with reading(slow) as db:
                    assert db.driver.execute("SELECT 1").fetchone() == (1,)

            in_a_request(60, read)
            way.stall()
            with pytest.raises(Unavailable, match="does not answer"):
                in_a_request(patience.LEAST_SECONDS, read)
            way.go_on()
            in_a_request(60, read)
            slow.dispose()


@dataclass(frozen=True)
class Office:
    """A server in a process of its own, whoever files there, and its database seen from aside."""

    inst: Installation
    filers: Filers
    way: stalling.Between | None
    """To PostgreSQL; SQLite is a file."""
    since: float
    """When the server had started: whoever came before waited for that."""

    def answered_since(self, moment: float) -> list[filers.Answer]:
        return [each for each in self.filers.answers if each.at >= moment]

    def wait_until_back(self) -> float:
        """Return after how many seconds the first is declared."""
        began = time.monotonic()
        while not any(each.status == CREATED for each in self.answered_since(began)):
            time.sleep(filers.PAUSE)
        return time.monotonic() - began

    def check(self) -> None:
        """Check that what was answered is there, once, and every answer came in time."""
        stored = filers.filings(self.inst)
        acknowledged = [filers.key_of(number) for number in self.filers.filed()]
        assert sorted(set(stored)) == stored, "something was filed twice"
        assert sorted(acknowledged) == stored, "something was lost, or done and never said"
        assert {each.status for each in self.filers.answers} <= {CREATED, UNAVAILABLE}
        refused = [each for each in self.filers.answers if each.status == UNAVAILABLE]
        assert all(each.retry_after == "5" for each in refused)
        begun_since = [each for each in self.filers.answers if each.at - each.seconds > self.since]
        assert max(each.seconds for each in begun_since) < NOTICED
        with reading(self.inst.engine) as db:
            assert verify_chain(db).is_whole


@contextmanager
def office_at(url: str, folder: Path, way: stalling.Between | None) -> Iterator[Office]:
    given: dict[str, Any] = {
        "demo": True,
        "data_dir": folder,
        "database_url": url,
        "public_url": installations.PUBLIC_URL,
        "background_work": False,
        **filers.SECRETS,
    }
    with ExitStack() as stack:
        now = datetime.now(UTC)
        inst = open_installation(Settings(**given), now=now)
        stack.callback(inst.close)
        bearer = filers.signed_in(inst, PEOPLE, now)
        through = given if way is None else given | {"database_url": through_way(url, way)}
        nursery = stack.enter_context(server_nursery.opened(through))
        nursery.start()
        at_work = Filers(nursery.port, bearer)
        with at_work.at_work(THREADS):
            at_work.wait_for(THREADS)
            office = Office(inst, at_work, way, time.monotonic())
            yield office
        office.check()


def through_way(url: str, way: stalling.Between) -> str:
    return sa.make_url(url).set(port=way.port).render_as_string(hide_password=False)


@pytest.fixture
def postgres_office(postgres_server: postgres.Server, tmp_path: Path) -> Iterator[Office]:
    with (
        postgres_server.database(template=migrations.upgrade) as engine,
        stalling.between(postgres_server.port) as way,
        office_at(engine.url.render_as_string(hide_password=False), tmp_path, way) as office,
    ):
        yield office


@pytest.fixture
def sqlite_office(sqlite_engine: sa.Engine, tmp_path: Path) -> Iterator[Office]:
    url = sqlite_engine.url.render_as_string(hide_password=False)
    with office_at(url, tmp_path, None) as office:
        yield office


def lasting(office: Office, seconds: float, begin: Callable[[], object]) -> None:
    """Let it last so long, and see that the server says so meanwhile."""
    began = time.monotonic()
    begin()
    threading.Event().wait(seconds)
    told = [each.status for each in office.answered_since(began)]
    assert UNAVAILABLE in told, told


@pytest.mark.faults
class TestSlowPostgreSQL:
    def test_that_stalls_is_said_in_time_and_over_by_itself(self, postgres_office: Office) -> None:
        way = postgres_office.way
        assert way is not None

        lasting(postgres_office, STALLED, way.stall)
        way.go_on()

        assert postgres_office.wait_until_back() < BACK

    def test_that_refuses_is_said_in_time_and_over_by_itself(self, postgres_office: Office) -> None:
        way = postgres_office.way
        assert way is not None

        lasting(postgres_office, REFUSED, way.refuse)
        way.let_in()

        assert postgres_office.wait_until_back() < BACK

    def test_whose_connections_are_reset_loses_and_doubles_nothing(
        self, postgres_office: Office
    ) -> None:
        way = postgres_office.way
        assert way is not None

        for _ in range(CUTS):
            way.reset()
            assert postgres_office.wait_until_back() < BACK

    def test_in_which_somebody_holds_a_lock_is_said_in_time_and_over_by_itself(
        self, postgres_office: Office
    ) -> None:
        with postgres_office.inst.engine.connect() as other:
            lasting(
                postgres_office,
                STALLED,
                lambda: other.execute(sa.text(f"LOCK TABLE {KEY} IN ACCESS EXCLUSIVE MODE")),
            )
            other.rollback()

        assert postgres_office.wait_until_back() < BACK


@pytest.mark.faults
class TestSlowSqlite:
    def test_in_which_another_process_writes_is_said_in_time_and_over_by_itself(
        self, sqlite_office: Office
    ) -> None:
        path = str(sqlite_office.inst.engine.url.database)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            lasting(sqlite_office, STALLED, lambda: other.execute("BEGIN IMMEDIATE"))
            other.execute("ROLLBACK")

        assert sqlite_office.wait_until_back() < BACK
