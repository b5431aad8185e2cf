from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labour_book.domain.coverage import (
    FEWEST_POINTS,
    Goal,
    Indicator,
    Measure,
    Point,
    Standing,
    next_goal,
    projection,
    share_of,
    target_line,
)

GOALS = (
    Goal(date(2025, 12, 31), 4500, "act", "seen"),
    Goal(date(2030, 12, 31), 6000, "act", "seen"),
)
QUARTERS = (
    *(date(2025, 3, 31), date(2025, 6, 30), date(2025, 9, 30), date(2025, 12, 31)),
    *(date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30)),
)


def points(*shares: int | None) -> list[Point]:
    """Return quarters with these shares, the newest last."""
    days = QUARTERS[-len(shares) :]
    return [
        Point(day, share, None if share is None else 10_000)
        for day, share in zip(days, shares, strict=True)
    ]


class TestShareOf:
    @pytest.mark.parametrize(
        ("part", "whole", "share"), [(1, 3, 3333), (2, 3, 6667), (1, 8, 1250), (1, 20_000, 1)]
    )
    def test_rounds_half_up(self, part: int, whole: int, share: int) -> None:
        assert share_of(part, whole) == share


class TestTargetLine:
    def test_runs_straight_from_each_target_to_the_next(self) -> None:
        assert target_line(GOALS, date(2025, 12, 31)) == 4500
        assert target_line(GOALS, date(2026, 12, 31)) == 4800
        assert target_line(GOALS, date(2031, 1, 1)) == 6000

    def test_is_not_there_before_the_first_target(self) -> None:
        assert target_line(GOALS, date(2025, 12, 30)) is None
        assert next_goal(GOALS, date(2031, 1, 1)) is None


class TestProjection:
    def test_draws_a_straight_line_on(self) -> None:
        days = [each.toordinal() for each in QUARTERS[-4:]]
        trend = points(*(each - days[0] for each in days))

        found = projection(trend, date(2027, 9, 30))

        assert found is not None
        assert found.share == date(2027, 9, 30).toordinal() - days[0]
        assert (found.points, found.method) == (4, "linear")

    def test_needs_enough_quarters_with_a_share(self) -> None:
        few = points(4000, None, 4100, 4200)

        assert projection(few, date(2030, 12, 31)) is None
        assert projection(points(4000, 4050, 4100, 4200), QUARTERS[-1]) is None
        assert FEWEST_POINTS == 4

    @given(st.lists(st.integers(0, 10_000), min_size=4, max_size=7))
    def test_stays_a_share(self, shares: list[int]) -> None:
        found = projection(points(*shares), date(2060, 12, 31))

        assert found is not None
        assert 0 <= found.share <= 10_000


class TestStanding:
    def test_says_which_figure_is_missing(self) -> None:
        now = Point(QUARTERS[-1], 10, None)
        found = Standing(Indicator.SOCIAL, now, 4500, GOALS, (now,), None)

        assert (found.lacks, found.ahead) == (Measure.LABOUR_FORCE, None)

    def test_says_how_far_it_is_from_the_line(self) -> None:
        now = Point(QUARTERS[-1], 40, 100)

        assert Standing(Indicator.SOCIAL, now, 4500, GOALS, (now,), None).ahead == -500
