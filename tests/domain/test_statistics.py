"""Which months are counted, and tables of one place that do not betray each other."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from labour_book.domain.disclosure import TOTAL, is_small
from labour_book.domain.months import Month
from labour_book.domain.statistic_tables import codes_of, matrix, tables
from labour_book.domain.statistics import (
    UNKNOWN,
    ZONES,
    Basis,
    Cell,
    Dimension,
    Move,
    due_months,
    is_final,
)

K = 5
LAST = Month.of(2026, 10)
BY_ZONE = (Dimension.ZONE, Dimension.OCCUPATION, Dimension.OCCUPATION_2)
SPREAD = tuple(product(("KCN", "NONE"), ("7", "8"), ("F", "M")))


@st.composite
def places(draw: st.DrawFn) -> list[Cell]:
    """Workers of one place by zone, by occupation, and by the next level of it."""
    found: dict[tuple[str, str, str], int] = {}
    for zone, group, sex in SPREAD:
        people = draw(st.one_of(st.integers(0, 4), st.integers(0, 90)))
        part = draw(st.integers(0, people))
        for dimension, code, count in (
            (Dimension.ZONE, zone, people),
            (Dimension.OCCUPATION, group, people),
            (Dimension.OCCUPATION_2, f"{group}1", part),
            (Dimension.OCCUPATION_2, f"{group}{UNKNOWN}", people - part),
        ):
            key = (dimension, code, sex)
            found[key] = found.get(key, 0) + count
    return [Cell(Basis.WORKERS, "01", *key, people) for key, people in found.items()]


class TestDueMonths:
    def test_are_all_that_are_kept_but_those_that_are_final(self) -> None:
        prepared = {LAST.plus(-3): True, LAST.plus(-1): False}

        due = due_months(LAST, prepared, kept=5)

        assert due == [LAST.plus(-back) for back in (4, 2, 1, 0)]


class TestIsFinal:
    def test_once_late_filings_have_had_their_months(self) -> None:
        assert is_final(LAST.plus(-3), LAST, settling=3)
        assert not is_final(LAST.plus(-2), LAST, settling=3)


class TestTables:
    @given(places())
    def test_tell_no_small_number_and_their_total_in_all_of_them_or_in_none(
        self, cells: list[Cell]
    ) -> None:
        found = tables(cells, BY_ZONE, fewest=K)

        for table in found:
            assert not any(people and is_small(people, K) for people in table.cells.values())
        for sex in ("F", "M", TOTAL):
            assert len({table.people(TOTAL, sex) for table in found}) == 1

    @given(places())
    def test_leave_nothing_out_for_who_may_see_the_people(self, cells: list[Cell]) -> None:
        found = tables(cells, BY_ZONE, fewest=None)

        shown = {(t.dimension, *key): people for t in found for key, people in t.cells.items()}
        assert all(
            shown[Dimension(each.dimension), each.code, each.sex] == each.people for each in cells
        )

    def test_tell_nothing_by_sex_where_a_total_would_betray_it(self) -> None:
        cells = [
            Cell(Basis.WORKERS, "01", Dimension.ZONE, "KCN", sex, people)
            for sex, people in (("F", 3), ("M", 60))
        ]

        (table,) = tables(cells, [Dimension.ZONE], fewest=K)

        assert table.is_without_sex
        assert table.people("KCN") == 63
        assert table.people("KCN", "F") is None


class TestMatrix:
    def test_adds_up_months_and_shows_the_codes_in_their_order(self) -> None:
        moves = [
            Move("zone", "KCX", "KCN", "01", province, people)
            for province, people in (("01", 7), ("79", 5))
        ]

        found = matrix(moves, ZONES, fewest=K)

        assert found.codes == ["KCN", "KCX"]
        assert found.people("KCX", "KCN") == found.people(TOTAL, TOTAL) == 12


class TestCodesOf:
    def test_are_known_of_every_dimension(self) -> None:
        assert all(codes_of(each)[-1] == UNKNOWN for each in Dimension)
