"""How values are written for people in Vietnamese (ND 30/2020 for official dates)."""

from collections.abc import Iterable
from datetime import date

from labour_book.domain.months import Month, MonthRange
from labour_book.domain.partial_dates import PartialDate

_PER_YEAR = 12
_LAST_PADDED_MONTH = 2


def show_date(day: date | PartialDate) -> str:
    """Return ``dd/mm/yyyy``, or ``mm/yyyy`` or ``yyyy`` when no more is known."""
    if day.month is None:
        return f"{day.year:04d}"
    if day.day is None:
        return f"{day.month:02d}/{day.year:04d}"
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def show_month(month: Month) -> str:
    """Return ``mm/yyyy``."""
    return f"{month.month:02d}/{month.year:04d}"


def show_months(spans: Iterable[MonthRange]) -> str:
    """Return ranges of months, separated by commas; empty for none."""
    return ", ".join(
        show_month(each.first)
        if each.first == each.last
        else f"{show_month(each.first)} – {show_month(each.last)}"
        for each in spans
    )


def show_unknown_start(found: Month) -> str:
    """Return what is said of a job whose first day nobody states, found to be held in a month."""
    return f"không rõ ngày bắt đầu; có mặt tại thời điểm thu thập {show_month(found)}"


def show_unknown_end(last: Month) -> str:
    """Return what is said of a job that is not known after a month, but not to have ended."""
    return f"không rõ ngày kết thúc; có dữ liệu đến {show_month(last)}"


def show_duration(months: int) -> str:
    """Return ``12 năm 7 tháng``; ``0 tháng`` for none."""
    years, rest = divmod(months, _PER_YEAR)
    parts = ([f"{years} năm"] if years else []) + ([f"{rest} tháng"] if rest else [])
    return " ".join(parts) or "0 tháng"


def show_money(vnd: int) -> str:
    """Return ``1.234.567 đồng``."""
    return f"{vnd:,} đồng".replace(",", ".")


def show_personal_id(personal_id: str) -> str:
    """Return twelve digits in groups for reading: ``001 090 123456``."""
    return f"{personal_id[:3]} {personal_id[3:6]} {personal_id[6:]}"


def show_place_and_date(place: str, day: date) -> str:
    """Return the line of an official document: ``Hà Nội, ngày 05 tháng 9 năm 2026``.

    Days below 10 and the months 1 and 2 carry a leading zero, other months none.
    """
    padded = f"{day.month:02d}" if day.month <= _LAST_PADDED_MONTH else str(day.month)
    return f"{place}, ngày {day.day:02d} tháng {padded} năm {day.year}"
