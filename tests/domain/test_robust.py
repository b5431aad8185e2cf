from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labour_book.domain.robust import (
    counted_deviation,
    counted_median,
    median,
    median_deviation,
    robust_z,
)


class TestMedian:
    @pytest.mark.parametrize(
        ("ordered", "middle"), [([3.0], 3), ([1.0, 2.0], 1.5), ([1.0, 2.0, 9.0], 2)]
    )
    def test_is_the_middle_of_ordered_values(self, ordered: list[float], middle: float) -> None:
        assert median(ordered) == middle


class TestRobustZ:
    def test_is_not_bent_by_the_outlier_it_finds(self) -> None:
        ordered = [9.0, 10.0, 10.0, 11.0, 12.0, 1_000.0]
        middle = median(ordered)
        deviation = median_deviation(ordered, middle)

        assert (middle, deviation) == (10.5, 1.0)
        assert robust_z(1_000, middle, deviation) == pytest.approx(0.6745 * 989.5)
        assert abs(robust_z(12, middle, deviation)) < 3.5


class TestCounted:
    @given(st.lists(st.integers(1, 9), min_size=1, max_size=30))
    def test_gives_what_all_the_values_one_by_one_give(self, values: list[int]) -> None:
        ordered = sorted(float(each) for each in values)
        counted = sorted(Counter(ordered).items())
        middle = median(ordered)

        assert counted_median(counted) == middle
        assert counted_deviation(counted, middle) == median_deviation(ordered, middle)
