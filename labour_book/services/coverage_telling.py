"""Coverage as plain values: what the interface answers with, and what a report is made of.

Shares are whole hundredths of a per cent, days ``YYYY-MM-DD``; nothing is worded here.
"""

from collections.abc import Sequence
from typing import Any

from labour_book.domain.coverage import Figure, Goal, Point, Projection, Standing
from labour_book.services.coverage_numbers import Below, Cell, Coverage

Plain = dict[str, Any]


def plain(found: Coverage, below: Sequence[Below]) -> Plain:
    """Return coverage with the places in it, exact or without few as the caller says."""
    return {
        "place": {"kind": found.place.kind, "code": found.place.code, "name": found.place.name},
        "as_of": found.round.as_of.isoformat(),
        "definitions": found.round.definitions,
        "round": {
            "id": str(found.round.id),
            "number": found.round.number,
            "known_at": found.round.known_at.isoformat(),
            "sha256": found.round.sha256,
        },
        "in_arrears": found.counts.in_arrears,
        "indicators": [_standing(each) for each in found.standings],
        "below": [_below(each) for each in below],
    }


def _standing(each: Standing) -> Plain:
    return {
        "indicator": str(each.indicator),
        **_point(each.now),
        "numerator_from": _figure(each.now.numerator_from),
        "denominator_from": _figure(each.now.denominator_from),
        "lacks": None if each.lacks is None else str(each.lacks),
        "line": each.line,
        "ahead": each.ahead,
        "goals": [_goal(goal) for goal in each.goals],
        "trend": [_point(point) for point in each.trend],
        "projection": None if each.projection is None else _projection(each.projection),
    }


def _point(point: Point) -> Plain:
    return {
        "as_of": point.as_of.isoformat(),
        "numerator": point.numerator,
        "denominator": point.denominator,
        "share": point.share,
    }


def _figure(figure: Figure | None) -> Plain | None:
    if figure is None:
        return None
    return {
        "value": figure.value,
        "day": figure.day.isoformat(),
        "source": figure.source,
        "published_on": figure.published_on.isoformat(),
    }


def _goal(goal: Goal) -> Plain:
    return {
        "by": goal.by.isoformat(),
        "share": goal.share,
        "source": goal.source,
        "provenance": goal.provenance,
    }


def _projection(found: Projection) -> Plain:
    return {
        "by": found.by.isoformat(),
        "share": found.share,
        "first": found.first.isoformat(),
        "last": found.last.isoformat(),
        "points": found.points,
        "method": found.method,
    }


def _below(each: Below) -> Plain:
    return {
        "code": each.place.code,
        "name": each.place.name,
        "cells": {str(indicator): _cell(cell) for indicator, cell in each.cells.items()},
    }


def _cell(cell: Cell) -> Plain:
    return {**_point(cell.point), "line": cell.line, "hidden": cell.hidden}
