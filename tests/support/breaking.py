"""Let any statement of a deed fail: through Core, by the driver itself, in bulk, or the commit."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import psycopg
import pytest
import sqlalchemy as sa

from labour_book import database

EVERYWHERE = pytest.mark.parametrize(
    "engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.faults)], indirect=True
)
"""Nearly every statement is the same on both: `make test` breaks them on one."""


class Broken(Exception):
    """What a failing statement raises."""


@contextmanager
def failing_at(engine: sa.Engine, number: int) -> Iterator[list[str]]:
    """Let the statement with that number, or the commit after the last, fail."""
    seen: list[str] = []

    def said(what: str) -> None:
        seen.append(what)
        if len(seen) == number:
            raise Broken

    def statement(*given: Any) -> None:
        said(str(given[2]))

    def commit(_connection: sa.Connection) -> None:
        said("COMMIT")

    with ExitStack() as stack:
        for name, listener in (("before_cursor_execute", statement), ("commit", commit)):
            sa.event.listen(engine, name, listener)
            stack.callback(sa.event.remove, engine, name, listener)
        _listen_below(stack, said)
        yield seen


def _listen_below(stack: ExitStack, said: Callable[[str], None]) -> None:
    """Hear of what is said past Core: statements by the driver, and many rows at once."""
    driver_of, by_driver = database._driver_of, database._insert_by_driver
    copied = psycopg.Cursor.copy

    def driver(connection: sa.Connection) -> database.Driver:
        return _Heard(driver_of(connection), said)

    def rows(connection: sa.Connection, table: sa.Table, given: Sequence[Any]) -> None:
        said(f"INSERT {table.name}")
        by_driver(connection, table, given)

    def copy(cursor: psycopg.Cursor[Any], what: Any, *given: Any, **named: Any) -> Any:
        said(str(what))
        return copied(cursor, what, *given, **named)

    stack.enter_context(patch.object(database, "_driver_of", driver))
    stack.enter_context(patch.object(database, "_insert_by_driver", rows))
    stack.enter_context(patch.object(psycopg.Cursor, "copy", copy))


class _Heard:
    """A driver's connection; each statement is heard of before it is run."""

    def __init__(self, driver: database.Driver, said: Callable[[str], None]) -> None:
        self._driver = driver
        self._said = said

    def execute(self, sql: str, values: Any = (), /) -> database.Cursor:
        self._said(sql)
        return self._driver.execute(sql, values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._driver, name)
