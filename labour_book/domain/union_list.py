"""What is at stake for workers whose employer owes insurance: months, and the amounts by law. Pure.

Owed are months that the employer declared and did not pay; undeclared those in which there was a
contract and nothing was declared. An amount is both sides' contribution on the declared wage, as
the law of that month has it; a month whose wage is not known, or whose law is not modelled, has
none, and is counted beside.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from labour_book.domain.employers import EmployerStatus
from labour_book.domain.months import Month, MonthRange, MonthSet, month_set, ordinal_set, ranges_of

LATE_REPORT_MONTHS = 1
"""Newest reported months of which nothing is said yet: they may only have been reported late."""
BANKRUPT = frozenset(
    {
        *(EmployerStatus.BANKRUPTCY, EmployerStatus.CLOSED, EmployerStatus.REVOKED_TAX),
        EmployerStatus.DISSOLVING_OR_SPLIT,
    }
)
"""Bankrupt, dissolved, or on the way there."""
EVADING = frozenset({EmployerStatus.NOT_AT_ADDRESS})


@dataclass(frozen=True, slots=True)
class Insured:
    """A range of months that one firm declared for one person."""

    months: MonthRange
    status: str
    wage_vnd: int


@dataclass(frozen=True, slots=True)
class AtStake:
    """What one person may lose at one firm."""

    owed: tuple[MonthRange, ...]
    undeclared: tuple[MonthRange, ...]
    wages: Mapping[Month, int]
    """VND of each month at stake whose declared wage is known."""

    @property
    def months(self) -> MonthSet:
        return month_set((*self.owed, *self.undeclared))


def at_stake(
    insured: Iterable[Insured], worked: Iterable[MonthRange], reported: Month
) -> AtStake | None:
    """Return what is at stake for one person at one firm; None where nothing is.

    Of a month that nothing was declared for, the wage is the last declared one before it.
    """
    ranges = sorted(insured, key=lambda each: each.months)
    paid = month_set(e.months for e in ranges if e.status != "arrears")
    owed = month_set(e.months for e in ranges if e.status == "arrears") & ~paid
    recent = ordinal_set(reported.ordinal - LATE_REPORT_MONTHS + 1, reported.ordinal)
    undeclared = month_set(worked) & ~paid & ~owed & ~recent
    if not owed | undeclared:
        return None
    found = ranges_of(owed | undeclared)
    wages: dict[Month, int] = {}
    for month in each_month(found):
        wage = _wage(ranges, month)
        if wage:
            wages[month] = wage
    return AtStake(ranges_of(owed), ranges_of(undeclared), wages)


def _wage(ranges: list[Insured], month: Month) -> int | None:
    before = [each for each in ranges if each.months.first <= month and each.wage_vnd > 0]
    return before[-1].wage_vnd if before else None


def each_month(ranges: Iterable[MonthRange]) -> Iterable[Month]:
    """Yield the months of ranges, in order."""
    for each in ranges:
        for ordinal in range(each.first.ordinal, each.last.ordinal + 1):
            yield Month(ordinal)
