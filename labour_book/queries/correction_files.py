"""The files of cases. Their content is sealed for its row; lists never read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.guards import insert_once, one_changed
from labour_book.queries.rows import table_of
from labour_book.tables import CorrectionFile

_FILE = table_of(CorrectionFile)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file without its content."""

    id: UUID
    case_id: UUID
    file_number: int
    evidence_class: str
    media_type: str
    size: int
    sha256: str
    pages: int
    attached_at: datetime
    attached_by: str
    has_preview: bool


_COLUMNS = (
    *(_FILE.c[name] for name in StoredFile.__slots__ if name != "has_preview"),
    _FILE.c.preview.is_not(None),
)


def files_of(db: Db, case_id: UUID) -> list[StoredFile]:
    """Return the files of a case that were not taken back, in the order in which they came."""
    query = (
        sa.select(*_COLUMNS)
        .where(_FILE.c.case_id == case_id, _FILE.c.removed_at.is_(None))
        .order_by(_FILE.c.file_number, _FILE.c.id)
    )
    return [_file(row) for row in db.execute(query)]


def file_of(db: Db, case_id: UUID, file_id: UUID) -> StoredFile | None:
    """Return one file of a case."""
    query = sa.select(*_COLUMNS).where(
        _FILE.c.id == file_id, _FILE.c.case_id == case_id, _FILE.c.removed_at.is_(None)
    )
    row = db.execute(query).one_or_none()
    return None if row is None else _file(row)


def last_number(db: Db, case_id: UUID) -> int:
    """Return the highest number a file of a case ever had; 0 for none."""
    query = sa.select(sa.func.coalesce(sa.func.max(_FILE.c.file_number), 0)).where(
        _FILE.c.case_id == case_id
    )
    return int(db.execute(query).scalar_one())


def add_file(db: Db, row: Mapping[str, Any]) -> bool:
    """Insert a file; tell whether the case did not have it yet."""
    return insert_once(db, _FILE, row)


def content_of(db: Db, file_id: UUID) -> bytes | None:
    """Return what is stored of a file, sealed."""
    found: bytes | None = db.execute(
        sa.select(_FILE.c.content).where(_FILE.c.id == file_id)
    ).scalar_one_or_none()
    return found


def preview_of(db: Db, file_id: UUID) -> bytes | None:
    """Return the small picture of a file, sealed; None where there is none."""
    found: bytes | None = db.execute(
        sa.select(_FILE.c.preview).where(_FILE.c.id == file_id)
    ).scalar_one_or_none()
    return found


def remove_file(db: Db, file_id: UUID, at: datetime) -> bool:
    """Forget the content of a file that was taken back; tell whether it was there."""
    return one_changed(
        db,
        sa.update(_FILE)
        .where(_FILE.c.id == file_id, _FILE.c.removed_at.is_(None))
        .values(removed_at=at, content=None, preview=None),
    )


def _file(row: Sequence[Any]) -> StoredFile:
    return StoredFile(*row)
