"""Eligibility of many people for every support in force, against the bare rules over their values.

The limit is what a programmer would write for one day's law: comparisons, and the functions of the
law called with plain values. Ours reads the same conditions as data, keeps each with its article,
and leaves open what is not known.
"""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import cycle, islice
from typing import Any

from _measure import interleaved, quick, ratio_of, report

from labour_book.domain.months import Month
from labour_book.law.programmes import Facts, eligibility, programmes
from labour_book.law.provisions import amount
from labour_book.law.severance import Service, job_loss_allowance, severance
from labour_book.law.unemployment_benefit import monthly_benefit
from labour_book.law.voluntary_support import subsidy

PEOPLE, FEW = 100_000, 10_000
GOAL = 0.5
ON = date(2026, 11, 20)
SEVERANCE = frozenset({1, 2, 3, 4, 6, 7, 9, 10})
REDUNDANCY = 11


def people(count: int) -> list[Facts]:
    """Return what is known of so many people: every mix of the conditions, one after the other."""
    clauses, months = cycle([1, 3, 7, 9, 10, 11, 8]), cycle(range(5, 140))
    unknown = cycle([False] * 6 + [True])
    found: list[Facts] = []
    for number in range(count):
        worked = next(months)
        facts: dict[str, Any] = {
            "ended_on": date(2026, 9, 20),
            "ended_unlawfully": None if next(unknown) else False,
            "clause": next(clauses),
            "months_since_end": number % 5,
            "ui_months_in_lookback": min(24, worked),
            "ui_months_unused": worked,
            "average_wage": 6_000_000 + number % 60 * 1_000_000,
            "last_month": Month.parse("2026-09"),
            "region": ("I", "II", "III", "IV")[number % 4],
            "worked_months": worked + number % 3,
            "uninsured_worked_months": number % 3,
            "pension_eligible": number % 11 == 0,
            "draws_pension": number % 13 == 0,
            "draws_unemployment_benefit": number % 7 == 0,
            "insured_now": number % 9 == 0,
            "voluntary_months": number % 130,
            "age_years": 16 + number % 50,
        }
        found.append(facts)
    return found


def ours(everybody: Sequence[Facts]) -> int:
    """Look at every support in force for everybody."""
    live = [each for each in programmes().values() if each.is_live(ON)]
    got = 0
    for facts in everybody:
        for programme in live:
            got += eligibility(programme, facts, ON).holds is True
    assert got
    return len(everybody)


def bare(everybody: Sequence[Facts]) -> int:
    """Reckon the same by hand: a function per support, called with values."""
    got = 0
    for facts in everybody:
        got += len([each for each in _by_hand(facts) if each is not None])
    assert got
    return len(everybody)


def _by_hand(f: Facts) -> tuple[int | Fraction | None, ...]:
    return _benefit(f), _card(f), _severance(f), _allowance(f), _voluntary(f)


def _benefit(f: Facts) -> int | None:
    if (
        f["ended_on"] is None
        or f["ended_unlawfully"] is not False
        or f["ui_months_in_lookback"] < amount("unemployment_benefit.insured_months_needed", on=ON)
        or f["pension_eligible"]
        or f["insured_now"]
        or f["months_since_end"] > amount("unemployment_benefit.apply_within", on=ON)
    ):
        return None
    return monthly_benefit(f["average_wage"], region=f["region"], last_month=f["last_month"])


def _card(f: Facts) -> int | None:
    return 0 if f["draws_unemployment_benefit"] else None


def _severance(f: Facts) -> Fraction | None:
    needed = amount("severance.months_needed", on=ON)
    if (
        f["clause"] not in SEVERANCE
        or f["ended_unlawfully"] is not False
        or f["worked_months"] < needed
        or f["uninsured_worked_months"] < 1
        or f["pension_eligible"]
    ):
        return None
    worked = f["worked_months"]
    return severance(Service(worked, worked - f["uninsured_worked_months"]), ON)


def _allowance(f: Facts) -> Fraction | None:
    worked = f["worked_months"]
    if (
        f["clause"] != REDUNDANCY
        or worked < amount("severance.months_needed", on=ON)
        or f["uninsured_worked_months"] < 1
    ):
        return None
    return job_loss_allowance(Service(worked, worked - f["uninsured_worked_months"]), ON)


def _voluntary(f: Facts) -> int | None:
    most = amount("voluntary.support_months_at_most", on=ON)
    if (
        f["insured_now"]
        or f["age_years"] < 15
        or f["draws_pension"]
        or f["voluntary_months"] >= most
    ):
        return None
    return subsidy((), Month.of_day(ON), months_supported=f["voluntary_months"])


def main() -> None:
    """Measure, print, and fail below the goal."""
    few = quick()
    everybody = people(FEW if few else PEOPLE)
    list(islice(everybody, 1))
    ways = interleaved(
        {
            "labour_book: eligibility": lambda: ours(everybody),
            "limit: the bare rules": lambda: bare(everybody),
        },
        rounds=3 if few else 5,
    )
    goal = f"at least {GOAL} of the bare rules"
    report("Eligibility for support", ways, unit="people", goal=goal, packages=())
    reached = ratio_of(ways[0], ways[1])
    if reached < GOAL:
        raise SystemExit(f"{reached:.2f} of the bare rules, below {GOAL}")


if __name__ == "__main__":
    main()
