"""What workers did about months that are missing from their insurance."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labour_book.tables.columns import UtcDateTime


class GapStep(SQLModel, table=True):
    """One step about missing months of one job: a question, a complaint, or a bridge."""

    __tablename__ = "gap_step"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "firm", "way", "number", name="uq_gap_step"),
        sa.Index("ix_gap_step_firm", "firm", "way", "due_on"),
        sa.Index(
            "ix_gap_step_waiting",
            "due_on",
            sqlite_where=sa.text("due_on IS NOT NULL AND answer IS NULL"),
            postgresql_where=sa.text("due_on IS NOT NULL AND answer IS NULL"),
        ),
    )

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    firm: str = Field(max_length=64)
    """Code of the enterprise without its branch; a hash of the name where no code is known."""
    way: str = Field(max_length=16)
    """ask-employer, complain or bridge."""
    number: int
    """1, 2, ... of this way at this firm: of two at once only one gets the number."""
    enterprise_code: str | None = Field(default=None, max_length=14)
    employer_name: str = Field(max_length=300)
    months: str = Field(sa_type=sa.Text)
    """Ranges of months on the wire, separated by spaces: no month stands in two steps."""
    words: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    """Of the worker, sealed."""
    begun_at: datetime = Field(sa_type=UtcDateTime)
    due_on: date | None = None
    """By when the employer is to answer."""
    reminded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When the time was found to be over."""
    dossier_id: UUID | None = Field(default=None, foreign_key="portal_dossier.id")
    answer: str | None = Field(default=None, max_length=12)
    """pays-later, disputes or agrees."""
    answer_words: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    """Of the employer, sealed."""
    pay_by: date | None = None
    case_numbers: str = Field(default="", max_length=200)
    """Corrections that the employer handed in with the answer, separated by spaces."""
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_by: str | None = Field(default=None, max_length=80)
