"""Statistics counted by month: how many people, and how many of them moved. Nobody is named."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labour_book.tables.columns import MONTH, UtcDateTime


class StatisticMonth(SQLModel, table=True):
    """A month that was counted, and the hash by which its numbers are known."""

    __tablename__ = "statistic_month"

    month: str = Field(max_length=MONTH, primary_key=True)
    is_final: bool
    """It is not counted again, whatever is filed late."""
    residents: int
    workers: int
    content_hash: bytes = Field(sa_type=sa.LargeBinary(32))
    """SHA-256 of its cells and moves."""
    reported_through: str = Field(max_length=MONTH)
    """The last month that the insurance register had reported."""
    revision: int
    """1, 2, ...; grows when a number changes."""
    prepared_at: datetime = Field(sa_type=UtcDateTime)


class StatisticCell(SQLModel, table=True):
    """How many people of a place share a code of a dimension in a month."""

    __tablename__ = "statistic_cell"

    month: str = Field(max_length=MONTH, primary_key=True)
    basis: str = Field(max_length=12, primary_key=True)
    """residents or workers."""
    place_code: str = Field(max_length=5, primary_key=True)
    """VN, a province, a commune; of residents where they live, of workers where they work."""
    dimension: str = Field(max_length=16, primary_key=True)
    code: str = Field(max_length=16, primary_key=True)
    sex: str = Field(max_length=1, primary_key=True)
    people: int


class StatisticMove(SQLModel, table=True):
    """How many people went from one code to another between a month and the one before."""

    __tablename__ = "statistic_move"

    month: str = Field(max_length=MONTH, primary_key=True)
    kind: str = Field(max_length=12, primary_key=True)
    """zone, firm, province, occupation or industry."""
    origin: str = Field(max_length=8, primary_key=True)
    destination: str = Field(max_length=8, primary_key=True)
    origin_province: str = Field(max_length=2, primary_key=True)
    destination_province: str = Field(max_length=2, primary_key=True)
    people: int
