"""Background work that is waited for: what is to be done, how far it is, and who is at it."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labour_book.tables.columns import UtcDateTime


class Job(SQLModel, table=True):
    """One piece of work, or one part of one that several processes share.

    ``position`` is where it goes on after a stop. Whoever is at it holds a lease; ``revision``
    grows whenever somebody takes it, and what an earlier holder still writes is refused by it.
    """

    __tablename__ = "job"
    __table_args__ = (
        sa.UniqueConstraint("slot", name="uq_job_slot"),
        sa.Index(  # whose turn it is
            "ix_job_open",
            "due_at",
            "id",
            sqlite_where=sa.text("state IN ('waiting', 'running')"),
            postgresql_where=sa.text("state IN ('waiting', 'running')"),
        ),
        sa.Index("ix_job_run", "run_id", "part"),
    )

    id: UUID = Field(primary_key=True)
    run_id: UUID
    """What the parts of one piece of work have in common."""
    part: int = 0
    kind: str = Field(max_length=24)
    slot: str | None = Field(default=None, max_length=40)
    """Where a schedule asks for it: which time of the schedule; there is one job for each."""
    first: str = Field(default="", max_length=40)
    """Of a part: after which key it begins."""
    last: str = Field(default="", max_length=40)
    """Of a part: up to and with which key it goes; empty: to the end."""
    state: str = Field(max_length=12)
    """waiting, running, done, failed or cancelled."""
    due_at: datetime = Field(sa_type=UtcDateTime)
    position: str = Field(default="", max_length=40)
    total: int | None = None
    """How much there is to do, where that is known."""
    done: int = 0
    counts: str = Field(default="{}", sa_type=sa.Text)
    """JSON: what became of it, name to number."""
    tries: int = 0
    """How often it was taken since it last got further."""
    holder: str | None = Field(default=None, max_length=80)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revision: int = 0
    cause: str | None = Field(default=None, max_length=40)
    """Why it failed."""
    asked_by: str = Field(max_length=80)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    begun_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
