"""How satisfied people were with a finished request; the row names no person."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labour_book.tables.columns import MONTH, UtcDateTime


class Satisfaction(SQLModel, table=True):
    """One answer to one finished request: whose it was is known by the request alone."""

    __tablename__ = "satisfaction"
    __table_args__ = (sa.Index("ix_satisfaction_month", "month", "commune_code", "unit_code"),)

    about_id: UUID = Field(primary_key=True)
    """Of the request; there is one answer to each."""
    kind: str = Field(max_length=16)
    unit_code: str = Field(default="", max_length=24)
    """The office that dealt with it; empty where none did."""
    commune_code: str | None = Field(default=None, max_length=5)
    """Where the person who asked lives."""
    month: str = Field(max_length=MONTH)
    """In which it was first answered."""
    score: int
    """1 to 5."""
    words: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    """Sealed; in no statistics."""
    given_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)
