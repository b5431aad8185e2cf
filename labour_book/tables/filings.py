"""What employers filed of their workers (khai báo của người sử dụng lao động)."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labour_book.tables.columns import UtcDateTime


class Filing(SQLModel, table=True):
    """One declaration. It is never edited: a further one corrects it or takes it back."""

    __table_args__ = (
        sa.UniqueConstraint("corrects_id", name="uq_filing_corrects"),
        sa.UniqueConstraint("enterprise_code", "idempotency_key", name="uq_filing_idempotency"),
        sa.Index("ix_filing_of_enterprise", "enterprise_code", "id"),
    )

    id: UUID = Field(primary_key=True)
    """Sorts by the time of filing."""
    receipt_no: str = Field(max_length=16, unique=True)
    """Random: says nothing of the person."""
    enterprise_code: str = Field(max_length=14)
    kind: str = Field(max_length=8)
    """hire, change, end or cancel."""
    person_id: UUID = Field(foreign_key="person.id", index=True)
    job_id: UUID
    """Which stretch of work it is about: the id of the first declaration about it."""
    corrects_id: UUID | None = Field(default=None, foreign_key="filing.id")
    """The declaration that does not count any more because of this one."""
    effective_on: date
    """First day of the work, day of the change, or last day."""
    body: str = Field(sa_type=sa.Text)
    """JSON of what it says; neither name nor number of the person."""
    filed_at: datetime = Field(sa_type=UtcDateTime)
    filed_by: str = Field(max_length=80)
    filed_by_name: str = Field(max_length=120)
    """Of the agent or delegate, as it was then."""
    idempotency_key: str | None = Field(default=None, max_length=64)
    """What the sender calls it: sent again under this name, it is filed once."""
    request_hash: bytes | None = Field(default=None, sa_type=sa.LargeBinary(32))
    """Keyed hash of what was sent under that name."""
    due_on: date | None = None
    """The last day to file in time; empty where the law of that time is not modelled."""
    days_late: int | None = None
    share_id: UUID | None = Field(default=None, foreign_key="share.id")
    """The share that the form was filled in from."""
    run_id: UUID | None = Field(default=None, foreign_key="import_run.id", index=True)
    """The workbook it came in, and the place of its row."""
    row_ordinal: int | None = None
