from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labour_book.domain.share_states import (
    COPY_TRANSITIONS,
    DUTY_BEGINS_IN,
    POSSIBLE,
    Bounds,
    CopyState,
    DutyCause,
    ShareDeed,
    ShareState,
    ShareTerms,
    check_human,
    check_until,
    check_views,
    is_overdue,
    sources_of,
    state_of,
)
from labour_book.errors import Invalid

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
DAY = timedelta(days=1)
TERMS = ShareTerms(NOW + DAY, 3, 0, None, None)


class TestStateOf:
    @pytest.mark.parametrize(
        ("terms", "state"),
        [
            (TERMS, "live"),
            (ShareTerms(NOW, 3, 0, None, None), "expired"),
            (ShareTerms(NOW + DAY, 3, 3, None, None), "used_up"),
            (ShareTerms(NOW + DAY, 3, 0, NOW, None), "withdrawn"),
            (ShareTerms(NOW + DAY, 3, 0, None, NOW), "paused"),
            (ShareTerms(NOW, 3, 3, NOW, NOW), "withdrawn"),
            (ShareTerms(NOW, 3, 3, None, NOW), "expired"),
            (ShareTerms(NOW + DAY, 3, 3, None, NOW), "paused"),
        ],
    )
    def test_names_the_end_that_counts(self, terms: ShareTerms, state: str) -> None:
        assert state_of(terms, NOW) == state


class TestPossible:
    def test_says_for_every_state(self) -> None:
        assert set(POSSIBLE) == set(ShareState)

    def test_opens_only_what_is_live(self) -> None:
        opens = [state for state, deeds in POSSIBLE.items() if ShareDeed.OPEN in deeds]

        assert opens == [ShareState.LIVE]

    def test_lets_deletion_be_asked_for_at_any_time(self) -> None:
        assert all(ShareDeed.ASK_DELETION in deeds for deeds in POSSIBLE.values())


class TestCopyTransitions:
    def test_say_for_every_state(self) -> None:
        assert set(COPY_TRANSITIONS) == set(CopyState)
        assert set(DUTY_BEGINS_IN) == set(DutyCause)

    def test_end_with_deletion(self) -> None:
        assert COPY_TRANSITIONS[CopyState.DELETED] == frozenset()
        assert all(
            CopyState.DELETED in after
            for state, after in COPY_TRANSITIONS.items()
            if state is not CopyState.DELETED
        )

    def test_never_let_a_duty_go(self) -> None:
        assert COPY_TRANSITIONS[CopyState.DUE] == {CopyState.DELETED}

    @pytest.mark.parametrize("cause", list(DutyCause))
    def test_allow_what_a_cause_does(self, cause: DutyCause) -> None:
        assert DUTY_BEGINS_IN[cause] <= sources_of(CopyState.DUE)

    def test_let_a_hired_workers_data_lapse_only_when_asked(self) -> None:
        causes = [cause for cause, states in DUTY_BEGINS_IN.items() if CopyState.KEPT in states]

        assert causes == [DutyCause.ASKED]


class TestBounds:
    @given(st.integers(-100_000_000, 100_000_000))
    def test_allow_ends_within_ninety_days(self, seconds: int) -> None:
        fits = 0 < seconds <= 90 * 86_400
        until = NOW + timedelta(seconds=seconds)

        if fits:
            check_until(until, NOW, Bounds())
        else:
            with pytest.raises(Invalid):
                check_until(until, NOW, Bounds())

    @given(st.integers(-5, 200))
    def test_allow_some_views(self, views: int) -> None:
        if 1 <= views <= 100:
            check_views(views, Bounds())
        else:
            with pytest.raises(Invalid):
                check_views(views, Bounds())


class TestCheckHuman:
    @pytest.mark.parametrize("text", ["", "123456", "!!!!", "abc", "a b c"])
    def test_refuses_what_says_nothing(self, text: str) -> None:
        with pytest.raises(Invalid):
            check_human(text)

    @pytest.mark.parametrize("text", ["Xin việc", "ứng tuyển", "hiring"])
    def test_takes_words(self, text: str) -> None:
        check_human(text)


class TestIsOverdue:
    def test_begins_the_day_after_the_last(self) -> None:
        day = NOW.date()

        assert not is_overdue(day, day)
        assert is_overdue(day, day + DAY)
