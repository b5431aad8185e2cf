"""Support programmes (chính sách hỗ trợ) as data: who may get what, condition by condition.

Information for a proposal, not a decision: what is not known stays open.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache
from importlib import resources
from operator import ge, le, lt
from types import MappingProxyType
from typing import Any, NamedTuple

import yaml

from labour_book.domain.months import Month
from labour_book.law.guidance import Condition
from labour_book.law.provisions import LawNotModelled, amount
from labour_book.law.severance import Service, job_loss_allowance, severance
from labour_book.law.unemployment_benefit import apply_by, benefit_range, monthly_benefit
from labour_book.law.voluntary_support import subsidy

_Test = Callable[[Any, date], bool]
Facts = Mapping[str, Any]
"""What is known of somebody's situation, by the names in ``FACTS``; what is missing or None is not
known."""

FACTS = frozenset(
    {
        "ended_on",
        "ended_unlawfully",
        "clause",
        "months_since_end",
        "ui_months_in_lookback",
        "ui_months_unused",
        "ui_on_2021_09_30",
        "average_wage",
        "last_month",
        "region",
        "worked_months",
        "uninsured_worked_months",
        "pension_eligible",
        "draws_pension",
        "draws_unemployment_benefit",
        "insured_now",
        "voluntary_months",
        "age_years",
        "groups",
        "paid_by_state_budget",
    }
)


class OncePer(StrEnum):
    """What makes a support the same one: it is given once for each."""

    EVENT = "event"
    PERSON = "person"


class Proposed(StrEnum):
    """What leads to a proposal."""

    JOB_LOSS = "job-loss"
    BENEFIT = "benefit"
    """That an unemployment benefit is drawn."""


class Sum(NamedTuple):
    """How much: whole ``VND`` once, ``VND per month``, or ``months of wage``."""

    value: int | Fraction
    unit: str
    most: int | None = None
    """Where it depends on the region, which is not known: then ``value`` is the least."""


@dataclass(frozen=True, slots=True)
class Programme:
    """One support, in force from ``since`` through the day before ``until``."""

    code: str
    title_vi: str
    title_en: str
    article: str
    provenance: str
    since: date
    until: date | None
    service_level: int
    """Of proactive service: 1 remind, 2 prepare, 3 recommend, 4 do (ND 224/2026, art. 16)."""
    proposed: Proposed | None
    """None: it is not proposed any more."""
    procedure: str | None
    """Of the service portal; None where it is asked for elsewhere, or not at all."""
    once_per: OncePer
    evidence: tuple[str, ...]
    conditions: tuple["_Checked", ...]
    reckon: Callable[[Facts, date], Sum | None]
    reckoned_from: frozenset[str]
    """Facts that only the sum depends on."""
    deadline: Callable[[Facts], date | None]

    @property
    def facts(self) -> frozenset[str]:
        """Return what it is decided by."""
        return frozenset(each.fact for each in self.conditions) | self.reckoned_from

    def is_live(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on < self.until)


class Eligibility(NamedTuple):
    """Whether somebody may get a support. ``holds`` is None while something is not known."""

    programme: Programme
    holds: bool | None
    conditions: tuple[Condition, ...]
    sum: Sum | None
    """None where it does not hold, or where what it is reckoned from is not known."""


@dataclass(frozen=True, slots=True)
class _Checked:
    fact: str
    test: _Test
    is_known: bool
    """The condition is that the fact is known at all."""
    told: Mapping[bool | None, Condition]
    """What is said of it, by whether it holds: many people are told the same."""


def eligibility(programme: Programme, facts: Facts, on: date) -> Eligibility:
    """Say whether somebody in a situation may get a support by the law of a day, and how much.

    Raises:
        LawNotModelled: a number of the law of that day is not known.
    """
    if not programme.is_live(on):
        return Eligibility(programme, holds=False, conditions=(), sum=None)
    told: list[Condition] = []
    holds: bool | None = True
    for each in programme.conditions:
        value = facts.get(each.fact)
        says: bool | None
        if each.is_known:
            says = value is not None
        else:
            says = None if value is None else each.test(value, on)
        told.append(each.told[says])
        if not says and holds is not False:
            holds = says
    found = None if holds is False else programme.reckon(facts, on)
    return Eligibility(programme, holds, tuple(told), found)


@cache
def programmes() -> Mapping[str, Programme]:
    """Return every programme by its code, those that are over too."""
    text = (resources.files(__package__) / "programmes.yaml").read_text(encoding="utf-8")
    return MappingProxyType({code: _read(code, row) for code, row in yaml.safe_load(text).items()})


def _read(code: str, row: Mapping[str, Any]) -> Programme:
    return Programme(
        code,
        row["title_vi"],
        row["title_en"],
        row["article"],
        row["provenance"],
        row["since"],
        row.get("until"),
        row["service_level"],
        Proposed(row["proposed"]) if "proposed" in row else None,
        row.get("procedure"),
        OncePer(row["once_per"]),
        tuple(row["evidence"]),
        tuple(_condition(each) for each in row["conditions"]),
        _sum_of(row.get("amount")),
        _reckoned_from(row.get("amount")),
        _DEADLINES[row.get("deadline")],
    )


def _condition(row: Mapping[str, Any]) -> _Checked:
    fact, (operator,) = row["fact"], row.keys() & _TESTS.keys()
    assert fact in FACTS, f"{fact} is no fact of a situation"
    test = _TESTS[operator](row[operator])
    told = {holds: Condition(row["name"], holds, row["article"]) for holds in (True, False, None)}
    return _Checked(fact, test, is_known=operator == "is_known", told=told)


def _compared(is_so: Callable[[Any, Any], bool]) -> Callable[[Any], _Test]:
    """Return what makes the test of a value against a number: itself, or one of the law by name."""

    def against(stated: int | Mapping[str, str]) -> _Test:
        if isinstance(stated, int):
            return lambda value, _on: is_so(value, stated)
        name = stated["law"]
        return lambda value, on: is_so(value, amount(name, on=on))

    return against


_TESTS: Mapping[str, Callable[[Any], _Test]] = {
    "is": lambda stated: lambda value, _on: value == stated,
    "is_known": lambda _stated: lambda value, _on: value is not None,
    "among": lambda stated: lambda value, _on: value in stated,
    "at_least": _compared(ge),
    "at_most": _compared(le),
    "below": _compared(lt),
}


def _sum_of(row: Mapping[str, Any] | None) -> Callable[[Facts, date], Sum | None]:
    if row is None:
        return lambda _facts, _on: None
    if "law" in row:
        return _BY_LAW[row["law"]]
    steps, sums = list(row["table"]), list(row["table"].values())

    def from_table(facts: Facts, _on: date) -> Sum | None:
        value = facts.get(row["fact"])
        place = 0 if value is None else bisect_right(steps, value)
        return Sum(sums[place - 1], row["unit"]) if place else None

    return from_table


def _reckoned_from(row: Mapping[str, Any] | None) -> frozenset[str]:
    if row is None:
        return frozenset()
    return _TAKEN[row["law"]] if "law" in row else frozenset({row["fact"]})


def _benefit(facts: Facts, _on: date) -> Sum | None:
    wage, month, region = (facts.get(each) for each in ("average_wage", "last_month", "region"))
    if wage is None or month is None:
        return None
    if region is not None:
        return Sum(monthly_benefit(wage, region=region, last_month=month), "VND per month")
    try:
        least, most = benefit_range(wage, last_month=month)
    except LawNotModelled:
        return None  # the last contributions were paid under law that is not modelled
    return Sum(least, "VND per month", None if most == least else most)


def _of_service(
    reckon: Callable[[Service, date], Fraction],
) -> Callable[[Facts, date], Sum | None]:
    def found(facts: Facts, on: date) -> Sum | None:
        worked, uninsured = facts.get("worked_months"), facts.get("uninsured_worked_months")
        if worked is None or uninsured is None:
            return None
        return Sum(reckon(Service(worked, worked - uninsured), on), "months of wage")

    return found


def _subsidy(facts: Facts, on: date) -> Sum | None:
    months = facts.get("voluntary_months")
    if months is None:
        return None
    groups = facts.get("groups") or ()
    return Sum(subsidy(groups, Month.of_day(on), months_supported=months), "VND per month")


def _apply_by(facts: Facts) -> date | None:
    ended = facts.get("ended_on")
    return None if ended is None else apply_by(ended)


_DEADLINES: Mapping[str | None, Callable[[Facts], date | None]] = {
    None: lambda _facts: None,
    "apply_by": _apply_by,
}
_SERVICE = frozenset({"worked_months", "uninsured_worked_months"})
_TAKEN: Mapping[str, frozenset[str]] = {
    "monthly_benefit": frozenset({"average_wage", "last_month", "region"}),
    "severance": _SERVICE,
    "job_loss_allowance": _SERVICE,
    "subsidy": frozenset({"voluntary_months", "groups"}),
}
_BY_LAW: Mapping[str, Callable[[Facts, date], Sum | None]] = {
    "monthly_benefit": _benefit,
    "severance": _of_service(severance),
    "job_loss_allowance": _of_service(job_loss_allowance),
    "subsidy": _subsidy,
}
