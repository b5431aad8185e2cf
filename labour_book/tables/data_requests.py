"""What people ask about their own data, and what they were answered. The words are sealed."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labour_book.tables.columns import UtcDateTime

_OPEN = sa.text("answered_at IS NULL")


class DataRequest(SQLModel, table=True):
    """A request of one person about the own data, and the days by which it is dealt with."""

    __tablename__ = "data_request"
    __table_args__ = (
        sa.Index(  # one of a kind at a time
            "uq_data_request_open",
            "person_id",
            "kind",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    kind: str = Field(max_length=16)
    words: bytes = Field(sa_type=sa.LargeBinary)
    created_at: datetime = Field(sa_type=UtcDateTime)
    acknowledge_by: date
    due_on: date
    third_party: bool
    """A processor or third party has to do its part, which the law gives more days for."""
    state: str = Field(max_length=16)
    acknowledged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    acknowledged_by: str | None = Field(default=None, max_length=80)
    """The account that said it."""
    answer: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_by: str | None = Field(default=None, max_length=80)
    unit_code: str | None = Field(default=None, max_length=24)
    """The office that dealt with it last."""
    reminded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When offices were last told that it is late."""
