"""The column types and the columns that every fact has."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An instant. SQLite has no time zones: it gets UTC without one, and gives UTC back."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:  # noqa: ANN401, ARG002 - what the driver gives
        if value is None:
            return None
        instant: datetime = value
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


class FactColumns(SQLModel):
    """Who stated the fact, when, how it came here, and what ended it. Facts are never edited.

    ``source_ref`` names the statement inside its source (a keyed hash where the source's own name
    would hold a personal ID); among live facts it is unique, so delivering twice adds nothing.
    ``fingerprint`` is the hash of what was stated: another one means the source changed its mind.
    """

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    source: str = Field(max_length=24)
    source_ref: str = Field(max_length=80)
    fingerprint: bytes = Field(sa_type=sa.LargeBinary(16))
    stated_at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by: str = Field(max_length=80)
    run_id: UUID | None = Field(default=None, foreign_key="import_run.id")
    flags: str = Field(default="", max_length=400)
    """Cause codes that were flagged when the fact came in, separated by spaces."""
    voided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    voided_by: str | None = Field(default=None, max_length=80)
    void_reason: str | None = Field(default=None, max_length=200)
    replaced_by: UUID | None = Field(default=None)


def live_reference(table: str) -> sa.Index:
    """Make a statement of a source unique among the facts that are not voided."""
    live = sa.text("voided_at IS NULL")
    return sa.Index(
        f"uq_{table}_live_reference",
        "source_ref",
        "source",
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
    )


PARTIAL_DATE = 10
"""Length of a partial date: YYYY, YYYY-MM or YYYY-MM-DD."""
MONTH = 7
"""Length of a month: YYYY-MM."""
