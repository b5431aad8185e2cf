"""One database layer for SQLite (default) and PostgreSQL: engine, transaction, bulk insert."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError

from labour_book.errors import Unavailable

Rows = Mapping[str, Any] | Sequence[Mapping[str, Any]]
"""The values for a statement: once, or for many rows."""

BUSY_TIMEOUT = 30
"""Seconds that a writer waits for another one (SQLite) or for a lock (PostgreSQL)."""


def connect(url: str) -> sa.Engine:
    """Open the database at ``url``: ``sqlite:///file`` or ``postgresql+psycopg://...``."""
    address = sa.make_url(url)
    if address.get_backend_name() == "sqlite":
        engine = sa.create_engine(
            address, hide_parameters=True, connect_args={"timeout": BUSY_TIMEOUT}
        )
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
        return engine
    return sa.create_engine(
        address,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"options": f"-c lock_timeout={BUSY_TIMEOUT}s -c timezone=UTC"},
    )


class Db:
    """An open transaction.

    A thin one over Core: there are no objects to keep track of, and a session that does so costs
    more than the whole look at a stored book.
    """

    __slots__ = ("_connection",)

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def connection(self) -> sa.Connection:
        return self._connection

    def execute(
        self, statement: sa.Executable, values: Rows | None = None
    ) -> sa.Result[*tuple[Any, ...]]:
        return self._connection.execute(statement, values)


class _SqliteConnection(Protocol):
    isolation_level: str | None

    def execute(self, sql: str, /) -> object: ...


def _prepare_sqlite(connection: _SqliteConnection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see _begin_sqlite
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: sa.Connection) -> None:
    # A transaction that reads first and writes later would fail when another one wrote in
    # between; IMMEDIATE makes it wait at the start instead.
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def transaction(engine: sa.Engine) -> Iterator[Db]:
    """Open the one transaction of a request or command; commit at its end, or roll back.

    Raises:
        Unavailable: the database does not answer or is locked for too long.
    """
    with _translated(), engine.begin() as connection:
        yield Db(connection)


@contextmanager
def reading(engine: sa.Engine) -> Iterator[Db]:
    """Open a transaction that only reads, and so waits for no writer."""
    quiet = engine.execution_options(reading=True)
    with _translated(), quiet.begin() as connection:
        yield Db(connection)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise Unavailable("the database does not answer") from error


def insert_rows(db: Db, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many rows with the same keys: COPY on PostgreSQL, one executemany on SQLite.

    Raises:
        IntegrityError: a row contradicts a constraint.
        Unavailable: the database does not answer.
    """
    if not rows:
        return
    connection = db.connection()
    if connection.dialect.name != "postgresql":
        connection.execute(sa.insert(table), list(rows))
        return
    columns = list(rows[0])
    names = ", ".join(f'"{column}"' for column in columns)
    statement = f'COPY "{table.name}" ({names}) FROM STDIN'
    driver = connection.connection.driver_connection
    assert driver is not None
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row([row[column] for column in columns])
    except psycopg.IntegrityError as error:  # as SQLAlchemy would have it, had it been asked
        raise IntegrityError(statement, None, error) from error
    except psycopg.OperationalError as error:
        raise Unavailable("the database does not answer") from error
