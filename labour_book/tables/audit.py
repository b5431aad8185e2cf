"""Who did or saw what, when and why: rows that each carry the hash of the one before."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labour_book.tables.columns import UtcDateTime


class Trace(SQLModel, table=True):
    """One deed or one look. Never holds a value that was seen."""

    seq: int = Field(
        sa_column=sa.Column(
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            primary_key=True,
            autoincrement=False,
        )
    )
    at: datetime = Field(sa_type=UtcDateTime)
    actor_kind: str = Field(max_length=12)
    actor: str = Field(max_length=80)
    action: str = Field(max_length=40)
    person_id: UUID | None = Field(default=None, index=True)
    purpose: str = Field(max_length=200)
    outcome: str = Field(max_length=12)
    detail: str = Field(default="{}", sa_type=sa.Text)
    prev_hash: bytes = Field(sa_type=sa.LargeBinary(32))
    hash: bytes = Field(sa_type=sa.LargeBinary(32))


class TraceHead(SQLModel, table=True):
    """The end of the chain; locking this row puts writers in order."""

    __tablename__ = "trace_head"

    id: int = Field(default=1, primary_key=True)
    seq: int = Field(sa_type=sa.BigInteger)
    hash: bytes = Field(sa_type=sa.LargeBinary(32))
