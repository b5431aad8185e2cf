"""Coverage of social insurance as it was counted, figures and targets of officials, and reports."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labour_book.tables.columns import UtcDateTime

_STANDS = sa.text("voided_at IS NULL")


class CoverageRound(SQLModel, table=True):
    """One count of the whole country: of which day, and out of what was known when."""

    __tablename__ = "coverage_round"
    __table_args__ = (sa.UniqueConstraint("as_of", "number", name="uq_coverage_round"),)

    id: UUID = Field(primary_key=True)
    as_of: date
    number: int
    """1, 2, ... of a day: it is counted anew when much has arrived since."""
    known_at: datetime = Field(sa_type=UtcDateTime)
    definitions: str = Field(max_length=12)
    """Version of what is counted in words."""
    sha256: str = Field(max_length=64)
    """Over the canonical JSON of all its counts."""
    by: str = Field(max_length=80)


class CoverageCount(SQLModel, table=True):
    """What a round counted of a place; never changed."""

    __tablename__ = "coverage_count"
    __table_args__ = (sa.Index("ix_coverage_count_place", "place_kind", "place_code"),)

    round_id: UUID = Field(primary_key=True, foreign_key="coverage_round.id")
    place_kind: str = Field(max_length=10, primary_key=True)
    """country, province or commune."""
    place_code: str = Field(max_length=5, primary_key=True)
    """VN for the country; empty for people whose commune is not known."""
    people: int
    working_age: int
    insured: int
    in_arrears: int
    voluntary: int
    unemployment: int
    answers: int
    satisfied: int


class SuppliedFigure(SQLModel, table=True):
    """A figure that an official supplied, with its source; a later one for the day replaces it."""

    __tablename__ = "supplied_figure"
    __table_args__ = (
        sa.Index(
            "uq_supplied_figure_stands",
            *("measure", "place_kind", "place_code", "day"),
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )

    id: UUID = Field(primary_key=True)
    measure: str = Field(max_length=16)
    """labour_force, past_age or beneficiaries."""
    place_kind: str = Field(max_length=10)
    place_code: str = Field(max_length=5)
    day: date
    """Of which the figure is."""
    value: int = Field(sa_type=sa.BigInteger)
    source: str = Field(max_length=200)
    published_on: date
    unit_code: str = Field(max_length=24)
    supplied_by: str = Field(max_length=80)
    supplied_at: datetime = Field(sa_type=UtcDateTime)
    voided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AssignedTarget(SQLModel, table=True):
    """A target that a unit was given by the one above it; a later one for the year replaces it."""

    __tablename__ = "assigned_target"
    __table_args__ = (
        sa.Index(
            "uq_assigned_target_stands",
            *("indicator", "place_kind", "place_code", "year"),
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )

    id: UUID = Field(primary_key=True)
    indicator: str = Field(max_length=20)
    place_kind: str = Field(max_length=10)
    place_code: str = Field(max_length=5)
    year: int
    """By whose end it is to be reached."""
    share: int
    """In hundredths of a per cent."""
    document: str = Field(max_length=200)
    """The decision that assigned it."""
    unit_code: str = Field(max_length=24)
    assigned_by: str = Field(max_length=80)
    assigned_at: datetime = Field(sa_type=UtcDateTime)
    voided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Report(SQLModel, table=True):
    """A report of a unit: made by one official, approved by another, then kept as it is."""

    __tablename__ = "report"
    __table_args__ = (
        sa.UniqueConstraint("unit_code", "kind", "as_of", name="uq_report"),
        sa.UniqueConstraint("unit_code", "year", "serial", name="uq_report_serial"),
        sa.Index("ix_report_state", "state", "as_of"),
    )

    id: UUID = Field(primary_key=True)
    kind: str = Field(max_length=12)
    """quarterly, yearly, summary or asked."""
    unit_code: str = Field(max_length=24)
    as_of: date
    state: str = Field(max_length=12)
    """draft, sent, sent_back, approved or archived."""
    revision: int = 0
    """Grows with every step; each step is guarded by it."""
    round_id: UUID = Field(foreign_key="coverage_round.id", index=True)
    body: str = Field(sa_type=sa.Text)
    """Canonical JSON with every number of the report: all files are made from it."""
    body_sha256: str = Field(max_length=64)
    words: str = Field(default="", max_length=4000)
    """What the drafting official says of the numbers; part of the body once it is sent."""
    drafted_by: str = Field(max_length=80)
    drafted_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str = Field(default="", max_length=400)
    """Why it was sent back."""
    decided_by: str | None = Field(default=None, max_length=80)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    approver: str | None = Field(default=None, max_length=120)
    """Name of whoever approved, as it is printed."""
    year: int | None = None
    serial: int | None = None
    """Number of the report among those of the unit and year."""
    archived_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ReportFile(SQLModel, table=True):
    """An archived file of a report, as it is handed out; never changed."""

    __tablename__ = "report_file"

    report_id: UUID = Field(primary_key=True, foreign_key="report.id")
    form: str = Field(max_length=4, primary_key=True)
    """pdf or xlsx."""
    content: bytes = Field(sa_type=sa.LargeBinary)
    sha256: str = Field(max_length=64)
    made_sha256: str = Field(max_length=64)
    """Of the file as it was made, before it was sealed: making it again gives the same."""
