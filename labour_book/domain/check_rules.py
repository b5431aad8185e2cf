"""The rules that the data are checked by: read from ``check_rules.csv``, told in both languages.

A rule compares what two sources say, or a number with its usual range. Each says what it compares,
how serious it is, who can mend it and where. Thresholds are counted in tenths, so that they are
whole numbers everywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Literal

from labour_book import data
from labour_book.domain.findings import Language, message, what_to_do
from labour_book.domain.months import Month

Detail = Mapping[str, str | int]
TENTHS = 10


class Family(StrEnum):
    """What a rule looks at."""

    BOOK = "book"
    """One person's assembled book."""
    FIRM = "firm"
    """Sums over the people of an enterprise."""
    WARNING = "warning"
    """How unusual a number is; a person says whether that was useful."""


class Subject(StrEnum):
    """Whom or what a finding is about."""

    PERSON = "person"
    ENTERPRISE = "enterprise"
    OFFICIAL = "official"
    CONTACT = "contact"


Severity = Literal["serious", "doubt", "note"]
SEVERITIES: tuple[Severity, ...] = ("serious", "doubt", "note")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, as the table states it."""

    code: str
    family: Family
    subject: Subject
    severity: Severity
    owner: str
    """Who can mend it: insurance, employer, province, commune, worker, population, inspector."""
    queue: str
    """Where it is mended; the desk knows the way."""
    unclean: bool
    """Whether a record with such an open finding is not called clean (sạch)."""
    threshold: int | None
    least: int | None
    most: int | None
    step: int | None
    """In tenths; None where nothing is tuned."""
    minimum: int
    """People, months or decisions below which nothing is said."""
    since: Month | None
    """Nothing before this month is looked at."""
    compares_vi: str
    compares_en: str
    message_vi: str
    message_en: str
    """Empty where ``causes.csv`` has the words for the same code."""
    source: str

    def told(self, detail: Detail, language: Language = "vi") -> str:
        """Return the sentence for what was found, with its numbers."""
        text = self.message_vi if language == "vi" else self.message_en
        return text.format_map(detail) if text else message(self.code, detail, language)

    def advice(self, detail: Detail, language: Language = "vi") -> str:
        """Return what can be done, where the cause has words for it; else nothing."""
        return "" if self.message_vi else what_to_do(self.code, detail, language)


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that a rule found. ``detail`` holds no name, no personal ID and no pay."""

    rule: str
    subject: str
    detail: Detail
    place: str = ""
    """Entry of the book, or month: what tells two findings of one rule and subject apart."""
    commune_code: str | None = None
    unit_code: str | None = None


@cache
def rules() -> Mapping[str, Rule]:
    """Return the rules by code, in the order of the table."""
    return {row["rule"]: _rule(row) for row in data.check_rules()}


def of_family(family: Family) -> tuple[Rule, ...]:
    return tuple(each for each in rules().values() if each.family is family)


def unclean_codes() -> tuple[str, ...]:
    """Return the rules whose open findings keep a record from being clean."""
    return tuple(each.code for each in rules().values() if each.unclean)


def shown_tenths(value: int) -> str:
    """Return a number that is counted in tenths: 35 as 3,5 and 500 as 50."""
    whole, rest = divmod(value, TENTHS)
    return f"{whole},{rest}" if rest else str(whole)


def _rule(row: Mapping[str, str]) -> Rule:
    severity = next(each for each in SEVERITIES if each == row["severity"])
    return Rule(
        code=row["rule"],
        family=Family(row["family"]),
        subject=Subject(row["subject"]),
        severity=severity,
        owner=row["owner"],
        queue=row["queue"],
        unclean=row["unclean"] == "yes",
        threshold=_tenths(row["threshold"]),
        least=_tenths(row["least"]),
        most=_tenths(row["most"]),
        step=_tenths(row["step"]),
        minimum=int(row["minimum"] or 0),
        since=Month.parse(row["since"]) if row["since"] else None,
        compares_vi=row["compares_vi"],
        compares_en=row["compares_en"],
        message_vi=row["message_vi"],
        message_en=row["message_en"],
        source=row["source"],
    )


def _tenths(text: str) -> int | None:
    whole, _, rest = text.partition(".")
    return int(whole) * TENTHS + int(rest or 0) if text else None
