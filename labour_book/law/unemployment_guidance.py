"""What a person is told of the unemployment benefit: whether, how long, how much, by when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from labour_book.domain.insured_months import InsuredMonths
from labour_book.domain.lines import EmploymentEntry
from labour_book.domain.months import Month
from labour_book.domain.partial_dates import PartialDate
from labour_book.law.contributions import REGIONS
from labour_book.law.guidance import Entitlement, NotKnown, Right, Sheet
from labour_book.law.unemployment_benefit import (
    apply_by,
    benefit_months,
    benefit_range,
    insured_long_enough,
    lookback_months,
    reserved_months,
    wage_months,
)

_CONDITIONS = "Luật Việc làm 74/2025/QH15, art. 38"
_LEVEL = "Luật Việc làm 74/2025/QH15, art. 39"
_OF = "unemployment_benefit."
_UNTOLD = ("how_work_ended", "no_pension", "nothing_drawn", "not_working_again")
"""Conditions that a book cannot tell."""


@dataclass(frozen=True, slots=True)
class _Stop:
    """When the work ended, or would if it were today."""

    month: Month
    ended_on: date | None
    """None while the work goes on, and where only the month is known."""
    is_supposed: bool
    """The work goes on: everything is told as if it ended today."""


def unemployment_guidance(
    entries: Sequence[EmploymentEntry], insured: InsuredMonths, today: date
) -> Entitlement:
    """Return what can be told of the benefit on a day.

    All months of unemployment insurance count as not used yet, and contracts as of a year or more:
    the book does not know better, and says so.
    """
    sheet = Sheet.of(Right.UNEMPLOYMENT_BENEFIT, _CONDITIONS, _LEVEL)
    stop = _stop(entries, today)
    total = insured.paid["UI"].bit_count()
    sheet.from_book("months_unemployment", total, "months")
    sheet.from_book("reported_through", str(insured.reported), "month")
    day = stop.ended_on or (today if stop.is_supposed else stop.month.last_day)
    sheet.attempt(("months_in_lookback",), lambda: _months(sheet, insured, stop, day))
    sheet.attempt(("benefit_months", "reserved_months"), lambda: _length(sheet, total, day))
    sheet.attempt(("monthly_lowest", "monthly_highest"), lambda: _level(sheet, insured, day))
    sheet.condition("work_ended", _CONDITIONS, holds=not stop.is_supposed)
    if not stop.is_supposed:
        sheet.attempt(("apply_by",), lambda: _deadline(sheet, stop, today))
    for name in _UNTOLD:
        sheet.condition(name, _CONDITIONS)
    return sheet.closed()


def _stop(entries: Sequence[EmploymentEntry], today: date) -> _Stop:
    ended = [_ended(entry) for entry in entries]
    if not ended or any(entry.running for entry in entries):
        return _Stop(Month.of_day(today), None, is_supposed=True)
    return max(ended, key=lambda each: (each.month, each.ended_on or date.min))


def _ended(entry: EmploymentEntry) -> _Stop:
    if entry.last_day is None:
        known = entry.known_until or Month.of(1900, 1)
        return _Stop(known, None, is_supposed=False)
    last = PartialDate.parse(entry.last_day)
    day = last.last_possible if last.is_whole else None
    return _Stop(Month.of_day(last.last_possible), day, is_supposed=False)


def _months(sheet: Sheet, insured: InsuredMonths, stop: _Stop, day: date) -> None:
    sheet.from_law([f"{_OF}insured_months_needed", f"{_OF}lookback.normal"], "months", on=day)
    first = stop.month.plus(1 - lookback_months(day))
    within = insured.paid_within("UI", first, stop.month)
    sheet.result("months_in_lookback", within, "months")
    sheet.found("insured_long_enough", insured_long_enough(within, day))


def _length(sheet: Sheet, total: int, day: date) -> None:
    rule = ("first_step_covers", "months_of_first_step", "months_at_most")
    sheet.from_law([f"{_OF}{each}" for each in rule], "months", on=day)
    sheet.result("benefit_months", benefit_months(total, day), "months")
    sheet.result("reserved_months", reserved_months(total, day), "months")


def _level(sheet: Sheet, insured: InsuredMonths, day: date) -> None:
    wages = insured.last_wages(wage_months(day))
    if not wages:
        raise NotKnown("NO_WAGE")
    last_month = wages[-1][0]
    sheet.from_law([f"{_OF}wage_months"], "months", on=day)
    for month, wage in wages:
        sheet.from_book("wage", wage, "vnd", str(month))
    on = last_month.first_day
    sheet.from_law([f"{_OF}share"], "permille", on=on)
    sheet.from_law([f"{_OF}cap"], "times", on=on)
    sheet.from_law([f"regional_minimum_wage.{each}" for each in REGIONS], "vnd", on=on)
    average = round(sum(wage for _, wage in wages) / len(wages))
    least, most = benefit_range(average, last_month=last_month)
    sheet.result("average_wage", average, "vnd")
    sheet.result("monthly_lowest", least, "vnd")
    sheet.result("monthly_highest", most, "vnd")


def _deadline(sheet: Sheet, stop: _Stop, today: date) -> None:
    if stop.ended_on is None:
        raise NotKnown("END_UNKNOWN")
    sheet.from_book("ended_on", stop.ended_on.isoformat(), "day")
    sheet.from_law([f"{_OF}apply_within"], "months", on=stop.ended_on)
    last = apply_by(stop.ended_on)
    sheet.result("apply_by", last.isoformat(), "day")
    sheet.condition("in_time", _CONDITIONS, holds=today <= last)
