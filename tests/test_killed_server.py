"""Servers that are killed while enterprises file: what was answered stands, and stands once.

``make faults`` kills the server a hundred times on each database, and PostgreSQL fifty times.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import migrations
from labour_book.database import connect, reading
from labour_book.services.auditing import verify_chain
from labour_book.settings import Settings, open_installation
from tests.support import filers, installations, lone_postgres, postgres, server_nursery
from tests.support.databases import new_file
from tests.support.filers import CREATED, UNAVAILABLE, Filers

PEOPLE, THREADS = 4_000, 4
SERVER_KILLS, POSTGRES_KILLS = 100, 50
A_FEW = 2
"""Declarations that are answered between one kill and the next."""


@contextmanager
def filing_at(url: str, folder: Path) -> Iterator[tuple[server_nursery.Nursery, Filers]]:
    """Let enterprises file; at the end nothing is lost, and nothing is there twice."""
    given: dict[str, Any] = {
        "demo": True,
        "data_dir": folder / "data",
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
        nursery = stack.enter_context(server_nursery.opened(given))
        nursery.start()
        at_work = Filers(nursery.port, bearer)
        with at_work.at_work(THREADS):
            yield nursery, at_work
        inst.engine.dispose()  # the server may be another one than that it was connected to
        stored = filers.filings(inst)
        acknowledged = sorted(filers.key_of(number) for number in at_work.filed())
        assert acknowledged == stored == sorted(set(stored))
        assert {each.status for each in at_work.answers} <= {CREATED, UNAVAILABLE}
        with reading(inst.engine) as db:
            assert verify_chain(db).is_whole


def kill_often(at_work: Filers, times: int, kill: Callable[[], object]) -> None:
    for number in range(times):
        at_work.wait_for(A_FEW + number % 3)
        kill()
    at_work.wait_for(A_FEW)


@pytest.mark.faults
class TestKilledServer:
    @pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
    def test_loses_nothing_that_it_answered_and_does_nothing_twice(
        self, request: pytest.FixtureRequest, tmp_path: Path, kind: str
    ) -> None:
        with ExitStack() as stack:
            url = stack.enter_context(empty(request, kind, tmp_path))
            nursery, at_work = stack.enter_context(filing_at(url, tmp_path))

            def again() -> None:
                nursery.kill()
                nursery.start()

            kill_often(at_work, SERVER_KILLS, again)

        assert at_work.cut > 0, "nobody was at work when it was killed"


@contextmanager
def empty(request: pytest.FixtureRequest, kind: str, folder: Path) -> Iterator[str]:
    """Make a database that waits for the disk as it does in use."""
    if kind == "sqlite":
        new_file(folder / "killed.sqlite").dispose()
        yield f"sqlite:///{folder / 'killed.sqlite'}"
        return
    server: postgres.Server = request.getfixturevalue("postgres_server")
    with server.database(template=migrations.upgrade) as engine:
        yield engine.url.render_as_string(hide_password=False)


@pytest.mark.faults
class TestKilledPostgres:
    def test_loses_nothing_that_was_answered_and_does_nothing_twice(self, tmp_path: Path) -> None:
        with ExitStack() as stack:
            server = stack.enter_context(lone_postgres.started(tmp_path / "server"))
            engine = connect(server.url)
            migrations.upgrade(engine)
            engine.dispose()
            _, at_work = stack.enter_context(filing_at(server.url, tmp_path))

            def again() -> None:
                server.kill()
                server.start()

            kill_often(at_work, POSTGRES_KILLS, again)

        refused = [each for each in at_work.answers if each.status == UNAVAILABLE]
        assert refused or at_work.cut, "nobody was at work when it was killed"
