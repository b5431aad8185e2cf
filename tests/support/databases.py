"""New databases for tests, without the price of one.

SQLAlchemy keeps what it has compiled with the engine, and so an engine is lent again after its
test: compiling anew takes longer than most tests run.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

import migrations
from labour_book.database import connect

WRITE_VERSION, READ_VERSION, NO_WRITE_AHEAD_LOG = 18, 19, 1
"""Where a file says that it has a write-ahead log, and how it says no: none has one in memory."""


@dataclass
class SqliteFiles:
    """Copies of a file with the current schema, below a folder."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=count)
    _free: list[sa.Engine] = field(default_factory=list)

    @contextmanager
    def database(self) -> Iterator[sa.Engine]:
        """Lend a new file."""
        engine = self._free.pop() if self._free else self._another()
        lay(pattern(), engine)
        try:
            yield engine
        finally:
            engine.dispose()
            self._free.append(engine)

    def _another(self) -> sa.Engine:
        return _connected(self.folder / f"test-{next(self._numbers)}.sqlite")


def new_file(path: Path) -> sa.Engine:
    """Open a new SQLite file with the current schema."""
    engine = _connected(path)
    lay(pattern(), engine)
    return engine


def _connected(path: Path) -> sa.Engine:
    engine = connect(f"sqlite:///{path}")
    sa.event.listen(engine, "connect", _careless)
    return engine


def _careless(connection: sqlite3.Connection, _record: object) -> None:
    """No test outlives a power failure: nothing waits for the disk."""
    connection.execute("PRAGMA synchronous = OFF")


@cache
def pattern() -> bytes:
    """Lay the schema into a new file and return what it holds then."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "pattern.sqlite"
        engine = _connected(path)
        migrations.upgrade(engine)
        engine.dispose()  # the last connection to close empties the write-ahead log into the file
        return path.read_bytes()


def lay(content: bytes, engine: sa.Engine) -> None:
    """Put a database where the engine's file is; nobody may be at work in it."""
    engine.dispose()
    for each in files_of(engine):  # not written over: somebody may still have them open
        each.unlink()
    Path(str(engine.url.database)).write_bytes(content)


def source_of(engine: sa.Engine) -> sqlite3.Connection:
    """Return a copy, in memory, of all that is committed in an SQLite database."""
    with closing(engine.raw_connection()) as lent:
        content = bytearray(driver_of(lent).serialize())
    content[WRITE_VERSION] = content[READ_VERSION] = NO_WRITE_AHEAD_LOG
    copy = sqlite3.connect(":memory:", check_same_thread=False)
    copy.deserialize(bytes(content))
    return copy


def lay_below(source: sqlite3.Connection, engine: sa.Engine) -> None:
    """Put a copy in place of what a database holds, as one transaction of its own.

    An application may be at work in it: it sees what there was or what there is now.
    """
    with closing(engine.raw_connection()) as lent:
        source.backup(driver_of(lent))


def driver_of(lent: sa.PoolProxiedConnection) -> sqlite3.Connection:
    driver = lent.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def files_of(engine: sa.Engine) -> list[Path]:
    """Return the files of an SQLite database: itself, its write-ahead log."""
    path = Path(str(engine.url.database))
    return sorted(path.parent.glob(f"{path.name}*"))


def stored_in(engine: sa.Engine) -> bytes:
    """Return all that an SQLite database has on disk."""
    stored = b"".join(path.read_bytes() for path in files_of(engine))
    assert stored, "the database has no file"
    return stored
