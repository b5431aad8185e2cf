"""What is asked of a whole database, to copy it and to prove the copy."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel

from labour_book.database import Db
from labour_book.errors import Unavailable
from labour_book.queries.rows import table_of
from labour_book.tables import BookVersion

_VERSION = table_of(BookVersion)
PAGE = 500


def table_counts(db: Db) -> dict[str, int]:
    """Return how many rows each table has."""
    tables = sorted(SQLModel.metadata.tables.values(), key=lambda each: each.name)
    return {
        each.name: int(db.execute(sa.select(sa.func.count()).select_from(each)).scalar_one())
        for each in tables
    }


def vacuum_into(engine: sa.Engine, path: Path) -> None:
    """Write a whole copy of an SQLite database, as of one moment, into a new file."""
    with closing(sqlite3.connect(str(engine.url.database))) as connection:
        connection.execute("VACUUM INTO ?", (str(path),))


def sealed_credentials(db: Db) -> Iterator[tuple[UUID, bytes]]:
    """Yield the id and the sealed credential of every version, a page at a time."""
    after: UUID | None = None
    while True:
        query = sa.select(_VERSION.c.id, _VERSION.c.credential).order_by(_VERSION.c.id).limit(PAGE)
        if after is not None:
            query = query.where(_VERSION.c.id > after)
        rows = db.execute(query).all()
        for row in rows:
            yield row.id, bytes(row.credential)
        if len(rows) < PAGE:
            return
        after = rows[-1].id


def last_archived(db: Db) -> tuple[str, str]:
    """Begin a new file of PostgreSQL's log; return the one before it and the last archived.

    Both are names of files, in order of their letters; the second is empty if none ever was.
    """
    ended = db.execute(sa.text("SELECT pg_walfile_name(pg_switch_wal())")).scalar_one()
    return str(ended), archived(db)


def archived(db: Db) -> str:
    """Return the name of the last file of the write-ahead log that was archived, or nothing."""
    found = db.execute(sa.text("SELECT last_archived_wal FROM pg_stat_archiver")).scalar_one()
    return str(found or "")


def make_database(engine: sa.Engine, name: str) -> None:
    """Make an empty database on the same PostgreSQL server.

    Raises:
        Unavailable: this user may not.
    """
    _administer(engine, f'CREATE DATABASE "{name}"')


def drop_database(engine: sa.Engine, name: str) -> None:
    """Remove a database from the same PostgreSQL server, whoever is connected to it."""
    _administer(engine, f'DROP DATABASE "{name}" WITH (FORCE)')


def _administer(engine: sa.Engine, statement: str) -> None:
    beside = sa.create_engine(engine.url, isolation_level="AUTOCOMMIT")
    try:
        with beside.connect() as connection:
            connection.exec_driver_sql(statement)
    except sa.exc.DBAPIError as error:
        raise Unavailable("this user may make no database on the server") from error
    finally:
        beside.dispose()
