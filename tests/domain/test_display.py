from datetime import date

import pytest

from labour_book.domain.months import Month
from labour_book.domain.partial_dates import PartialDate
from labour_book.domain.people import (
    show_date,
    show_duration,
    show_money,
    show_month,
    show_personal_id,
    show_place_and_date,
)


class TestShowDate:
    @pytest.mark.parametrize(
        ("wire", "shown"), [("1965", "1965"), ("1965-05", "05/1965"), ("1965-05-03", "03/05/1965")]
    )
    def test_never_invents_a_day(self, wire: str, shown: str) -> None:
        assert show_date(PartialDate.parse(wire)) == shown

    def test_shows_days(self) -> None:
        assert show_date(date(2026, 11, 9)) == "09/11/2026"


class TestShowDuration:
    @pytest.mark.parametrize(
        ("months", "shown"),
        [(151, "12 năm 7 tháng"), (24, "2 năm"), (11, "11 tháng"), (0, "0 tháng")],
    )
    def test_counts_years_and_months(self, months: int, shown: str) -> None:
        assert show_duration(months) == shown


class TestOthers:
    def test_money_has_dots(self) -> None:
        assert show_money(1_234_567) == "1.234.567 đồng"

    def test_month(self) -> None:
        assert show_month(Month.of(2026, 9)) == "09/2026"

    def test_personal_id_in_groups(self) -> None:
        assert show_personal_id("001090123456") == "001 090 123456"

    @pytest.mark.parametrize(
        ("day", "shown"),
        [
            (date(2026, 9, 5), "Hà Nội, ngày 05 tháng 9 năm 2026"),
            (date(2026, 2, 15), "Hà Nội, ngày 15 tháng 02 năm 2026"),
            (date(2026, 11, 20), "Hà Nội, ngày 20 tháng 11 năm 2026"),
        ],
    )
    def test_official_date_pads_days_and_the_first_two_months(self, day: date, shown: str) -> None:
        assert show_place_and_date("Hà Nội", day) == shown
