"""What NQ 125/NQ-CP of 08/10/2018 aims at, and who is of working age.

Left out: the targets for 2021 on transactions and services online, which are not about people.
"""

from datetime import date
from functools import lru_cache

from labour_book.domain.coverage import Goal, Indicator
from labour_book.domain.months import Month
from labour_book.domain.partial_dates import PartialDate
from labour_book.law.provisions import LawNotModelled, amount, value_of
from labour_book.law.retirement import retirement_of

STAGES = (2021, 2025, 2030)
"""Years at whose end the act sets a target."""
_PERMILLE = 10
_OLDEST_YEARS = 63
"""More than anybody's normal retirement age."""


def goals_of(indicator: Indicator, *, on: date) -> tuple[Goal, ...]:
    """Return the targets for the whole country as the law stands on a day.

    Raises:
        LawNotModelled: the day lies before the act.
    """
    found = []
    for year in STAGES:
        value = value_of(f"coverage.{indicator}.{year}", on=on)
        share = value.amount * _PERMILLE
        found.append(Goal(date(year, 12, 31), share, value.source, value.provenance))
    return tuple(found)


@lru_cache(maxsize=1024)
def born_from(sex: str, on: date) -> Month:
    """Return the first month of birth of those who are not yet past the retirement age on a day.

    Raises:
        LawNotModelled: nothing is known of the retirement age at that time.
    """
    born = Month.of_day(on).plus(-12 * _OLDEST_YEARS)
    while _is_past(sex, born, on):
        born = born.plus(1)
    return born


def born_until(on: date) -> date:
    """Return the last birthday of those who are old enough to work on a day.

    Raises:
        LawNotModelled: nothing is known of the age at that time.
    """
    years = amount("coverage.working_age_years", on=on)
    born = Month.of_day(on).plus(-12 * years)
    return born.first_day.replace(day=min(on.day, born.last_day.day))


def _is_past(sex: str, born: Month, on: date) -> bool:
    """Say whether people born in a month have retired by the end of a day."""
    try:
        return retirement_of(sex, PartialDate(born.year, born.month)).last_day < on
    except LawNotModelled:
        return True  # reached under earlier law, so long ago
