"""The states of a proposal: every one is reached, and what was started is never withdrawn."""

from labour_book.domain.support import OPEN, TRANSITIONS, State, Step


class TestTransitions:
    def test_know_every_step(self) -> None:
        assert TRANSITIONS.keys() == set(Step)

    def test_reach_every_state(self) -> None:
        reached = {State.PROPOSED} | {after for _, after in TRANSITIONS.values()}

        assert reached == set(State)

    def test_leave_nobody_stuck_in_an_open_state(self) -> None:
        assert {each for before, _ in TRANSITIONS.values() for each in before} >= OPEN

    def test_take_nothing_back_that_lies_at_the_portal(self) -> None:
        away = {State.STARTED, State.HANDED_OVER}

        for step in (Step.WITHDRAW, Step.EXPIRE, Step.DECLINE, Step.PROPOSE_AGAIN):
            assert not TRANSITIONS[step][0] & away
