"""Reads a Form 03 that was filled in on the screen: the same rules as a row of a workbook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from labour_book import data
from labour_book.domain.people import PartialDate
from labour_book.registers.form03 import COLLECTED_ON, COMMUNE
from labour_book.registers.form03_codes import LIST_OF_FIELD
from labour_book.registers.form03_mapping import Mapped
from labour_book.registers.form03_rows import Collection, Line, build_row
from labour_book.registers.notes import MAX_RAW_FIELD, Notes, check_cells
from labour_book.registers.rows import Parsed, RowPlace

NOTE = "note"
_NOT_ASKED = frozenset({"province_code", "district_code", "commune_code", "si_participates"})
_SEVERAL = ";"


@dataclass(frozen=True, slots=True)
class Choice:
    """A code of a list with the words of the form."""

    code: str
    label_vi: str
    label_en: str


@cache
def labels() -> Mapping[str, str]:
    """Return the fields that are asked for, in the order of the form, with its words for them."""
    rows = data.form03_fields()
    asked = {row["field"]: row["label_vi"] for row in rows if row["field"] not in _NOT_ASKED}
    return asked | {NOTE: "Ghi chú"}


@cache
def choices(field: str) -> Sequence[Choice]:
    """Return what a field offers to choose from; nothing for one that takes text."""
    name = LIST_OF_FIELD.get(field)
    if name == "ethnic_groups":
        return [
            Choice(code, row["name"], row["name"]) for code, row in data.ethnic_groups().items()
        ]
    return [
        Choice(row["code"], row["label_vi"], row["label_en"])
        for row in data.form03_codes(name or "")
    ]


def read_form(texts: Mapping[str, str], *, commune_code: str, collected_on: PartialDate) -> Parsed:
    """Return the person of a form, or why it is refused.

    ``texts``: by field what was written, or which codes were chosen, joined by ``;``. A field that
    is not asked for is passed over.
    """
    notes = Notes()
    found = {field: texts.get(field, "").strip() for field in labels()}
    check_cells(notes, list(found), list(found.values()))
    row = build_row(Line(found, {}), notes, Collection(commune_code, collected_on), Mapped())
    findings = tuple(notes.findings)
    raw = {label: _shown(field, found[field])[:MAX_RAW_FIELD] for field, label in labels().items()}
    raw |= {COMMUNE: commune_code, COLLECTED_ON: str(collected_on)}
    read = None if notes.refused else replace(row, findings=findings)
    return Parsed(RowPlace(None, 1), raw, read, findings)


def _shown(field: str, text: str) -> str:
    """Return codes in the words of the form, as whoever mends a row wants to read them."""
    words = {each.code: each.label_vi for each in choices(field)}
    return _SEVERAL.join(words.get(part, part) for part in text.split(_SEVERAL))
