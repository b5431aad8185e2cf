"""Figures that officials supplied and targets that units were given; the newest one stands.

What was replaced is kept, so that a report can say what stood when it was made.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.domain.coverage import Figure, Goal, Indicator, Measure
from labour_book.queries.rows import table_of
from labour_book.tables import AssignedTarget, SuppliedFigure

_FIGURE = table_of(SuppliedFigure)
_TARGET = table_of(AssignedTarget)
ASSIGNED = "assigned"


@dataclass(frozen=True, slots=True)
class FigureOnFile:
    """A figure with who supplied it; ``voided_at`` when it was replaced."""

    measure: str
    day: date
    value: int
    source: str
    published_on: date
    unit_code: str
    supplied_at: datetime
    voided_at: datetime | None


_FIGURE_ROW = tuple(_FIGURE.c[name] for name in FigureOnFile.__slots__)
_TOLD = (_FIGURE.c.value, _FIGURE.c.day, _FIGURE.c.source, _FIGURE.c.published_on)


def replace_figures(db: Db, rows: Sequence[Mapping[str, Any]], *, at: datetime) -> None:
    """Store figures; those that stood for the same place, measure and day end."""
    names = ("measure", "place_kind", "place_code", "day")
    same = [_FIGURE.c[name] == sa.bindparam(f"same_{name}") for name in names]
    stood = sa.update(_FIGURE).where(*same, _FIGURE.c.voided_at.is_(None)).values(voided_at=at)
    db.execute(stood, [{f"same_{name}": row[name] for name in names} for row in rows])
    db.execute(sa.insert(_FIGURE), list(rows))


def replace_target(db: Db, row: Mapping[str, Any], *, at: datetime) -> None:
    """Store a target; the one that stood for the same place, indicator and year ends."""
    names = ("indicator", "place_kind", "place_code", "year")
    same = [_TARGET.c[name] == row[name] for name in names]
    db.execute(sa.update(_TARGET).where(*same, _TARGET.c.voided_at.is_(None)).values(voided_at=at))
    db.execute(sa.insert(_TARGET), row)


def figures_of(
    db: Db, place_kind: str, place_code: str, *, known_at: datetime
) -> dict[Measure, list[Figure]]:
    """Return the figures of one place as they stood at an instant, newest day first."""
    query = (
        sa.select(_FIGURE.c.measure, *_TOLD)
        .where(
            _FIGURE.c.place_kind == place_kind,
            _FIGURE.c.place_code == place_code,
            _stood(_FIGURE, _FIGURE.c.supplied_at, known_at),
        )
        .order_by(_FIGURE.c.measure, _FIGURE.c.day.desc(), _FIGURE.c.id)
    )
    found: dict[Measure, list[Figure]] = {}
    for measure, *told in db.execute(query):
        found.setdefault(Measure(measure), []).append(Figure(*told))
    return found


def newest_figures(
    db: Db, place_kind: str, codes: Collection[str] | None, *, until: date, known_at: datetime
) -> dict[tuple[str, Measure], Figure]:
    """Return the newest figure of each place and measure up to a day, as it stood at an instant."""
    place = sa.func.row_number().over(
        partition_by=(_FIGURE.c.place_code, _FIGURE.c.measure),
        order_by=(_FIGURE.c.day.desc(), _FIGURE.c.id),
    )
    query = sa.select(_FIGURE.c.place_code, _FIGURE.c.measure, *_TOLD, place.label("place")).where(
        _FIGURE.c.place_kind == place_kind,
        _FIGURE.c.day <= until,
        _stood(_FIGURE, _FIGURE.c.supplied_at, known_at),
    )
    if codes is not None:
        query = query.where(_FIGURE.c.place_code.in_(sorted(codes)))
    newest = query.subquery()
    wanted = sa.select(newest).where(newest.c.place == 1)
    rows = db.execute(wanted.order_by(newest.c.place_code, newest.c.measure))
    return {(code, Measure(measure)): Figure(*told) for code, measure, *told, _ in rows}


def supplied(db: Db, place_kind: str, place_code: str, *, limit: int) -> list[FigureOnFile]:
    """Return what was ever supplied of a place, replaced ones too; newest day first."""
    query = (
        sa.select(*_FIGURE_ROW)
        .where(_FIGURE.c.place_kind == place_kind, _FIGURE.c.place_code == place_code)
        .order_by(_FIGURE.c.day.desc(), _FIGURE.c.supplied_at.desc(), _FIGURE.c.id)
        .limit(limit)
    )
    return [FigureOnFile(*row) for row in db.execute(query)]


def targets_of(
    db: Db, place_kind: str, codes: Collection[str] | None, *, known_at: datetime
) -> dict[tuple[str, Indicator], list[Goal]]:
    """Return the targets that places of a kind were given, as they stood; by year."""
    query = (
        sa.select(
            _TARGET.c.place_code,
            _TARGET.c.indicator,
            _TARGET.c.year,
            _TARGET.c.share,
            _TARGET.c.document,
        )
        .where(_TARGET.c.place_kind == place_kind, _stood(_TARGET, _TARGET.c.assigned_at, known_at))
        .order_by(_TARGET.c.place_code, _TARGET.c.indicator, _TARGET.c.year, _TARGET.c.id)
    )
    if codes is not None:
        query = query.where(_TARGET.c.place_code.in_(sorted(codes)))
    found: dict[tuple[str, Indicator], list[Goal]] = {}
    for code, indicator, year, share, document in db.execute(query):
        goal = Goal(date(year, 12, 31), share, document, ASSIGNED)
        found.setdefault((code, Indicator(indicator)), []).append(goal)
    return found


def _stood(table: sa.Table, since: sa.Column[Any], known_at: datetime) -> sa.ColumnElement[bool]:
    """Return the condition that a row stood at an instant."""
    is_live = sa.or_(table.c.voided_at.is_(None), table.c.voided_at > known_at)
    return sa.and_(since <= known_at, is_live)
