"""Reads extracts of the enterprise register (đăng ký doanh nghiệp)."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from labour_book import data
from labour_book.registers import values as read_as
from labour_book.registers.csv_register import read_csv
from labour_book.registers.notes import Notes
from labour_book.registers.rows import EnterpriseRow, Parsed

COLUMNS = (
    "enterprise_code",
    "name",
    "legal_form",
    "status",
    "status_date",
    "vsic_code",
    "commune_code",
    "zone",
    "zone_kind",
    "expected_headcount",
    "registered_on",
    "name_before",
    "renamed_on",
)
_LEGAL_FORMS = frozenset({"TNHH1TV", "TNHH2TV", "CTCP", "DNTN", "HTX", "CHI_NHANH"})
_ZONE_KINDS = frozenset({"KCN", "KCX", "KCNC"})


def read(
    path: Path,
    *,
    mapping: Mapping[str, object] | None = None,
    skip: int = 0,
    as_of: date | None = None,
) -> Iterator[Parsed]:
    """Yield the enterprises of an extract; dates after ``as_of`` are refused.

    Raises:
        Invalid: the file as a whole cannot be read.
    """
    statuses = data.enterprise_statuses()

    def build(values: Mapping[str, str], notes: Notes) -> EnterpriseRow:
        row = EnterpriseRow(
            enterprise_code=read_as.enterprise_code(notes, values, "enterprise_code"),
            name=read_as.text(notes, values, "name"),
            legal_form=read_as.code(notes, values, "legal_form", _LEGAL_FORMS),
            status=read_as.code(notes, values, "status", statuses),
            status_since=read_as.optional_day(notes, values, "status_date"),
            vsic_code=read_as.text(notes, values, "vsic_code"),
            commune_code=read_as.text(notes, values, "commune_code"),
            zone=read_as.optional_text(values, "zone"),
            zone_kind=read_as.optional_code(notes, values, "zone_kind", _ZONE_KINDS),
            expected_headcount=read_as.optional_number(notes, values, "expected_headcount"),
            registered_on=read_as.day(notes, values, "registered_on"),
            name_before=read_as.optional_text(values, "name_before"),
            renamed_on=read_as.optional_day(notes, values, "renamed_on"),
        )
        if not notes.refused:
            _check(row, notes, as_of)
        return row

    return read_csv(path, COLUMNS, build, mapping=mapping, skip=skip)


def _check(row: EnterpriseRow, notes: Notes, as_of: date | None) -> None:
    read_as.check_day(notes, row.registered_on, as_of, "registered_on")
    read_as.check_day(notes, row.status_since, as_of, "status_date")
    read_as.check_day(notes, row.renamed_on, as_of, "renamed_on")
    if row.status != "ACTIVE" and row.status_since is None:
        notes.note("STATUS_WITHOUT_DATE", "status_date")
    for field, day in (("status_date", row.status_since), ("renamed_on", row.renamed_on)):
        if day is not None and day < row.registered_on:
            notes.note("BEFORE_REGISTRATION", field)
    if (row.name_before is None) != (row.renamed_on is None):
        notes.note("RENAMING_INCOMPLETE", "renamed_on")
