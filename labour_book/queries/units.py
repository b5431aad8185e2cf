"""The tree of agencies as of a day: who is responsible for a place, and who stands above whom."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from labour_book.database import Db, insert_rows
from labour_book.queries.guards import one_changed
from labour_book.queries.rows import table_of
from labour_book.tables import Place, Unit

_PLACE = table_of(Place)
_UNIT = table_of(Unit)

OF_PROVINCE = ("province", "insurance", "employment", "union")
"""Kinds of units that serve the communes of a province."""


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One agency; its days are inclusive."""

    code: str
    name: str
    kind: str
    parent_code: str | None
    place_code: str | None
    valid_from: date
    valid_to: date | None


_ROW = tuple(_UNIT.c[name] for name in UnitRow.__slots__)


def in_force(table: sa.FromClause, on: date) -> sa.ColumnElement[bool]:
    """Return the condition that a unit or place of a table exists on a day."""
    return sa.and_(
        table.c.valid_from <= on, sa.or_(table.c.valid_to.is_(None), table.c.valid_to >= on)
    )


def is_valid(on: date) -> sa.ColumnElement[bool]:
    """Return the condition that a unit exists on a day."""
    return in_force(_UNIT, on)


def below(code: str, on: date) -> sa.CTE:
    """Return a unit and all units under it that exist on a day, as a table to select from."""
    under = sa.select(_UNIT).where(_UNIT.c.code == code, is_valid(on)).cte("below", recursive=True)
    return under.union_all(
        sa.select(_UNIT).join(under, _UNIT.c.parent_code == under.c.code).where(is_valid(on))
    )


def unit_of(db: Db, kind: str, commune_code: str | None, on: date) -> str | None:
    """Return the unit of some kind that is responsible for a commune on a day.

    The kinds are commune, province, insurance, employment, union and ministry. None where there is
    no such unit; for people whose commune is unknown only the ministry is responsible.
    """
    query = sa.select(_UNIT.c.code).where(_UNIT.c.kind == kind, is_valid(on))
    if kind == "commune":
        query = query.where(_UNIT.c.place_code == commune_code)
    elif kind in OF_PROVINCE:
        query = query.where(_UNIT.c.place_code == _province_of(commune_code, on))
    found = db.execute(query.order_by(_UNIT.c.code).limit(1)).scalar_one_or_none()
    return None if found is None else str(found)


def parent_of(db: Db, code: str, on: date) -> str | None:
    """Return the unit right above one, if both exist on a day."""
    above = _UNIT.alias()
    query = (
        sa.select(above.c.code)
        .join(_UNIT, _UNIT.c.parent_code == above.c.code)
        .where(_UNIT.c.code == code, is_valid(on), in_force(above, on))
    )
    found = db.execute(query).scalar_one_or_none()
    return None if found is None else str(found)


def names_of(db: Db, codes: Collection[str]) -> dict[str, str]:
    """Return the names of units by code, also of those that exist no more."""
    query = sa.select(_UNIT.c.code, _UNIT.c.name).where(_UNIT.c.code.in_(set(codes)))
    return {row.code: row.name for row in db.execute(query.order_by(_UNIT.c.code))}


def codes_below(db: Db, code: str, on: date) -> frozenset[str]:
    """Return a unit and all units under it that exist on a day; none if it does not exist then."""
    under = below(code, on)
    return frozenset(db.execute(sa.select(under.c.code).order_by(under.c.code)).scalars())


def is_below(db: Db, code: str, top: str, on: date) -> bool:
    """Say whether a unit is another one, or stands under it, on a day."""
    under = below(top, on)
    query = sa.select(sa.exists().where(under.c.code == code))
    return bool(db.execute(query).scalar_one())


def unit(db: Db, code: str) -> UnitRow | None:
    """Return one unit, whether it exists today or not; None if there never was one."""
    row = db.execute(sa.select(*_ROW).where(_UNIT.c.code == code)).one_or_none()
    return None if row is None else UnitRow(*row)


def children_of(db: Db, code: str | None) -> list[UnitRow]:
    """Return the units right under one, past ones too; under None those at the top."""
    query = sa.select(*_ROW).where(_UNIT.c.parent_code == code).order_by(_UNIT.c.code)
    return [UnitRow(*row) for row in db.execute(query)]


def kinds(db: Db) -> frozenset[str]:
    """Return the kinds of units on file."""
    query = sa.select(_UNIT.c.kind).distinct().order_by(_UNIT.c.kind)
    return frozenset(db.execute(query).scalars())


def lies_elsewhere(db: Db, commune_code: str, province_code: str | None, since: date) -> bool:
    """Say whether a commune belongs to another province from a day on; of unknown ones, no."""
    goes_on = sa.or_(_PLACE.c.valid_to.is_(None), _PLACE.c.valid_to >= since)
    named = sa.and_(_PLACE.c.level == "commune", _PLACE.c.code == commune_code)
    query = sa.select(sa.exists().where(named, goes_on, _PLACE.c.parent_code != province_code))
    return bool(db.execute(query).scalar_one())


def of_kinds(db: Db, kinds: Collection[str], on: date) -> list[UnitRow]:
    """Return the units of some kinds that exist on a day, in order of code."""
    query = sa.select(*_ROW).where(_UNIT.c.kind.in_(sorted(kinds)), is_valid(on))
    return [UnitRow(*row) for row in db.execute(query.order_by(_UNIT.c.code))]


def rows_of(db: Db, codes: Collection[str]) -> list[UnitRow]:
    """Return units by their codes, past ones too, in order of code."""
    query = sa.select(*_ROW).where(_UNIT.c.code.in_(sorted(codes))).order_by(_UNIT.c.code)
    return [UnitRow(*row) for row in db.execute(query)]


def add_units(db: Db, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store units; parents before children."""
    insert_rows(db, _UNIT, rows)


def close_unit(db: Db, code: str, last_day: date) -> bool:
    """Let a unit that has no end yet end with a day; tell whether it had none."""
    return one_changed(
        db,
        sa.update(_UNIT)
        .where(_UNIT.c.code == code, _UNIT.c.valid_to.is_(None), _UNIT.c.valid_from <= last_day)
        .values(valid_to=last_day),
    )


def _province_of(commune_code: str | None, on: date) -> sa.ScalarSelect[Any]:
    return (
        sa.select(_PLACE.c.parent_code)
        .where(_PLACE.c.level == "commune", _PLACE.c.code == commune_code, in_force(_PLACE, on))
        .scalar_subquery()
    )


def codes_on_file(db: Db) -> frozenset[str]:
    """Return the codes of all units there ever were."""
    return frozenset(db.execute(sa.select(_UNIT.c.code).order_by(_UNIT.c.code)).scalars())


def kinds_below(db: Db, code: str, on: date) -> dict[str, str]:
    """Return a unit and all units under it that exist on a day, with the kind of each."""
    under = below(code, on)
    query = sa.select(under.c.code, under.c.kind).order_by(under.c.code)
    return {row.code: row.kind for row in db.execute(query)}
