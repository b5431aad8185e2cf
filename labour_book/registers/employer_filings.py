"""Reads workbooks in which employers declare hires, changes and ends, one in each row.

The first sheet that has the headings of the template is read; its rows are data from there on.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from itertools import islice
from pathlib import Path

from labour_book.domain.filings import FilingKind, Said
from labour_book.domain.findings import Finding, Severity, severity_of
from labour_book.domain.partial_dates import PartialDate
from labour_book.errors import Invalid
from labour_book.registers import values as read_as
from labour_book.registers.form03_codes import key_of
from labour_book.registers.form03_numbers import read_date, read_identity
from labour_book.registers.notes import MAX_RAW_FIELD, Notes, check_cells
from labour_book.registers.returned import as_typed, is_added
from labour_book.registers.rows import FilingRow, Parsed, RowPlace
from labour_book.registers.workbook import Sheet, SheetRow, read_workbook

ROWS_BEFORE_DATA = 20
"""Rows of a sheet among which its header is looked for."""
_COMMUNE_DIGITS = 5
_NOBODY = ""
_NO_BIRTH = date.min
"""Stand-ins in a row that is refused, and so never handed on."""


def headings() -> dict[str, str]:
    """Return the headings of the template by field, in their order."""
    return {each["field"]: each["heading_vi"] for each in _table("filing_columns.csv")}


@cache
def words(name: str) -> Mapping[str, str]:
    """Return the label of each code of a list."""
    rows = (each for each in _table("filing_words.csv") if each["list"] == name)
    return {each["code"]: each["label_vi"] for each in rows}


def read(
    path: Path,
    *,
    mapping: Mapping[str, object] | None = None,  # noqa: ARG001 - the template has its own headings
    skip: int = 0,
    as_of: date | None = None,  # noqa: ARG001 - whether a day has come, is for who records it
) -> Iterator[Parsed]:
    """Yield the declarations in their order; the first ``skip`` are passed over.

    Raises:
        Invalid: not a workbook, or none of its sheets follows the template.
    """
    table = _table_in(path)
    return (_parsed(table, row) for row in islice(table.rows, skip, None))


def file_findings(path: Path) -> tuple[Finding, ...]:
    """Return what there is to say of the workbook as a whole: columns that are not read.

    Raises:
        Invalid: as ``read`` does.
    """
    table = _table_in(path)
    unknown = [
        Finding("UNKNOWN_COLUMN", None, {"sheet": table.sheet.name, "column": label[:80]})
        for index, label in enumerate(table.labels)
        if label and index not in table.fields and not is_added(label)
    ]
    return (*unknown, *([] if any(table.rows) else [Finding("NO_ROWS")]))


def follows_template(path: Path) -> bool:
    """Say whether a workbook has the headings of the template.

    Raises:
        Invalid: not a workbook, or broken.
    """
    return any(_found(sheet, rows) is not None for sheet, rows in _sheets(path))


@dataclass(frozen=True, slots=True)
class _Table:
    """The sheet with the declarations: which column holds what, and the rows with something."""

    sheet: Sheet
    labels: Sequence[str]
    fields: Mapping[int, str]
    rows: Iterator[SheetRow]


def _table_in(path: Path) -> _Table:
    for sheet, rows in _sheets(path):
        found = _found(sheet, rows)
        if found is not None:
            return found
    raise Invalid("No sheet of the workbook follows the template", cause="NOT_FILINGS")


def _found(sheet: Sheet, rows: Iterator[SheetRow]) -> _Table | None:
    """Return the table of a sheet, with its header passed over."""
    for row in islice(rows, ROWS_BEFORE_DATA if sheet.is_read else 0):
        fields = _fields_of(row.cells)
        if _needed() <= set(fields.values()):
            filled = (each for each in rows if _is_filled(each.cells, fields))
            return _Table(sheet, row.cells, fields, filled)
    return None


def _sheets(path: Path) -> Iterator[tuple[Sheet, Iterator[SheetRow]]]:
    stream = read_workbook(path)
    following = next(stream, None)
    while isinstance(following, Sheet):
        after: list[Sheet] = []
        rows = _rows_until_next(stream, after)
        yield following, rows
        for _unread in rows:
            pass
        following = after[0] if after else None


def _rows_until_next(stream: Iterator[Sheet | SheetRow], after: list[Sheet]) -> Iterator[SheetRow]:
    for value in stream:
        if isinstance(value, Sheet):
            after.append(value)
            return
        yield value


def _fields_of(cells: Sequence[str]) -> dict[int, str]:
    known = _fields_by_key()
    found = ((index, known.get(key_of(cell))) for index, cell in enumerate(cells))
    return {index: field for index, field in found if field is not None}


def _is_filled(cells: Sequence[str], fields: Mapping[int, str]) -> bool:
    return any(cell.strip() for index, cell in enumerate(cells) if index in fields)


def _parsed(table: _Table, row: SheetRow) -> Parsed:
    notes = Notes()
    texts = {
        field: as_typed(row.cells[index]) if index < len(row.cells) else ""
        for index, field in table.fields.items()
    }
    raw = {table.labels[at]: texts[field][:MAX_RAW_FIELD] for at, field in table.fields.items()}
    check_cells(notes, list(texts), list(texts.values()))
    if _computes(table, row) or any(_is_for_review(each) for each in notes.findings):
        notes.findings = [each for each in notes.findings if not _is_for_review(each)]
        notes.refuse("FILING_FORMULA", None)
    built = _row({field: texts.get(field, "").strip() for field in headings()}, notes)
    place, findings = RowPlace(table.sheet.name, row.number), tuple(notes.findings)
    return Parsed(place, raw, None if notes.refused else built, findings)


def _is_for_review(finding: Finding) -> bool:
    return severity_of(finding.cause) is Severity.REVIEW


def _computes(table: _Table, row: SheetRow) -> bool:
    """Say whether a cell that is read was computed: what it shows may be another one elsewhere."""
    names = {f"{_letter(index)}{row.number}" for index in table.fields}
    return not names.isdisjoint(table.sheet.formulas)


def _letter(index: int) -> str:
    beyond, rest = divmod(index, 26)
    return (chr(ord("A") + beyond - 1) if beyond else "") + chr(ord("A") + rest)


def _row(texts: Mapping[str, str], notes: Notes) -> FilingRow:
    kind = _code(notes, texts, "kind", "FILING_KIND_UNKNOWN")
    birth = _whole_day(notes, texts, "birth_date")
    if birth is None and not notes.about("birth_date"):
        notes.refuse("MISSING_VALUE", "birth_date")
    return FilingRow(
        kind=FilingKind(kind or FilingKind.HIRE),
        personal_id=_personal_id(notes, texts, birth),
        full_name=read_as.text(notes, texts, "full_name"),
        birth_date=birth or _NO_BIRTH,
        said=_said(texts, notes),
    )


def _said(texts: Mapping[str, str], notes: Notes) -> Said:
    first = read_date(notes, "first_day", texts["first_day"])
    if first is not None and not first.is_whole:
        notes.refuse("FILING_PARTIAL_DAY", "first_day")
    clause = texts["end_reason_clause"]
    if clause and not (clause.isascii() and clause.isdigit()):
        notes.refuse("UNKNOWN_CODE", "end_reason_clause")
        clause = ""
    commune = texts["workplace_commune"]
    return Said(
        first_day=first,
        changed_on=_whole_day(notes, texts, "changed_on"),
        last_day=_whole_day(notes, texts, "last_day"),
        contract_ends_on=_whole_day(notes, texts, "contract_ends_on"),
        position=read_as.optional_text(texts, "position"),
        occupation_code=texts["occupation_code"] or None,
        contract_kind=_code(notes, texts, "contract_kind", "UNKNOWN_CODE"),
        contract_id=texts["contract_id"] or None,
        workplace_commune=commune.zfill(_COMMUNE_DIGITS) if commune else None,
        workplace_text=read_as.optional_text(texts, "workplace_text"),
        end_reason_clause=int(clause) if clause else None,
    )


def _personal_id(notes: Notes, texts: Mapping[str, str], birth: date | None) -> str:
    if not texts["personal_id"]:
        notes.refuse("MISSING_VALUE", "personal_id")
        return _NOBODY
    born = None if birth is None else PartialDate.of_day(birth)
    found = read_identity(notes, texts["personal_id"], sex=None, birth_date=born)
    if found is not None and read_as.kind_of(found) != "PIN":
        notes.refuse("PERSONAL_ID_FORM", "personal_id")
    return found or _NOBODY


def _whole_day(notes: Notes, texts: Mapping[str, str], field: str) -> date | None:
    found = read_date(notes, field, texts[field])
    if found is not None and not found.is_whole:
        notes.refuse("FILING_PARTIAL_DAY", field)
    return None if found is None else found.first_possible


def _code(notes: Notes, texts: Mapping[str, str], field: str, cause: str) -> str | None:
    given = texts[field]
    if not given and field != "kind":
        return None
    found = _codes(field).get(key_of(given))
    if found is None:
        notes.refuse(cause if given else "MISSING_VALUE", field)
    return found


@cache
def _codes(name: str) -> Mapping[str, str]:
    """Return the codes of a list by everything that is read as them."""
    found: dict[str, str] = {}
    for each in _table("filing_words.csv"):
        if each["list"] == name:
            told = (each["code"], each["label_vi"], *each["also"].split(";"))
            found |= {key_of(word): each["code"] for word in told}
    return found


@cache
def _fields_by_key() -> Mapping[str, str]:
    return {key_of(heading): field for field, heading in headings().items()}


@cache
def _needed() -> frozenset[str]:
    return frozenset(each["field"] for each in _table("filing_columns.csv") if each["required"])


@cache
def _table(name: str) -> list[dict[str, str]]:
    text = (resources.files(__package__) / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
