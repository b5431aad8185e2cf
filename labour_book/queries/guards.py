"""Writing what only one of several at once may write, with one statement that tells."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from labour_book.database import Db

Inserting = postgresql.Insert | sqlite.Insert


def inserting(db: Db, table: sa.Table) -> Inserting:
    """Return an INSERT of the database's own kind, which can say what to do on a conflict."""
    return inserting_into(table, db.connection().dialect.name)


def inserting_into(table: sa.Table, dialect: str) -> Inserting:
    """Return the same for a database whose kind is known."""
    if dialect == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def insert_once(db: Db, table: sa.Table, row: Mapping[str, Any]) -> bool:
    """Insert a row unless one with its key is there; tell whether it was inserted."""
    key = next(iter(table.primary_key.columns))
    statement = inserting(db, table).values(dict(row)).on_conflict_do_nothing().returning(key)
    return db.execute(statement).one_or_none() is not None


def one_changed(db: Db, statement: sa.Update) -> bool:
    """Run a guarded UPDATE of at most one row; tell whether the guard let it through."""
    changed = int(db.execute(statement).rowcount)  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
    assert changed <= 1
    return changed == 1
