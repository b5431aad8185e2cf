"""Runs of imports and the receipt of every row."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labour_book.tables.columns import UtcDateTime


class ImportRun(SQLModel, table=True):
    """One delivery of one file; ``rows_done`` is the point to resume from."""

    __tablename__ = "import_run"
    __table_args__ = (
        sa.Index(
            "uq_import_run_running",
            "file_sha256",
            "kind",
            unique=True,
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        ),
    )

    id: UUID = Field(primary_key=True)
    kind: str = Field(max_length=16)
    file_name: str = Field(max_length=200)
    file_sha256: str = Field(max_length=64, index=True)
    file_bytes: int = Field(sa_type=sa.BigInteger)
    mapping_sha256: str | None = Field(default=None, max_length=64)
    state: str = Field(max_length=12)
    """running, done, failed or cancelled."""
    failure: str | None = Field(default=None, max_length=400)
    rows_done: int = 0
    counts: str = Field(default="{}", sa_type=sa.Text)
    """JSON: {"rows": {outcome: rows}, "causes": {outcome: {cause: rows}}}."""
    started_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    recorded_by: str = Field(max_length=80)


class RowReceipt(SQLModel, table=True):
    """What became of one row. Refused rows and rows to review are kept, sealed."""

    __tablename__ = "row_receipt"
    __table_args__ = (
        sa.Index(
            "ix_row_receipt_held",
            "statement_key",
            sqlite_where=sa.text("fingerprint IS NOT NULL"),
            postgresql_where=sa.text("fingerprint IS NOT NULL"),
        ),
        sa.Index(  # the review rooms: by cause, in the order in which the rows came
            "ix_row_receipt_review",
            "cause",
            "run_id",
            "ordinal",
            sqlite_where=sa.text("outcome = 'needs_review'"),
            postgresql_where=sa.text("outcome = 'needs_review'"),
        ),
    )

    run_id: UUID = Field(foreign_key="import_run.id", primary_key=True)
    ordinal: int = Field(primary_key=True)
    """1, 2, ... over the data rows of the file, in reading order."""
    sheet: str | None = Field(default=None, max_length=60)
    row_number: int
    """As the person sees it in the file: header rows count, the first line is 1."""
    outcome: str = Field(max_length=12)
    """created, updated, unchanged, duplicate, needs_review or refused."""
    cause: str | None = Field(default=None, max_length=40)
    findings: str | None = Field(default=None, sa_type=sa.Text)
    """JSON list of {cause, field, detail}; never a value that names a person."""
    person_id: UUID | None = Field(default=None, index=True)
    matched_by: str | None = Field(default=None, max_length=24)
    statement_key: int | None = Field(default=None, sa_type=sa.BigInteger)
    """64 bits of a keyed hash: which statement the row made, to see it repeated in the file."""
    raw: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    fingerprint: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    """What the statement says, as a keyed hash; kept if it contradicts another one."""
    commune_code: str | None = Field(default=None, max_length=5)
    """Of the people the row is about, as far as it says: whose unit reviews it."""
