"""Places and the agencies in them; both change by law, so both carry their validity."""

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class Place(SQLModel, table=True):
    """A province or commune of one period: codes were re-used, so a code alone means nothing."""

    __table_args__ = (sa.UniqueConstraint("level", "code", "valid_from", name="uq_place"),)

    id: int | None = Field(default=None, primary_key=True)
    level: str = Field(max_length=10)
    """province or commune."""
    code: str = Field(max_length=5, index=True)
    name: str = Field(max_length=120)
    parent_code: str | None = Field(default=None, max_length=5)
    valid_from: date
    valid_to: date | None = None


class PlaceSuccession(SQLModel, table=True):
    """Which commune took over (a part of) which on 2025-07-01."""

    __tablename__ = "place_succession"
    __table_args__ = (sa.UniqueConstraint("old_code", "new_code", name="uq_place_succession"),)

    id: int | None = Field(default=None, primary_key=True)
    old_code: str = Field(max_length=5, index=True)
    new_code: str = Field(max_length=5, index=True)
    kind: str = Field(max_length=60)
    is_default: bool
    is_split: bool


class Unit(SQLModel, table=True):
    """An agency in the tree: ministry > province > commune, with the place it serves."""

    code: str = Field(max_length=24, primary_key=True)
    name: str = Field(max_length=200)
    kind: str = Field(max_length=16)
    """ministry, province or commune."""
    parent_code: str | None = Field(default=None, foreign_key="unit.code", index=True)
    place_code: str | None = Field(default=None, max_length=5)
    valid_from: date
    valid_to: date | None = None
