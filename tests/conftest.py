"""What all tests share: both databases, a fixed now, a fixed place for data."""

import gc
from collections.abc import Generator, Iterator
from datetime import UTC, datetime

import hypothesis
import pytest
import sqlalchemy as sa

import migrations
from tests.support import node, postgres
from tests.support.databases import SqliteFiles

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
"""The day after the demo registers' extracts."""

hypothesis.settings.register_profile("quick", deadline=None, max_examples=50)
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=2_000)
hypothesis.settings.load_profile("quick")
"""Timings never decide a test. ``make fuzz`` tries properties with the thorough profile: those that
name no number of examples of their own."""

LONGEST = (
    *("test_screens_app.py", "test_accessibility.py", "test_journey_", "test_walk.py"),
    *("test_demo.py", "test_collection_demo.py"),
)
"""How the names of the files begin that take longest."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no rubbish among what is imported and collected: all of it stays to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_unconfigure() -> None:
    gc.unfreeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files: at the end, one core would wait for the other's."""
    items.sort(key=lambda item: not item.path.name.startswith(LONGEST))


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Server]:
    """A PostgreSQL of our own; the suite fails in one line where there is none to start."""
    with postgres.started(tmp_path_factory.mktemp("postgres")) as server:
        yield server


@pytest.fixture(scope="session")
def clients() -> node.Clients:
    """Clients, wallets and providers that others wrote, from the lock file; see tests/clients."""
    return node.installed()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Iterator[sa.Engine]:
    """A new database with the current schema, once on each of the two kinds."""
    yield from new_database(request, request.param)


@pytest.fixture
def sqlite_engine(request: pytest.FixtureRequest) -> Iterator[sa.Engine]:
    """A new SQLite database, for tests in which the kind of database makes no difference."""
    yield from new_database(request, "sqlite")


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


def new_database(request: pytest.FixtureRequest, kind: str) -> Iterator[sa.Engine]:
    if kind == "sqlite":
        files: SqliteFiles = request.getfixturevalue("sqlite_files")
        with files.database() as engine:
            yield engine
        return
    server: postgres.Server = request.getfixturevalue("postgres_server")
    with server.database(template=migrations.upgrade) as engine:
        yield engine


@pytest.fixture
def now() -> datetime:
    return NOW
