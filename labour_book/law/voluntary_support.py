"""What the State adds to voluntary social insurance (BHXH tự nguyện), ND 159/2025, art. 5.

Left out: top-ups of the provinces, the rates before 2025-07-01.
"""

from collections.abc import Collection

from labour_book.domain.months import Month
from labour_book.errors import Invalid
from labour_book.law.provisions import amount, permille_of
from labour_book.law.steps import computed

GROUPS = ("POOR_OR_ISLAND", "NEAR_POOR", "ETHNIC_MINORITY", "OTHER")
"""Everyone is at least in OTHER."""


@computed("VND per month", "Luật BHXH 41/2024/QH15, art. 36")
def voluntary_contribution(chosen_income_vnd: int, month: Month) -> int:
    """Return the whole contribution on an income of one's choice, in VND.

    Raises:
        Invalid: the income is below the poverty line or above the ceiling.
    """
    on = month.first_day
    lowest = amount("voluntary.rural_poverty_line", on=on)
    times = amount("contributions.ceiling_reference_levels", on=on)
    highest = amount("reference_level", on=on) * times
    if not lowest <= chosen_income_vnd <= highest:
        raise Invalid("the chosen income is out of bounds", lowest=lowest, highest=highest)
    return permille_of(chosen_income_vnd, amount("voluntary.rate", on=on))


@computed("VND per month", "ND 159/2025, art. 5(1)")
def subsidy(groups: Collection[str], month: Month, *, months_supported: int = 0) -> int:
    """Return the State's share per month in VND: of several groups the highest (art. 5(1)).

    ``months_supported`` are the months already supported: after the longest time there is none.
    """
    on = month.first_day
    if months_supported >= amount("voluntary.support_months_at_most", on=on):
        return 0
    least = permille_of(
        amount("voluntary.rural_poverty_line", on=on), amount("voluntary.rate", on=on)
    )
    shares = [amount(f"voluntary.support.{group}", on=on) for group in sorted({*groups, "OTHER"})]
    return permille_of(least, max(shares))


def own_payment(chosen_income_vnd: int, groups: Collection[str], month: Month) -> int:
    """Return what the person pays per month in VND."""
    return voluntary_contribution(chosen_income_vnd, month) - subsidy(groups, month)
