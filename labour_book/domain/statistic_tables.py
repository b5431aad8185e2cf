"""Tables of statistics as they are shown: codes in their order, totals, and what is left out.

Several tables of one place share its total. Where the total itself would have to be left out of
one of them, nothing is told by sex; where that does not help either, nothing is told at all: else
another table would give it away.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from labour_book import data
from labour_book.domain.disclosure import TOTAL, Key, suppressed, with_totals
from labour_book.domain.statistics import (
    NO_ZONE,
    QUALIFICATIONS,
    SEXES,
    STANDINGS,
    UNKNOWN,
    ZONES,
    Cell,
    Dimension,
    Move,
    bands,
)


@dataclass(frozen=True, slots=True)
class Table:
    """How many people share each code, by sex; None where that is left out."""

    dimension: Dimension
    codes: Sequence[str]
    """Those that somebody has, in their order."""
    cells: Mapping[Key, int | None]
    """By code and sex; each may be ``TOTAL``."""

    def people(self, code: str, sex: str = TOTAL) -> int | None:
        """Return how many there are; 0 where there is nobody, None where it is left out."""
        return self.cells.get((code, sex), None if sex != TOTAL and self.is_without_sex else 0)

    @property
    def is_without_sex(self) -> bool:
        """Whether nothing is told by sex."""
        return all(sex == TOTAL for _, sex in self.cells)

    @property
    def highest(self) -> int:
        """The most people that any code has."""
        return max((self.people(each) or 0 for each in self.codes), default=0)


@dataclass(frozen=True, slots=True)
class Matrix:
    """How many people went from each code to each other one; None where that is left out."""

    codes: Sequence[str]
    cells: Mapping[Key, int | None]

    def people(self, origin: str, destination: str) -> int | None:
        return self.cells.get((origin, destination), 0)


def codes_of(dimension: Dimension) -> list[str]:
    """Return the codes of a dimension in the order in which they are shown."""
    return list(_codes()[dimension])


@cache
def _codes() -> Mapping[Dimension, Sequence[str]]:
    sections = [code for code, row in data.industries().items() if not row["parent"]]
    groups = [code for code, row in data.occupations().items() if not row["parent"]]
    parts = [code for code, row in data.occupations().items() if row["parent"]]
    parts += [f"{each}{UNKNOWN}" for each in groups]
    return {
        Dimension.AGE: bands(),
        Dimension.QUALIFICATION: (*QUALIFICATIONS, UNKNOWN),
        Dimension.STANDING: STANDINGS,
        Dimension.OCCUPATION: (*groups, UNKNOWN),
        Dimension.OCCUPATION_2: (*sorted(parts, key=_by_group), UNKNOWN),
        Dimension.INDUSTRY: (*sections, UNKNOWN),
        Dimension.ZONE: (*ZONES, NO_ZONE, UNKNOWN),
    }


def tables(
    cells: Iterable[Cell], dimensions: Sequence[Dimension], *, fewest: int | None
) -> list[Table]:
    """Return the tables of one place; with ``fewest``, without what would tell of few people."""
    by_dimension: dict[str, dict[Key, int]] = {each: {} for each in dimensions}
    for cell in cells:
        if cell.dimension in by_dimension:
            by_dimension[cell.dimension][cell.code, cell.sex] = cell.people
    whole = {each: with_totals(found) for each, found in by_dimension.items()}
    shown = whole if fewest is None else _told(whole, fewest)
    return [_table(each, shown[each]) for each in dimensions]


def matrix(moves: Iterable[Move], order: Sequence[str], *, fewest: int | None) -> Matrix:
    """Return who went from where to where, with totals."""
    cells: dict[Key, int] = {}
    for each in moves:
        key = (each.origin, each.destination)
        cells[key] = cells.get(key, 0) + each.people
    seen = {code for key in cells for code in key}
    whole = with_totals(cells)
    shown = whole if fewest is None else suppressed(whole, fewest)
    return Matrix([each for each in order if each in seen], shown)


def _told(
    whole: Mapping[str, Mapping[Key, int]], fewest: int
) -> Mapping[str, Mapping[Key, int | None]]:
    """Return what may be told of tables that share their total."""
    by_sex = _suppressed(whole, fewest)
    if not _betrays(by_sex):
        return by_sex
    together = {
        name: {key: n for key, n in cells.items() if key[1] == TOTAL}
        for name, cells in whole.items()
    }
    without = _suppressed(together, fewest)
    if not _betrays(without):
        return without
    return {name: dict.fromkeys(cells) for name, cells in together.items()}


def _suppressed(
    whole: Mapping[str, Mapping[Key, int]], fewest: int
) -> dict[str, dict[Key, int | None]]:
    """Suppress each table; the two levels of occupations as one, since they add up."""
    main, sub = str(Dimension.OCCUPATION), str(Dimension.OCCUPATION_2)
    found = {
        name: suppressed(cells, fewest)
        for name, cells in whole.items()
        if name not in {main, sub} or not {main, sub} <= whole.keys()
    }
    if {main, sub} <= whole.keys():
        lies_in = {code: code[0] for code, _ in whole[sub] if code not in {TOTAL, UNKNOWN}}
        both = suppressed({**whole[sub], **whole[main]}, fewest, [lies_in])
        for name in (main, sub):
            found[name] = {key: both[key] for key in whole[name]}
    return found


def _betrays(told: Mapping[str, Mapping[Key, int | None]]) -> bool:
    """Say whether a total that the tables share is left out of one of them."""
    return any(
        count is None
        for cells in told.values()
        for (code, _), count in cells.items()
        if code == TOTAL
    )


def _table(dimension: Dimension, cells: Mapping[Key, int | None]) -> Table:
    seen = {code for code, _ in cells}
    order = [each for each in codes_of(dimension) if each in seen]
    return Table(dimension, order, cells)


def _by_group(code: str) -> tuple[str, bool, str]:
    return code[0], code.endswith(UNKNOWN), code


__all__ = ["SEXES", "TOTAL", "Matrix", "Table", "codes_of", "matrix", "tables"]
