"""What a database and a folder hold at one moment: laid again where it would be made again."""

import sqlite3
from collections.abc import Callable, Hashable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import sqlalchemy as sa
from psycopg.sql import SQL, Identifier

from tests.support.databases import lay_below, source_of
from tests.support.postgres import EMPTY, driver_of

T = TypeVar("T")
TABLES = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    AND relname <> 'alembic_version'
"""
SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"


@dataclass(frozen=True)
class Moment:
    """Everything there was, and what the maker of it gave back."""

    rows: "sqlite3.Connection | PostgresRows"
    files: dict[Path, bytes]
    result: Any


@dataclass(frozen=True)
class PostgresRows:
    """The rows of every table that has some, and how far the sequences have counted."""

    tables: dict[str, bytes]
    sequences: list[tuple[str, int]]


_MOMENTS: dict[tuple[Hashable, str], Moment] = {}


def prepared(key: Hashable, engine: sa.Engine, folder: Path, make: Callable[[], T]) -> T:
    """Make it the first time; afterwards lay what it left in the database and the folder.

    What is made must depend on nothing but the key: another test's is laid in its place, over all
    that the database holds.
    """
    which = (key, engine.dialect.name)
    if which not in _MOMENTS:
        result = make()
        _MOMENTS[which] = Moment(_rows_of(engine), _files_of(folder), deepcopy(result))
        return result
    moment = _MOMENTS[which]
    for name, content in moment.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.write_bytes(content)
    _lay_rows(engine, moment.rows)
    given: T = deepcopy(moment.result)
    return given


def _files_of(folder: Path) -> dict[Path, bytes]:
    return {
        path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def _rows_of(engine: sa.Engine) -> sqlite3.Connection | PostgresRows:
    if engine.dialect.name == "sqlite":
        return source_of(engine)
    with engine.connect() as connection:
        driver = driver_of(connection)
        named = [name for (name,) in driver.execute(TABLES).fetchall()]
        contents = {name: _copied(driver, name) for name in named if _has_rows(driver, name)}
        return PostgresRows(contents, driver.execute(SEQUENCES).fetchall())


def _has_rows(driver: "psycopg.Connection[Any]", table: str) -> bool:
    query = SQL("SELECT 1 FROM {} LIMIT 1").format(Identifier(table))
    return driver.execute(query).fetchone() is not None


def _copied(driver: "psycopg.Connection[Any]", table: str) -> bytes:
    statement = SQL("COPY {} TO STDOUT (FORMAT binary)").format(Identifier(table))
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        return b"".join(copy)


def _lay_rows(engine: sa.Engine, rows: sqlite3.Connection | PostgresRows) -> None:
    if isinstance(rows, sqlite3.Connection):
        lay_below(rows, engine)
        return
    with engine.begin() as connection:
        driver = driver_of(connection)
        driver.execute(EMPTY)
        driver.execute("SET LOCAL session_replication_role = replica")  # no order among tables
        for name, content in rows.tables.items():
            statement = SQL("COPY {} FROM STDIN (FORMAT binary)").format(Identifier(name))
            with driver.cursor() as cursor, cursor.copy(statement) as copy:
                copy.write(content)
        for name, value in rows.sequences:
            driver.execute("SELECT setval(%s, %s)", (name, value))
