"""What an employer owes for months at stake: both sides' contributions, month by month.

The region of the minimum wage is not known of an employer. It matters only for the ceiling of
unemployment insurance; the lowest region is taken, so that an amount is never too high.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from labour_book.domain.months import Month
from labour_book.law.contributions import (
    REGIONS,
    employee_contribution,
    employer_contribution,
)
from labour_book.law.provisions import LawNotModelled, value_of

LOWEST_REGION = REGIONS[-1]
_FUNDS = ("pension", "sickness_maternity", "accident", "health", "unemployment")
_NUMBERS = (
    *("reference_level", f"regional_minimum_wage.{LOWEST_REGION}"),
    *("contributions.floor_reference_levels", "contributions.ceiling_reference_levels"),
    "contributions.ui_ceiling_minimum_wages",
    *(f"contributions.{payer}.{fund}" for payer in ("employee", "employer") for fund in _FUNDS),
)
"""All numbers of the law that contributions are reckoned with."""
ARTICLES = ("Luật BHXH 41/2024/QH15, art. 31-34", "Luật Việc làm 74/2025/QH15, art. 33-34")


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed for some months, and of how many no amount can be told."""

    vnd: int = 0
    months: int = 0
    wage_unknown: int = 0
    """Months."""
    law_unknown: int = 0
    """Months before the law that is modelled."""

    def plus(self, other: "Owed") -> "Owed":
        return Owed(
            self.vnd + other.vnd,
            self.months + other.months,
            self.wage_unknown + other.wage_unknown,
            self.law_unknown + other.law_unknown,
        )


def owed_for(months: Iterable[Month], wages: Mapping[Month, int]) -> Owed:
    """Return what is owed for some months with the declared wage of each."""
    vnd = counted = unknown = unmodelled = 0
    for month in months:
        counted += 1
        wage = wages.get(month)
        if wage is None:
            unknown += 1
            continue
        amount = _of_month(wage, _first_alike(month))
        if amount is None:
            unmodelled += 1
        else:
            vnd += amount
    return Owed(vnd, counted, unknown, unmodelled)


@lru_cache(maxsize=4_096)
def _first_alike(month: Month) -> Month:
    """Return the first month of the law of a month: what is owed of a wage is the same in both."""
    try:
        since = [value_of(name, on=month.first_day).since for name in _NUMBERS]
    except LawNotModelled:
        return month
    return Month.of_day(max(since))


@lru_cache(maxsize=65_536)
def _of_month(wage_vnd: int, month: Month) -> int | None:
    """Return both sides' contributions of a month; None where the law is not modelled."""
    try:
        own = employee_contribution(wage_vnd, month, region=LOWEST_REGION)
        employers = employer_contribution(wage_vnd, month, region=LOWEST_REGION)
    except LawNotModelled:
        return None
    return own.total + employers.total
