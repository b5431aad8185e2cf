"""One database layer for SQLite (default) and PostgreSQL: engine, transaction, bulk insert."""

import logging
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, Protocol

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import DataError, IntegrityError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from labour_book import patience
from labour_book.errors import Invalid, Unavailable

Rows = Mapping[str, Any] | Sequence[Mapping[str, Any]]
"""The values for a statement: once, or for many rows."""

BUSY_TIMEOUT = 30
"""Seconds that a writer waits for another one (SQLite) or for a lock (PostgreSQL), where nobody
waits for an answer; see ``patience``."""


logger = logging.getLogger("labour_book.database")

CONNECTIONS = 20
"""Connections that one process keeps at most, unless a setting says otherwise."""
POOL_TIMEOUT = patience.ANSWER_SECONDS
"""Seconds for which a request waits for one of them; then the service is overloaded and says so."""
CONNECT_TIMEOUT = 5
"""Seconds for which PostgreSQL has to answer a new connection."""
GONE_AFTER = 2
"""Seconds after which PostgreSQL sees that whoever asked has left, and gives up what it does."""


def connect(url: str, *, connections: int = CONNECTIONS, read_only: bool = False) -> sa.Engine:
    """Open the database at ``url``: ``sqlite:///file`` or ``postgresql+psycopg://...``.

    The connection used last is used first: it remembers what it has read and prepared (psycopg
    prepares a statement on the server once it has run five times on a connection). ``read_only``
    is for a replica: whatever writes fails.
    """
    address = sa.make_url(url)
    pool: dict[str, Any] = {
        "hide_parameters": True,
        "pool_use_lifo": True,
        "pool_size": connections,
        "max_overflow": 0,
        "pool_timeout": POOL_TIMEOUT,
    }
    if address.get_backend_name() == "sqlite":
        engine = sa.create_engine(address, connect_args={"timeout": BUSY_TIMEOUT}, **pool)
        sa.event.listen(engine, "connect", _prepare_sqlite_reader if read_only else _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
        return engine
    options = f"-c lock_timeout={BUSY_TIMEOUT}s -c timezone=UTC"
    options += f" -c client_connection_check_interval={GONE_AFTER}s"
    if read_only:
        options += " -c default_transaction_read_only=on"
    given = {
        "options": options,
        "connect_timeout": CONNECT_TIMEOUT,
        "application_name": "labour-book",
    }
    engine = sa.create_engine(address, pool_pre_ping=True, connect_args=given, **pool)
    sa.event.listen(engine, "do_connect", _connected)
    return engine


def _connected(
    _dialect: object, _record: object, given: Sequence[Any], named: Mapping[str, Any]
) -> patience.Connection:
    return patience.Connection.connect(*given, **named)


class Cursor(Protocol):
    """What both drivers give for a statement, as far as it is needed."""

    def fetchone(self) -> tuple[Any, ...] | None: ...
    def fetchall(self) -> list[tuple[Any, ...]]: ...


class Driver(Protocol):
    """A connection as both drivers know it, as far as it is needed."""

    def execute(self, sql: str, values: Any = ..., /) -> Cursor: ...  # noqa: ANN401 - by name or by place


class Db:
    """An open transaction.

    A thin one over Core: there are no objects to keep track of, and a session that does so costs
    more than the whole look at a stored book.
    """

    __slots__ = ("_connection", "_driver")

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._driver: Driver | None = None

    def connection(self) -> sa.Connection:
        return self._connection

    @property
    def driver(self) -> Driver:
        """The driver's own connection, for the few statements that every request needs.

        Through Core each of them costs ten times as much as in the database.
        """
        if self._driver is None:
            self._driver = _driver_of(self._connection)
        return self._driver

    def execute(
        self, statement: sa.Executable, values: Rows | None = None
    ) -> sa.Result[*tuple[Any, ...]]:
        return self._connection.execute(statement, values)


def _driver_of(connection: sa.Connection) -> Driver:
    driver: Driver | None = connection.connection.driver_connection
    assert driver is not None
    return driver


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see _begin_sqlite
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _prepare_sqlite_reader(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA query_only = ON")


WAITS = "waits"
"""What a connection to SQLite remembers of how long it waits, in milliseconds."""


def _begin_sqlite(connection: sa.Connection) -> None:
    # A transaction that reads first and writes later would fail when another one wrote in
    # between; IMMEDIATE makes it wait at the start instead.
    driver = _driver_of(connection)
    if connection.get_execution_options().get("reading", False):
        driver.execute("BEGIN")
        return
    waits = patience.milliseconds(BUSY_TIMEOUT)
    if connection.info.get(WAITS) != waits:
        driver.execute(f"PRAGMA busy_timeout = {waits}")
        connection.info[WAITS] = waits
    driver.execute("BEGIN IMMEDIATE")


@contextmanager
def transaction(engine: sa.Engine) -> Iterator[Db]:
    """Open the one transaction of a request or command; commit at its end, or roll back.

    Raises:
        Unavailable: the database does not answer or is locked for too long.
        Invalid: a value is one that no database can store.
    """
    with _translated(), engine.begin() as connection:
        yield Db(connection)


@contextmanager
def reading(engine: sa.Engine) -> Iterator[Db]:
    """Open a transaction that only reads, and so waits for no writer."""
    with (
        _translated(),
        engine.connect() as connection,
        connection.execution_options(reading=True).begin(),
    ):
        yield Db(connection)


@contextmanager
def reading_replica(replica: sa.Engine | None, engine: sa.Engine) -> Iterator[Db]:
    """Open a transaction that only reads from a replica, which may lag behind.

    Without one, or while it does not answer, from the database itself.
    """
    chosen = engine
    if replica is not None:
        try:
            replica.connect().close()  # the pool keeps it, and gives the same one below
            chosen = replica
        except (OperationalError, PoolTimeout):
            logger.warning("the replica does not answer: the database itself is read")
    with reading(chosen) as db:
        yield db


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except PoolTimeout as error:
        raise Unavailable("all connections to the database are in use") from error
    except (OperationalError, sqlite3.OperationalError, psycopg.OperationalError) as error:
        raise Unavailable("the database does not answer") from error
    except (InternalError, psycopg.InternalError) as error:
        if not isinstance(getattr(error, "orig", error), psycopg.errors.ReadOnlySqlTransaction):
            raise
        raise Unavailable("the database takes no writes at the moment") from error
    except (DataError, psycopg.DataError) as error:
        # a zero byte in a text, a number of a hundred digits: nothing of ours sends such a thing
        raise Invalid("a value holds what cannot be stored", cause="NOT_STORABLE") from error


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
        _insert_by_driver(connection, table, rows)
        return
    statement, kinds = _copy_of(table, tuple(rows[0]), connection.dialect)
    _check_integers(kinds, rows)
    driver = connection.connection.driver_connection
    assert driver is not None
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            copy.set_types(list(kinds.values()))
            for row in rows:
                copy.write_row([row[column] for column in kinds])
    except psycopg.IntegrityError as error:  # as SQLAlchemy would have it, had it been asked
        raise IntegrityError(statement, None, error) from error
    except psycopg.OperationalError as error:
        raise Unavailable("the database does not answer") from error


_KINDS = {
    sa.Uuid: "uuid",
    sa.BigInteger: "int8",
    sa.Integer: "int4",
    sa.Float: "float8",
    sa.Boolean: "bool",
    sa.Date: "date",
    sa.DateTime: "timestamptz",
    sa.String: "text",
    sa.LargeBinary: "bytea",
}
"""What PostgreSQL calls the columns' kinds; one that is derived from another stands before it."""
_INTEGERS = range(-(2**31), 2**31)


@cache
def _copy_of(
    table: sa.Table, names: tuple[str, ...], dialect: sa.Dialect
) -> tuple[str, Mapping[str, str]]:
    """Return a COPY and the kind of each of its columns, as the binary form has to know them.

    As text a signed book would take twice the bytes and five times the time.
    """
    kinds: dict[str, str] = {}
    for name in names:
        kind = table.c[name].type.dialect_impl(dialect)
        stored = kind.impl if isinstance(kind, sa.types.TypeDecorator) else kind
        kinds[name] = next(said for each, said in _KINDS.items() if isinstance(stored, each))
    quoted = ", ".join(f'"{name}"' for name in names)
    return f'COPY "{table.name}" ({quoted}) FROM STDIN (FORMAT BINARY)', kinds


def _check_integers(kinds: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Refuse integers that are too large: in the binary form the driver would cut them off."""
    for name in (name for name, kind in kinds.items() if kind == "int4"):
        if any(row[name] is not None and row[name] not in _INTEGERS for row in rows):
            raise Invalid("a value holds what cannot be stored", cause="NOT_STORABLE")


def _insert_by_driver(
    connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert rows into SQLite, a column at a time made ready: Core takes twice as long."""
    sql, columns = _insert_of(table, tuple(rows[0]), connection.dialect)
    ready = [
        [row[name] for row in rows] if process is None else [process(row[name]) for row in rows]
        for name, process in columns
    ]
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    try:
        driver.executemany(sql, zip(*ready, strict=True))
    except sqlite3.IntegrityError as error:
        raise IntegrityError(sql, None, error) from error


@cache
def _insert_of(
    table: sa.Table, names: tuple[str, ...], dialect: sa.Dialect
) -> tuple[str, list[tuple[str, Callable[[Any], Any] | None]]]:
    """Return an insert's text, and its columns in order with what makes their values ready."""
    compiled = sa.insert(table).compile(dialect=dialect, column_keys=list(names))
    assert isinstance(compiled, sa.sql.compiler.SQLCompiler)
    columns: list[tuple[str, Callable[[Any], Any] | None]] = [
        (name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect))
        for name in compiled.positiontup or ()
    ]
    assert len(columns) == len(names)
    return compiled.string, columns
