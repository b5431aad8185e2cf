"""Reads diplomas and certificates (văn bằng, chứng chỉ)."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from labour_book.domain.people import identifier_kind, read_personal_id
from labour_book.registers import values as read_as
from labour_book.registers.csv_register import read_csv
from labour_book.registers.notes import Notes
from labour_book.registers.rows import Parsed, QualificationRow

COLUMNS = ("personal_id", "kind", "level", "field", "issuer", "issued_on", "number")
_NQF_LEVELS = frozenset("12345678")
_LEVELS = {
    "DIPLOMA": _NQF_LEVELS,
    "VOCATIONAL_CERTIFICATE": _NQF_LEVELS,
    "NATIONAL_SKILL_CERTIFICATE": frozenset("12345"),
    "LANGUAGE": frozenset({"A1", "A2", "B1", "B2", "C1", "C2"}),
}
YOUNGEST_HOLDER_YEARS = 15
"""A diploma of higher education takes longer still; this catches only what cannot be."""


def read(
    path: Path,
    *,
    mapping: Mapping[str, object] | None = None,
    skip: int = 0,
    as_of: date | None = None,
) -> Iterator[Parsed]:
    """Yield the diplomas and certificates; one issued after ``as_of`` is refused.

    Raises:
        Invalid: the file as a whole cannot be read.
    """

    def build(values: Mapping[str, str], notes: Notes) -> QualificationRow:
        row = QualificationRow(
            personal_id=read_as.recorded_id(notes, values, "personal_id") or "",
            kind=read_as.code(notes, values, "kind", _LEVELS),
            level=read_as.text(notes, values, "level"),
            field=read_as.text(notes, values, "field"),
            issuer=read_as.text(notes, values, "issuer"),
            issued_on=read_as.partial_date(notes, values, "issued_on"),
            number=read_as.text(notes, values, "number"),
        )
        if not row.personal_id:
            notes.refuse("MISSING_VALUE", "personal_id")
        if not notes.refused:
            _check(row, notes, as_of)
        return row

    return read_csv(path, COLUMNS, build, mapping=mapping, skip=skip)


def _check(row: QualificationRow, notes: Notes, as_of: date | None) -> None:
    if row.level not in _LEVELS[row.kind]:
        notes.refuse("LEVEL_UNKNOWN", "level")
    read_as.check_day(notes, row.issued_on.first_possible, as_of, "issued_on")
    if identifier_kind(row.personal_id) == "PIN":
        born = read_personal_id(row.personal_id).birth_year
        if row.issued_on.year < born + YOUNGEST_HOLDER_YEARS:
            notes.note("ISSUED_BEFORE_15", "issued_on")
