"""Why somebody may or may not get a support: what is known of them, each condition, each number.

Told to the person, and to an official who may see the person's support.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.display import show_money, show_month
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.findings import Language
from labour_book.domain.insured_months import insured_months
from labour_book.domain.job_loss import losses_of
from labour_book.domain.months import Month
from labour_book.domain.support import State
from labour_book.errors import Invalid
from labour_book.law.programmes import (
    Eligibility,
    Facts,
    Programme,
    eligibility,
    programmes,
)
from labour_book.law.provisions import LawNotModelled
from labour_book.law.situation import situation
from labour_book.law.steps import watching
from labour_book.queries import books, support
from labour_book.services.books import NO_NUMBER, assembled, standpoint
from labour_book.services.installation import Installation
from labour_book.services.law_rules import Line, article, lines, shown, word
from labour_book.services.support_views import ProposalView

__all__ = [
    "Explained",
    "Told",
    "explain",
    "explained_as",
    "explained_of",
    "facts_said",
    "sum_shown",
]

_VND = frozenset({"VND", "VND per month"})
_MONEY = frozenset({"average_wage"})
_BENEFIT = "unemployment-benefit"


@dataclass(frozen=True, slots=True)
class Told:
    """A condition in words. ``holds`` is None where it is not known."""

    name: str
    words: str
    holds: bool | None
    article: str


@dataclass(frozen=True, slots=True)
class Explained:
    """One support for one person on one day, step by step."""

    programme: Programme
    on: date
    holds: bool | None
    sum: str
    """In words; empty where it does not hold or is not known."""
    facts: tuple[Line, ...]
    conditions: tuple[Told, ...]
    steps: tuple[Line, ...]
    """Numbers of the law that were taken, with article, since when, and how well known."""


def explained_of(
    db: Db, inst: Installation, person_id: UUID, *, now: datetime, language: Language
) -> list[Explained]:
    """Return every support of today's law, for a person; who may see it has been asked."""
    facts = _situation(db, inst, person_id, now)
    on = vietnam_day(now)
    return [
        explain(each, facts, on, language) for each in programmes().values() if each.is_live(on)
    ]


def explained_as(
    db: Db, inst: Installation, view: ProposalView, *, now: datetime, language: Language
) -> Explained:
    """Return how a proposal is come to today."""
    facts = _situation(db, inst, view.person_id, now)
    return explain(view.programme, facts, vietnam_day(now), language)


def explain(programme: Programme, facts: Facts, on: date, language: Language) -> Explained:
    """Apply a support to what is known of somebody, and tell how."""
    with watching() as steps:
        try:
            told = eligibility(programme, facts, on)
        except LawNotModelled:
            told = Eligibility(programme, None, (), None)
    used = {each for each in facts if facts[each] is not None}
    return Explained(
        programme=programme,
        on=on,
        holds=told.holds,
        sum="" if told.sum is None else sum_shown(*told.sum[:2], language, most=told.sum.most),
        facts=tuple(
            Line(0, word(f"fact.{each}", language), _told(each, facts[each], language))
            for each in sorted(used & programme.facts)
        ),
        conditions=tuple(
            Told(
                each.name,
                word(f"condition.{each.name}", language),
                each.holds,
                article(each.article, language),
            )
            for each in told.conditions
        ),
        steps=tuple(lines(steps, language)),
    )


def facts_said(programme: Programme, said: Mapping[str, str]) -> Facts:
    """Read what somebody types about a situation: numbers, days, months, yes and no as words.

    Raises:
        Invalid: something is named that the support does not depend on.
    """
    unknown = said.keys() - programme.facts
    if unknown:
        names = ", ".join(sorted(programme.facts))
        raise Invalid(f"this support depends on: {names}")
    return {name: _read(value) for name, value in said.items()}


def _read(value: str) -> Any:  # noqa: ANN401 - facts are of many kinds
    if value in ("true", "false"):
        return value == "true"
    if value.isdecimal():
        return int(value)
    for read in (date.fromisoformat, Month.parse):
        try:
            return read(value)
        except (ValueError, Invalid):
            continue
    return value


def sum_shown(
    value: int | Fraction | str, unit: str, language: Language, most: int | str | None = None
) -> str:
    """Return a sum as people read it; of one that depends on the region both ends, and why."""
    number = Fraction(value)
    if unit not in _VND:
        return shown(number, unit, language)
    money = show_money(int(number))
    if most is not None:
        money = f"{money} – {show_money(int(most))}"
    told = money if unit == "VND" else f"{money} {word('sum.per-month', language)}"
    return told if most is None else f"{told} ({word('sum.by-region', language)})"


def _situation(db: Db, inst: Installation, person_id: UUID, now: datetime) -> Facts:
    at = standpoint(db, as_of=vietnam_day(now), known_at=now)
    known = books.facts_of(db, inst.vault, [person_id], now)
    person = known.people[person_id]
    book = assembled(person, known.employers, NO_NUMBER, at=at, places=inst.places)
    losses = losses_of(book, not_after=None, waits=inst.waits)
    insured = insured_months(person.insurance, at.as_of, at.insurance_as_of)
    loss = next((each for each in reversed(losses) if each.is_standing), None)
    stored = support.proposals_of_people(db, [person_id])[person_id]
    draws = any(each.policy == _BENEFIT and each.state == State.GRANTED for each in stored)
    return situation(book, insured, loss, at.as_of, draws_benefit=True if draws else None)


def _told(name: str, value: Any, language: Language) -> str:  # noqa: ANN401 - of many kinds
    if name in _MONEY:
        return show_money(value)
    if isinstance(value, Month):
        return show_month(value)
    if isinstance(value, tuple | list):
        return ", ".join(map(str, value))
    return shown(value, "", language)
