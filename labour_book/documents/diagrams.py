"""Draws how people are spread: pyramids, bars, matrices and maps of tiles, as SVG on the server.

As ``charts`` they read without colour: women are full bars and men hollow ones, and every tile says
its number; what is left out has a sign of its own. A page puts the table with the same numbers
beside each. They are described in the words of Vega-Lite as such: checking those of a library
around it takes longer than drawing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from json import dumps
from typing import Any

from labour_book.documents.charts import INK, style, svg_of

LEFT_OUT = "–"
_ROOM = 1.2
"""Times the longest bar, so that its number has its place."""
_STRONGEST = 0.45
"""Of the ink behind a number: more, and it would not be read."""
_BAR = 18
_TILE, _TILE_OF_MAP = (52, 30), (76, 36)
"""Pixels across and down."""
_LONGEST_LABEL = 190
"""Pixels of the words beside a bar; longer ones are cut, the table has them whole."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One code: what it is called, and how many; None where that is left out."""

    name: str
    count: int | None
    other: int | None = None
    """Of a pyramid, on the other side."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A number at a place of a grid, counted from 0."""

    name: str
    row: int
    column: int
    count: int | None


@lru_cache(maxsize=256)
def pyramid(title: str, sides: tuple[str, str], bars: tuple[Bar, ...], width: int = 460) -> str:
    """Return bars to the left and to the right, the last on top, as an SVG element."""
    most = max((each or 0 for bar in bars for each in (bar.count, bar.other)), default=0) or 1
    across = {
        "field": "count",
        "type": "quantitative",
        "title": f"■ {sides[0]}  \N{EM DASH}  □ {sides[1]}",
        "scale": {"domain": [-_ROOM * most, _ROOM * most], "nice": False},
        "axis": {"labelExpr": "abs(datum.value)", "tickMinStep": 1},
    }
    layers = [
        layer
        for sign, ink, values in (
            (-1, 0.6, [(bar.name, bar.count) for bar in bars]),
            (1, 0.0, [(bar.name, bar.other) for bar in bars]),
        )
        for layer in _barred(values, across, sign=sign, ink=ink)
    ]
    order = [bar.name for bar in reversed(bars)]
    return _drawn(title, layers, order, width, len(bars))


@lru_cache(maxsize=256)
def bars(title: str, rows: tuple[Bar, ...], width: int = 360) -> str:
    """Return bars from left to right in their order, each with its number, as an SVG element."""
    axis = {"tickMinStep": 1, "tickCount": 5}
    across = {"field": "count", "type": "quantitative", "title": None, "axis": axis}
    layers = _barred([(each.name, each.count) for each in rows], across, sign=1, ink=0.6)
    return _drawn(title, layers, [each.name for each in rows], width, len(rows))


@lru_cache(maxsize=256)
def tiles(
    title: str, cells: tuple[Tile, ...], rows: tuple[str, ...] = (), columns: tuple[str, ...] = ()
) -> str:
    """Return a grid of tiles with their numbers, darker where there are more, as an SVG element.

    With names of rows and columns it is a matrix; without, each tile says its own name: a map.
    """
    highest = max((each.count or 0 for each in cells), default=0) or 1
    values = [
        {
            "name": each.name,
            "row": each.row,
            "column": each.column,
            "said": _said(each.count),
            "ink": _STRONGEST * (each.count or 0) / highest,
        }
        for each in cells
    ]
    ink = {"field": "ink", "type": "quantitative", "scale": None, "legend": None}
    layers = [
        {"mark": _mark("rect", strokeWidth=0.5), "encoding": {"fillOpacity": ink}},
        _text("said", fontSize=12, dy=0 if columns else 8),
    ]
    if not columns:
        layers.append(_text("name", fontSize=9, dy=-9))
    across, down = _TILE if columns else _TILE_OF_MAP
    return svg_of(
        {
            "data": {"values": values},
            "width": across * (1 + max((each.column for each in cells), default=0)),
            "height": down * (1 + max((each.row for each in cells), default=0)),
            "encoding": {
                "x": _side("column", columns, orient="top", labelAngle=-40, labelAlign="left"),
                "y": _side("row", rows, orient="left", labelAngle=0, labelAlign="right"),
            },
            "layer": layers,
            "config": style(),
        },
        title,
    )


def _barred(
    rows: Sequence[tuple[str, int | None]], across: Mapping[str, Any], *, sign: int, ink: float
) -> list[dict[str, Any]]:
    """Return the bars of one side, and their numbers at their ends."""
    values = [
        {"name": name, "count": sign * (count or 0), "said": _said(count)} for name, count in rows
    ]
    align = "left" if sign > 0 else "right"
    told = _text("said", align=align, dx=4 * sign, fontSize=11)
    encoding = {"x": across}
    return [
        {"data": {"values": values}, "mark": _mark("bar", fillOpacity=ink), "encoding": encoding},
        {"data": {"values": values}, **told, "encoding": {**told["encoding"], **encoding}},
    ]


def _drawn(
    title: str, layers: Sequence[Mapping[str, Any]], order: Sequence[str], width: int, count: int
) -> str:
    names = {"field": "name", "type": "nominal", "sort": list(order), "title": None}
    return svg_of(
        {
            "width": width,
            "height": _BAR * count,
            "padding": {"left": 20, "right": 40, "top": 4, "bottom": 4},
            "encoding": {"y": {**names, "axis": {"labelLimit": _LONGEST_LABEL}}},
            "layer": layers,
            "config": style(),
        },
        title,
    )


def _mark(kind: str, **more: float) -> dict[str, Any]:
    return {"type": kind, "color": INK, "stroke": INK, "strokeWidth": 1, **more}


def _text(field: str, **more: str | float) -> dict[str, Any]:
    encoding = {"text": {"field": field, "type": "nominal"}}
    return {"mark": {"type": "text", "color": INK, **more}, "encoding": encoding}


def _side(field: str, names: Sequence[str], **more: str | int) -> dict[str, Any]:
    """Return one side of a grid: with its names, or without any."""
    side = {"field": field, "type": "ordinal"}
    if not names:
        return {**side, "axis": None}
    axis = {"labelLimit": _LONGEST_LABEL, "title": None, "domain": False, "ticks": False}
    return {**side, "axis": {**axis, "labelExpr": f"{dumps(list(names))}[datum.value]", **more}}


def _said(count: int | None) -> str:
    return LEFT_OUT if count is None else f"{count:,}".replace(",", "\N{NO-BREAK SPACE}")
