import pytest

from labour_book.domain.firm_checks import outliers
from labour_book.domain.robust import median, median_deviation, robust_z


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


class TestOutliers:
    def test_name_what_is_far_from_the_median_on_either_side(self) -> None:
        values = [*((float(n % 3), f"{n}") for n in range(30)), (40.0, "high"), (-40.0, "low")]

        found = dict(outliers(values, 35, 0.5))

        assert set(found) == {"high", "low"}
        assert found["high"] > 0 > found["low"]

    def test_take_the_least_deviation_where_all_are_the_same(self) -> None:
        values = [*((1.0, f"{n}") for n in range(30)), (1.2, "near"), (2.0, "far")]

        assert [name for name, _ in outliers(values, 35, 0.1)] == ["far"]
