"""Months that were worked and not insured: until when to act, and what voluntary insurance costs.

Nothing of a missing month can be paid afterwards by the worker here: the employer still owes it,
and no rule on paying voluntary insurance for past months was seen. The bridge is for months to
come, as many as are missing. Not modelled: arbitration, what suspends a time limit, interest.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from labour_book.domain.months import Month
from labour_book.law.provisions import LawNotModelled, Value, amount, value_of
from labour_book.law.voluntary_support import GROUPS, subsidy, voluntary_contribution

LIMITS = ("complaint", "mediation", "court")


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """The last day of something that can be done, counted from a day, and where that stands."""

    name: str
    counted_from: date
    last_day: date
    source: str
    provenance: str


@dataclass(frozen=True, slots=True)
class Share:
    """What the State adds for somebody of a group, and what is left to pay, in VND per month."""

    group: str
    support: int
    own: int


@dataclass(frozen=True, slots=True)
class Bridge:
    """Voluntary insurance for as many months as are missing, on the lowest income."""

    first: Month
    last: Month
    income: int
    contribution: int
    """VND per month, as the law is on the day it is told: later months may cost more."""
    shares: tuple[Share, ...]
    sources: tuple[str, ...]

    @property
    def months(self) -> int:
        return self.last - self.first + 1


def time_limits(counted_from: date) -> tuple[TimeLimit, ...]:
    """Return until when a worker may complain, ask a mediator, and go to court.

    What is not modelled for that time is left out.
    """
    found = []
    for name in LIMITS:
        try:
            value = value_of(f"missing_months.{name}", on=counted_from)
        except LawNotModelled:
            continue
        last_day = _last_day(counted_from, value)
        found.append(TimeLimit(name, counted_from, last_day, value.source, value.provenance))
    return tuple(found)


def bridge_over(missing: int, today: date, *, months_supported: int) -> Bridge | None:
    """Return the bridge over so many missing months, from the next month on.

    None where the law of that day is not modelled. Which group somebody is in is not looked up
    (it would tell of poverty and ethnicity), so each group is told.
    """
    first, now = Month.of_day(today).plus(1), Month.of_day(today)
    on = now.first_day
    try:
        income = amount("voluntary.rural_poverty_line", on=on)
        whole = voluntary_contribution(income, now)
        shares = [
            (group, subsidy([group], now, months_supported=months_supported)) for group in GROUPS
        ]
        rate, support = (
            value_of("voluntary.rate", on=on),
            value_of("voluntary.support.OTHER", on=on),
        )
    except LawNotModelled:
        return None
    return Bridge(
        first=first,
        last=first.plus(missing - 1),
        income=income,
        contribution=whole,
        shares=tuple(Share(group, part, whole - part) for group, part in shares),
        sources=(rate.source, support.source),
    )


def _last_day(counted_from: date, value: Value) -> date:
    if value.unit != "months":
        return counted_from + timedelta(days=value.amount)
    later = Month.of_day(counted_from).plus(value.amount)
    day = min(counted_from.day, monthrange(later.year, later.month)[1])
    return date(later.year, later.month, day)
