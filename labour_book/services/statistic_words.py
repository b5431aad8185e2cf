"""What the codes of statistics are called, and how each number is defined, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from labour_book import data
from labour_book.domain.disclosure import TOTAL
from labour_book.domain.statistics import UNKNOWN, Dimension, Kind


@dataclass(frozen=True, slots=True)
class Words:
    """The same in Vietnamese and in English; the English is empty where there is none."""

    vi: str
    en: str = ""

    def told(self, language: str) -> str:
        return self.en if language == "en" and self.en else self.vi


def label(of: str, code: str) -> Words:
    """Return what a code of a dimension, of ``province`` or of ``sex`` is called."""
    found = _words().get((of, code))
    if found is not None:
        return found
    return _words()["all", TOTAL] if code == TOTAL else _named(of, code)


def list_of(kind: Kind) -> str:
    """Return of which list the codes are between which people move."""
    match kind:
        case Kind.FIRM | Kind.PROVINCE:
            return "province"
        case _:
            return str(kind)


def definition(name: str) -> Words:
    """Return how a number is defined, or another sentence that goes with it."""
    row = data.by("statistic_definitions", "name")[name]
    return Words(row["vi"], row["en"])


def _named(of: str, code: str) -> Words:
    match of:
        case "province":
            row = data.by("provinces_34", "code").get(code)
            return Words(code) if row is None else Words(row["name"], row["name_en"])
        case Dimension.QUALIFICATION:
            codes = data.form03_codes("technical_qualification")
            return next(
                Words(each["label_vi"], each["label_en"]) for each in codes if each["code"] == code
            )
        case Dimension.OCCUPATION | Dimension.OCCUPATION_2:
            return _occupation(code)
        case Dimension.INDUSTRY:
            row = data.industries().get(code)
            return Words(code) if row is None else Words(f"{code} · {row['name_vi']}")
        case _:
            return Words(code)


def _occupation(code: str) -> Words:
    if code.endswith(UNKNOWN):
        group = data.occupations()[code[0]]["name_vi"]
        return Words(f"{code[0]} · {group} (chưa rõ hơn)", f"{code[0]} · {group} (no more known)")
    row = data.occupations().get(code)
    return Words(code) if row is None else Words(f"{code} · {row['name_vi']}")


@cache
def _words() -> Mapping[tuple[str, str], Words]:
    return {
        (row["list"], row["code"]): Words(row["vi"], row["en"])
        for row in data.rows("statistic_words")
    }
