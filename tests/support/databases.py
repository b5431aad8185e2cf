"""New databases for tests, without the price of one.

SQLAlchemy keeps what it has compiled with the engine, and so an engine is lent again after its
test: compiling anew takes longer than most tests run.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import sqlalchemy as sa

import migrations
from labour_book.database import connect


@dataclass
class SqliteFiles:
    """Copies of a file with the current schema, below a folder."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=count)
    _free: list[sa.Engine] = field(default_factory=list)
    _pattern: bytes = b""

    @contextmanager
    def database(self) -> Iterator[sa.Engine]:
        """Lend a new file."""
        engine = self._free.pop() if self._free else self._another()
        if not self._pattern:
            self._pattern = migrated(self.folder / "pattern.sqlite")
        lay(self._pattern, engine)
        try:
            yield engine
        finally:
            engine.dispose()
            self._free.append(engine)

    def _another(self) -> sa.Engine:
        engine = connect(f"sqlite:///{self.folder / f'test-{next(self._numbers)}.sqlite'}")
        sa.event.listen(engine, "connect", _careless)
        return engine


def _careless(connection: sqlite3.Connection, _record: object) -> None:
    """No test outlives a power failure: nothing waits for the disk."""
    connection.execute("PRAGMA synchronous = OFF")


def migrated(path: Path) -> bytes:
    """Lay the schema into a new file and return what it holds then."""
    engine = connect(f"sqlite:///{path}")
    migrations.upgrade(engine)
    engine.dispose()  # the last connection to close empties the write-ahead log into the file
    return path.read_bytes()


def lay(content: bytes, engine: sa.Engine) -> None:
    """Put a database where the engine's file is."""
    engine.dispose()
    for each in files_of(engine):  # not written over: somebody may still have them open
        each.unlink()
    Path(str(engine.url.database)).write_bytes(content)


def files_of(engine: sa.Engine) -> list[Path]:
    """Return the files of an SQLite database: itself, its write-ahead log."""
    path = Path(str(engine.url.database))
    return sorted(path.parent.glob(f"{path.name}*"))


def stored_in(engine: sa.Engine) -> bytes:
    """Return all that an SQLite database has on disk."""
    stored = b"".join(path.read_bytes() for path in files_of(engine))
    assert stored, "the database has no file"
    return stored
