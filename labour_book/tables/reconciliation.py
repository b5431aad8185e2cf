"""How people compare with the population register, and who may be whom."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labour_book.tables.columns import UtcDateTime


class IdentityCheck(SQLModel, table=True):
    """When a person was last compared with the population register, and how that came out.

    The state itself stands with the person (``match_state``, ``match_cause``).
    """

    __tablename__ = "identity_check"

    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    causes: str = Field(default="", max_length=400)
    """All cause codes of the last answer, separated by spaces."""
    occasion: str = Field(max_length=12)
    """sign-in, issue, event, request or file."""
    checked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the register last answered; None if it never has."""
    data_as_of: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """How old its answer was."""
    tried_at: datetime = Field(sa_type=UtcDateTime)
    failure: str | None = Field(default=None, max_length=40)
    """Why the last try came to nothing; None if the register answered."""


class LinkRun(SQLModel, table=True):
    """One pass over many rows; ``position`` is the point to resume from."""

    __tablename__ = "link_run"
    __table_args__ = (
        sa.Index(
            "uq_link_run_running",
            "kind",
            "source",
            unique=True,
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        ),
    )

    id: UUID = Field(primary_key=True)
    kind: str = Field(max_length=12)
    """held, twice or people."""
    source: str = Field(max_length=64)
    """SHA-256 of the register's file; empty where only what is on file is compared."""
    model: str = Field(max_length=16)
    """Version of the model that judged."""
    state: str = Field(max_length=12)
    """running, done or failed."""
    position: int = 0
    """Rows that are done, in their order."""
    rows: int
    counts: str = Field(default="{}", sa_type=sa.Text)
    """JSON: {decision: rows}."""
    started_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    recorded_by: str = Field(max_length=80)


class LinkProposal(SQLModel, table=True):
    """That a row, or a person, may mean a person on file: a guess for an official, never a deed."""

    __tablename__ = "link_proposal"
    __table_args__ = (
        sa.UniqueConstraint("subject", "person_id", name="uq_link_proposal_pair"),
        sa.Index("ix_link_proposal_open", "kind", "state", "commune_code", "id"),
        sa.Index("ix_link_proposal_person_id", "person_id"),
    )

    id: UUID = Field(primary_key=True)
    run_id: UUID = Field(foreign_key="link_run.id", index=True)
    kind: str = Field(max_length=12)
    """held: a row in the review rooms; twice: another person on file."""
    subject: str = Field(max_length=64)
    """What may mean the person: ``<run>:<ordinal>`` of a held row, or the id of a person."""
    person_id: UUID = Field(foreign_key="person.id")
    commune_code: str | None = Field(default=None, max_length=5)
    """Whose unit decides: the commune of the row, or of the person."""
    decision: str = Field(max_length=8)
    """link or review, as the model judged."""
    probability: int
    """That both are one person; parts in a million."""
    rule: str = Field(max_length=24)
    """Of the cascade, or ``MODEL``."""
    levels: str = Field(max_length=200)
    """JSON: {field: level}, how the two compare."""
    state: str = Field(max_length=12)
    """open, taken or dismissed."""
    proposed_at: datetime = Field(sa_type=UtcDateTime)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by: str | None = Field(default=None, max_length=80)
