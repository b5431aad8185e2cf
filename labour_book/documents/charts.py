"""Draws numbers over time as SVG, on the server: no script and nothing from elsewhere in the page.

A chart never stands alone: the page puts the table with the same numbers beside it. Lines differ
by dash and by the shape of their points, not by colour: all of them have the colour of the text, so
that the chart reads in black and white, in the dark and on paper.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from html import escape
from importlib import import_module, resources
from typing import Any

FONT = "Be Vietnam Pro"
INK = "currentColor"
_DASHES: Sequence[Sequence[int]] = ((1, 0), (6, 3), (2, 2), (8, 3, 2, 3), (12, 4), (1, 4))
_SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
MOST_LINES = len(_SHAPES)
_NUMBERS = {"decimal": ",", "thousands": "\u202f", "grouping": [3], "currency": ["", ""]}
"""How axes write numbers: the same as bars do, and read alike in both languages."""
_FEW_POINTS = 40
"""Up to so many days each has its point; more would touch."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it is called, and its value on each day that has one."""

    name: str
    points: tuple[tuple[date, float], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines over days, with what the reader is told of them."""

    title: str
    """Says what is drawn, for whoever does not see it."""
    unit: str
    lines: tuple[Line, ...]
    highest: float | None = None
    """Of the scale; None where the numbers say."""


@lru_cache(maxsize=256)
def drawn(chart: Chart, width: int = 560, height: int = 180) -> str:
    """Return a chart as an SVG element for a page.

    Raises:
        ValueError: it has more lines than can be told apart.
    """
    if len(chart.lines) > MOST_LINES:
        raise ValueError("so many lines cannot be told apart")
    return svg_of(_spec(chart, width, height), chart.title)


def svg_of(spec: Mapping[str, Any], title: str) -> str:
    """Return what is described in the words of Vega-Lite as an SVG element with a title."""
    svg = str(_converter().vegalite_to_svg(spec, format_locale=_NUMBERS))
    label = escape(title, quote=True)
    return svg.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)


def _spec(chart: Chart, width: int, height: int) -> dict[str, Any]:
    """Return the chart in the words of Vega-Lite."""
    alt = import_module("altair")
    names = [each.name for each in chart.lines]
    points = [
        {"day": day.isoformat(), "value": value, "line": each.name}
        for each in chart.lines
        for day, value in each.points
    ]
    shown = max((len(each.points) for each in chart.lines), default=0) <= _FEW_POINTS
    highest = {} if chart.highest is None else {"domain": [0, chart.highest]}
    base = alt.Chart(alt.Data(values=points)).encode(
        x=alt.X(
            "day:T",
            title=None,
            scale=alt.Scale(type="utc"),
            axis=alt.Axis(format="%d/%m/%y", tickCount=6),
        ),
        y=alt.Y("value:Q", title=chart.unit, scale=alt.Scale(zero=True, **highest)),
    )
    dashes = alt.Scale(domain=names, range=[list(each) for each in _DASHES[: len(names)]])
    shapes = alt.Scale(domain=names, range=list(_SHAPES[: len(names)]))
    legend = alt.Legend(title=None) if len(names) > 1 else None
    line = base.mark_line(color=INK, strokeWidth=1.5).encode(
        strokeDash=alt.StrokeDash("line:N", scale=dashes, legend=legend)
    )
    marks = base.mark_point(color=INK, filled=True, size=36, opacity=1 if shown else 0).encode(
        shape=alt.Shape("line:N", scale=shapes, legend=legend)
    )
    layered = alt.layer(line, marks).properties(width=width, height=height)
    styled = layered.configure(**style()).resolve_scale(strokeDash="shared", shape="shared")
    told: dict[str, Any] = styled.to_dict()
    return told


def style() -> Mapping[str, Any]:
    """Return how all charts look, for ``configure``."""
    text = {"labelColor": INK, "titleColor": INK, "labelFontSize": 12, "titleFontSize": 12}
    axis = {"domainColor": INK, "tickColor": INK, "gridColor": INK, "gridOpacity": 0.15}
    return {
        "font": FONT,
        "background": "transparent",
        "axis": {**text, **axis, "titleFontWeight": "normal"},
        "legend": {**text, "symbolStrokeColor": INK, "orient": "bottom"},
        "view": {"stroke": "transparent"},
    }


@cache
def _converter() -> Any:  # noqa: ANN401 - a module that ships no types
    """Return the converter, which knows the fonts of this package.

    It and Altair are imported by whoever draws first: together they take a second, which nobody
    else should wait for.
    """
    converter = import_module("vl_convert")
    with resources.as_file(resources.files(__package__) / "fonts") as folder:
        converter.register_font_directory(str(folder))
    return converter
