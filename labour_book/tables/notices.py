"""Where notices go besides the inbox, and what waits to go out by e-mail."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labour_book.tables.columns import UtcDateTime


class NoticeChannel(SQLModel, table=True):
    """What a worker, an enterprise or a unit chose: language, e-mail, which kinds by e-mail.

    Addresses are sealed, and forgotten as soon as nobody wants mail there.
    """

    __tablename__ = "notice_channel"
    __table_args__ = (sa.UniqueConstraint("recipient_kind", "recipient", name="uq_notice_channel"),)

    id: UUID = Field(primary_key=True)
    recipient_kind: str = Field(max_length=12)
    recipient: str = Field(max_length=80)
    language: str = Field(default="vi", max_length=2)
    muted: str = Field(default=" ", sa_type=sa.Text)
    """Kinds of notices that do not go out by e-mail, each between spaces."""
    address: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    asked_address: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    """One that is not confirmed yet."""
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    tries: int = 0
    """Wrong codes since it was asked for."""
    changed_at: datetime = Field(sa_type=UtcDateTime)


class OutboxMail(SQLModel, table=True):
    """A mail that is to go out: a notice, or the code that confirms an address.

    Written in the transaction of the notice; sent at least once.
    """

    __tablename__ = "outbox_mail"
    __table_args__ = (
        sa.Index(
            "ix_outbox_mail_due",
            "due_at",
            sqlite_where=sa.text("sent_at IS NULL AND dead_at IS NULL"),
            postgresql_where=sa.text("sent_at IS NULL AND dead_at IS NULL"),
        ),
    )

    id: UUID = Field(primary_key=True)
    """The notice's own id, where there is one: that makes a repeat recognisable."""
    channel_id: UUID = Field(foreign_key="notice_channel.id", index=True)
    notice_id: UUID | None = Field(default=None, foreign_key="notice.id", index=True)
    """None: the code that confirms the address asked for."""
    made_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    tries: int = 0
    leased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Until then the process that took it is given time to send it."""
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    dead_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str | None = Field(default=None, max_length=80)
    """Why it was not sent the last time; never with an address."""
