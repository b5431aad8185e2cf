"""What an employer owes at the end of work: severance and job-loss allowance, in months of wage.

Labour Code 45/2019, art. 46 (trợ cấp thôi việc) and art. 47 (trợ cấp mất việc làm); ND 145/2020,
art. 8. Time insured against unemployment, and time already paid for, does not count: for most
people who were insured all along nothing is left. Left out: what a contract or a collective
agreement adds to the law.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from labour_book import data
from labour_book.law.provisions import LegalFinding, amount, provision
from labour_book.law.steps import computed

REDUNDANCY = 11
"""Clause of Labour Code art. 34: dismissed for restructuring or economic reasons (art. 42, 43)."""
WORKER_UNILATERAL = 9
_PER_YEAR = 12
_CODE_IN_FORCE = date(2021, 1, 1)


@dataclass(frozen=True, slots=True)
class Service:
    """Time worked for one employer, in whole months; ``insured`` and ``paid`` are parts of it."""

    worked: int
    insured: int
    """Months insured against unemployment (BHTN)."""
    paid: int = 0
    """Months for which severance or a job-loss allowance was paid before."""

    def counted(self) -> int:
        """Return the months that an allowance is owed for."""
        return max(0, self.worked - self.insured - self.paid)


@provision("Labour Code 45/2019/QH14, art. 46(1)", since=_CODE_IN_FORCE)
def severance_is_owed(
    clause: int, service: Service, on: date, *, lawful: bool = True
) -> LegalFinding:
    """Say whether the way in which the work ended, and its length, bring severance.

    ``clause`` is one of art. 34; ``lawful`` matters where the worker ended it alone (art. 40).
    """
    return _owed(clause, service, on, is_ground=_brings_severance(clause, lawful=lawful))


@provision("Labour Code 45/2019/QH14, art. 47(1)", since=_CODE_IN_FORCE)
def job_loss_allowance_is_owed(clause: int, service: Service, on: date) -> LegalFinding:
    """Say whether the work ended by redundancy, after long enough."""
    return _owed(clause, service, on, is_ground=clause == REDUNDANCY)


@computed("months of wage", "Labour Code 45/2019/QH14, art. 46")
def severance(service: Service, on: date) -> Fraction:
    """Return how many months of wage are owed as severance: half a month for each year."""
    share = Fraction(amount("severance.half_months_per_year", on=on), 2)
    return share * years_for_allowance(service.counted())


@computed("months of wage", "Labour Code 45/2019/QH14, art. 47")
def job_loss_allowance(service: Service, on: date) -> Fraction:
    """Return how many months of wage are owed for redundancy: never fewer than the least."""
    share = amount("job_loss_allowance.months_per_year", on=on)
    least = amount("job_loss_allowance.months_at_least", on=on)
    return max(Fraction(least), share * years_for_allowance(service.counted()))


@computed("years", "ND 145/2020, art. 8(3)(c)")
def years_for_allowance(months: int) -> Fraction:
    """Return the years that months count for: up to six odd ones half a year, more a whole one.

    Source: ND 145/2020, art. 8(3)(c).
    """
    years, odd = divmod(months, _PER_YEAR)
    if odd == 0:
        return Fraction(years)
    return years + (Fraction(1, 2) if odd <= _PER_YEAR // 2 else Fraction(1))


def _owed(clause: int, service: Service, on: date, *, is_ground: bool) -> LegalFinding:
    if not is_ground:
        return LegalFinding(holds=False, reason=f"not for an end by clause {clause} of art. 34")
    needed = amount("severance.months_needed", on=on)
    reason = f"{service.worked} of the {needed} months of work needed"
    return LegalFinding(service.worked >= needed, reason)


def _brings_severance(clause: int, *, lawful: bool) -> bool:
    if clause == WORKER_UNILATERAL and not lawful:
        return False
    reason = data.termination_reasons().get(str(clause))
    return reason is not None and reason["severance_art46"] == "1"
