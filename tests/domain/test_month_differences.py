"""Months of insurance in two places, side by side."""

from labour_book.domain.month_differences import MonthShown, compared
from labour_book.domain.months import Month


def shown(text: str, status: str = "contributed", unit: str = "0100109106") -> MonthShown:
    return MonthShown(Month.parse(text), unit, "Công ty Mẫu", status)


class TestCompared:
    def test_lays_every_month_of_either_side_by_side_the_newest_first(self) -> None:
        ours = [shown("2026-08"), shown("2026-07")]
        theirs = [shown("2026-08", "arrears"), shown("2026-06")]

        found = compared(ours, theirs, through=Month.of(2026, 9))

        assert [(str(each.month), each.ours, each.theirs, each.same) for each in found] == [
            ("2026-08", "contributed", "arrears", False),
            ("2026-07", "contributed", "none", False),
            ("2026-06", "none", "contributed", False),
        ]

    def test_leaves_out_what_one_of_them_has_not_heard_of_yet(self) -> None:
        found = compared([shown("2026-10"), shown("2026-09")], [], through=Month.of(2026, 9))

        assert [str(each.month) for each in found] == ["2026-09"]

    def test_tells_two_employers_of_one_month_apart(self) -> None:
        ours = [shown("2026-08"), shown("2026-08", unit="0100109105")]

        found = compared(ours, ours, through=Month.of(2026, 8))

        assert len(found) == 2
        assert all(each.same for each in found)
