from datetime import date

import pytest

from labour_book.domain.data_requests import DataRequestKind
from labour_book.domain.share_states import DutyCause
from labour_book.law.data_subject_deadlines import acknowledge_by, answer_by, delete_by
from labour_book.law.provisions import LawNotModelled
from labour_book.law.working_days import calendar_with


class TestDeleteBy:
    @pytest.mark.parametrize(
        ("cause", "day"),
        [
            (DutyCause.NOT_HIRED, date(2026, 12, 10)),
            (DutyCause.LAPSED, date(2026, 12, 10)),
            (DutyCause.ASKED, date(2026, 12, 10)),
            (DutyCause.WITHDRAWN, date(2026, 12, 5)),
        ],
    )
    def test_counts_calendar_days(self, cause: DutyCause, day: date) -> None:
        assert delete_by(cause, date(2026, 11, 20)) == day

    @pytest.mark.parametrize("cause", list(DutyCause))
    def test_is_not_guessed_before_the_law(self, cause: DutyCause) -> None:
        with pytest.raises(LawNotModelled):
            delete_by(cause, date(2025, 12, 31))


class TestAcknowledgeBy:
    @pytest.mark.parametrize(
        ("asked_on", "day"),
        [
            (date(2026, 11, 16), date(2026, 11, 18)),
            (date(2026, 11, 20), date(2026, 11, 24)),
            (date(2026, 4, 29), date(2026, 5, 5)),
        ],
    )
    def test_counts_working_days(self, asked_on: date, day: date) -> None:
        assert acknowledge_by(asked_on, calendar_with(None)) == day


class TestAnswerBy:
    @pytest.mark.parametrize(
        ("kind", "days", "days_with_third_party"),
        [
            (DataRequestKind.ACCESS, 10, 15),
            (DataRequestKind.CORRECT, 10, 15),
            (DataRequestKind.PROVIDE, 10, 15),
            (DataRequestKind.WITHDRAW, 15, 20),
            (DataRequestKind.RESTRICT, 15, 20),
            (DataRequestKind.OBJECT, 15, 20),
            (DataRequestKind.DELETE, 20, 30),
        ],
    )
    def test_counts_calendar_days(
        self, kind: DataRequestKind, days: int, days_with_third_party: int
    ) -> None:
        asked_on = date(2026, 11, 20)

        assert (answer_by(kind, asked_on, third_party=False) - asked_on).days == days
        longer = answer_by(kind, asked_on, third_party=True) - asked_on
        assert longer.days == days_with_third_party

    @pytest.mark.parametrize("kind", list(DataRequestKind))
    def test_is_not_guessed_before_the_law(self, kind: DataRequestKind) -> None:
        with pytest.raises(LawNotModelled):
            answer_by(kind, date(2025, 12, 31), third_party=False)
