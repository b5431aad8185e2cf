"""Runs of imports and the receipts of their rows."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.portions import among, insert_many, portions
from labour_book.queries.rows import table_of
from labour_book.tables import ImportRun, RowReceipt

_RUN = table_of(ImportRun)
_RECEIPT = table_of(RowReceipt)

_IMPORT_LOCK = 7_202_611
"""Key of the advisory lock under which batches take turns on PostgreSQL."""


@dataclass(frozen=True, slots=True)
class RunOnFile:
    """One delivery of one file."""

    id: UUID
    kind: str
    file_name: str
    file_sha256: str
    file_bytes: int
    mapping_sha256: str | None
    state: str
    failure: str | None
    rows_done: int
    counts: str
    started_at: datetime
    finished_at: datetime | None
    recorded_by: str

    def as_row(self) -> dict[str, Any]:
        """Return the columns as they are stored."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ReceiptOnFile:
    """What became of one row; ``raw`` is sealed."""

    run_id: UUID
    ordinal: int
    sheet: str | None
    row_number: int
    outcome: str
    cause: str | None
    findings: str | None
    person_id: UUID | None
    matched_by: str | None
    statement_key: int | None
    raw: bytes | None
    fingerprint: bytes | None
    commune_code: str | None


def take_turn(db: Db) -> None:
    """Wait until no other import writes; the turn ends with the transaction.

    On SQLite every writing transaction waits for the one before anyway. PostgreSQL has no
    statistics of tables that are just being filled, and would read them whole for each batch; all
    that imports ask is found by an index.
    """
    if db.connection().dialect.name == "postgresql":
        db.execute(sa.select(sa.func.pg_advisory_xact_lock(_IMPORT_LOCK)))
        db.execute(sa.text("SET LOCAL enable_seqscan = off"))


def running_run(db: Db, file_sha256: str, kind: str) -> RunOnFile | None:
    """Return the unfinished run of a file."""
    query = sa.select(_RUN).where(
        _RUN.c.file_sha256 == file_sha256, _RUN.c.kind == kind, _RUN.c.state == "running"
    )
    row = db.execute(query).one_or_none()
    return None if row is None else RunOnFile(*row)


def run_by_id(db: Db, run_id: UUID) -> RunOnFile | None:
    row = db.execute(sa.select(_RUN).where(_RUN.c.id == run_id)).one_or_none()
    return None if row is None else RunOnFile(*row)


def newest_runs(db: Db, limit: int) -> list[RunOnFile]:
    """Return the runs that were started last, newest first."""
    query = sa.select(_RUN).order_by(_RUN.c.started_at.desc(), _RUN.c.id).limit(limit)
    return [RunOnFile(*row) for row in db.execute(query)]


def add_run(db: Db, row: Mapping[str, Any]) -> None:
    db.execute(sa.insert(_RUN), row)


def advance_run(db: Db, run_id: UUID, *, done: int, to: int, counts: str) -> bool:
    """Move the point to resume from; False when another process has moved it already."""
    moved = db.execute(
        sa.update(_RUN)
        .where(_RUN.c.id == run_id, _RUN.c.state == "running", _RUN.c.rows_done == done)
        .values(rows_done=to, counts=counts)
        .returning(_RUN.c.id)
    )
    return moved.one_or_none() is not None


def end_run(
    db: Db, run_id: UUID, *, done: int, state: str, failure: str | None, at: datetime
) -> bool:
    """End a run at its ``done`` rows; False when another process has moved it already."""
    ended = db.execute(
        sa.update(_RUN)
        .where(_RUN.c.id == run_id, _RUN.c.state == "running", _RUN.c.rows_done == done)
        .values(state=state, failure=failure, finished_at=at)
        .returning(_RUN.c.id)
    )
    return ended.one_or_none() is not None


def add_receipts(db: Db, rows: Sequence[Mapping[str, Any]]) -> None:
    insert_many(db, _RECEIPT, rows)


def statement_keys(
    db: Db, run_id: UUID, outcomes: Collection[str], *, without: str | None = None
) -> Iterator[int]:
    """Yield the statements that rows of a run have made, those with one of the outcomes.

    ``without``: rows with this flag are left out.
    """
    query = (
        sa.select(_RECEIPT.c.statement_key)
        .where(
            _RECEIPT.c.run_id == run_id,
            _RECEIPT.c.outcome.in_(outcomes),
            _RECEIPT.c.statement_key.is_not(None),
        )
        .order_by(_RECEIPT.c.ordinal)
        .execution_options(yield_per=10_000)
    )
    if without is not None:
        flagged = _RECEIPT.c.findings.contains(f'"{without}"', autoescape=True)
        query = query.where(sa.or_(_RECEIPT.c.findings.is_(None), ~flagged))
    for (key,) in db.execute(query):
        assert key is not None
        yield key


def held_statements(db: Db, keys: Collection[int]) -> set[tuple[int, bytes]]:
    """Return which of some statements, with what they said, were sent to review as contradictory.

    Each comes as its key and fingerprint.
    """
    held: set[tuple[int, bytes]] = set()
    for some in portions(keys):
        query = (
            sa.select(_RECEIPT.c.statement_key, _RECEIPT.c.fingerprint)
            .where(among(db, _RECEIPT.c.statement_key, some), _RECEIPT.c.fingerprint.is_not(None))
            .order_by(_RECEIPT.c.run_id, _RECEIPT.c.ordinal)
        )
        held.update((row.statement_key, row.fingerprint) for row in db.execute(query))
    return held


def receipts(
    db: Db,
    run_id: UUID,
    outcomes: Collection[str],
    *,
    after: int,
    limit: int,
    cause: str | None = None,
) -> list[ReceiptOnFile]:
    """Return receipts with one of the outcomes that follow row ``after``, in reading order."""
    query = (
        sa.select(_RECEIPT)
        .where(
            _RECEIPT.c.run_id == run_id,
            _RECEIPT.c.outcome.in_(outcomes),
            _RECEIPT.c.ordinal > after,
        )
        .order_by(_RECEIPT.c.ordinal)
        .limit(limit)
    )
    if cause is not None:
        query = query.where(_RECEIPT.c.cause == cause)
    return [ReceiptOnFile(*row) for row in db.execute(query)]
