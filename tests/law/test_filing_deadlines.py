from datetime import date

import pytest

from labour_book.domain.filings import DECLARED, FilingKind
from labour_book.law.filing_deadlines import days_late, deadline_of


class TestDeadlineOf:
    @pytest.mark.parametrize("kind", DECLARED)
    def test_is_thirty_days_and_says_how_well_that_is_known(self, kind: FilingKind) -> None:
        found = deadline_of(kind, date(2026, 11, 2))

        assert found is not None
        assert found.due_on == date(2026, 12, 2)
        assert "41/2024" in found.source
        assert found.provenance == "unverified"

    def test_was_by_another_act_before(self) -> None:
        found = deadline_of(FilingKind.HIRE, date(2025, 6, 30))

        assert found is not None
        assert "58/2014" in found.source

    @pytest.mark.parametrize(
        ("kind", "day"),
        [
            (FilingKind.HIRE, date(2015, 12, 31)),
            (FilingKind.END, date(2025, 6, 30)),
            (FilingKind.CANCEL, date(2026, 11, 2)),
        ],
    )
    def test_is_not_guessed(self, kind: FilingKind, day: date) -> None:
        assert deadline_of(kind, day) is None


class TestDaysLate:
    @pytest.mark.parametrize(
        ("filed", "late"),
        [(date(2026, 11, 3), 0), (date(2026, 12, 2), 0), (date(2026, 12, 3), 1)],
    )
    def test_count_after_the_last_day(self, filed: date, late: int) -> None:
        assert days_late(date(2026, 12, 2), filed) == late
