"""What the printed address shows to everybody of a genuine book."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class PublicEntry:
    """One employment: where, from when to when, how many months paid, and how well vouched for."""

    employer: str
    first_month: str | None
    """Partial date to the month: a year, or a month. None when nobody knows."""
    last_month: str | None
    """None while running, or when nobody knows."""
    months_paid: int
    assurance: str
    known_since: str | None = None
    """Without a first month: when the job was found to be held."""
    known_until: str | None = None
    """Neither running nor with a last month: how far it is known."""


@dataclass(frozen=True, slots=True)
class PublicSummary:
    """Enough to tell whose book it is and what it proves; nothing to identify or to pry with."""

    book_no: str
    version: int
    as_of: str
    full_name: str
    birth_year: str | None
    employments: tuple[PublicEntry, ...]
    months: Mapping[str, int]
    """Paid months by fund: SI, UI, HI, VOL. Not those credited without payment: they tell of
    sickness and maternity."""
    reported_to: str
    """The last month the insurance register had reported."""
    population_check: str | None = None
    """What came of looking the person up in the population register, as the claim says."""


def public_summary(claims: Mapping[str, Any]) -> PublicSummary:
    """Return the default public part of the claims of a whole credential.

    A list of what is shown, not of what is left out: a new claim is never shown by mistake.
    """
    worker, insurance = claims["worker"], claims["insurance"]
    birth_date = worker.get("birth_date")
    return PublicSummary(
        book_no=claims["book_no"],
        version=claims["version"],
        as_of=claims["as_of"],
        full_name=worker["full_name"],
        birth_year=birth_date[:4] if birth_date else None,
        employments=tuple(_entry(each) for each in claims.get("employments", ())),
        months={name: insurance[name] for name in ("SI", "UI", "HI", "VOL")},
        reported_to=insurance["as_of_month"],
        population_check=worker.get("population_check"),
    )


def _entry(employment: Mapping[str, Any]) -> PublicEntry:
    first_day, last_day = employment.get("first_day"), employment.get("last_day")
    return PublicEntry(
        employer=employment["employer"],
        first_month=first_day[:7] if first_day else None,
        last_month=last_day[:7] if last_day else None,
        months_paid=employment["months_paid"],
        assurance=employment["assurance"],
        known_since=employment.get("known_since"),
        known_until=employment.get("known_until"),
    )
