"""Open data as a page (dữ liệu mở): one table of a month, drawn, to read and to download."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.dependencies import Inst, ReplicaDb
from api.pages import page, texts
from api.pages.rendering import kept_page
from api.problems import problems
from labour_book.documents import Bar, bars
from labour_book.domain.disclosure import TOTAL
from labour_book.domain.open_data import DATASETS, Dataset
from labour_book.errors import NotFound, Unavailable
from labour_book.services import open_data
from labour_book.services.open_data import CODES, Published
from labour_book.services.statistic_words import definition

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

FIRST = "workers-by-industry"
"""The table that is shown before another one is chosen."""
MOST_DRAWN = 12
"""Flows of people that are drawn, the strongest; the table has all."""
ALL = CODES[TOTAL]
Chosen = Annotated[str, Query(max_length=40)]


@router.get("/data", responses=problems(NotFound, Unavailable))
def shown(
    request: Request, db: ReplicaDb, inst: Inst, table: Chosen = FIRST, month: Chosen = ""
) -> HTMLResponse:
    """Show a table of a month, the newest if none is asked for."""
    months = [each.month for each in open_data.months(db)]
    if not months:
        return page(request, "open_data_none.html")
    found = open_data.table(db, inst, table, month or months[0])
    same = found.dataset.name, found.month, found.content_hash, tuple(months)
    return kept_page(request, same, lambda: _page(request, found, months))


def _page(request: Request, found: Published, months: list[str]) -> HTMLResponse:
    language = texts.language_of(request)
    of_first, of_second = open_data.lists_of(found.dataset)
    cells = {(one, other): people for one, other, people in found.rows}
    # The one table: all of a place, or from somewhere, in one line; what is of all comes first.
    lines = sorted({one for one, _ in cells}, key=lambda code: (code != ALL, code))
    columns = sorted({other for _, other in cells}, key=lambda code: (code != ALL, code))
    names = {
        of: {code: open_data.named(of, code).told(language) for code in codes}
        for of, codes in ((of_first, {*lines}), (of_second, {*columns, *lines}))
    }
    return page(
        request,
        "open_data.html",
        found=found,
        months=months,
        datasets={name: _called(each, language) for name, each in DATASETS.items()},
        cells=cells,
        lines=[(code, names[of_first][code]) for code in lines],
        columns=[(code, names[of_second][code]) for code in columns],
        chart=_drawn(found, names[of_second], language),
        means=[each.told(language) for each in open_data.definitions_of(found.dataset)],
        licence=definition("licence").told(language),
        count=partial(texts.number, language),
    )


def _drawn(found: Published, names: dict[str, str], language: texts.Language) -> str:
    """Return the numbers of the whole country as bars: of codes, or of who went where."""
    if found.dataset.kind is None:
        counts = [(names[other], n) for one, other, n in found.rows if one == ALL != other]
    else:
        flows = [each for each in found.rows if ALL not in each[:2] and each[2]]
        strongest = sorted(flows, key=lambda each: (-(each[2] or 0), each))[:MOST_DRAWN]
        counts = [(f"{names[one]} → {names[other]}", n) for one, other, n in strongest]
    return bars(_called(found.dataset, language), tuple(Bar(*each) for each in counts))


def _called(dataset: Dataset, language: texts.Language) -> str:
    if dataset.kind is not None:
        parts = "mobility", f"kind.{dataset.kind}"
    else:
        parts = f"basis.{dataset.basis}", f"dimension.{dataset.dimension}"
    return ": ".join(texts.say(language, f"desk.statistics.{each}") for each in parts)
