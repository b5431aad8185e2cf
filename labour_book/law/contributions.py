"""Contributions to compulsory insurance: what they are reckoned on, and who pays how much.

Left out: the lower accident rate of ND 58/2020, trade-union dues, months without pay.
"""

from dataclasses import dataclass
from datetime import date

from labour_book.domain.months import Month
from labour_book.law.provisions import amount, permille_of
from labour_book.law.steps import computed

REGIONS = ("I", "II", "III", "IV")
"""Regions of the minimum wage (vùng)."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one side pays for a month, in VND."""

    pension: int
    sickness_maternity: int
    accident: int
    health: int
    unemployment: int

    @property
    def total(self) -> int:
        return (
            self.pension + self.sickness_maternity + self.accident + self.health + self.unemployment
        )


@computed("VND per month", "Luật BHXH 41/2024/QH15, art. 31(1)(đ)")
def insurance_base(wage_vnd: int, month: Month) -> int:
    """Return the wage that social insurance is paid on: not below its floor, not above its ceiling.

    Source: Luật BHXH 41/2024, art. 31(1)(đ).
    """
    level = amount("reference_level", on=month.first_day)
    floor = level * amount("contributions.floor_reference_levels", on=month.first_day)
    ceiling = level * amount("contributions.ceiling_reference_levels", on=month.first_day)
    return min(max(wage_vnd, floor), ceiling)


@computed("VND per month", "ND 188/2025")
def health_base(wage_vnd: int, month: Month) -> int:
    """Return the wage that health insurance is paid on. Source: ND 188/2025."""
    ceiling = amount("contributions.ceiling_reference_levels", on=month.first_day)
    return min(wage_vnd, amount("reference_level", on=month.first_day) * ceiling)


@computed("VND per month", "Luật Việc làm 74/2025/QH15, art. 34(2)")
def unemployment_base(wage_vnd: int, month: Month, region: str) -> int:
    """Return the wage that unemployment insurance is paid on.

    Source: Luật Việc làm 74/2025, art. 34(2).
    """
    minimum = regional_minimum_wage(region, month.first_day)
    times = amount("contributions.ui_ceiling_minimum_wages", on=month.first_day)
    return min(wage_vnd, minimum * times)


def regional_minimum_wage(region: str, on: date) -> int:
    """Return the monthly minimum wage of a region (I to IV) in VND."""
    return amount(f"regional_minimum_wage.{region}", on=on)


def employee_contribution(wage_vnd: int, month: Month, *, region: str) -> Contribution:
    """Return what is kept from the worker's wage of a month."""
    return _contribution("employee", wage_vnd, month, region)


def employer_contribution(wage_vnd: int, month: Month, *, region: str) -> Contribution:
    """Return what the employer pays on top of the wage of a month."""
    return _contribution("employer", wage_vnd, month, region)


def _contribution(payer: str, wage_vnd: int, month: Month, region: str) -> Contribution:
    def share(fund: str, base: int) -> int:
        return permille_of(base, amount(f"contributions.{payer}.{fund}", on=month.first_day))

    base = insurance_base(wage_vnd, month)
    return Contribution(
        pension=share("pension", base),
        sickness_maternity=share("sickness_maternity", base),
        accident=share("accident", base),
        health=share("health", health_base(wage_vnd, month)),
        unemployment=share("unemployment", unemployment_base(wage_vnd, month, region)),
    )
