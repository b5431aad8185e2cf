"""Recognises the values of Form 03: labels, numbers of the list, abbreviations, marks."""

import csv
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib import resources

from labour_book import data
from labour_book.domain.people import fold

LIST_OF_FIELD: Mapping[str, str] = {
    "relationship_to_head": "relationship_to_head",
    "gender": "gender",
    "priority_groups": "priority_group",
    "ethnic_group": "ethnic_groups",
    "general_education": "general_education",
    "technical_qualification": "technical_qualification",
    "economic_activity": "economic_activity",
    "inactive_reason": "inactive_reason",
    "employment_position": "employment_position",
    "si_type": "social_insurance_type",
    "contract_kind": "contract_kind_form03",
    "workplace_type": "workplace_type",
    "unemployed_history": "unemployed_history",
    "unemployment_duration": "unemployment_duration",
}
"""Fields that hold a code, and the list it is from."""

_WORDS = re.compile(r"[a-z0-9]+")
_MARKS = frozenset({"x", "1", "✓", "✔", "v", "có", "co", "+", "*", "☑", "true"})
_NO_MARKS = frozenset({"không", "ko", "k", "0", "-", "false", "không có"})


@lru_cache(maxsize=65_536)
def key_of(text: str) -> str:
    """Return what labels are compared by: folded words without punctuation."""
    return " ".join(_WORDS.findall(fold(text)))


@cache
def table(name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file beside this module."""
    text = (resources.files(__package__) / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def codes_by_key(field: str) -> Mapping[str, str]:
    """Return the codes of a field by everything that is read as them.

    Order of belief: the label, the code itself, the number in the list, synonyms.
    """
    found: dict[str, str] = {}
    for key, code in _readings(LIST_OF_FIELD[field]):
        found.setdefault(key, code)
    return found


def _readings(list_id: str) -> Iterable[tuple[str, str]]:
    if list_id == "ethnic_groups":
        groups = data.ethnic_groups()
        yield from ((key_of(row["name"]), code) for code, row in groups.items())
        yield from ((code, code) for code in groups)
        yield from ((code.lstrip("0"), code) for code in groups)
    else:
        rows = data.form03_codes(list_id)
        yield from ((key_of(row["label_vi"]), row["code"]) for row in rows)
        yield from ((key_of(row["code"]), row["code"]) for row in rows)
        yield from ((row["order"], row["code"]) for row in rows)
    for row in table("form03_values.csv"):
        if row["list_id"] == list_id:
            yield key_of(row["text"]), row["code"]


def is_code(field: str, code: str) -> bool:
    """Tell whether a field can hold a code."""
    return code in codes_by_key(field).values()


def mark_of(text: str) -> bool | None:
    """Read a mark ('x', 'X', '✓', '1', 'có') as True, a denial or nothing as False, else None."""
    mark = text.strip().casefold()
    if mark in _MARKS:
        return True
    return False if not mark or mark in _NO_MARKS else None
