"""What registers tell us of changes, the lines they make doubtful, and what we tell others."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labour_book.tables.columns import UtcDateTime


def _where(name: str, *columns: str, where: str) -> sa.Index:
    condition = sa.text(where)
    return sa.Index(name, *columns, sqlite_where=condition, postgresql_where=condition)


class RegisterEvent(SQLModel, table=True):
    """A register's notification of a change (thông báo thay đổi): each is kept and done once."""

    __tablename__ = "register_event"
    __table_args__ = (
        sa.UniqueConstraint("register_name", "message_id", name="uq_register_event_message"),
        _where(
            "ix_register_event_waiting",
            *("register_name", "data_as_of", "message_id"),
            where="state = 'waiting'",
        ),
        _where("ix_register_event_open", "subject", "state", where="state <> 'done'"),
        _where(
            "ix_register_event_told",
            *("register_name", "subject", "data_as_of"),
            where="body IS NOT NULL",
        ),
        _where("ix_register_event_spreading", "received_at", "id", where="state = 'spread'"),
    )

    id: UUID = Field(primary_key=True)
    register_name: str = Field(max_length=16)
    message_id: str = Field(max_length=64)
    subject: bytes = Field(sa_type=sa.LargeBinary(16))
    """Whom it is about: a keyed hash of the number that names the person or enterprise."""
    digest: bytes = Field(sa_type=sa.LargeBinary(16))
    """Keyed hash of what it says: one message id never says two things."""
    body: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    """The row, sealed; forgotten once it is a fact about a person."""
    data_as_of: datetime = Field(sa_type=UtcDateTime)
    """When the register knew it: what orders notifications, whenever they come."""
    received_at: datetime = Field(sa_type=UtcDateTime)
    received_by: str = Field(max_length=80)
    state: str = Field(max_length=8)
    """waiting, spread (recorded, and on its way to the books of many), done, held or refused."""
    outcome: str | None = Field(default=None, max_length=12)
    """What recording it did, in the words of receipts."""
    cause: str | None = Field(default=None, max_length=40)
    attempts: int = 0
    tried_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reached: UUID | None = None
    """The last person whose book it has reached so far."""


class EmployerBefore(SQLModel, table=True):
    """What was on record of an employer before its register's first notification.

    From it, and all notifications in their order, the history follows whatever order they came in.
    """

    __tablename__ = "employer_before"

    code: str = Field(max_length=14, primary_key=True)
    base_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Since when that is known; empty where the register had said nothing."""
    body: str = Field(sa_type=sa.Text)
    """JSON: columns, names and states."""
    newest_at: datetime = Field(sa_type=UtcDateTime)
    """Of the newest notification that has been recorded."""


class RegisterFeed(SQLModel, table=True):
    """How far the changes have been fetched that a register offers."""

    __tablename__ = "register_feed"

    register_name: str = Field(max_length=16, primary_key=True)
    cursor: str = Field(max_length=80)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failure: str | None = Field(default=None, max_length=40)


class LineAlert(SQLModel, table=True):
    """A line of a book that a change has made doubtful, and the unit that is to look at it."""

    __tablename__ = "line_alert"
    __table_args__ = (
        sa.Index(
            "uq_line_alert_open",
            "person_id",
            "employer_code",
            "cause",
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
        _where("ix_line_alert_unit", "unit_code", "opened_at", "id", where="closed_at IS NULL"),
    )

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    employer_code: str = Field(max_length=14)
    cause: str = Field(max_length=40)
    unit_code: str | None = Field(default=None, max_length=24)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_by: str | None = Field(default=None, max_length=80)
    close_reason: str | None = Field(default=None, max_length=200)


class OwnEvent(SQLModel, table=True):
    """Something became of a book; other systems fetch it by its number."""

    __tablename__ = "own_event"
    __table_args__ = (
        sa.UniqueConstraint("number", name="uq_own_event_number"),
        _where("ix_own_event_unnumbered", "at", "id", where="number IS NULL"),
    )

    id: UUID = Field(primary_key=True)
    number: int | None = Field(default=None, sa_type=sa.BigInteger)
    """1, 2, ... without a gap; given when nobody who writes one can still be behind."""
    kind: str = Field(max_length=24)
    person_id: UUID = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UtcDateTime)
