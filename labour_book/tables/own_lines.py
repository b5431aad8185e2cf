"""What people say of their own record. What they write about themselves is sealed."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labour_book.tables.columns import UtcDateTime


class LineConfirmation(SQLModel, table=True):
    """That the owner of a book called a line of it right, as it read then."""

    __tablename__ = "line_confirmation"

    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    line_key: str = Field(max_length=32, primary_key=True)
    """Of what the line says (``domain.confirmations.key_of``): a changed line has another one."""
    confirmed_at: datetime = Field(sa_type=UtcDateTime)
    confirmed_by: str = Field(max_length=80)
    """The account that said it."""


class OwnCv(SQLModel, table=True):
    """The choices and own lines of one person's CV, in one sealed document."""

    __tablename__ = "own_cv"

    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    revision: int
    """Goes up with each change; a change says which one it was made on."""
    sealed: bytes = Field(sa_type=sa.LargeBinary)
    changed_at: datetime = Field(sa_type=UtcDateTime)


class CvPhoto(SQLModel, table=True):
    """The photo for the CV, written anew by us (no place, no time, no camera), sealed."""

    __tablename__ = "cv_photo"

    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    sealed: bytes = Field(sa_type=sa.LargeBinary)
    changed_at: datetime = Field(sa_type=UtcDateTime)


class JobSeeking(SQLModel, table=True):
    """Consent that public employment services see a CV: what for, how long, until taken back."""

    __tablename__ = "job_seeking"
    __table_args__ = (
        sa.CheckConstraint("length(trim(purpose)) > 0", name="ck_job_seeking_purpose"),
        sa.Index(  # one consent at a time
            "uq_job_seeking_live",
            "person_id",
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        ),
    )

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    purpose: str = Field(max_length=200)
    """As it was agreed to."""
    wanted: str = Field(max_length=200)
    provinces: str = Field(max_length=120)
    """Codes of the provinces whose services may see it, each between spaces."""
    shows: str = Field(max_length=80)
    """What of the CV they may see, separated by spaces."""
    given_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class YearlyCheck(SQLModel, table=True):
    """When a person was last asked to look through the own book."""

    __tablename__ = "yearly_check"

    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    told_at: datetime = Field(sa_type=UtcDateTime, index=True)
