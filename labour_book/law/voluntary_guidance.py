"""What a person is told of voluntary insurance: what it costs a month, what the State adds."""

from datetime import date

from labour_book.domain.insured_months import InsuredMonths
from labour_book.domain.months import Month
from labour_book.law.guidance import Entitlement, Right, Sheet
from labour_book.law.provisions import amount
from labour_book.law.voluntary_support import (
    GROUPS,
    own_payment,
    subsidy,
    voluntary_contribution,
)

_ACT = "Luật BHXH 41/2024/QH15, art. 36"
_SUPPORT = "ND 159/2025/ND-CP, art. 5"


def voluntary_guidance(insured: InsuredMonths, today: date, *, insured_now: bool) -> Entitlement:
    """Return what can be told of it on a day, for the lowest income that can be chosen.

    Which group somebody is in is not looked up: poverty and ethnicity are sensitive, so all groups
    are told. Every voluntary month counts as supported; the book does not know better.
    """
    sheet = Sheet.of(Right.VOLUNTARY_INSURANCE, _ACT, _SUPPORT)
    month = Month.of_day(today)
    supported = insured.paid["VOL"].bit_count()
    sheet.from_book("months_voluntary", supported, "months")
    names = ("lowest_contribution", "support", "own_payment", "support_months_left")
    sheet.attempt(names, lambda: _cost(sheet, month, supported))
    sheet.condition("not_in_compulsory", _ACT, holds=not insured_now)
    sheet.condition("group", _SUPPORT)
    return sheet.closed()


def _cost(sheet: Sheet, month: Month, supported: int) -> None:
    on = month.first_day
    sheet.from_law(["voluntary.rural_poverty_line"], "vnd", on=on)
    sheet.from_law(["voluntary.rate"], "permille", on=on)
    sheet.from_law([f"voluntary.support.{group}" for group in GROUPS], "permille", on=on)
    sheet.from_law(["voluntary.support_months_at_most"], "months", on=on)
    lowest = amount("voluntary.rural_poverty_line", on=on)
    most = amount("voluntary.support_months_at_most", on=on)
    sheet.result("lowest_contribution", voluntary_contribution(lowest, month), "vnd")
    for group in reversed(GROUPS):
        support = subsidy([group], month, months_supported=supported)
        sheet.result("support", support, "vnd", group)
    sheet.result("own_payment", own_payment(lowest, [], month), "vnd", GROUPS[-1])
    sheet.result("support_months_left", max(0, most - supported), "months")
