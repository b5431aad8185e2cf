from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labour_book.domain.periods import Period, days, gaps, merge, overlaps
from labour_book.errors import Invalid

HORIZON = date(2021, 1, 1)
some_days = st.dates(date(2019, 10, 1), date(2020, 3, 31))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    first = draw(some_days)
    length = draw(st.none() | st.integers(0, 90))
    return Period.of_days(first, None if length is None else first + timedelta(length))


def covered(period: Period) -> set[date]:
    end = period.end or HORIZON
    return {period.start + timedelta(n) for n in range((end - period.start).days)}


def all_days(several: list[Period]) -> set[date]:
    return set().union(*map(covered, several))


class TestOfDays:
    @given(some_days, some_days)
    def test_gives_back_its_days(self, first: date, last: date) -> None:
        if last < first:
            with pytest.raises(Invalid):
                Period.of_days(first, last)
            return
        period = Period.of_days(first, last)

        assert (period.first_day, period.last_day) == (first, last)
        assert days(period) == len(covered(period))

    def test_runs_on_without_a_last_day(self) -> None:
        running = Period.of_days(date(2026, 1, 1), None)

        assert running.last_day is None
        assert days(running) is None


class TestMerge:
    @given(st.lists(periods()))
    def test_keeps_exactly_the_days_of_its_input(self, given_periods: list[Period]) -> None:
        assert all_days(merge(given_periods)) == all_days(given_periods)

    @given(st.lists(periods()))
    def test_leaves_nothing_to_join(self, given_periods: list[Period]) -> None:
        merged = merge(given_periods)

        assert not any(a.reaches(b.start) for a, b in pairwise(merged))


class TestOverlaps:
    @given(periods(), periods())
    def test_is_sharing_a_day(self, one: Period, other: Period) -> None:
        assert overlaps(one, other) == overlaps(other, one) == bool(covered(one) & covered(other))


class TestGaps:
    @given(st.lists(periods()), periods())
    def test_are_exactly_the_days_not_covered(
        self, given_periods: list[Period], within: Period
    ) -> None:
        assert all_days(gaps(given_periods, within)) == covered(within) - all_days(given_periods)
