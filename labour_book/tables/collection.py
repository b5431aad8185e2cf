"""Collecting Form 03: files that came in, plans and visits, forms, reviews, merges, old books."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labour_book.tables.columns import UtcDateTime


class ReceivedFile(SQLModel, table=True):
    """A file that an official sent to be imported; the file itself lies in the data folder."""

    __tablename__ = "received_file"
    __table_args__ = (
        sa.Index("ix_received_file_unit", "unit_code", "sent_at"),
        sa.Index(
            "ix_received_file_open",
            "sent_at",
            sqlite_where=sa.text("state IN ('waiting', 'running')"),
            postgresql_where=sa.text("state IN ('waiting', 'running')"),
        ),
    )

    id: UUID = Field(primary_key=True)
    kind: str = Field(max_length=16)
    file_name: str = Field(max_length=200)
    """As sent, without what may be a number that names a person."""
    file_bytes: int = Field(sa_type=sa.BigInteger)
    unit_code: str = Field(max_length=24)
    sent_by: str = Field(max_length=80)
    sent_at: datetime = Field(sa_type=UtcDateTime)
    state: str = Field(max_length=12)
    """waiting, running, done or failed."""
    alive_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the process that imports it was last heard of."""
    run_id: UUID | None = Field(default=None, foreign_key="import_run.id", index=True)
    cause: str | None = Field(default=None, max_length=40)
    detail: str = Field(default="{}", sa_type=sa.Text)
    """JSON: the values to tell the cause with."""
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the sealed file was taken off the disk; the receipts of its rows stay."""


class CollectionPlan(SQLModel, table=True):
    """Who visits which hamlet of a commune in a round of collection, from when to when."""

    __tablename__ = "collection_plan"
    __table_args__ = (
        sa.UniqueConstraint("commune_code", "year", "round", "hamlet", name="uq_collection_plan"),
    )

    id: UUID = Field(primary_key=True)
    commune_code: str = Field(max_length=5)
    hamlet: str = Field(max_length=120)
    """Thôn, tổ dân phố."""
    year: int
    round: int
    """1, 2, ... in a year."""
    first_day: date
    last_day: date
    """Both inclusive."""
    collector: str = Field(max_length=120)
    """Who goes there."""
    unit_code: str = Field(max_length=24)
    created_by: str = Field(max_length=80)
    created_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CollectionVisit(SQLModel, table=True):
    """A household or person to be visited under a plan, and how that went."""

    __tablename__ = "collection_visit"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "person_id", name="uq_collection_visit_person"),
        sa.Index("ix_collection_visit_plan", "plan_id", "state", "id"),
    )

    id: UUID = Field(primary_key=True)
    plan_id: UUID = Field(foreign_key="collection_plan.id")
    household_code: str = Field(default="", max_length=60)
    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    """Empty for a household of which nobody is known."""
    state: str = Field(max_length=12)
    """not_visited, visited, refused, moved or done."""
    changed_at: datetime = Field(sa_type=UtcDateTime)
    changed_by: str = Field(max_length=80)


class EnteredForm(SQLModel, table=True):
    """A form entered by hand; its key is made with the empty form, so that it counts once."""

    __tablename__ = "entered_form"

    key: UUID = Field(primary_key=True)
    run_id: UUID = Field(foreign_key="import_run.id", unique=True)
    visit_id: UUID | None = Field(default=None, foreign_key="collection_visit.id", index=True)
    unit_code: str = Field(max_length=24)
    entered_by: str = Field(max_length=80)
    entered_at: datetime = Field(sa_type=UtcDateTime)


class ReviewDecision(SQLModel, table=True):
    """What an official decided of a row that went to review; the receipt stays as it was."""

    __tablename__ = "review_decision"

    run_id: UUID = Field(primary_key=True, foreign_key="import_run.id")
    ordinal: int = Field(primary_key=True)
    decision: str = Field(max_length=12)
    """link, new, accept or refuse."""
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    reason: str = Field(max_length=200)
    outcome: str | None = Field(default=None, max_length=12)
    """What recording the row then did; empty for a refusal."""
    result_run_id: UUID | None = Field(default=None, foreign_key="import_run.id")
    decided_by: str = Field(max_length=80)
    decided_at: datetime = Field(sa_type=UtcDateTime)


class PersonMerge(SQLModel, table=True):
    """That two people on file are one: proposed by one official, confirmed by another.

    Or that the insurance numbers of one person are: kept and merged are then the same person, and
    the states have words of their own.
    """

    __tablename__ = "person_merge"
    __table_args__ = (
        sa.Index(
            "uq_person_merge_open",
            "merged_id",
            unique=True,
            sqlite_where=sa.text("state IN ('proposed', 'done')"),
            postgresql_where=sa.text("state IN ('proposed', 'done')"),
        ),
        sa.Index("ix_person_merge_state", "state", "proposed_at"),
    )

    id: UUID = Field(primary_key=True)
    kept_id: UUID = Field(foreign_key="person.id", index=True)
    merged_id: UUID = Field(foreign_key="person.id")
    state: str = Field(max_length=12)
    """proposed, declined, done or undone; of numbers num-proposed, num-declined ..."""
    reason: str = Field(max_length=200)
    proposed_by: str = Field(max_length=80)
    proposed_at: datetime = Field(sa_type=UtcDateTime)
    decided_by: str | None = Field(default=None, max_length=80)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_reason: str | None = Field(default=None, max_length=200)
    undone_by: str | None = Field(default=None, max_length=80)
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    undone_reason: str | None = Field(default=None, max_length=200)
    moved: str = Field(default="{}", sa_type=sa.Text)
    """JSON: ids of facts by kind, before and after; ids of numbers with their kinds before."""


class PaperPage(SQLModel, table=True):
    """A scanned page of an old paper book: transcribed by one official, checked by another."""

    __tablename__ = "paper_page"
    __table_args__ = (sa.Index("ix_paper_page_open", "unit_code", "state", "scanned_at"),)

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    unit_code: str = Field(max_length=24)
    page_ref: str = Field(max_length=60)
    """Number of the book and of the page."""
    scan: bytes = Field(sa_type=sa.LargeBinary)
    """JPEG, sealed."""
    state: str = Field(max_length=12)
    """scanned, transcribed, recorded or dropped."""
    scanned_by: str = Field(max_length=80)
    scanned_at: datetime = Field(sa_type=UtcDateTime)
    lines: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    """JSON list of lines as transcribed, sealed."""
    transcribed_by: str | None = Field(default=None, max_length=80)
    transcribed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    checked_by: str | None = Field(default=None, max_length=80)
    checked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    note: str = Field(default="", max_length=200)
    """Why it was sent back, or dropped."""
    run_id: UUID | None = Field(default=None, foreign_key="import_run.id")
