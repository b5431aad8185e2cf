"""What checks of the data found, how good the data are day by day, and what people said of it."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labour_book.tables.columns import UtcDateTime

_OPEN = sa.text("cleared_at IS NULL")


class CheckRun(SQLModel, table=True):
    """One round of checks; stage and cursor are where it goes on after a stop."""

    __tablename__ = "check_run"
    __table_args__ = (
        sa.Index(
            "uq_check_run_running",
            "state",
            unique=True,
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        ),
    )

    id: UUID = Field(primary_key=True)
    state: str = Field(max_length=12)
    """running or done."""
    stage: str = Field(max_length=12)
    """people, firms, rest or measure."""
    cursor: str = Field(default="", max_length=40)
    """Id of the last person, or code of the last firm, that was looked at in this stage."""
    changed_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Only people of whom something was recorded since; empty for everybody."""
    reported: int | None = None
    """Ordinal of the month through which the insurance register had reported."""
    people: int = 0
    """Looked at."""
    findings: int = 0
    """Seen, new or known."""
    revision: int = 0
    """Grows with every step; each step is guarded by it."""
    started_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CheckFinding(SQLModel, table=True):
    """What a rule found of somebody or something; never a name, a personal ID or an amount."""

    __tablename__ = "check_finding"
    __table_args__ = (
        sa.Index(  # one open finding for each thing found
            "uq_check_finding_open",
            *("subject_kind", "subject", "rule", "place"),
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        sa.Index(
            "ix_check_finding_rule",
            *("rule", "state", "commune_code"),
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: UUID = Field(primary_key=True)
    rule: str = Field(max_length=40)
    subject_kind: str = Field(max_length=12)
    """person, enterprise, official or contact."""
    subject: str = Field(max_length=64)
    """Id of the person or account, code of the employer, hash of a contact."""
    place: str = Field(default="", max_length=24)
    """Where in the book or in which month, so that one rule can find several things."""
    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    commune_code: str | None = Field(default=None, max_length=5)
    unit_code: str | None = Field(default=None, max_length=24)
    """Of an official."""
    detail: str = Field(default="{}", sa_type=sa.Text)
    """JSON: the values to tell it with."""
    state: str = Field(default="open", max_length=12)
    """open, handled or ignored."""
    reason: str = Field(default="", max_length=200)
    settled_by: str | None = Field(default=None, max_length=80)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    first_seen: datetime = Field(sa_type=UtcDateTime)
    last_seen: datetime = Field(sa_type=UtcDateTime)
    cleared_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When it was no longer found."""


class CheckReview(SQLModel, table=True):
    """What a person said of a warning: whether it was useful, and why."""

    __tablename__ = "check_review"
    __table_args__ = (sa.Index("ix_check_review_rule", "rule", "at"),)

    finding_id: UUID = Field(primary_key=True, foreign_key="check_finding.id")
    rule: str = Field(max_length=40)
    useful: bool
    reason: str = Field(max_length=200)
    threshold: int
    """With which it was found, in tenths."""
    by: str = Field(max_length=80)
    at: datetime = Field(sa_type=UtcDateTime)


class CheckThreshold(SQLModel, table=True):
    """A threshold that an administrator accepted; the newest of a rule holds."""

    __tablename__ = "check_threshold"
    __table_args__ = (sa.UniqueConstraint("rule", "number", name="uq_check_threshold"),)

    id: UUID = Field(primary_key=True)
    rule: str = Field(max_length=40)
    number: int
    """1, 2, ... in a rule."""
    before: int
    value: int
    """In tenths."""
    useful: int
    reviewed: int
    """What the proposal was based on."""
    set_by: str = Field(max_length=80)
    set_at: datetime = Field(sa_type=UtcDateTime)


class QualityMark(SQLModel, table=True):
    """How complete and how recent the record of one living person is."""

    __tablename__ = "quality_mark"

    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    required: int
    """Fields that the law asks for of somebody in this person's situation."""
    missing: str = Field(default=" ", max_length=400)
    """Those that are not known, each between spaces."""
    confirmed_on: date | None = None
    """When somebody last said something of this person's work."""
    phone_index: bytes | None = Field(default=None, sa_type=sa.LargeBinary(32), index=True)
    """Keyed hash of the number on the own CV."""
    checked_at: datetime = Field(sa_type=UtcDateTime)


class QualitySnapshot(SQLModel, table=True):
    """The four numbers of a place, an employer or a register on a day."""

    __tablename__ = "quality_snapshot"

    scope_kind: str = Field(max_length=12, primary_key=True)
    """country, province, commune, employer or register."""
    scope_code: str = Field(max_length=40, primary_key=True)
    day: date = Field(primary_key=True)
    people: int
    matched: int
    complete: int
    clean: int
    dated: int
    """People of whom anything was ever confirmed."""
    within_year: int
    median_age_days: float | None = None
    required: int
    missing: int
    """Fields, summed over the people."""
    fields: str = Field(default="{}", sa_type=sa.Text)
    """JSON: field to people who lack it."""
    measured_at: datetime = Field(sa_type=UtcDateTime)
