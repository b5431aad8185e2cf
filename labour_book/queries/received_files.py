"""Files that officials sent to be imported: whose turn it is, and how each stands."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from json import loads
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.guards import one_changed
from labour_book.queries.rows import table_of
from labour_book.tables import ReceivedFile

_FILE = table_of(ReceivedFile)

WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"


@dataclass(frozen=True, slots=True)
class FileOnRecord:
    """One file that was sent in."""

    id: UUID
    kind: str
    file_name: str
    file_bytes: int
    unit_code: str
    sent_by: str
    sent_at: datetime
    state: str
    alive_at: datetime | None
    run_id: UUID | None
    cause: str | None
    detail: Mapping[str, str | int]


def add_file(db: Db, row: Mapping[str, Any]) -> None:
    db.execute(sa.insert(_FILE), row)


def file_by_id(db: Db, file_id: UUID) -> FileOnRecord | None:
    row = db.execute(sa.select(_FILE).where(_FILE.c.id == file_id)).one_or_none()
    return None if row is None else _file(row)


def files_of(
    db: Db, unit_codes: Collection[str], *, before: datetime | None, limit: int
) -> list[FileOnRecord]:
    """Return the files that some units sent, the newest first."""
    query = (
        sa.select(_FILE)
        .where(_FILE.c.unit_code.in_(unit_codes))
        .order_by(_FILE.c.sent_at.desc(), _FILE.c.id)
        .limit(limit)
    )
    if before is not None:
        query = query.where(_FILE.c.sent_at < before)
    return [_file(row) for row in db.execute(query)]


def next_file(db: Db, alive_before: datetime) -> FileOnRecord | None:
    """Return the oldest file that waits, or whose process was not heard of since an instant."""
    query = (
        sa.select(_FILE)
        .where(
            sa.or_(
                _FILE.c.state == WAITING,
                sa.and_(_FILE.c.state == RUNNING, _FILE.c.alive_at < alive_before),
            )
        )
        .order_by(_FILE.c.sent_at, _FILE.c.id)
        .limit(1)
    )
    row = db.execute(query).one_or_none()
    return None if row is None else _file(row)


def take_file(db: Db, file: FileOnRecord, now: datetime) -> bool:
    """Begin to import a file as it was found; False when another process was faster."""
    alive_at = _FILE.c.alive_at
    unchanged = alive_at.is_(None) if file.alive_at is None else alive_at == file.alive_at
    return one_changed(
        db,
        sa.update(_FILE)
        .where(_FILE.c.id == file.id, _FILE.c.state == file.state, unchanged)
        .values(state=RUNNING, alive_at=now),
    )


def keep_alive(db: Db, file_id: UUID, run_id: UUID, now: datetime) -> bool:
    """Note that a file is still being imported, by which run."""
    return one_changed(
        db,
        sa.update(_FILE)
        .where(_FILE.c.id == file_id, _FILE.c.state == RUNNING)
        .values(alive_at=now, run_id=run_id),
    )


def lay_back(db: Db, file_id: UUID) -> bool:
    """Let a file that is being imported wait again: the process that does so ends."""
    return one_changed(
        db,
        sa.update(_FILE)
        .where(_FILE.c.id == file_id, _FILE.c.state == RUNNING)
        .values(state=WAITING),
    )


def end_file(
    db: Db,
    file_id: UUID,
    *,
    run_id: UUID | None = None,
    cause: str | None = None,
    detail: str = "{}",
) -> bool:
    """Note that a file was imported, or why it could not be."""
    values: dict[str, Any] = {"state": DONE if cause is None else FAILED, "cause": cause}
    values["detail"] = detail
    if run_id is not None:
        values["run_id"] = run_id
    running = sa.update(_FILE).where(_FILE.c.id == file_id, _FILE.c.state == RUNNING)
    return one_changed(db, running.values(values))


def read_files(db: Db, sent_before: datetime, *, limit: int) -> list[UUID]:
    """Return files that nobody waits for any more and that still lie on the disk."""
    query = (
        sa.select(_FILE.c.id)
        .where(
            _FILE.c.state.in_((DONE, FAILED)),
            _FILE.c.sent_at < sent_before,
            _FILE.c.removed_at.is_(None),
        )
        .order_by(_FILE.c.sent_at, _FILE.c.id)
        .limit(limit)
    )
    return list(db.execute(query).scalars())


def note_removed(db: Db, file_id: UUID, at: datetime) -> bool:
    """Note that a file lies on the disk no more."""
    return one_changed(
        db,
        sa.update(_FILE)
        .where(_FILE.c.id == file_id, _FILE.c.removed_at.is_(None))
        .values(removed_at=at),
    )


def _file(row: sa.Row[Any]) -> FileOnRecord:
    columns = {name: getattr(row, name) for name in FileOnRecord.__slots__}
    return FileOnRecord(**columns | {"detail": loads(row.detail)})
