"""What all tests share: both databases, a fixed now, a fixed place for data."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

import migrations
from labour_book.database import connect
from tests.support import node, postgres

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
"""The day after the demo registers' extracts."""


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
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """A new database with the current schema, once on each of the two kinds."""
    yield from new_database(request, request.param, tmp_path)


@pytest.fixture
def sqlite_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """A new SQLite database, for tests in which the kind of database makes no difference."""
    yield from new_database(request, "sqlite", tmp_path)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the current schema, to be copied."""
    file = tmp_path_factory.mktemp("sqlite") / "pattern.sqlite"
    engine = connect(f"sqlite:///{file}")
    migrations.upgrade(engine)
    engine.dispose()  # the last connection to close empties the write-ahead log into the file
    return file


def new_database(request: pytest.FixtureRequest, kind: str, folder: Path) -> Iterator[sa.Engine]:
    if kind == "sqlite":
        file = folder / "test.sqlite"
        shutil.copy(request.getfixturevalue("migrated_file"), file)
        engine = connect(f"sqlite:///{file}")
        yield engine
        engine.dispose()
        return
    server: postgres.Server = request.getfixturevalue("postgres_server")
    with server.database(template=migrations.upgrade) as url:
        engine = connect(url)
        yield engine
        engine.dispose()


@pytest.fixture
def now() -> datetime:
    return NOW
