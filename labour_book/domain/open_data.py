"""Which numbers are published for everybody, so that they tell of no few people.

A table is provinces by the codes of one dimension, of a month that is final. Three things guard it:

* provinces of few people are told together, so that no total of a place has to be left out;
* small cells are left out, and others with them, so that none can be recomputed (``disclosure``);
* every number is rounded to a multiple of the threshold, so that the difference between two tables,
  of neighbouring places or successive months, tells of nobody.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from labour_book.domain.disclosure import TOTAL, Key, rounded, suppressed, with_totals
from labour_book.domain.statistics import COUNTRY, Basis, Cell, Dimension, Kind, Move

TOGETHER = "+"
"""Stands for all provinces that are told together."""
FEWEST_TIMES = 20
"""Thresholds of people that a place has at least, to be told by itself."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """One table that is published for each month."""

    name: str
    basis: Basis | None = None
    dimension: Dimension | None = None
    kind: Kind | None = None


STRUCTURES = (
    Dataset("residents-by-age", Basis.RESIDENTS, Dimension.AGE),
    Dataset("residents-by-qualification", Basis.RESIDENTS, Dimension.QUALIFICATION),
    Dataset("residents-by-standing", Basis.RESIDENTS, Dimension.STANDING),
    Dataset("workers-by-age", Basis.WORKERS, Dimension.AGE),
    Dataset("workers-by-qualification", Basis.WORKERS, Dimension.QUALIFICATION),
    Dataset("workers-by-occupation", Basis.WORKERS, Dimension.OCCUPATION),
    Dataset("workers-by-industry", Basis.WORKERS, Dimension.INDUSTRY),
    Dataset("workers-by-zone", Basis.WORKERS, Dimension.ZONE),
)
MOVES = tuple(Dataset(f"moves-by-{each}", kind=each) for each in Kind)
DATASETS: Mapping[str, Dataset] = {each.name: each for each in (*STRUCTURES, *MOVES)}


def published(
    cells: Iterable[Cell], dimensions: Sequence[Dimension], k: int
) -> Mapping[Dimension, Mapping[Key, int | None]]:
    """Return what is published of the tables of one population: by province and code.

    The dimensions share the total of each province: they are published together or not.
    """
    whole = {each: _by_place(cells, each) for each in dimensions}
    totals = _totals(next(iter(whole.values()), {}))
    apart = [place for place, people in totals.items() if people >= FEWEST_TIMES * k]
    while True:
        grouped = {each: _grouped(table, set(apart)) for each, table in whole.items()}
        shown = {each: suppressed(with_totals(table), k) for each, table in grouped.items()}
        betrayed = {
            place
            for table in shown.values()
            for (place, code), people in table.items()
            if code == TOTAL and people is None
        }
        if not betrayed:
            return {each: _rounded(table, k) for each, table in shown.items()}
        if not apart:
            return {}
        smallest = min(apart, key=lambda each: (totals[each], each))
        left = [each for each in apart if each not in betrayed]
        apart = left if len(left) < len(apart) else [each for each in apart if each != smallest]


def published_moves(moves: Iterable[Move], k: int) -> Mapping[Key, int | None]:
    """Return what is published of who went from where to where, in the whole country."""
    cells: dict[Key, int] = {}
    for each in moves:
        key = (each.origin, each.destination)
        cells[key] = cells.get(key, 0) + each.people
    return _rounded(suppressed(with_totals(cells), k), k)


def _by_place(cells: Iterable[Cell], dimension: Dimension) -> dict[Key, int]:
    found: dict[Key, int] = {}
    for each in cells:
        if each.dimension == dimension and each.place_code != COUNTRY:
            key = (each.place_code, each.code)
            found[key] = found.get(key, 0) + each.people
    return found


def _totals(table: Mapping[Key, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for (place, _), people in table.items():
        found[place] = found.get(place, 0) + people
    return found


def _grouped(table: Mapping[Key, int], apart: set[str]) -> dict[Key, int]:
    found: dict[Key, int] = {}
    for (place, code), people in table.items():
        key = (place if place in apart else TOGETHER, code)
        found[key] = found.get(key, 0) + people
    return found


def _rounded(table: Mapping[Key, int | None], k: int) -> dict[Key, int | None]:
    return {key: rounded(people, k) for key, people in table.items()}
