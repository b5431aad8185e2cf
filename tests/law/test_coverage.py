from datetime import date

import pytest

from labour_book.domain.coverage import Indicator
from labour_book.domain.months import Month
from labour_book.errors import Invalid
from labour_book.law.coverage import born_from, born_until, goals_of
from labour_book.law.report_calendar import ReportKind, cut_offs, dues, kind_for

TODAY = date(2026, 11, 20)


class TestGoalsOf:
    @pytest.mark.parametrize(
        ("indicator", "shares"),
        [
            (Indicator.SOCIAL, [3500, 4500, 6000]),
            (Indicator.VOLUNTARY, [100, 250, 500]),
            (Indicator.UNEMPLOYMENT, [2800, 3500, 4500]),
            (Indicator.RETIRED, [4500, 5500, 6000]),
            (Indicator.SATISFACTION, [8000, 8500, 9000]),
        ],
    )
    def test_are_those_of_the_act(self, indicator: Indicator, shares: list[int]) -> None:
        found = goals_of(indicator, on=TODAY)

        assert [each.by.year for each in found] == [2021, 2025, 2030]
        assert [each.share for each in found] == shares
        assert {each.provenance for each in found} == {"seen"}

    def test_are_not_known_before_the_act(self) -> None:
        with pytest.raises(Invalid):
            goals_of(Indicator.SOCIAL, on=date(2018, 10, 7))


class TestWorkingAge:
    @pytest.mark.parametrize(
        ("sex", "on", "first"),
        [
            # retire at the end of 11/2026 (61y6m); who was born before has retired by then
            ("M", date(2026, 11, 30), "1965-05"),
            ("M", date(2026, 12, 31), "1965-06"),
            ("F", date(2026, 9, 30), "1969-09"),
            ("F", date(2026, 10, 31), "1969-10"),
        ],
    )
    def test_ends_with_the_month_of_retirement(self, sex: str, on: date, first: str) -> None:
        assert born_from(sex, on) == Month.parse(first)

    def test_begins_on_the_fifteenth_birthday(self) -> None:
        assert born_until(date(2026, 9, 30)) == date(2011, 9, 30)
        assert born_until(date(2028, 2, 29)) == date(2013, 2, 28)


class TestDues:
    def test_come_before_the_fifth_of_the_first_month_of_a_quarter(self) -> None:
        found = dues(ReportKind.QUARTERLY, date(2026, 1, 1), date(2026, 12, 31))

        assert [each.before.isoformat() for each in found] == [
            *("2026-01-05", "2026-04-05", "2026-07-05", "2026-10-05"),
        ]
        assert [each.as_of.isoformat() for each in found] == [
            *("2025-12-31", "2026-03-31", "2026-06-30", "2026-09-30"),
        ]

    def test_come_before_the_thirtieth_of_november_and_in_december(self) -> None:
        (yearly,) = dues(ReportKind.YEARLY, date(2026, 1, 1), date(2026, 12, 31))
        (summary,) = dues(ReportKind.SUMMARY, date(2026, 1, 1), date(2026, 12, 31))

        assert (yearly.before, yearly.as_of) == (date(2026, 11, 30), date(2026, 10, 31))
        assert (summary.last_day, summary.as_of) == (date(2026, 12, 31), date(2026, 11, 30))

    def test_are_owed_by_those_whom_the_act_names(self) -> None:
        assert kind_for("insurance", None) is ReportKind.QUARTERLY
        assert kind_for("insurance", "01") is None
        assert kind_for("province", "01") is ReportKind.YEARLY
        assert kind_for("ministry", None) is ReportKind.SUMMARY
        assert kind_for("commune", "00070") is None

    def test_tell_which_days_are_counted(self) -> None:
        assert [each.isoformat() for each in cut_offs(date(2026, 9, 1), date(2026, 12, 31))] == [
            *("2026-09-30", "2026-10-31", "2026-11-30", "2026-12-31"),
        ]
