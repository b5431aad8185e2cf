"""Shares and who looked at them, copies to be deleted, live codes, attempts, and notices."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labour_book.tables.columns import UtcDateTime


class Share(SQLModel, table=True):
    """A worker's consent: what of the book, to whom, what for, until when, how often.

    Nothing of the book is kept here: what is shown is disclosed anew from the current version.
    """

    __table_args__ = (
        sa.CheckConstraint("views >= 0 AND views <= max_views", name="ck_share_views"),
        sa.CheckConstraint("length(trim(purpose)) > 0", name="ck_share_purpose"),
    )

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    preset: str = Field(max_length=16)
    selection: str = Field(sa_type=sa.Text)
    """JSON: names of claims and rules for lines; no value of the book."""
    audience: str = Field(max_length=12)
    """anyone, enterprise or person."""
    enterprise_code: str | None = Field(default=None, max_length=14, index=True)
    addressee: bytes | None = Field(default=None, sa_type=sa.LargeBinary(32), index=True)
    """Blind index of the personal ID of the one person it is for."""
    purpose: str = Field(max_length=200)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
    max_views: int
    views: int = 0
    code_hash: bytes = Field(sa_type=sa.LargeBinary(32), unique=True)
    """SHA-256 of the code in its address; the code itself is derived, never stored."""
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SharingSwitch(SQLModel, table=True):
    """The one switch that freezes all shares of a person; openings take a lock on its row."""

    __tablename__ = "sharing_switch"

    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    frozen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)


class ShareView(SQLModel, table=True):
    """One look at a share: who, when, from where roughly, why. What, is the share and version."""

    __tablename__ = "share_view"

    share_id: UUID = Field(primary_key=True, foreign_key="share.id")
    number: int = Field(primary_key=True)
    """1, 2, ... in the order of counting."""
    at: datetime = Field(sa_type=UtcDateTime)
    viewer_kind: str = Field(max_length=12)
    viewer: str = Field(max_length=80)
    viewer_name: str = Field(default="", max_length=300)
    """As the register or the account has it; empty for whoever did not sign in."""
    place: str = Field(max_length=60)
    """A network, never a whole address."""
    means: str = Field(max_length=12)
    """link, live or inbox."""
    version: int
    purpose: str = Field(max_length=200)


class ShareCopy(SQLModel, table=True):
    """What a recipient who is known by name holds of a share, and how that ends."""

    __tablename__ = "share_copy"
    __table_args__ = (
        sa.Index("ix_share_copy_person_seen", "person_id", "last_seen_at"),
        sa.Index("ix_share_copy_holder", "holder_kind", "holder"),
        sa.Index("ix_share_copy_due", "state", "due_on"),
    )

    share_id: UUID = Field(primary_key=True, foreign_key="share.id")
    holder_kind: str = Field(primary_key=True, max_length=12)
    holder: str = Field(primary_key=True, max_length=80)
    """Enterprise code, person id or account id."""
    person_id: UUID = Field(foreign_key="person.id")
    """Whose data it is."""
    first_seen_at: datetime = Field(sa_type=UtcDateTime)
    last_seen_at: datetime = Field(sa_type=UtcDateTime)
    state: str = Field(max_length=8)
    """held, kept, due or deleted."""
    state_since: datetime = Field(sa_type=UtcDateTime)
    cause: str | None = Field(default=None, max_length=12)
    """Why it is to be deleted: not_hired, lapsed, withdrawn or asked."""
    due_on: date | None = None
    """The last day to delete it."""
    reminded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    confirmed_by: str | None = Field(default=None, max_length=80)


class LiveCodeUse(SQLModel, table=True):
    """That a live code was used; its nonce is the key, so that it is used once by whomever."""

    __tablename__ = "live_code_use"

    nonce: bytes = Field(sa_type=sa.LargeBinary(12), primary_key=True)
    share_id: UUID = Field(foreign_key="share.id")
    used_at: datetime = Field(sa_type=UtcDateTime, index=True)


class Attempt(SQLModel, table=True):
    """How often something was tried since the window began; the limits are settings."""

    kind: str = Field(primary_key=True, max_length=24)
    subject: bytes = Field(sa_type=sa.LargeBinary(32), primary_key=True)
    """Keyed hash of an address, a share or a recipient."""
    since: datetime = Field(sa_type=UtcDateTime, index=True)
    count: int


class Notice(SQLModel, table=True):
    """Something to tell a person, an enterprise or a unit. Facts only: words are for the reader."""

    __table_args__ = (
        sa.UniqueConstraint("recipient_kind", "recipient", "kind", "about", name="uq_notice"),
        sa.Index("ix_notice_inbox", "recipient_kind", "recipient", "created_at"),
    )

    id: UUID = Field(primary_key=True)
    recipient_kind: str = Field(max_length=12)
    recipient: str = Field(max_length=80)
    kind: str = Field(max_length=40)
    about: str = Field(max_length=120)
    """What it is about; the same is told once."""
    facts: str = Field(default="{}", sa_type=sa.Text)
    """JSON; never a value of a book."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
