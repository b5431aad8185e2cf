"""Statistics as they were counted: months, cells and moves."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import starmap
from typing import Any

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.domain.statistics import COUNTRY, Cell, Dimension, Move
from labour_book.queries.guards import insert_once, one_changed
from labour_book.queries.portions import insert_many
from labour_book.queries.prepared import Prepared
from labour_book.queries.rows import table_of
from labour_book.tables import StatisticCell, StatisticMonth, StatisticMove

_MONTH = table_of(StatisticMonth)
_CELL = table_of(StatisticCell)
_MOVE = table_of(StatisticMove)


@dataclass(frozen=True, slots=True)
class MonthOnFile:
    """A month that was counted."""

    month: str
    is_final: bool
    residents: int
    workers: int
    content_hash: bytes
    """SHA-256 of its cells and moves."""
    reported_through: str
    revision: int
    prepared_at: datetime


_COLUMNS = tuple(_MONTH.c[name] for name in MonthOnFile.__slots__)
_CELL_COLUMNS = tuple(_CELL.c[name] for name in Cell.__slots__)
PROVINCE = 2
"""Characters of a province's code."""


def months(db: Db) -> list[MonthOnFile]:
    """Return the months that were counted, the newest first."""
    query = sa.select(*_COLUMNS).order_by(_MONTH.c.month.desc())
    return [MonthOnFile(*row) for row in db.execute(query)]


def add_month(db: Db, row: Mapping[str, Any]) -> bool:
    """Note a month that is counted for the first time; False if it is there."""
    return insert_once(db, _MONTH, row)


def change_month(db: Db, month: str, revision: int, values: Mapping[str, Any]) -> bool:
    """Note what counting a month anew gave; False if another process was quicker."""
    return one_changed(
        db,
        sa.update(_MONTH)
        .where(_MONTH.c.month == month, _MONTH.c.revision == revision, ~_MONTH.c.is_final)
        .values(dict(values)),
    )


def replace_numbers(db: Db, month: str, cells: Sequence[Cell], moves: Sequence[Move]) -> None:
    """Put the numbers of a month in place of those it had."""
    for table in (_CELL, _MOVE):
        db.execute(sa.delete(table).where(table.c.month == month))
    of = {"month": month}
    insert_many(
        db, _CELL, [of | {name: getattr(each, name) for name in Cell.__slots__} for each in cells]
    )
    insert_many(
        db, _MOVE, [of | {name: getattr(each, name) for name in Move.__slots__} for each in moves]
    )


_OF_PLACE = Prepared(
    sa.select(*_CELL_COLUMNS)
    .where(
        *(_CELL.c[name] == sa.bindparam(name) for name in ("month", "basis", "place_code")),
    )
    .order_by(_CELL.c.dimension, _CELL.c.code, _CELL.c.sex)
)


def cells(db: Db, month: str, basis: str, place: str) -> list[Cell]:
    """Return the cells of a place in a month, in order."""
    found = _OF_PLACE.rows(db, month=month, basis=basis, place_code=place)
    return list(starmap(Cell, found))


def provinces(db: Db, month: str, basis: str, dimension: str) -> list[Cell]:
    """Return the cells of all provinces and of nowhere known in a month, in order."""
    query = (
        sa.select(*_CELL_COLUMNS)
        .where(
            *(_CELL.c.month == month, _CELL.c.basis == basis, _CELL.c.dimension == dimension),
            sa.func.length(_CELL.c.place_code) <= PROVINCE,
            _CELL.c.place_code != COUNTRY,
        )
        .order_by(*_CELL.primary_key.columns)
    )
    return list(starmap(Cell, db.execute(query)))


def people_of(
    db: Db, months: Collection[str], basis: str, places: Collection[str]
) -> dict[tuple[str, str], int]:
    """Return how many people there are of places in months, by both."""
    query = (
        sa.select(_CELL.c.month, _CELL.c.place_code, sa.func.sum(_CELL.c.people))
        .where(
            _CELL.c.month.in_(sorted(months)),
            _CELL.c.basis == basis,
            _CELL.c.place_code.in_(sorted(places)),
            _CELL.c.dimension == Dimension.AGE,
        )
        .group_by(_CELL.c.month, _CELL.c.place_code)
        .order_by(_CELL.c.month, _CELL.c.place_code)
    )
    return {(row[0], row[1]): int(row[2]) for row in db.execute(query)}


def moves(db: Db, months: Collection[str], kind: str, province: str | None) -> list[Move]:
    """Return who moved in some months together; with a province, out of, into and within it."""
    codes = [_MOVE.c[name] for name in Move.__slots__[:-1]]
    query = (
        sa.select(*codes, sa.cast(sa.func.sum(_MOVE.c.people), sa.Integer))
        .where(_MOVE.c.month.in_(sorted(months)), _MOVE.c.kind == kind)
        .group_by(*codes)
        .order_by(*codes)
    )
    if province is not None:
        sides = (_MOVE.c.origin_province, _MOVE.c.destination_province)
        query = query.where(sa.or_(*(each == province for each in sides)))
    return list(starmap(Move, db.execute(query)))
