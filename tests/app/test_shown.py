from datetime import UTC, date, datetime

import pytest

from app import shown
from app.texts import Say

VI, EN = Say("vi"), Say("en")


class TestShown:
    def test_writes_days_and_moments_the_vietnamese_way(self) -> None:
        assert shown.day(date(2026, 3, 7)) == "07/03/2026"
        assert shown.moment(datetime(2026, 11, 20, 17, 30, tzinfo=UTC)) == "00:30, 21/11/2026"

    @pytest.mark.parametrize(
        ("wire", "written"),
        [("2026", "2026"), ("2026-03", "03/2026"), ("2026-03-07", "07/03/2026")],
    )
    def test_writes_partial_dates_as_exactly_as_they_are(self, wire: str, written: str) -> None:
        assert shown.partial(wire) == written

    @pytest.mark.parametrize(
        ("value", "written"), [(0, "0"), (950, "950"), (1_234_567, "1.234.567")]
    )
    def test_parts_thousands_with_points(self, value: int, written: str) -> None:
        assert shown.amount(value) == written

    @pytest.mark.parametrize(
        ("months", "vi", "en"),
        [
            (5, "5 tháng", "5 months"),
            (24, "2 năm", "2 years"),
            (29, "2 năm 5 tháng", "2 years 5 months"),
        ],
    )
    def test_tells_months_as_years_and_months(self, months: int, vi: str, en: str) -> None:
        assert (shown.span(VI, months), shown.span(EN, months)) == (vi, en)

    def test_counts_each_month_of_overlapping_ranges_once(self) -> None:
        months = shown.months_in(["2025-11/2026-02", "2026-01/2026-03", "2026-05"])

        assert [shown.name_of(each) for each in sorted(months)] == [
            "11/2025", "12/2025", "01/2026", "02/2026", "03/2026", "05/2026",
        ]  # fmt: skip

    def test_writes_a_range_of_one_month_as_a_month(self) -> None:
        assert shown.range_shown("2026-02/2026-02") == "02/2026"
        assert shown.range_shown("2026-02/2026-10") == "02/2026 - 10/2026"
