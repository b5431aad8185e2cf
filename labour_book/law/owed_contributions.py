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
from labour_book.law.provisions import LawNotModelled

LOWEST_REGION = REGIONS[-1]
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
        amount = _of_month(wage, month)
        if amount is None:
            unmodelled += 1
        else:
            vnd += amount
    return Owed(vnd, counted, unknown, unmodelled)


@lru_cache(maxsize=65_536)
def _of_month(wage_vnd: int, month: Month) -> int | None:
    """Return both sides' contributions of a month; None where the law is not modelled."""
    try:
        own = employee_contribution(wage_vnd, month, region=LOWEST_REGION)
        employers = employer_contribution(wage_vnd, month, region=LOWEST_REGION)
    except LawNotModelled:
        return None
    return own.total + employers.total
