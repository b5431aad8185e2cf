"""What is said to PostgreSQL, word for word: through Core, and by the driver itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import sqlalchemy as sa

Said = list[tuple[str, Any]]


@contextmanager
def recorded() -> Iterator[Said]:
    """Collect the statements that run on PostgreSQL, with their values, until the block ends."""
    said: Said = []
    original = psycopg.Cursor.execute

    def execute(
        self: psycopg.Cursor[Any], query: Any, params: Any = None, **given: Any
    ) -> psycopg.Cursor[Any]:
        if isinstance(query, str):
            said.append((query, params))
        return original(self, query, params, **given)

    psycopg.Cursor.execute = execute  # type: ignore[method-assign]  # put back below
    try:
        yield said
    finally:
        psycopg.Cursor.execute = original  # type: ignore[method-assign]  # as it was


def plan_of(db: sa.Connection, sql: str, values: Any) -> dict[str, Any]:
    """Return how PostgreSQL goes about a statement, having done it."""
    driver = db.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    row = driver.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", values).fetchone()
    plan: dict[str, Any] = row[0][0]["Plan"]
    return plan
