"""The trace's chain: its end, its rows, and what comes after it."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.rows import insert_ignoring, table_of
from labour_book.tables import Trace, TraceHead

_TRACE = table_of(Trace)
_HEAD = table_of(TraceHead)
_HEAD_ID = 1
MOST_ROWS = 2**63 - 1
Processor = Callable[[Any], Any]

# Every deed and every look writes a row, so these three are plain SQL, run by the driver itself:
# through Core they cost more than the rest of a look at a stored book.
_LOCK_HEAD = {
    "sqlite": "SELECT seq, hash FROM trace_head WHERE id = 1",
    "postgresql": "SELECT seq, hash FROM trace_head WHERE id = 1 FOR UPDATE",
}
_APPEND = {
    "sqlite": "INSERT INTO trace (seq, at, actor_kind, actor, action, person_id, purpose, outcome,"
    " detail, prev_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "postgresql": "INSERT INTO trace (seq, at, actor_kind, actor, action, person_id, purpose,"
    " outcome, detail, prev_hash, hash) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
}
_MOVE_HEAD = {
    "sqlite": "UPDATE trace_head SET seq = ?, hash = ? WHERE id = 1",
    "postgresql": "UPDATE trace_head SET seq = %s, hash = %s WHERE id = 1",
}


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: how many rows, and the hash of the last."""

    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class TraceRow:
    """One row of the trace, as stored."""

    seq: int
    at: datetime
    actor_kind: str
    actor: str
    action: str
    person_id: UUID | None
    purpose: str
    outcome: str
    detail: str
    prev_hash: bytes
    hash: bytes


def locked_head(db: Db, genesis: bytes) -> Head:
    """Return the end of the chain, locked until the transaction ends; begins the chain if new."""
    sql = _LOCK_HEAD[db.connection().dialect.name]
    row = db.driver.execute(sql).fetchone()
    if row is None:
        insert_ignoring(db, _HEAD, [{"id": _HEAD_ID, "seq": 0, "hash": genesis}])
        row = db.driver.execute(sql).fetchone()
    assert row is not None
    return Head(row[0], bytes(row[1]))


def head(db: Db) -> Head | None:
    """Return the end of the chain; None before the first row."""
    row = db.execute(
        sa.select(_HEAD.c.seq, _HEAD.c.hash).where(_HEAD.c.id == _HEAD_ID)
    ).one_or_none()
    return None if row is None else Head(row.seq, row.hash)


def end_and_last(db: Db) -> tuple[Head | None, int]:
    """Return the end of the chain and the highest number of a row, both of one moment.

    One statement sees one moment; between two of them others append rows.
    """
    seq, end_hash, last = db.execute(
        sa.select(
            sa.select(_HEAD.c.seq).where(_HEAD.c.id == _HEAD_ID).scalar_subquery(),
            sa.select(_HEAD.c.hash).where(_HEAD.c.id == _HEAD_ID).scalar_subquery(),
            sa.select(sa.func.coalesce(sa.func.max(_TRACE.c.seq), 0)).scalar_subquery(),
        )
    ).one()
    return None if seq is None else Head(seq, end_hash), last


def hash_of(db: Db, seq: int) -> bytes | None:
    """Return the hash of the row of that number; None if it is not there."""
    found = db.execute(sa.select(_TRACE.c.hash).where(_TRACE.c.seq == seq)).scalar_one_or_none()
    return None if found is None else bytes(found)


def append(db: Db, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows behind the locked end, and move the end."""
    dialect, driver = db.connection().dialect, db.driver
    for row in rows:
        values = tuple(
            row[name] if process is None else process(row[name])
            for name, process in _processors(dialect)
        )
        driver.execute(_APPEND[dialect.name], values)
    last = rows[-1]
    driver.execute(_MOVE_HEAD[dialect.name], (last["seq"], last["hash"]))


@cache
def _processors(dialect: sa.Dialect) -> tuple[tuple[str, Processor | None], ...]:
    """Return, for each column, what its type does to a value on the way to this driver."""
    types = ((column.name, column.type.dialect_impl(dialect)) for column in _TRACE.columns)
    return tuple((name, kind.bind_processor(dialect)) for name, kind in types)


def rows_from(
    db: Db, first_seq: int, last_seq: int = MOST_ROWS, *, page: int = 2_000
) -> Iterator[TraceRow]:
    """Yield the rows from a number on, in order, reading a page at a time."""
    after = first_seq - 1
    query = (
        sa.select(_TRACE)
        .where(_TRACE.c.seq > sa.bindparam("after"), _TRACE.c.seq <= last_seq)
        .order_by(_TRACE.c.seq)
        .limit(page)
    )
    while True:
        rows = db.execute(query, {"after": after}).all()
        for row in rows:
            yield TraceRow(*row)
        if len(rows) < page:
            return
        after = rows[-1].seq


def row_about(db: Db, seq: int) -> TraceRow | None:
    """Return the row of that number if it is about a person."""
    row = db.execute(
        sa.select(_TRACE).where(_TRACE.c.seq == seq, _TRACE.c.person_id.is_not(None))
    ).one_or_none()
    return None if row is None else TraceRow(*row)


def rows_numbered(db: Db, numbers: Collection[int]) -> dict[int, TraceRow]:
    """Return the rows of these numbers that are about a person, by number."""
    rows = db.execute(
        sa.select(_TRACE)
        .where(_TRACE.c.seq.in_(sorted(numbers)), _TRACE.c.person_id.is_not(None))
        .order_by(_TRACE.c.seq)
    )
    return {row.seq: TraceRow(*row) for row in rows}


def rows_about(db: Db, person_id: UUID, *, limit: int) -> list[TraceRow]:
    """Return the newest rows about a person, newest first."""
    rows = db.execute(
        sa.select(_TRACE)
        .where(_TRACE.c.person_id == person_id)
        .order_by(_TRACE.c.seq.desc())
        .limit(limit)
    )
    return [TraceRow(*row) for row in rows]
