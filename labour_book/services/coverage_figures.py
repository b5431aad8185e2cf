"""Figures with their sources, and targets for localities: who supplies and who assigns them.

A statistics official supplies figures of the own unit's place and of what lies in it; who approves
in a unit assigns targets to what lies in its place. What is replaced is kept.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice

from labour_book.database import Db
from labour_book.domain.coverage import WHOLE, Indicator, Measure
from labour_book.domain.evidence import vietnam_day
from labour_book.errors import Invalid
from labour_book.queries import coverage_figures
from labour_book.queries.coverage_figures import FigureOnFile
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.coverage_places import Place, seen_place, seen_places
from labour_book.services.installation import Installation
from labour_book.services.permission import check_role
from labour_book.services.recording import new_id

__all__ = [
    "FigureOnFile",
    "NewFigures",
    "NewTarget",
    "assign",
    "history",
    "rows_in",
    "supply",
    "supply_lines",
]

LONGEST_SOURCE = 200
MOST_VALUE = 1_000_000_000
MOST_ROWS = 4_000
"""Of one file: all communes of the country."""
MOST_SHOWN = 50
FIRST_YEAR, LAST_YEAR = 2018, 2045
PURPOSE = "NQ 125/NQ-CP"


@dataclass(frozen=True, slots=True)
class NewFigures:
    """A measure of one or many places on a day, all out of one source."""

    measure: str
    day: date
    source: str
    published_on: date
    values: Sequence[tuple[str, int]] = ()
    """Code of the place, and the figure."""


@dataclass(frozen=True, slots=True)
class NewTarget:
    """A target for a place, for the end of a year."""

    indicator: str
    code: str
    year: int
    share: int
    """In hundredths of a per cent."""
    document: str


def supply(db: Db, inst: Installation, caller: Caller, new: NewFigures, *, now: datetime) -> int:
    """Store figures and return how many; for the same place and day the later one stands.

    Raises:
        DeniedToRole: the role supplies no figures.
        NotFoundForCaller: a place is not the caller's.
        Invalid: a value, day or source cannot be.
    """
    check_role(caller, Action.FIGURE_SUPPLY, now)
    source = " ".join(new.source.split())
    _check(new, source, vietnam_day(now))
    codes = [code for code, _ in new.values]
    places = seen_places(db, inst, caller, codes, action=Action.FIGURE_SUPPLY, now=now)
    rows = [
        {
            "id": new_id(now),
            "measure": new.measure,
            "place_kind": place.kind,
            "place_code": place.code,
            "day": new.day,
            "value": value,
            "source": source,
            "published_on": new.published_on,
            "unit_code": caller.unit_code or "",
            "supplied_by": caller.id,
            "supplied_at": now,
            "voided_at": None,
        }
        for place, (_, value) in zip(places, new.values, strict=True)
    ]
    coverage_figures.replace_figures(db, rows, at=now)
    detail: dict[str, str | int] = {"measure": new.measure, "figures": len(rows)}
    trace(db, caller, Action.FIGURE_SUPPLY, at=now, purpose=PURPOSE, detail=detail)
    return len(rows)


def supply_lines(
    db: Db, inst: Installation, caller: Caller, lines: str, new: NewFigures, *, now: datetime
) -> int:
    """Store figures that come as lines of text, and return how many; see ``rows_in``.

    Raises:
        DeniedToRole, NotFoundForCaller, Invalid: as ``supply`` and ``rows_in``.
    """
    check_role(caller, Action.FIGURE_SUPPLY, now)
    return supply(db, inst, caller, replace(new, values=rows_in(lines)), now=now)


def assign(db: Db, inst: Installation, caller: Caller, new: NewTarget, *, now: datetime) -> Place:
    """Give a place a target, and return the place; a later one for the year replaces it.

    Raises:
        DeniedToRole: the role assigns no targets.
        NotFoundForCaller: the place is not the caller's.
        Invalid: it is the caller's own place, or a value cannot be.
    """
    check_role(caller, Action.TARGET_ASSIGN, now)
    place = seen_place(db, inst, caller, new.code, action=Action.TARGET_ASSIGN, now=now)
    own = seen_place(db, inst, caller, "", action=Action.TARGET_ASSIGN, now=now)
    document = " ".join(new.document.split())
    if place == own:
        raise Invalid(
            "a unit gives targets to those under it, not to itself", cause="COVERAGE_OWN_PLACE"
        )
    if new.indicator not in set(Indicator) or not FIRST_YEAR <= new.year <= LAST_YEAR:
        raise Invalid("there is no such indicator or year", cause="COVERAGE_INDICATOR")
    if not 0 < new.share <= WHOLE:
        raise Invalid("a target is a share of 0,01 to 100 per cent", cause="COVERAGE_SHARE")
    if not 0 < len(document) <= LONGEST_SOURCE:
        raise Invalid("name the decision that assigns the target", cause="COVERAGE_SOURCE")
    row = {
        "id": new_id(now),
        "indicator": new.indicator,
        "place_kind": place.kind,
        "place_code": place.code,
        "year": new.year,
        "share": new.share,
        "document": document,
        "unit_code": caller.unit_code or "",
        "assigned_by": caller.id,
        "assigned_at": now,
        "voided_at": None,
    }
    coverage_figures.replace_target(db, row, at=now)
    detail: dict[str, str | int] = {"place": place.code, "indicator": new.indicator}
    trace(db, caller, Action.TARGET_ASSIGN, at=now, purpose=PURPOSE, detail=detail)
    return place


def history(
    db: Db, inst: Installation, caller: Caller, code: str, *, now: datetime
) -> tuple[Place, list[FigureOnFile]]:
    """Return a place and what was supplied of it, newest first, what was replaced as well.

    Raises:
        DeniedToRole, NotFoundForCaller: as ``coverage.told``.
    """
    check_role(caller, Action.COVERAGE_READ, now)
    place = seen_place(db, inst, caller, code, action=Action.COVERAGE_READ, now=now)
    given = coverage_figures.supplied(db, place.kind, place.code, limit=MOST_SHOWN)
    return place, given


def rows_in(text: str) -> list[tuple[str, int]]:
    """Read lines of place and figure, parted by a comma, semicolon or tab; a header may lead.

    Raises:
        Invalid: a line is no code and whole number, or there are too many lines.
    """
    first = text.lstrip("\ufeff").lstrip().partition("\n")[0]
    mark = next((each for each in ("\t", ";") if each in first), ",")
    lines = list(
        islice(csv.reader(text.lstrip("\ufeff").splitlines(), delimiter=mark), MOST_ROWS + 2)
    )
    return list(_read(lines))


def _read(lines: Iterable[Sequence[str]]) -> Iterable[tuple[str, int]]:
    for number, line in enumerate(lines, start=1):
        cells = [each.strip() for each in line[:2]]
        if not any(cells) or (number == 1 and not cells[0].isdigit() and cells[0] != "VN"):
            continue
        digits = cells[-1].replace(".", "").replace(" ", "")
        if len(cells) < len(("place", "figure")) or not digits.isdecimal():
            raise Invalid(
                "a line is the code of a place and a whole number",
                line=number,
                cause="COVERAGE_LINE",
            )
        yield cells[0], int(digits)


def _check(new: NewFigures, source: str, today: date) -> None:
    if new.measure not in set(Measure) or not new.values:
        raise Invalid("say which figure of which place", cause="COVERAGE_MEASURE")
    if len(new.values) > MOST_ROWS or len(dict(new.values)) < len(new.values):
        raise Invalid(
            "each place stands once, and there are not more than communes", cause="COVERAGE_TWICE"
        )
    if not all(0 < value <= MOST_VALUE for _, value in new.values):
        raise Invalid("a figure is a whole number of people above nought", cause="COVERAGE_VALUE")
    if not new.day.year >= FIRST_YEAR or max(new.day, new.published_on) > today:
        raise Invalid(
            "figures are of a day that is over, and published by now", cause="COVERAGE_DAY"
        )
    if not 0 < len(source) <= LONGEST_SOURCE:
        raise Invalid("name the source of the figure", cause="COVERAGE_SOURCE")
