"""What the union's list says of firms, counted beside the requests."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labour_book.tables.columns import MONTH, UtcDateTime


class UnionFigure(SQLModel, table=True):
    """What is at stake at a firm on the list, over all of its workers."""

    __tablename__ = "union_figure"

    firm: str = Field(max_length=10, primary_key=True)
    """Code of the enterprise without its branch."""
    reported: str = Field(max_length=MONTH)
    """The month through which the insurance register had reported."""
    workers: int
    owed: int
    """Months that were declared and not paid."""
    undeclared: int
    """Months that nobody declared."""
    vnd: int = Field(sa_type=sa.BigInteger)
    months: int
    """All that the amount is of, with those of which none can be told."""
    wage_unknown: int
    law_unknown: int
    prepared_at: datetime = Field(sa_type=UtcDateTime)
