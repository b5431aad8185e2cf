"""When which agency reports on NQ 125/NQ-CP of 08/10/2018, and as of which day.

The act says before which day a report is there, not through which day its numbers reach: a
quarterly report tells of the quarter before, the others of the months that ended before the month
of the deadline; that is our rule. Left out: reports of the ministries but for the labour ministry,
which keep no unit here, and reports "when asked" have no deadline.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from labour_book.domain.months import Month
from labour_book.law.provisions import amount, value_of

FIRST_YEAR = 2019
"""The act was passed in October 2018."""
_ONE_DAY = timedelta(days=1)
_QUARTER = 3


class ReportKind(StrEnum):
    """Which report; the word is permanent."""

    QUARTERLY = "quarterly"
    """Báo cáo quý: Việt Nam Social Security, before the 5th of the quarter's first month."""
    YEARLY = "yearly"
    """Báo cáo năm: the provinces, before 30 November."""
    SUMMARY = "summary"
    """Tổng hợp năm: the ministry to the Government, in December."""
    ASKED = "asked"
    """Báo cáo theo yêu cầu: any unit, when somebody asks for it; no deadline."""


@dataclass(frozen=True, slots=True)
class Due:
    """A report that falls due: of which numbers, and the last day on which it is in time."""

    kind: ReportKind
    as_of: date
    opens_on: date
    """From this day on the numbers can be complete."""
    last_day: date
    source: str

    @property
    def before(self) -> date:
        """Return the day before which the report is there, as the act says it."""
        return self.last_day + _ONE_DAY


def kind_for(unit_kind: str, place_code: str | None) -> ReportKind | None:
    """Return which report a unit owes regularly; None for none."""
    if unit_kind == "insurance":
        return ReportKind.QUARTERLY if place_code is None else None
    return {"province": ReportKind.YEARLY, "ministry": ReportKind.SUMMARY}.get(unit_kind)


def dues(kind: ReportKind, first: date, last: date) -> list[Due]:
    """Return the reports of a kind whose last day lies between two days, both included."""
    years = range(max(first.year, FIRST_YEAR), last.year + 1)
    found = [each for year in years for each in _of_year(kind, year)]
    return [each for each in found if first <= each.last_day <= last]


def cut_offs(first: date, last: date) -> list[date]:
    """Return the days of which some report has to tell, between two days, both included."""
    kinds = (ReportKind.QUARTERLY, ReportKind.YEARLY, ReportKind.SUMMARY)
    years = range(max(first.year, FIRST_YEAR), last.year + 2)
    found = {each.as_of for kind in kinds for year in years for each in _of_year(kind, year)}
    return sorted(each for each in found if first <= each <= last)


def _of_year(kind: ReportKind, year: int) -> Iterator[Due]:
    match kind:
        case ReportKind.QUARTERLY:
            for first in range(1, 13, _QUARTER):
                yield _before(kind, Month.of(year, first), "reports.quarterly.before_day")
        case ReportKind.YEARLY:
            number = amount("reports.yearly.month", on=date(year, 1, 1))
            yield _before(kind, Month.of(year, number), "reports.yearly.before_day")
        case ReportKind.SUMMARY:
            value = value_of("reports.summary.month", on=date(year, 1, 1))
            month = Month.of(year, value.amount)
            yield Due(kind, _end_before(month), month.first_day, month.last_day, value.source)
        case ReportKind.ASKED:
            return


def _before(kind: ReportKind, month: Month, parameter: str) -> Due:
    value = value_of(parameter, on=month.first_day)
    last_day = month.first_day.replace(day=value.amount) - _ONE_DAY
    return Due(kind, _end_before(month), month.first_day, last_day, value.source)


def _end_before(month: Month) -> date:
    return month.plus(-1).last_day
