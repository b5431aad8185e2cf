"""Duration and level of the unemployment benefit (trợ cấp thất nghiệp), Luật Việc làm 74/2025.

Left out: how the work ended, work taken up meanwhile (art. 38); what odd months above 144 are
worth.
"""

from calendar import monthrange
from datetime import date

from labour_book.domain.months import Month
from labour_book.law.contributions import REGIONS, regional_minimum_wage
from labour_book.law.provisions import LegalFinding, amount, permille_of, provision
from labour_book.law.steps import computed

_PER_YEAR = 12
_ACT_IN_FORCE = date(2026, 1, 1)


@computed("months", "Luật Việc làm 74/2025/QH15, art. 39(2)")
def benefit_months(insured_months: int, on: date) -> int:
    """Return for how many months the benefit is paid (art. 39(2)); 0 below the least."""
    if insured_months < amount("unemployment_benefit.insured_months_needed", on=on):
        return 0
    first = amount("unemployment_benefit.months_of_first_step", on=on)
    beyond = max(0, insured_months - amount("unemployment_benefit.first_step_covers", on=on))
    longest = amount("unemployment_benefit.months_at_most", on=on)
    return min(longest, first + beyond // _PER_YEAR)


@computed("months")
def reserved_months(insured_months: int, on: date) -> int:
    """Return the odd months that stay on account after the benefit (unverified rule)."""
    beyond = insured_months - amount("unemployment_benefit.first_step_covers", on=on)
    return beyond % _PER_YEAR if beyond > 0 else 0


@computed("VND per month", "Luật Việc làm 74/2025/QH15, art. 39(1)")
def monthly_benefit(average_wage_vnd: int, *, region: str, last_month: Month) -> int:
    """Return the benefit per month in VND (art. 39(1)).

    ``average_wage_vnd`` is that of the last six contributed months, ``last_month`` the last of
    them: the cap is a multiple of the regional minimum wage in force then.
    """
    on = last_month.first_day
    share = permille_of(average_wage_vnd, amount("unemployment_benefit.share", on=on))
    cap = regional_minimum_wage(region, on) * amount("unemployment_benefit.cap", on=on)
    return min(share, cap)


def benefit_range(average_wage_vnd: int, *, last_month: Month) -> tuple[int, int]:
    """Return the least and the most per month, in VND, where the region is not known (art. 39(1)).

    Up to the cap of the lowest region both are the same; the regions stand from the highest
    minimum wage to the lowest.
    """
    least, most = (
        monthly_benefit(average_wage_vnd, region=each, last_month=last_month)
        for each in (REGIONS[-1], REGIONS[0])
    )
    return least, most


@provision("Luật Việc làm 74/2025/QH15, art. 38", since=_ACT_IN_FORCE)
def insured_long_enough(
    insured_months_in_lookback: int, on: date, *, short_contract: bool = False
) -> LegalFinding:
    """Say whether enough of the months before the work ended were insured.

    The caller counts within ``lookback_months`` of the same contract length.
    """
    needed = amount("unemployment_benefit.insured_months_needed", on=on)
    within = lookback_months(on, short_contract=short_contract)
    reason = f"{insured_months_in_lookback} of the {needed} months needed within {within}"
    return LegalFinding(insured_months_in_lookback >= needed, reason)


def lookback_months(on: date, *, short_contract: bool = False) -> int:
    """Return within how many months insured ones are counted; more for contracts under a year."""
    kind = "short_contract" if short_contract else "normal"
    return amount(f"unemployment_benefit.lookback.{kind}", on=on)


@computed("day", "Luật Việc làm 74/2025/QH15, art. 38")
def apply_by(ended_on: date) -> date:
    """Return the last day to hand in the dossier after the work has ended (art. 38).

    The same day so many months later; where that month has no such day, its last one (no source
    states how the months are counted).
    """
    later = Month.of_day(ended_on).plus(amount("unemployment_benefit.apply_within", on=ended_on))
    return date(later.year, later.month, min(ended_on.day, monthrange(later.year, later.month)[1]))


def wage_months(on: date) -> int:
    """Return how many of the last contributed months the average wage is taken over (art. 39)."""
    return amount("unemployment_benefit.wage_months", on=on)
