from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labour_book.domain.months import (
    Month,
    MonthRange,
    first_of,
    gaps,
    last_of,
    merge_months,
    month_set,
    ranges_of,
    unique_months,
)
from labour_book.errors import Invalid

months = st.builds(Month.of, st.integers(1900, 2199), st.integers(1, 12))
near_months = st.builds(Month.of, st.integers(1994, 2026), st.integers(1, 12))


@st.composite
def month_ranges(draw: st.DrawFn) -> MonthRange:
    first = draw(near_months)
    return MonthRange(first, first.plus(draw(st.integers(0, 40))))


def covered(ranges: list[MonthRange]) -> set[Month]:
    return {month for each in ranges for month in each.months()}


class TestMonth:
    @given(months)
    def test_reads_what_it_writes(self, month: Month) -> None:
        assert Month.parse(str(month)) == month

    @given(near_months, st.integers(-500, 500))
    def test_comes_back_from_any_distance(self, month: Month, distance: int) -> None:
        later = month.plus(distance)

        assert later - month == distance
        assert later.plus(-distance) == month

    @given(months)
    def test_ends_on_the_eve_of_the_next(self, month: Month) -> None:
        if month < Month.of(2199, 12):
            assert (month.plus(1).first_day - month.last_day).days == 1
        assert Month.of_day(month.first_day) == Month.of_day(month.last_day) == month

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "2026",
            "2026-13",
            "2026-00",
            "2026/10",
            "26-10",
            "2026-1",
            "2026-1０",
            "1899-12",
            "+026-10",
        ],
    )
    def test_refuses_what_is_no_month(self, text: str) -> None:
        with pytest.raises(Invalid):
            Month.parse(text)


class TestMonthRange:
    @given(month_ranges())
    def test_reads_what_it_writes(self, given_range: MonthRange) -> None:
        assert MonthRange.parse(str(given_range)) == given_range

    def test_reads_one_month_alone(self) -> None:
        assert len(MonthRange.parse("2026-10")) == 1

    def test_refuses_to_end_before_it_begins(self) -> None:
        with pytest.raises(Invalid):
            MonthRange.parse("2026-10/2026-09")

    @given(month_ranges(), near_months)
    def test_holds_exactly_its_months(self, given_range: MonthRange, month: Month) -> None:
        assert (month in given_range) == (month in given_range.months())


class TestMergeMonths:
    @given(st.lists(month_ranges()))
    def test_keeps_exactly_the_months_of_its_input(self, ranges: list[MonthRange]) -> None:
        assert covered(merge_months(ranges)) == covered(ranges)

    @given(st.lists(month_ranges()))
    def test_leaves_nothing_to_join(self, ranges: list[MonthRange]) -> None:
        merged = merge_months(ranges)

        assert all(b.first - a.last > 1 for a, b in pairwise(merged))

    @given(st.lists(month_ranges()))
    def test_does_not_mind_the_order(self, ranges: list[MonthRange]) -> None:
        assert merge_months(ranges) == merge_months(reversed(ranges))


class TestUniqueMonths:
    @given(st.lists(month_ranges()))
    def test_counts_each_month_once(self, ranges: list[MonthRange]) -> None:
        assert unique_months(ranges) == len(covered(ranges))


class TestGaps:
    @given(st.lists(month_ranges()), month_ranges())
    def test_are_exactly_the_months_not_covered(
        self, ranges: list[MonthRange], within: MonthRange
    ) -> None:
        free = covered(gaps(ranges, within))

        assert free == set(within.months()) - covered(ranges)


class TestMonthSet:
    @given(st.lists(month_ranges(), min_size=1))
    def test_knows_its_first_and_last(self, ranges: list[MonthRange]) -> None:
        months_held = month_set(ranges)

        assert first_of(months_held) == min(covered(ranges))
        assert last_of(months_held) == max(covered(ranges))

    def test_is_empty_without_ranges(self) -> None:
        assert ranges_of(0) == ()
        assert first_of(0) is last_of(0) is None
