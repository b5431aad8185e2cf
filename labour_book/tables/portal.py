"""Dossiers that were handed over to the National Public Service Portal, until their result."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labour_book.tables.columns import UtcDateTime


class PortalDossier(SQLModel, table=True):
    """A dossier of one person. The portal names it by ``code``; what it says is sealed."""

    __tablename__ = "portal_dossier"

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    code: str = Field(max_length=32, unique=True)
    procedure: str = Field(max_length=40)
    said: bytes = Field(sa_type=sa.LargeBinary)
    """JSON of the fields that were filled in, sealed."""
    state: str = Field(max_length=12)
    """begun, handed-over, granted or refused."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    reference: str | None = Field(default=None, max_length=64)
    """What the portal calls it."""
    address: str | None = Field(default=None, max_length=500)
    """Where the person goes on there."""
    handed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    result_id: UUID | None = Field(default=None, unique=True)
    """The message that brought the result."""
    decided_on: date | None = None
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
