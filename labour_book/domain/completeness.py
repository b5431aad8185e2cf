"""What a record has to hold to be complete, by the law of the day. Pure.

The fields stand in ``required_fields.csv``, each with its validity and source: what Luật Việc làm
74/2025/QH15, art. 17 and ND 318/2025, art. 4(3) register, and Form 03 of TT 11/2022 collects. What
another register has stated counts as given: nobody is asked twice.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from labour_book import data
from labour_book.domain.lines import EmploymentEntry, LabourBook

_WHOLE_DATE = len("YYYY-MM-DD")
IN_INSURANCE = 1
"""The group of ND 318/2025, art. 3 whose employers declare for them."""


@dataclass(frozen=True, slots=True)
class Completeness:
    """Which fields are asked for of somebody, and which of them nobody has stated."""

    required: tuple[str, ...]
    missing: tuple[str, ...]


def completeness(
    book: LabourBook, form: Mapping[str, Any], ethnic_code: str | None
) -> Completeness:
    """Return what is missing in a book; ``form`` is the person's newest Form 03, empty without."""
    applying = _situations(book, form)
    known = {name: has(book, form) for name, has in _KNOWN.items()}
    known["ethnic_group"] = bool(ethnic_code or form.get("ethnic_code"))
    required = tuple(name for name, who in fields_on(book.as_of) if who in applying)
    return Completeness(required, tuple(name for name in required if not known[name]))


@lru_cache(maxsize=64)
def fields_on(day: date) -> tuple[tuple[str, str], ...]:
    """Return the fields that the law asks for on a day, each with whom it is asked of."""
    return tuple(
        (row["field"], row["applies_to"])
        for row in data.required_fields()
        if row["since"] <= day.isoformat() <= (row["until"] or "9999")
    )


def _situations(book: LabourBook, form: Mapping[str, Any]) -> frozenset[str]:
    found = {"all"}
    if (
        any(each.running for each in book.employments)
        or form.get("economic_activity") == "EMPLOYED"
    ):
        found.add("working")
    if book.registration_group == IN_INSURANCE:
        found |= {"working", "insured"}
    return frozenset(found)


def _running(book: LabourBook) -> Iterator[EmploymentEntry]:
    return (each for each in book.employments if each.running)


def _of_each(
    has: Callable[[EmploymentEntry], bool],
) -> Callable[[LabourBook, Mapping[str, Any]], bool]:
    """Return a question that is yes where there is a running entry and it holds for all of them."""

    def asked(book: LabourBook, _form: Mapping[str, Any]) -> bool:
        answers = [has(each) for each in _running(book)]
        return bool(answers) and all(answers)

    return asked


_KNOWN: Mapping[str, Callable[[LabourBook, Mapping[str, Any]], bool]] = {
    "full_name": lambda book, _: bool(book.identity.full_name),
    "birth_date": lambda book, _: len(book.identity.birth_date or "") == _WHOLE_DATE,
    "sex": lambda book, _: bool(book.identity.sex),
    "personal_id": lambda book, _: bool(book.identity.personal_id),
    "residence": lambda book, _: bool(book.identity.residence),
    "general_education": lambda _, form: bool(form.get("general_education")),
    "technical_qualification": lambda book, form: bool(
        book.qualifications or form.get("technical_qualification")
    ),
    "economic_activity": lambda book, form: (
        book.registration_group is not None or bool(form.get("economic_activity"))
    ),
    "position": _of_each(lambda entry: bool(entry.position)),
    "occupation": _of_each(lambda entry: bool(entry.occupation_code)),
    "workplace": _of_each(lambda entry: bool(entry.workplace)),
    "contract_kind": _of_each(lambda entry: bool(entry.contract_kind)),
    "employer_code": _of_each(lambda entry: bool(entry.enterprise_code)),
    "insurance": lambda book, form: (
        book.registration_group == IN_INSURANCE or bool(form.get("si_type"))
    ),
}
"""Whether a field is known. ``ethnic_group`` is not in the book: it is sensitive."""
