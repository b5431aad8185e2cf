"""Open data (dữ liệu mở): tables of months that are final, for everybody, without a sign-in.

What is published of a month never changes again; its hash is that of what is published.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from json import dumps

from labour_book.database import Db
from labour_book.documents import refused_rows_csv
from labour_book.domain.disclosure import TOTAL, Key
from labour_book.domain.open_data import (
    DATASETS,
    TOGETHER,
    Dataset,
    published,
    published_moves,
)
from labour_book.domain.statistics import DIMENSIONS, UNKNOWN, Dimension
from labour_book.errors import NotFound
from labour_book.queries import statistics
from labour_book.queries.statistics import MonthOnFile
from labour_book.services.installation import Installation
from labour_book.services.statistic_words import Words, definition, label, list_of


class NotPublished(NotFound):
    """There is no such table, or the month is not final."""

    slug = "not-published"
    title = "This table has not been published"
    title_vi = "Bảng này chưa được công bố"


@dataclass(frozen=True, slots=True)
class Published:
    """One table of a month as everybody gets it."""

    dataset: Dataset
    month: str
    rows: Sequence[tuple[str, str, int | None]]
    """Province, or origin; code, or destination; people, None where that is left out."""
    k: int
    content_hash: str
    """SHA-256 of the rows as JSON, in hex."""


CODES = {TOTAL: "TOTAL", UNKNOWN: "UNKNOWN", TOGETHER: "OTHERS"}
"""How codes that are signs here are written there; a sign may mean something to a spreadsheet."""


def months(db: Db) -> list[MonthOnFile]:
    """Return the months that are final, the newest first."""
    return [each for each in statistics.months(db) if each.is_final]


def table(db: Db, inst: Installation, name: str, month: str) -> Published:
    """Return one table of a month.

    Raises:
        NotPublished: there is no such table, or the month is not final.
    """
    on_file = next((each for each in months(db) if each.month == month), None)
    dataset = DATASETS.get(name)
    if on_file is None or dataset is None:
        raise NotPublished
    cells = _told(db, dataset, month, inst.statistics.fewest)
    rows = [(_written(key[0]), _written(key[1]), people) for key, people in sorted(cells.items())]
    digest = sha256(dumps(rows).encode()).hexdigest()
    return Published(dataset, month, rows, inst.statistics.fewest, digest)


def _told(db: Db, dataset: Dataset, month: str, k: int) -> Mapping[Key, int | None]:
    if dataset.kind is not None:
        return published_moves(statistics.moves(db, [month], dataset.kind, None), k)
    assert dataset.basis is not None
    assert dataset.dimension is not None
    shown = tuple(each for each in DIMENSIONS[dataset.basis] if each != Dimension.OCCUPATION_2)
    cells = [
        cell for each in shown for cell in statistics.provinces(db, month, dataset.basis, each)
    ]
    return published(cells, shown, k).get(dataset.dimension, {})


def csv_of(found: Published) -> bytes:
    """Return a table as CSV, each row with the words of its codes; no cell is ever a formula."""
    moves = found.dataset.kind is not None
    headers = (
        *("month", "origin" if moves else "place", "origin_name" if moves else "place_name"),
        *("destination" if moves else "code", "destination_name" if moves else "code_name"),
        *("people", "unit", "rounded_to"),
    )
    unit = definition("unit").en
    first, second = lists_of(found.dataset)
    rows = (
        (
            found.month,
            one,
            named(first, one).vi,
            other,
            named(second, other).vi,
            people,
            unit,
            found.k,
        )
        for one, other, people in found.rows
    )
    return refused_rows_csv(headers, rows)


def lists_of(dataset: Dataset) -> tuple[str, str]:
    """Return of which lists the two codes of each row are."""
    if dataset.kind is not None:
        return list_of(dataset.kind), list_of(dataset.kind)
    return "province", str(dataset.dimension)


def named(of: str, code: str) -> Words:
    """Return what a code is called as it is written in a published table."""
    back = {written: sign for sign, written in CODES.items()}
    return label(of, back.get(code, code))


def definitions_of(dataset: Dataset) -> list[Words]:
    """Return how the numbers of a table are defined."""
    names = (
        ("workers", "moves", f"moves-{dataset.kind}")
        if dataset.kind is not None
        else (str(dataset.basis), str(dataset.dimension))
    )
    return [definition(each) for each in (*names, "open")]


def _written(code: str) -> str:
    return CODES.get(code, code)
