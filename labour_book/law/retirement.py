"""When the normal retirement age is reached (tuổi nghỉ hưu), ND 135/2020, art. 3 and 4.

Left out: the lower ages for hazardous work, special regions and underground coal mining.
"""

from dataclasses import dataclass
from datetime import date

from labour_book.domain.months import Month
from labour_book.domain.partial_dates import PartialDate
from labour_book.law.provisions import LawNotModelled, amount, first_known
from labour_book.law.steps import computed

_SEXES = {"M": "men", "F": "women"}
_LAST_YEAR = 2199


@dataclass(frozen=True, slots=True)
class Retirement:
    """The normal retirement of a person."""

    age_months: int
    last_day: date
    """End of the month in which the age is reached."""
    pension_from: date


def retirement_of(sex: str, birth: PartialDate) -> Retirement:
    """Return when a person born then retires.

    Of a birthday known only to the year or month, the first day it can mean counts (art. 3(3)).

    Raises:
        LawNotModelled: the age was reached under law before the first known value.
    """
    born = Month.of_day(birth.first_possible)
    known = first_known("retirement.year_before_first_step")
    for year in range(max(born.year + 1, known.year), _LAST_YEAR):
        try:
            age = retirement_age_months(sex, year)
        except LawNotModelled:
            continue
        month = born.plus(age)
        if month.year == year:
            return Retirement(age, month.last_day, month.plus(1).first_day)
        if month.year < year:
            break
    raise LawNotModelled("the age was reached under law that is not modelled")


@computed("months", "ND 135/2020, art. 4")
def retirement_age_months(sex: str, year: int) -> int:
    """Return the age, in months, that those who reach it in a year retire at."""
    who = _SEXES[sex]
    on = date(year, 12, 31)
    start = amount(f"retirement.{who}.age_at_start", on=on)
    steps = year - amount("retirement.year_before_first_step", on=on)
    risen = start + steps * amount(f"retirement.{who}.step", on=on)
    return min(risen, amount(f"retirement.{who}.highest_age", on=on))
