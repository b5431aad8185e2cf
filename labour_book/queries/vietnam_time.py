"""Days and months in Việt Nam of stored instants, in the database's own words."""

from typing import Any

import sqlalchemy as sa

from labour_book.database import Db

_ZONE = "Asia/Ho_Chi_Minh"
_AHEAD = "+7 hours"
"""Việt Nam has no summer time."""


def day_of(db: Db, instant: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Return the day of an instant as the database compares days."""
    if db.connection().dialect.name == "postgresql":
        return sa.cast(sa.func.timezone(_ZONE, instant), sa.Date)
    return sa.func.date(instant, _AHEAD, type_=sa.Date)


def month_of(db: Db, instant: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    """Return the month of an instant as facts have it: ``YYYY-MM``."""
    if db.connection().dialect.name == "postgresql":
        return sa.func.to_char(sa.func.timezone(_ZONE, instant), "YYYY-MM", type_=sa.String)
    return sa.func.strftime("%Y-%m", instant, _AHEAD, type_=sa.String)


def day_number(day: sa.ColumnElement[Any]) -> sa.ColumnElement[float]:
    """Return a day as a number, to count days with."""
    return sa.cast(sa.cast(sa.extract("epoch", day), sa.Float) / 86_400, sa.Float)
