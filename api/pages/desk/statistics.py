"""Statistics on the desk: where they are, the structure of the labour force, and who moved."""

from functools import partial
from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import HTMLResponse

from api.pages import texts
from api.pages.desk.frame import ASKED, Asking, Desk, desk_router
from labour_book import data
from labour_book.documents import Bar, Tile, bars, pyramid, tiles
from labour_book.domain.disclosure import TOTAL
from labour_book.domain.statistics import SEXES, Basis, Dimension, Kind
from labour_book.services import statistic_people, statistics
from labour_book.services.callers import Action
from labour_book.services.statistic_words import Words, definition, label, list_of
from labour_book.services.statistics import Matrix, Moved, NotCounted, Structure, Table

router = desk_router()

LISTED = (Dimension.AGE, Dimension.QUALIFICATION, Dimension.STANDING)
"""Of the residents of a commune: behind their numbers there is a list."""
MOST_DRAWN = 12
"""Codes on a side of a matrix that is drawn; the table shows all."""
Text = Annotated[str, Query(max_length=24)]


@router.get("/statistics", responses=ASKED)
def start(desk: Asking) -> HTMLResponse:
    """Show which statistics there are."""
    return desk.page("statistics.html", may_reports=desk.caller.may(Action.REPORT_READ))


@router.get("/statistics/structure", responses=ASKED)
def structure(
    desk: Asking, unit: Text = "", month: Text = "", basis: Text = Basis.RESIDENTS
) -> HTMLResponse:
    """Show who lives, or works, in a place: a pyramid, bars, a map, and all of it as tables."""
    try:
        with desk.deed() as db:
            found = statistics.structure(
                db, desk.inst, desk.caller, unit=unit, month=month, basis=basis, now=desk.now
            )
    except NotCounted:
        return desk.page("statistics_none.html")
    listed = LISTED if _may_list(desk, found) else ()
    return desk.page(
        "statistics_structure.html",
        found=found,
        bases=tuple(Basis),
        sexes=SEXES,
        charts={each.dimension: _chart(desk, each) for each in found.tables},
        map=_map(desk, found),
        listed=listed,
        **_wording(desk),
    )


@router.get("/statistics/mobility", responses=ASKED)
def mobility(
    desk: Asking,
    unit: Text = "",
    month: Text = "",
    kind: Text = Kind.ZONE,
    span: Annotated[int, Query(ge=1, le=12)] = 12,
) -> HTMLResponse:
    """Show who moved, from where to where, as a matrix and as a table."""
    try:
        with desk.deed() as db:
            found = statistics.moved(
                *(db, desk.inst, desk.caller),
                unit=unit,
                month=month,
                kind=kind,
                span=span,
                now=desk.now,
            )
    except NotCounted:
        return desk.page("statistics_none.html")
    return desk.page(
        "statistics_mobility.html",
        found=found,
        kinds=tuple(Kind),
        spans=statistics.SPANS,
        of=list_of(found.kind),
        chart=_matrix(desk, found),
        flows=_flows(found.matrix),
        **_wording(desk),
    )


@router.get("/statistics/people", responses=ASKED)
def people(
    desk: Asking,
    *,
    unit: Text = "",
    month: Text = "",
    dimension: Text = Dimension.AGE,
    code: Text = "",
    sex: Text = "",
) -> HTMLResponse:
    """List who is counted under a code; nobody is named before a purpose is stated."""
    with desk.deed() as db:
        found = statistic_people.people_behind(
            *(db, desk.inst, desk.caller),
            unit=unit,
            month=month,
            group=(dimension, code, sex),
            now=desk.now,
        )
    return desk.page(
        "statistics_people.html",
        people=found,
        of=(dimension, code, sex),
        most=statistic_people.MOST_PEOPLE,
        back={"unit": unit, "month": month},
        **_wording(desk),
    )


def _may_list(desk: Desk, found: Structure) -> bool:
    is_listed = found.place.kind == "commune" and found.basis is Basis.RESIDENTS
    return is_listed and desk.caller.may(Action.STATISTICS_PEOPLE)


def _wording(desk: Desk) -> dict[str, Any]:
    """Return what templates say numbers and codes with."""
    return {
        "label": lambda of, code: label(of, code).told(desk.language),
        "in_vietnamese": lambda of, code: not label(of, code).en,
        "definition": lambda name: definition(name).told(desk.language),
        "count": partial(texts.number, desk.language),
        "total": TOTAL,
    }


def _told(desk: Desk, words: Words) -> str:
    return words.told(desk.language)


def _chart(desk: Desk, table: Table) -> str:
    """Return the drawing of one table: a pyramid of ages, bars of anything else."""
    title = desk.say(f"desk.statistics.dimension.{table.dimension}")
    names = {code: _told(desk, label(table.dimension, code)) for code in table.codes}
    if table.dimension is Dimension.AGE and not table.is_without_sex:
        sides = (_told(desk, label("sex", "F")), _told(desk, label("sex", "M")))
        rows = [
            Bar(names[code], table.people(code, "F"), table.people(code, "M"))
            for code in table.codes
        ]
        return pyramid(title, sides, tuple(rows))
    return bars(title, tuple(Bar(names[code], table.people(code)) for code in table.codes))


def _map(desk: Desk, found: Structure) -> str:
    """Return the provinces as tiles where they lie; nothing of a place that has none below."""
    counts = {place.code: people for place, people in found.below if place.kind == "province"}
    if not counts:
        return ""
    cells = [
        Tile(
            _told(desk, label("province", row["code"])),
            int(row["row"]),
            int(row["column"]),
            counts[row["code"]],
        )
        for row in data.rows("province_tiles")
        if row["code"] in counts
    ]
    return tiles(desk.say("desk.statistics.map"), tuple(cells))


def _matrix(desk: Desk, found: Moved) -> str:
    """Return the matrix as tiles: of many codes those that most people came from or went to."""
    matrix = found.matrix
    codes = list(matrix.codes)
    if len(codes) > MOST_DRAWN:
        weights = {
            each: (matrix.people(each, TOTAL) or 0) + (matrix.people(TOTAL, each) or 0)
            for each in codes
        }
        strongest = sorted(codes, key=lambda each: (-weights[each], each))[:MOST_DRAWN]
        codes = [each for each in codes if each in strongest]
    names = tuple(_told(desk, label(list_of(found.kind), each)) for each in codes)
    cells = tuple(
        Tile("", row, column, matrix.people(origin, destination))
        for row, origin in enumerate(codes)
        for column, destination in enumerate(codes)
    )
    title = desk.say(f"desk.statistics.kind.{found.kind}")
    return tiles(title, cells, names, names) if cells else ""


def _flows(matrix: Matrix) -> list[tuple[str, str, int]]:
    """Return the flows between codes, the strongest first; nothing of those left out."""
    flows = [
        (origin, destination, people)
        for (origin, destination), people in matrix.cells.items()
        if TOTAL not in {origin, destination} and people
    ]
    return sorted(flows, key=lambda each: (-each[2], each[0], each[1]))
