"""What is asked of a whole database, to copy it and to prove the copy."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel

from labour_book.database import Db
from labour_book.errors import Unavailable
from labour_book.queries.rows import table_of
from labour_book.tables import Book, BookVersion, StatusList

_VERSION = table_of(BookVersion)
_BOOK = table_of(Book)
_LIST = table_of(StatusList)
PAGE = 500
PIECE = 2**20
"""Bytes of a file that are read at a time."""


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


def drawn_credentials(db: Db, count: int, draw: Callable[[int], int]) -> list[tuple[UUID, bytes]]:
    """Return id and sealed credential of versions drawn by lot; fewer where two draws hit one.

    ``draw`` returns a number below the one it is given. Entries on a status list lie scattered, so
    the next one after a number drawn is as good as any; after the last comes the first again.
    """
    of_list = _VERSION.c.status_list_id == _LIST.c.id
    lists = db.execute(
        sa.select(_LIST.c.id, _LIST.c.capacity)
        .where(sa.exists().where(of_list))
        .order_by(_LIST.c.id)
    ).all()
    found: dict[UUID, bytes] = {}
    for _ in range(count if lists else 0):
        chosen, capacity = lists[draw(len(lists))]
        row = _next_on(db, chosen, draw(capacity)) or _next_on(db, chosen, 0)
        if row is not None:
            found[row.id] = bytes(row.credential)
    return sorted(found.items())


def _next_on(db: Db, chosen: int, index: int) -> sa.Row[tuple[UUID, bytes]] | None:
    query = (
        sa.select(_VERSION.c.id, _VERSION.c.credential)
        .where(_VERSION.c.status_list_id == chosen, _VERSION.c.status_index >= index)
        .order_by(_VERSION.c.status_index)
        .limit(1)
    )
    return db.execute(query).one_or_none()


def books_astray(db: Db) -> int:
    """Return how many books do not have exactly the versions that they count."""
    versions = (
        sa.select(
            _VERSION.c.person_id,
            sa.func.count().label("number"),
            sa.func.max(_VERSION.c.version).label("last"),
        )
        .group_by(_VERSION.c.person_id)
        .subquery()
    )
    differs = sa.or_(
        sa.func.coalesce(versions.c.number, 0) != _BOOK.c.current_version,
        sa.func.coalesce(versions.c.last, 0) != _BOOK.c.current_version,
    )
    query = (
        sa.select(sa.func.count())
        .select_from(_BOOK)
        .outerjoin(versions, versions.c.person_id == _BOOK.c.person_id)
        .where(differs)
    )
    return int(db.execute(query).scalar_one())


def raw_content(db: Db) -> Iterator[bytes]:
    """Yield the whole database as its tables store it, in pieces, table by table."""
    driver = db.connection().connection.driver_connection
    if isinstance(driver, sqlite3.Connection):
        path = Path(driver.execute("PRAGMA database_list").fetchone()[2])
        for each in (path, path.with_name(f"{path.name}-wal")):
            if each.exists():
                yield from pieces_of(each)
        return
    assert driver is not None
    for table in sorted(SQLModel.metadata.tables):
        with driver.cursor() as cursor, cursor.copy(f'COPY "{table}" TO STDOUT BINARY') as copy:
            gathered = bytearray()
            for piece in copy:
                gathered += piece
                if len(gathered) > PIECE:
                    yield bytes(gathered)
                    gathered.clear()
            yield bytes(gathered)


def pieces_of(path: Path) -> Iterator[bytes]:
    """Yield the content of a file in pieces."""
    with path.open("rb") as source:
        while piece := source.read(PIECE):
            yield piece
