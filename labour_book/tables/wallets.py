"""Wallets: offers, authorisations, tokens, what was taken; and presentations that were asked for.

Codes, tokens and nonces are kept by their hash, or derived from an id and not kept at all.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labour_book.tables.columns import UtcDateTime

THUMBPRINT = 43
"""Letters of a base64url SHA-256."""


class WalletOffer(SQLModel, table=True):
    """That a worker wants the book in a wallet: good for one wallet, for some minutes."""

    __tablename__ = "wallet_offer"

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    account_id: UUID = Field(foreign_key="account.id")
    way: str = Field(max_length=16)
    """pre-authorized or authorization."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
    address_hash: bytes = Field(sa_type=sa.LargeBinary(32), unique=True)
    code_hash: bytes = Field(sa_type=sa.LargeBinary(32), unique=True)
    """Of the pre-authorised code, or of the issuer's state."""
    tx_code: bytes | None = Field(default=None, sa_type=sa.LargeBinary(32))
    """Keyed hash: six digits have no secret of their own."""
    attempts: int = 0
    """How often the transaction code was tried."""
    redeemed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class WalletAuthorization(SQLModel, table=True):
    """What a wallet asked for in advance, whether the worker agreed, and the code for it."""

    __tablename__ = "wallet_authorization"

    id: UUID = Field(primary_key=True)
    request_hash: bytes = Field(sa_type=sa.LargeBinary(32), unique=True)
    client_id: str = Field(max_length=300)
    redirect_uri: str = Field(max_length=1000)
    state: str | None = Field(default=None, max_length=500)
    code_challenge: str = Field(max_length=THUMBPRINT)
    jkt: str | None = Field(default=None, max_length=THUMBPRINT)
    offer_id: UUID | None = Field(default=None, foreign_key="wallet_offer.id")
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
    account_id: UUID | None = Field(default=None, foreign_key="account.id")
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    code_hash: bytes | None = Field(default=None, sa_type=sa.LargeBinary(32), unique=True)
    code_expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    redeemed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class WalletToken(SQLModel, table=True):
    """A wallet's access token: for one batch of copies, and for saying what became of them."""

    __tablename__ = "wallet_token"

    token_hash: bytes = Field(sa_type=sa.LargeBinary(32), primary_key=True)
    grant_id: UUID = Field(index=True)
    """The offer or authorisation it came from."""
    account_id: UUID = Field(foreign_key="account.id")
    person_id: UUID = Field(foreign_key="person.id")
    client_id: str | None = Field(default=None, max_length=300)
    jkt: str | None = Field(default=None, max_length=THUMBPRINT)
    """Thumbprint of the key that the token is bound to; none for a bearer token."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
    copies_left: int


class WalletDelivery(SQLModel, table=True):
    """That a wallet took copies of a version, and what it told of them."""

    __tablename__ = "wallet_delivery"

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    grant_id: UUID
    client_id: str | None = Field(default=None, max_length=300)
    version: int
    copies: int
    taken_at: datetime = Field(sa_type=UtcDateTime)
    notification_hash: bytes = Field(sa_type=sa.LargeBinary(32), unique=True)
    event: str | None = Field(default=None, max_length=40)
    """What the wallet told last."""
    event_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    forgotten_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Since when its copies are revoked because the worker gave the wallet up."""


class WalletCopy(SQLModel, table=True):
    """Which copies a wallet took; the copies themselves are in the wallet alone."""

    __tablename__ = "wallet_copy"

    copy_id: UUID = Field(primary_key=True)
    """Id of the copy's entry on a status list."""
    delivery_id: UUID = Field(foreign_key="wallet_delivery.id", index=True)


class WalletUse(SQLModel, table=True):
    """That a nonce or the name of a proof was used; its digest is the key, so it is used once."""

    __tablename__ = "wallet_use"

    digest: bytes = Field(sa_type=sa.LargeBinary(32), primary_key=True)
    used_at: datetime = Field(sa_type=UtcDateTime, index=True)


class PresentationRequest(SQLModel, table=True):
    """What a verifier asks of a wallet, and for a short time what the wallet showed."""

    __tablename__ = "presentation_request"

    id: UUID = Field(primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    verifier_name: str = Field(max_length=300)
    preset: str = Field(max_length=16)
    purpose: str = Field(max_length=200)
    redirect_uri: str | None = Field(default=None, max_length=1000)
    """Where the wallet sends the person afterwards, on the same device."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
    address_hash: bytes = Field(sa_type=sa.LargeBinary(32), unique=True)
    private_key: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    """Sealed; what the answer is encrypted to. Gone with the answer."""
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    person_id: UUID | None = Field(default=None, foreign_key="person.id")
    result: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    """Sealed JSON: the answers, and what was disclosed."""
