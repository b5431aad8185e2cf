"""The rules of the law, told so that anybody can follow one: with what, by which article, to what.

Nothing of anybody is looked at: who asks gives the inputs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from labour_book import data
from labour_book.domain.display import show_date, show_money
from labour_book.domain.findings import Language
from labour_book.errors import NotFound
from labour_book.law import rules
from labour_book.law.rules import RULES, Explanation, Input, Kind, Rule
from labour_book.law.steps import Step
from labour_book.law.working_days import Calendar

__all__ = [
    "RULES",
    "Explained",
    "Input",
    "Kind",
    "Line",
    "Rule",
    "article",
    "explained",
    "lines",
    "rule",
    "shown",
    "word",
]

_MONEY = "VND per month"
_CITED = (
    ("Labour Code", "Bộ luật Lao động"),
    ("Law ", "Luật "),
    ("ND ", "NĐ "),
    ("ND-CP", "NĐ-CP"),
    ("art. ", "điều "),
    (" as amended by ", ", sửa đổi bởi "),
    (" and ", " và "),
    ("requests of data subjects", "yêu cầu của chủ thể dữ liệu"),
    ("clock of ", "thời hạn theo "),
    ("our rule, no law seen", "quy tắc của hệ thống, chưa thấy quy định"),
    (" for requests to delete", " cho yêu cầu xóa"),
)
"""How acts are cited in English, as the files do, and in Vietnamese; the app has the same list."""
_SAID = {True: {"vi": "có", "en": "yes"}, False: {"vi": "không", "en": "no"}}


class NoSuchRule(NotFound):
    """There is no rule of that name."""

    slug = "no-such-rule"
    title = "There is no such rule"
    title_vi = "Không có quy tắc này"


@dataclass(frozen=True, slots=True)
class Line:
    """A step or result in words. ``depth`` says of which one above it is a part."""

    depth: int
    label: str
    value: str
    source: str = ""
    since: date | None = None
    provenance: str = ""
    """``seen``, ``secondary`` or ``unverified``; empty for what was reckoned."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A rule as it was applied, in one language."""

    results: tuple[Line, ...]
    steps: tuple[Line, ...]
    unknown: str
    """What the product does not know of the law of that time; empty where it knows all."""

    @property
    def is_unverified(self) -> bool:
        """Say whether a number that was not verified was taken."""
        return any(each.provenance == "unverified" for each in self.steps)


def rule(name: str) -> Rule:
    """Return a rule.

    Raises:
        NoSuchRule: there is none of that name.
    """
    if name not in RULES:
        raise NoSuchRule("known: " + ", ".join(RULES))
    return RULES[name]


def explained(
    name: str, given: Mapping[str, str], calendar: Calendar, language: Language
) -> Explained:
    """Apply a rule and tell how.

    Raises:
        NoSuchRule: there is none of that name.
        Invalid: an input is missing or is written wrongly.
    """
    found: Explanation = rules.explain(rule(name).name, given, calendar)
    return Explained(
        tuple(
            Line(0, word(f"step.{each.name}", language), shown(each.value, each.unit, language))
            for each in found.results
        ),
        tuple(lines(found.steps, language)),
        word(f"step.{found.unknown}", language) if found.unknown else "",
    )


def word(key: str, language: Language) -> str:
    """Return the words for a rule, input, choice, step, unit or provenance; the key without any."""
    row = data.by("law_words", "key").get(key)
    return key.partition(".")[2] if row is None else row[language]


def lines(steps: Sequence[Step], language: Language, depth: int = 0) -> Iterator[Line]:
    """Yield steps in words, each before its parts."""
    for each in steps:
        yield Line(
            depth,
            word(f"step.{each.name}", language),
            shown(each.value, each.unit, language),
            article(each.source, language),
            each.since,
            each.provenance,
        )
        yield from lines(each.parts, language, depth + 1)


def article(source: str, language: Language) -> str:
    """Return the article as it is written in the language; the files name acts as in English."""
    if language == "en":
        return source
    for english, vietnamese in _CITED:
        source = source.replace(english, vietnamese)
    return source


def shown(value: object, unit: str, language: Language) -> str:
    """Return a value with its unit as people read it."""
    if isinstance(value, bool):
        return _SAID[value][language]
    if isinstance(value, date):
        return show_date(value)
    if isinstance(value, int) and unit == _MONEY:
        return show_money(value)
    number = _number(value, language) if isinstance(value, Fraction) else str(value)
    return f"{number} {word(f'unit.{unit}', language)}".strip()


def _number(value: Fraction, language: Language) -> str:
    """Return a fraction as a decimal: halves and quarters, which is all that the law has."""
    text = f"{float(value):g}"
    return text.replace(".", ",") if language == "vi" else text
