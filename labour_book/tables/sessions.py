"""Sign-ins that have begun, whom a provider names, and the sessions of browsers."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labour_book.tables.columns import UtcDateTime


class SignInStart(SQLModel, table=True):
    """A sign-in that has begun: it ends once, in the browser or app that holds the secret."""

    __tablename__ = "sign_in_start"

    secret_hash: bytes = Field(sa_type=sa.LargeBinary(32), primary_key=True)
    """SHA-256 of the secret in the browser's cookie; state, nonce and verifier derive from that.
    Of the short code for an app, a keyed hash."""
    return_to: str = Field(max_length=500)
    """Path of ours that the person came from; for an app, the browser's session and a challenge."""
    started_at: datetime = Field(sa_type=UtcDateTime, index=True)
    invitation_hash: bytes | None = Field(default=None, sa_type=sa.LargeBinary(32))
    """Of the invitation that brought the person here."""


class SignInIdentity(SQLModel, table=True):
    """That a name at a provider is an account here; never holds a personal ID."""

    __tablename__ = "sign_in_identity"

    issuer: str = Field(max_length=200, primary_key=True)
    subject: str = Field(max_length=255, primary_key=True)
    """Pairwise: the provider tells no other service the same."""
    acts_for: str = Field(max_length=14, primary_key=True)
    """Enterprise code; empty for whoever acts for themselves."""
    account_id: UUID = Field(foreign_key="account.id", index=True)
    first_at: datetime = Field(sa_type=UtcDateTime)


class Session(SQLModel, table=True):
    """A browser that is signed in, by the hash of what its cookie holds."""

    __table_args__ = (sa.Index("ix_session_subject", "issuer", "subject"),)

    id: UUID = Field(primary_key=True)
    secret_hash: bytes = Field(sa_type=sa.LargeBinary(32), unique=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    level: int
    """Assurance of the e-ID at sign-in (mức độ định danh): 1 or 2."""
    started_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    issuer: str | None = Field(default=None, max_length=200)
    subject: str | None = Field(default=None, max_length=255)
    """Who signed in, as the provider calls them: they may go on in another capacity."""
    sid: str | None = Field(default=None, max_length=255)
    """The provider's session, whose end is this one's."""
    blind_index: bytes | None = Field(default=None, sa_type=sa.LargeBinary(32))
    """Of the personal ID signed in with."""
