"""Rows without objects: Core tables, and inserting what may be there already."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

from labour_book.database import Db


def table_of(model: type[SQLModel]) -> sa.Table:
    """Return the Core table of a stored topic."""
    table = model.__table__  # type: ignore[attr-defined]  # SQLModel adds it
    assert isinstance(table, sa.Table)
    return table


def insert_ignoring(db: Db, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, passing over those that a unique constraint keeps out."""
    if not rows:
        return
    dialect = db.connection().dialect.name
    insert = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    db.execute(insert.on_conflict_do_nothing(), list(rows))
