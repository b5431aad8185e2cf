"""The breaker: so many failures within so long open it, and one question closes it again."""

from datetime import timedelta

import pytest

from labour_book.errors import Unavailable
from labour_book.registers.envelope import unusable
from labour_book.services.breaking import Breaker, BreakerRules, Circuit
from tests.conftest import NOW

RULES = BreakerRules(failures=3, window_seconds=60, pause_seconds=30)


def at(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def fail(breaker: Breaker, seconds: float, cause: str = "HTTP_503") -> str:
    with pytest.raises(Unavailable) as caught, breaker.around(NOW + at(seconds)):
        raise unusable(cause)
    return str(caught.value.facts["cause"])


def answer(breaker: Breaker, seconds: float) -> None:
    with breaker.around(NOW + at(seconds)):
        pass


def circuit(breaker: Breaker, seconds: float) -> Circuit:
    return breaker.standing(NOW + at(seconds)).circuit


class TestBreaker:
    def test_opens_after_so_many_failures(self) -> None:
        breaker = Breaker(RULES)

        said = [fail(breaker, second) for second in (0, 1, 2, 3)]

        assert said == ["HTTP_503", "HTTP_503", "HTTP_503", "PAUSED"]
        assert circuit(breaker, 3) is Circuit.OPEN

    def test_stays_closed_when_they_are_too_far_apart(self) -> None:
        breaker = Breaker(RULES)

        said = [fail(breaker, second) for second in (0, 40, 70, 120)]

        assert "PAUSED" not in said
        assert circuit(breaker, 121) is Circuit.CLOSED

    def test_forgets_failures_once_there_is_an_answer(self) -> None:
        breaker = Breaker(RULES)
        fail(breaker, 0)
        fail(breaker, 1)
        answer(breaker, 2)

        said = [fail(breaker, second) for second in (3, 4)]

        assert said == ["HTTP_503", "HTTP_503"]
        assert circuit(breaker, 5) is Circuit.CLOSED

    def test_lets_one_question_through_after_the_pause(self) -> None:
        breaker = Breaker(RULES)
        for second in (0, 1, 2):
            fail(breaker, second)

        assert circuit(breaker, 32) is Circuit.HALF_OPEN
        with breaker.around(NOW + at(32)):
            assert fail(breaker, 32.5) == "PAUSED"  # while that one is out

        assert circuit(breaker, 33) is Circuit.CLOSED

    def test_opens_again_when_that_one_fails(self) -> None:
        breaker = Breaker(RULES)
        for second in (0, 1, 2):
            fail(breaker, second)

        said = [fail(breaker, 32, "TIMEOUT"), fail(breaker, 33)]

        assert said == ["TIMEOUT", "PAUSED"]
        assert circuit(breaker, 63) is Circuit.HALF_OPEN

    def test_does_not_wait_for_ever_for_one_that_never_came_back(self) -> None:
        breaker = Breaker(RULES)
        for second in (0, 1, 2):
            fail(breaker, second)
        lost = breaker.around(NOW + at(32))
        lost.__enter__()

        answer(breaker, 63)

        assert circuit(breaker, 63) is Circuit.CLOSED

    def test_tells_how_it_stands(self) -> None:
        breaker = Breaker(RULES)
        answer(breaker, 0)
        for second in (1, 2, 3):
            fail(breaker, second, "TIMEOUT")

        standing = breaker.standing(NOW + at(4))

        assert (standing.answered, standing.failed, standing.cause) == (1, 3, "TIMEOUT")
        assert standing.answered_at == NOW
        assert standing.opens_at == NOW + at(33)

    def test_begins_anew_when_somebody_has_seen_to_it(self) -> None:
        breaker = Breaker(RULES)
        for second in (0, 1, 2):
            fail(breaker, second)

        breaker.begin_anew()

        assert circuit(breaker, 3) is Circuit.CLOSED
