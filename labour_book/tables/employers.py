"""Employers (người sử dụng lao động) with the history of their names and legal states."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labour_book.tables.columns import UtcDateTime


class Employer(SQLModel, table=True):
    """An enterprise, branch or public unit that has a code (mã số doanh nghiệp, mã đơn vị)."""

    id: UUID = Field(primary_key=True)
    code: str = Field(max_length=14, unique=True)
    """10 digits, or 13 as NNNNNNNNNN-NNN for a dependent unit."""
    registered: bool
    """True when the enterprise register knows it; public units have a code but are not in it."""
    legal_form: str | None = Field(default=None, max_length=16)
    vsic_code: str | None = Field(default=None, max_length=8)
    commune_code: str | None = Field(default=None, max_length=5)
    zone: str | None = Field(default=None, max_length=200)
    zone_kind: str | None = Field(default=None, max_length=4)
    expected_headcount: int | None = None
    registered_on: date | None = None
    fingerprint: bytes = Field(sa_type=sa.LargeBinary(16))
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    run_id: UUID | None = Field(default=None, foreign_key="import_run.id")


class EmployerName(SQLModel, table=True):
    """A name an employer bore, from and to which day (inclusive)."""

    __tablename__ = "employer_name"
    __table_args__ = (
        sa.UniqueConstraint("employer_id", "name", "valid_from", name="uq_employer_name"),
    )

    id: UUID = Field(primary_key=True)
    employer_id: UUID = Field(foreign_key="employer.id", index=True)
    name: str = Field(max_length=300)
    valid_from: date | None = None
    valid_to: date | None = None
    recorded_at: datetime = Field(sa_type=UtcDateTime)


class EmployerStatus(SQLModel, table=True):
    """A legal state of ND 168/2025 art. 35 and the first day of it."""

    __tablename__ = "employer_status"
    __table_args__ = (
        sa.UniqueConstraint("employer_id", "status", "since", name="uq_employer_status"),
    )

    id: UUID = Field(primary_key=True)
    employer_id: UUID = Field(foreign_key="employer.id", index=True)
    status: str = Field(max_length=24)
    since: date | None = None
    recorded_at: datetime = Field(sa_type=UtcDateTime)
