"""What is published of the numbers, and what nobody can make of it."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from labour_book.domain.disclosure import TOTAL, Key, told_apart
from labour_book.domain.open_data import DATASETS, TOGETHER, published, published_moves
from labour_book.domain.statistics import Basis, Cell, Dimension, Move

K = 5
PROVINCES = ("01", "31", "48", "79")
CODES = {
    Dimension.AGE: ("20-24", "25-29", "30-34"),
    Dimension.ZONE: ("KCN", "KCX", "NONE"),
}
PEOPLE = st.one_of(st.integers(0, 6), st.integers(0, 300))


@st.composite
def populations(draw: st.DrawFn) -> list[Cell]:
    """People of provinces by age, and the same people by zone."""
    found = []
    for place in PROVINCES:
        counts = [draw(PEOPLE) for _ in CODES[Dimension.AGE]]
        first = draw(st.integers(0, counts[0]))
        by_zone = (first, counts[0] - first, sum(counts[1:]))
        for dimension, some in ((Dimension.AGE, counts), (Dimension.ZONE, by_zone)):
            for code, people in zip(CODES[dimension], some, strict=True):
                found.append(Cell(Basis.WORKERS, place, dimension, code, "F", people))
    return found


def one_more(cells: list[Cell], number: int) -> list[Cell]:
    """Return the same a month later: one more person in a province, counted in both tables."""
    place, age, zone = PROVINCES[number % 4], number % 3, number % 2
    new = {
        (Dimension.AGE, CODES[Dimension.AGE][age]),
        (Dimension.ZONE, CODES[Dimension.ZONE][zone]),
    }
    return [
        Cell(
            each.basis,
            each.place_code,
            each.dimension,
            each.code,
            each.sex,
            each.people + (each.place_code == place and (each.dimension, each.code) in new),
        )
        for each in cells
    ]


def lowest_and_highest(table: dict[Key, int | None]) -> dict[Key, tuple[float, float]]:
    """Return between which counts each cell left out lies, for whoever adds up rows and columns.

    A number that is published is known to half of the threshold; one left out is at least 1.
    """
    half = K / 2
    bounds = {
        key: (1.0, float("inf")) if people is None else (max(0, people - half), people + half)
        for key, people in table.items()
    }
    places, codes = ({key[side] for key in table} for side in (0, 1))
    rows = [((place, TOTAL), [(place, code) for code in codes]) for place in places]
    columns = [((TOTAL, code), [(place, code) for place in places]) for code in codes]
    for whole, line in (rows + columns) * 4:
        present = [key for key in line if key in bounds]
        parts = [key for key in present if key != whole]
        for key in parts:
            rest = [bounds[each] for each in parts if each != key]
            low = bounds[whole][0] - sum(high for _, high in rest)
            high = bounds[whole][1] - sum(low for low, _ in rest)
            bounds[key] = (max(bounds[key][0], low), min(bounds[key][1], high))
    return {key: bounds[key] for key, people in table.items() if people is None}


class TestPublished:
    @given(populations())
    def test_tells_only_multiples_of_the_threshold_and_no_small_number(
        self, cells: list[Cell]
    ) -> None:
        for table in published(cells, tuple(CODES), K).values():
            for people in table.values():
                assert people is None or people % K == 0

    @given(populations())
    def test_lets_nobody_recompute_what_is_left_out_from_neighbouring_cells(
        self, cells: list[Cell]
    ) -> None:
        for table in published(cells, tuple(CODES), K).values():
            for low, high in lowest_and_highest(dict(table)).values():
                assert high - low >= K - 2

    @given(populations(), st.integers(0, 11))
    def test_lets_nobody_tell_who_came_from_two_successive_months(
        self, cells: list[Cell], number: int
    ) -> None:
        before = published(cells, tuple(CODES), K)
        after = published(one_more(cells, number), tuple(CODES), K)

        for dimension, table in before.items():
            assert told_apart(table, after.get(dimension, {}), K) == []

    @given(populations())
    def test_tells_every_total_of_a_place_the_same_in_each_table(self, cells: list[Cell]) -> None:
        tables = published(cells, tuple(CODES), K)

        totals = [
            {key[0]: people for key, people in table.items() if key[1] == TOTAL}
            for table in tables.values()
        ]
        assert all(each == totals[0] for each in totals)
        assert all(people is not None for each in totals for people in each.values())

    def test_tells_provinces_of_few_people_together(self) -> None:
        cells = [
            Cell(Basis.WORKERS, place, Dimension.AGE, code, "F", people)
            for (place, people), code in product(
                (("01", 400), ("31", 20), ("48", 30), ("79", 500)), CODES[Dimension.AGE]
            )
        ]

        (table,) = published(cells, (Dimension.AGE,), K).values()

        assert {place for place, _ in table} == {"01", "79", TOGETHER, TOTAL}
        assert table[TOGETHER, TOTAL] == 150


class TestPublishedMoves:
    def test_leaves_out_few_movers_and_what_would_betray_them(self) -> None:
        moves = [
            Move("zone", origin, destination, "01", "01", people)
            for origin, destination, people in (
                *(("KCN", "NONE", 2), ("KCN", "OUT", 61), ("KCX", "NONE", 33)),
                *(("KCX", "OUT", 18), ("NONE", "KCN", 72)),
            )
        ]

        table = published_moves(moves, K)

        assert [key for key, people in table.items() if people is None] == [
            *(("KCN", "NONE"), ("KCN", "OUT"), ("KCX", "NONE"), ("KCX", "OUT"))
        ]
        assert table["NONE", "KCN"] == 70


class TestDatasets:
    def test_have_names_that_an_address_can_hold(self) -> None:
        assert all(name.replace("-", "").isalpha() and name.islower() for name in DATASETS)
