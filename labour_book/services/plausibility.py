"""What is remarkable about a period of work or insurance. It is flagged, never set right."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from labour_book.domain.findings import Finding
from labour_book.domain.months import Month
from labour_book.domain.people import PartialDate
from labour_book.law.provisions import LawNotModelled, amount
from labour_book.queries.people import PersonOnFile

WORKING_AGE_YEARS = 15
"""Source: Luật Việc làm 74/2025, art. 2(1)."""


@lru_cache(maxsize=4_096)
def ceiling_of(month: Month) -> int | None:
    """Return the highest wage in VND that is insured in a month; None where no law is modelled.

    Source: Luật BHXH 41/2024, art. 31(1)(đ).
    """
    try:
        levels = amount("contributions.ceiling_reference_levels", on=month.first_day)
        return levels * amount("reference_level", on=month.first_day)
    except LawNotModelled:
        return None


def wage_findings(wage_vnd: int, first_month: Month) -> Iterator[Finding]:
    """Yield that a wage is above the ceiling; ceilings rise, so the first month tells."""
    ceiling = ceiling_of(first_month)
    if ceiling is not None and wage_vnd > ceiling:
        detail: dict[str, str | int] = {"month": str(first_month), "ceiling": ceiling}
        yield Finding("WAGE_ABOVE_CEILING", "wage_base_vnd", detail)


@lru_cache(maxsize=4_096)
def lowest_plausible_wage(month: Month) -> int | None:
    """Return the reference level of a month in VND; None where no law is modelled.

    No wage of an employee may be insured below it: the floor is the level itself, and was the
    minimum wage of the region before, which was higher. Voluntary contributions are on an income
    that may be lower. Source: Luật BHXH 41/2024, art. 31(1)(đ).
    """
    try:
        return amount("reference_level", on=month.first_day)
    except LawNotModelled:
        return None


def low_wage_findings(wage_vnd: int, first_month: Month) -> Iterator[Finding]:
    """Yield that a wage is below the floor of its first month; the reader tells of zero."""
    lowest = lowest_plausible_wage(first_month)
    if lowest is not None and 0 < wage_vnd < lowest:
        yield Finding("WAGE_IMPLAUSIBLE", "wage_base_vnd", {"month": str(first_month)})


def closure_findings(last_month: Month, gone_since: date | None, field: str) -> Iterator[Finding]:
    """Yield that a period goes on after the month in which its employer ceased to exist."""
    if gone_since is not None and last_month > Month.of_day(gone_since):
        yield Finding("CONTRIBUTIONS_AFTER_CLOSURE", field, {"closed": str(gone_since)})


def death_findings(last_month: Month, person: PersonOnFile, field: str) -> Iterator[Finding]:
    """Yield that a period goes on after the month in which the person died."""
    died = person.life_status_on if person.life_status == "DECEASED" else None
    if died is not None and last_month > Month.of_day(died):
        yield Finding("CONTRIBUTIONS_AFTER_DEATH", field, {"died": str(died)})


def begins_before_birth(first_month: Month, birth_date: PartialDate | None) -> bool:
    """Say whether a period begins before the person can have been born: it is somebody else's."""
    return birth_date is not None and first_month < Month.of_day(birth_date.first_possible)


def before_birth(
    first_month: Month, birth_date: PartialDate | None, field: str
) -> Iterator[Finding]:
    """Yield that a period begins before the person can have been born."""
    if begins_before_birth(first_month, birth_date):
        yield Finding("WORK_BEFORE_BIRTH", field, {"first": str(first_month)})


def age_findings(
    first_month: Month, birth_date: PartialDate | None, field: str
) -> Iterator[Finding]:
    """Yield that a period begins before the person can have been 15."""
    if birth_date is None or begins_before_birth(first_month, birth_date):
        return
    first_possible = birth_date.first_possible
    fifteen = Month.of(first_possible.year + WORKING_AGE_YEARS, first_possible.month)
    if first_month < fifteen:
        yield Finding("WORK_BEFORE_15", field, {"first": str(first_month)})


def work_after_death(last_month: Month, person: PersonOnFile, field: str) -> Iterator[Finding]:
    """Yield that work goes on after the month in which the person died."""
    for found in death_findings(last_month, person, field):
        yield Finding("WORK_AFTER_DEATH", field, found.detail)


def employer_gone(last_day: date, gone_since: date | None, field: str) -> Iterator[Finding]:
    """Yield that a contract goes on after the day on which its employer ceased to exist."""
    if gone_since is not None and last_day > gone_since:
        yield Finding("EMPLOYER_GONE", field, {"closed": str(gone_since)})
