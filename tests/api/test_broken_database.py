"""A database that is cut, read-only or full: 503 and a text, nothing half done, back by itself."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from labour_book.database import reading
from labour_book.services.access import Role
from labour_book.services.auditing import verify_chain
from tests.api.conftest import PUBLIC_URL, Office, built

CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"


@pytest.fixture
def open_book(
    office: Office, worker: dict[str, str], tmp_path: Path
) -> Iterator[Callable[[], int]]:
    """Let a worker open the own book: reads it, and writes a row of the trace."""
    with TestClient(built(office, tmp_path), base_url=PUBLIC_URL) as client:
        yield lambda: client.get("/me/book", headers=worker).status_code


def is_whole(office: Office) -> bool:
    with reading(office.inst.engine) as db:
        return verify_chain(db).is_whole


def administer(office: Office, *statements: str) -> None:
    """Do something to the database over a connection of its own."""
    own = {"options": "-c default_transaction_read_only=off"} if on_postgres(office) else {}
    engine = sa.create_engine(
        office.inst.engine.url, isolation_level="AUTOCOMMIT", connect_args=own
    )
    with engine.connect() as connection:
        for each in statements:
            connection.execute(sa.text(each))
    engine.dispose()


def on_postgres(office: Office) -> bool:
    return office.inst.engine.dialect.name == "postgresql"


def make_read_only(office: Office, *, yes: bool) -> None:
    if on_postgres(office):
        name, value = office.inst.engine.url.database, "on" if yes else "off"
        change = f"SET default_transaction_read_only = {value}" if yes else "RESET ALL"
        administer(office, f"ALTER DATABASE {name} {change}")
        office.inst.engine.dispose()
        return

    def only_query(connection: sa.Connection) -> None:
        connection.connection.cursor().execute("PRAGMA query_only = ON")

    engine = office.inst.engine
    engine.dispose()
    listener = getattr(make_read_only, "listener", None)
    if yes:
        make_read_only.listener = only_query  # type: ignore[attr-defined]  # to take it off again
        sa.event.listen(engine, "begin", only_query)
    elif listener is not None:
        sa.event.remove(engine, "begin", listener)


class TestReadOnly:
    def test_is_told_and_over_by_itself(self, office: Office, open_book: Callable[[], int]) -> None:
        before = open_book(), len(office.traced())
        make_read_only(office, yes=True)
        try:
            while_it_lasts = open_book()
        finally:
            make_read_only(office, yes=False)

        assert (before[0], while_it_lasts, open_book()) == (200, 503, 200)
        assert len(office.traced()) == before[1] + 1
        assert is_whole(office)


class TestCut:
    def test_connections_are_made_anew(self, office: Office, open_book: Callable[[], int]) -> None:
        """Ten times: what was answered stands, nobody hears of a 500."""
        answers = []
        before = len(office.traced())
        for _ in range(10):
            answers.append(open_book())
            if on_postgres(office):
                administer(office, CUT)
            else:
                office.inst.engine.dispose()
        answers.append(open_book())

        assert set(answers) <= {200, 503}
        assert answers[-1] == 200
        assert len(office.traced()) == before + answers.count(200)
        assert is_whole(office)

    def test_in_the_middle_of_a_deed_leaves_nothing_of_it(
        self, office: Office, open_book: Callable[[], int]
    ) -> None:
        before = len(office.traced())

        def cut(_: sa.Connection) -> None:
            if on_postgres(office):
                administer(office, CUT)
            else:
                raise sa.exc.OperationalError("COMMIT", None, OSError("disk I/O error"))

        sa.event.listen(office.inst.engine, "commit", cut)
        try:
            answered = open_book()
        finally:
            sa.event.remove(office.inst.engine, "commit", cut)

        assert answered == 503
        assert len(office.traced()) == before
        assert (open_book(), is_whole(office)) == (200, True)


class TestFullDisk:
    def test_stops_looks_that_cannot_be_recorded_and_lets_the_public_verify(
        self, small_office: Office, tmp_path: Path
    ) -> None:
        office = small_office
        code = office.code(office.issue(office.people[0]))
        worker = office.token("worker", Role.WORKER, person=office.people[0])

        def full(connection: sa.Connection) -> None:
            driver = connection.connection.cursor()
            (pages,) = driver.execute("PRAGMA page_count").fetchone()
            driver.execute(f"PRAGMA max_page_count = {pages}")

        before = len(office.traced())
        office.inst.engine.dispose()
        sa.event.listen(office.inst.engine, "begin", full)
        try:
            with TestClient(built(office, tmp_path), base_url=PUBLIC_URL) as client:
                answers = [client.get("/me/book", headers=worker).status_code for _ in range(80)]
                public = client.get(f"/v/{code}").status_code
        finally:
            sa.event.remove(office.inst.engine, "begin", full)
            office.inst.engine.dispose()

        assert set(answers) == {200, 503}, "the last page filled up"
        assert answers[-1] == 503
        assert public == 200
        assert len(office.traced()) == before + answers.count(200)
        assert is_whole(office)
