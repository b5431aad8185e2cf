from datetime import date

import pytest

from labour_book.domain.share_states import DutyCause
from labour_book.law.data_subject_deadlines import delete_by
from labour_book.law.provisions import LawNotModelled


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
