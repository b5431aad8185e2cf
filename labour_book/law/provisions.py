"""Ties each rule and number to its article and its time; asks nothing of the clock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache, wraps
from importlib import resources
from typing import Any, ParamSpec

import yaml

from labour_book.errors import Invalid
from labour_book.law.steps import Step, is_watched, note, with_parts

P = ParamSpec("P")


class LawNotModelled(Invalid):
    """The product does not know what the law said, or will say, at that time."""

    slug = "law-not-modelled"
    title = "The law of that time is not modelled"
    title_vi = "Chưa có quy định của thời điểm này trong hệ thống"


@dataclass(frozen=True, slots=True)
class LegalFinding:
    """Whether a condition of the law is met, why, and where it stands."""

    holds: bool
    reason: str
    article: str = ""


@dataclass(frozen=True, slots=True)
class Provision:
    """A rule in force from ``since`` through the day before ``until``."""

    name: str
    article: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Value:
    """A number of the law: its unit, the first day it holds, and how well its source is known."""

    amount: int
    unit: str
    since: date
    source: str
    provenance: str
    """``seen`` in the official text, ``secondary`` page, or ``unverified`` knowledge."""


PROVISIONS: dict[str, Provision] = {}
"""Every modelled condition by name; filled by ``provision``."""


def provision(
    article: str, *, since: date, until: date | None = None
) -> Callable[[Callable[P, LegalFinding]], Callable[P, LegalFinding]]:
    """Mark a condition with its article and time; its findings then name the article."""

    def mark(condition: Callable[P, LegalFinding]) -> Callable[P, LegalFinding]:
        PROVISIONS[condition.__name__] = Provision(condition.__name__, article, since, until)

        @wraps(condition)
        def found(*args: P.args, **kwargs: P.kwargs) -> LegalFinding:
            finding = with_parts(
                lambda: condition(*args, **kwargs),
                lambda said, parts: Step(condition.__name__, said.holds, "", article, parts=parts),
            )
            return LegalFinding(finding.holds, finding.reason, article)

        return found

    return mark


def amount(name: str, *, on: date) -> int:
    """Return the number that holds on a day, in the unit of ``parameters.yaml``.

    Raises:
        LawNotModelled: the day lies before the first known value.
        KeyError: there is no such parameter; that is a bug.
    """
    found = value_of(name, on=on)
    if is_watched():
        note(Step(name, found.amount, found.unit, found.source, found.since, found.provenance))
    return found.amount


@lru_cache(maxsize=16_384)
def value_of(name: str, *, on: date) -> Value:
    """Return the number that holds on a day, with its unit and source.

    Raises:
        LawNotModelled: the day lies before the first known value.
        KeyError: there is no such parameter; that is a bug.
    """
    parameter = parameters()[name]
    begun = [since for since in parameter["values"] if since <= on]
    if not begun:
        raise LawNotModelled("no value of that time is known", parameter=name, on=on.isoformat())
    since = max(begun)
    row = parameter["values"][since]
    return Value(row["value"], parameter["unit"], since, row["source"], row["provenance"])


@cache
def first_known(name: str) -> date:
    """Return the first day of which a number is known.

    Raises:
        KeyError: there is no such parameter; that is a bug.
    """
    first: date = min(parameters()[name]["values"])
    return first


@cache
def parameters() -> Mapping[str, Mapping[str, Any]]:
    """Return every parameter as it stands in ``parameters.yaml``."""
    text = (resources.files(__package__) / "parameters.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Mapping[str, Any]] = yaml.safe_load(text)
    return loaded


def permille_of(vnd: int, permille: int) -> int:
    """Return a share of an amount, rounded half up to whole đồng (no source states a rounding)."""
    return (vnd * permille + 500) // 1000
