"""Who acts for whom: e-IDs that open accounts, invitations, mandates, and registered machines."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labour_book.tables.columns import UtcDateTime


class AccountHolder(SQLModel, table=True):
    """That an e-ID opens an account; the person is known by the personal ID's blind index alone.

    Where the provider gives no personal ID, the e-ID is known by its name at the provider.
    """

    __tablename__ = "account_holder"
    __table_args__ = (
        sa.Index(
            "uq_account_holder",
            "account_id",
            "blind_index",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
        sa.Index("ix_account_holder_subject", "issuer", "subject"),
    )

    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    blind_index: bytes | None = Field(default=None, sa_type=sa.LargeBinary(32), index=True)
    issuer: str | None = Field(default=None, max_length=200)
    subject: str | None = Field(default=None, max_length=255)
    first_day: date
    last_day: date | None = None
    added_at: datetime = Field(sa_type=UtcDateTime)
    added_by: str = Field(max_length=80)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_by: str | None = Field(default=None, max_length=80)


class AccountInvitation(SQLModel, table=True):
    """A link by which an e-ID takes an account, once; stored by its hash."""

    __tablename__ = "account_invitation"

    secret_hash: bytes = Field(sa_type=sa.LargeBinary(32), primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    made_at: datetime = Field(sa_type=UtcDateTime)
    made_by: str = Field(max_length=80)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Mandate(SQLModel, table=True):
    """That somebody acts for an enterprise or for a worker (ủy quyền), for what, and how long.

    It has an account of its own, so that each use is traced under it; that account's days are
    those of the mandate, and it closes when the mandate is revoked.
    """

    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", unique=True)
    enterprise_code: str | None = Field(default=None, max_length=14, index=True)
    """Of the enterprise that is acted for."""
    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    """The worker who is acted for."""
    scope: str = Field(max_length=200)
    """Words of ``domain.mandates.Scope``."""
    first_day: date
    last_day: date
    given_at: datetime = Field(sa_type=UtcDateTime)
    given_by: str = Field(max_length=80)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_by: str | None = Field(default=None, max_length=80)


class MachineClient(SQLModel, table=True):
    """A system of another organisation that asks by itself, and the keys it proves itself with."""

    __tablename__ = "machine_client"

    client_id: str = Field(max_length=40, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", unique=True)
    organisation: str = Field(max_length=200)
    purpose: str = Field(max_length=200)
    """What it asks for at all; each query tells its own purpose besides."""
    jwks: str = Field(sa_type=sa.Text)
    """Public keys (RFC 7517), as canonical JSON."""
    registered_at: datetime = Field(sa_type=UtcDateTime)
    registered_by: str = Field(max_length=80)


class UsedToken(SQLModel, table=True):
    """A signed statement of others that is good once (its issuer and ``jti``), by its hash."""

    __tablename__ = "used_token"

    token_hash: bytes = Field(sa_type=sa.LargeBinary(32), primary_key=True)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
