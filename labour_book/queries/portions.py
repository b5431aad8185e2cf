"""Many values in one query, and many rows in one insert."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from labour_book.database import Db, insert_rows
from labour_book.tables.columns import UtcDateTime

_T = TypeVar("_T")

AT_ONCE = 4_000
"""Values that one query asks for; both databases take as many."""


def portions(values: Collection[_T]) -> list[list[_T]]:
    """Cut values into lists that are short enough for one query."""
    every = list(values)
    return [every[start : start + AT_ONCE] for start in range(0, len(every), AT_ONCE)]


def among(db: Db, column: sa.Column[Any], values: Collection[Any]) -> sa.ColumnElement[bool]:
    """Return the condition that a column has one of the values.

    PostgreSQL gets them as one array, which it reads and plans far quicker than as many parameters.
    """
    if db.connection().dialect.name != "postgresql":
        return column.in_(values)
    return column == sa.any_(sa.bindparam(None, list(values), type_=ARRAY(column.type)))


def insert_many(db: Db, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many rows with the same keys by the driver's own means.

    SQLite's executemany is called directly: what SQLAlchemy does to each row before takes longer
    than writing it.
    """
    connection = db.connection()
    if not rows or connection.dialect.name == "postgresql":
        insert_rows(db, table, rows)
        return
    columns, by_column = [], []
    for name in rows[0]:
        values = [row[name] for row in rows]
        if any(value is not None for value in values):
            columns.append(name)
            by_column.append(_converted(values, _converter(table, name, connection.dialect)))
    connection.exec_driver_sql(_insert(table, tuple(columns)), list(zip(*by_column, strict=True)))


def _converted(values: list[Any], convert: Callable[[Any], Any] | None) -> list[Any]:
    return values if convert is None else list(map(convert, values))


@lru_cache(maxsize=64)
def _insert(table: sa.Table, columns: tuple[str, ...]) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    marks = ", ".join("?" * len(columns))
    return f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'  # noqa: S608 - names of ours


@lru_cache(maxsize=512)
def _converter(table: sa.Table, column: str, dialect: sa.Dialect) -> Callable[[Any], Any] | None:
    """Return what turns a value into what the driver takes; None if it takes it as it is.

    The rows of one insert share most of their instants and days: each is converted once.
    """
    kind = table.c[column].type
    if isinstance(kind, sa.LargeBinary):
        return None
    convert: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    if convert is not None and isinstance(kind, UtcDateTime | sa.Date):
        return lru_cache(maxsize=4_096)(convert)
    return convert
