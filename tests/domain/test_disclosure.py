"""What is left out of a table, and that nobody gets it back."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labour_book.domain.disclosure import (
    TOTAL,
    Key,
    is_small,
    rounded,
    suppressed,
    told_apart,
    with_totals,
)

K = 5
PROVINCE_OF = {"01.a": "01", "01.b": "01", "79.a": "79", "79.b": "79", "79.c": "79"}
COUNTS = st.one_of(st.integers(0, 7), st.integers(0, 60))


@st.composite
def tables(draw: st.DrawFn) -> dict[Key, int]:
    """Two or three dimensions of two to four codes with all their totals."""
    widths = draw(st.lists(st.integers(2, 4), min_size=2, max_size=3))
    codes = [[chr(97 + number) for number in range(width)] for width in widths]
    return with_totals({key: draw(COUNTS) for key in product(*codes)})


@st.composite
def nested_tables(draw: st.DrawFn) -> dict[Key, int]:
    """Communes in provinces in the country, by sex."""
    cells = with_totals({(c, sex): draw(COUNTS) for c in PROVINCE_OF for sex in "fm"})
    for (commune, sex), count in list(cells.items()):
        if commune != TOTAL:
            key = (PROVINCE_OF[commune], sex)
            cells[key] = cells.get(key, 0) + count
    return cells


def sums(cells: dict[Key, int], parent_of: dict[str, str]) -> list[dict[Key, int]]:
    """Return every equation that holds among the cells: children less their parent is nothing."""
    found = []
    for place in range(len(next(iter(cells)))):
        families: dict[Key, dict[Key, int]] = {}
        for key in cells:
            if key[place] != TOTAL:
                parent = parent_of.get(key[place], TOTAL) if place == 0 else TOTAL
                whole = (*key[:place], parent, *key[place + 1 :])
                families.setdefault(whole, {whole: -1})[key] = 1
        found += families.values()
    return found


def recomputed(shown: dict[Key, int | None], equations: list[dict[Key, int]]) -> set[Key]:
    """Return the cells left out that the equations alone determine (Gauss-Jordan elimination)."""
    rows: list[dict[Key, Fraction]] = []
    for equation in equations:
        row = {key: Fraction(n) for key, n in equation.items() if shown[key] is None}
        for other in rows:
            lead = next(iter(other))
            if factor := row.get(lead):
                row = {
                    key: value
                    for key in {**row, **other}
                    if (value := row.get(key, Fraction(0)) - factor * other.get(key, Fraction(0)))
                }
        if row:
            lead = min(row)
            row = {lead: Fraction(1)} | {k: v / row[lead] for k, v in row.items() if k != lead}
            rows = [_without(each, lead, row) for each in rows] + [row]
    return {next(iter(row)) for row in rows if len(row) == 1}


def _without(
    row: dict[Key, Fraction], lead: Key, other: dict[Key, Fraction]
) -> dict[Key, Fraction]:
    factor = row.get(lead, Fraction(0))
    first = next(iter(row))
    changed = {
        key: value
        for key in {**row, **other}
        if (value := row.get(key, Fraction(0)) - factor * other.get(key, Fraction(0)))
    }
    return {first: changed[first]} | {k: v for k, v in changed.items() if k != first}


def bounded(
    shown: dict[Key, int | None], equations: list[dict[Key, int]]
) -> dict[Key, tuple[float, float]]:
    """Return between which counts each cell left out lies, for whoever adds up line by line."""
    bounds: dict[Key, tuple[float, float]] = {
        key: (1, float("inf")) if count is None else (count, count) for key, count in shown.items()
    }
    for _ in range(12):
        for equation in equations:
            for key, sign in equation.items():
                rest = [
                    sorted(-other / sign * bound for bound in bounds[each])
                    for each, other in equation.items()
                    if each != key
                ]
                low, high = sum(r[0] for r in rest), sum(r[1] for r in rest)
                old = bounds[key]
                bounds[key] = (max(old[0], low), min(old[1], high))
    return {key: bounds[key] for key, count in shown.items() if count is None}


class TestSuppressed:
    @given(tables())
    def test_publishes_no_small_cell_and_changes_no_other(self, cells: dict[Key, int]) -> None:
        shown = suppressed(cells, K)

        assert shown.keys() == cells.keys()
        for key, count in shown.items():
            assert count is None or (count == cells[key] and not is_small(count, K))

    @given(tables())
    def test_lets_nobody_recompute_a_cell_from_its_neighbours_and_totals(
        self, cells: dict[Key, int]
    ) -> None:
        shown = suppressed(cells, K)

        equations = sums(cells, {})
        assert recomputed(shown, equations) == set()
        for low, high in bounded(shown, equations).values():
            assert high - low >= K - 2

    @given(nested_tables())
    def test_lets_nobody_recompute_a_commune_from_its_province_and_the_country(
        self, cells: dict[Key, int]
    ) -> None:
        shown = suppressed(cells, K, [PROVINCE_OF])

        equations = sums(cells, PROVINCE_OF)
        assert recomputed(shown, equations) == set()
        for low, high in bounded(shown, equations).values():
            assert high - low >= K - 2

    def test_leaves_out_one_more_of_a_line_and_the_smallest_that_will_do(self) -> None:
        cells = {("a",): 2, ("b",): 40, ("c",): 9, (TOTAL,): 51}

        shown = suppressed(cells, K)

        assert shown == {("a",): None, ("b",): 40, ("c",): None, (TOTAL,): 51}

    def test_leaves_out_the_total_of_a_line_that_has_nobody_else(self) -> None:
        cells = {("a",): 3, ("b",): 0, (TOTAL,): 3}

        assert suppressed(cells, K) == {("a",): None, ("b",): 0, (TOTAL,): None}

    def test_leaves_out_no_more_where_the_total_is_not_published(self) -> None:
        assert suppressed({("a",): 2, ("b",): 40}, K) == {("a",): None, ("b",): 40}

    def test_refuses_a_threshold_that_leaves_nothing_out(self) -> None:
        with pytest.raises(ValueError, match="threshold"):
            suppressed({("a",): 1}, 1)


class TestRounded:
    @given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(2, 20))
    def test_leaves_no_difference_smaller_than_the_threshold(
        self, first: int, second: int, k: int
    ) -> None:
        assert told_apart({("a",): rounded(first, k)}, {("a",): rounded(second, k)}, k) == []

    @given(st.integers(0, 10_000), st.integers(2, 20))
    def test_stays_within_half_of_the_threshold(self, count: int, k: int) -> None:
        near = rounded(count, k)

        assert near is not None
        assert abs(near - count) <= k / 2


class TestToldApart:
    def test_finds_what_an_area_and_its_neighbour_tell_of_three_people(self) -> None:
        before = {("01",): 100, ("79",): 80, ("48",): None}
        after = {("01",): 103, ("79",): 80, ("48",): 20}

        assert told_apart(before, after, K) == [("01",)]
