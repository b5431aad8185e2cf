"""Years and rate of the pension (lương hưu), Luật BHXH 41/2024. Amounts are left out on purpose."""

from datetime import date
from fractions import Fraction

from labour_book.law.provisions import LegalFinding, amount, provision
from labour_book.law.steps import computed

_PER_YEAR = 12
_HALF_YEAR_FROM, _WHOLE_YEAR_FROM = 1, 7
_ACT_IN_FORCE = date(2025, 7, 1)


@computed("years")
def pension_years(months: int) -> Fraction:
    """Return the years that months of contributions count for.

    1 to 6 odd months are half a year, 7 to 11 a whole one (secondary source).
    """
    years, rest = divmod(months, _PER_YEAR)
    if rest >= _WHOLE_YEAR_FROM:
        return Fraction(years + 1)
    return years + (Fraction(1, 2) if rest >= _HALF_YEAR_FROM else Fraction(0))


@provision("Luật BHXH 41/2024/QH15, art. 64", since=_ACT_IN_FORCE)
def contributed_long_enough(months: int, on: date) -> LegalFinding:
    """Say whether the months suffice for a pension at the retirement age."""
    needed = amount("pension.years_needed", on=on) * _PER_YEAR
    return LegalFinding(months >= needed, f"{months} of the {needed} months needed")


@computed("percent", "Luật BHXH 41/2024/QH15, art. 66")
def pension_rate(sex: str, years: Fraction, on: date) -> Fraction:
    """Return the rate in percent of the average wage, for so many years (art. 66).

    Raises:
        ValueError: fewer years than a pension needs.
    """
    needed = amount("pension.years_needed", on=on)
    if years < needed:
        raise ValueError("no pension rate below the years needed")
    highest = amount("pension.rate_highest", on=on)
    step = amount("pension.rate_step", on=on)
    if sex == "F":
        return min(
            amount("pension.rate_at_start_women", on=on) + step * (years - needed),
            Fraction(highest),
        )
    slow_until = amount("pension.men_slow_step_until_years", on=on)
    slow_step = amount("pension.men_slow_step", on=on)
    rate = amount("pension.rate_at_start_men", on=on) + slow_step * (
        min(years, Fraction(slow_until)) - needed
    )
    return min(rate + step * max(years - slow_until, Fraction(0)), Fraction(highest))
