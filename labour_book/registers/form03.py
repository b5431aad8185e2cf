"""Reads Form 03 collection workbooks (Mẫu số 03) as communes really send them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, islice
from pathlib import Path

from labour_book.domain.findings import Finding
from labour_book.domain.people import PartialDate
from labour_book.registers.form03_codes import codes_by_key, key_of, mark_of
from labour_book.registers.form03_headers import Column, columns_named
from labour_book.registers.form03_layout import Layout, MergedCells
from labour_book.registers.form03_mapping import IGNORE, Mapped, check_mapping
from labour_book.registers.form03_rows import Collection, Line, build_row
from labour_book.registers.form03_tables import (
    Table,
    collection_of,
    commune_findings,
    tables,
)
from labour_book.registers.notes import MAX_RAW_FIELD, Notes, check_cells
from labour_book.registers.returned import MARK, is_added
from labour_book.registers.rows import Parsed, RowPlace
from labour_book.registers.workbook import DEFAULT_LIMITS, Limits

_HARMLESS_FUNCTIONS = frozenset(
    {"CONCATENATE", "DATE", "LEFT", "LOWER", "MID", "PROPER", "RIGHT", "ROW", "SUBSTITUTE", "SUM"}
    | {"TEXT", "TRIM", "UPPER", "VALUE", "YEAR"}
)
_FUNCTION = re.compile(r"([A-Z_.]+)\(")
COMMUNE = f"{MARK}mã xã / commune code"
COLLECTED_ON = f"{MARK}thu thập / collected"
"""Keys in ``raw`` of what a row cannot be read again without."""
_NOT_READ = frozenset({"number", "age", IGNORE})


def read(
    path: Path,
    *,
    mapping: Mapping[str, object] | None = None,
    skip: int = 0,
    as_of: date | None = None,  # noqa: ARG001 - the form itself says when it was collected
    limits: Limits = DEFAULT_LIMITS,
) -> Iterator[Parsed]:
    """Yield the people of a workbook, sheet after sheet; hidden sheets are not read.

    ``mapping`` is what ``form03_mapping.read_mapping`` returns. The first ``skip`` people are
    passed over.

    Raises:
        Invalid: not a workbook, no sheet with the columns of the form, or commune or time of
            collection unknown.
    """
    people = _people(path, check_mapping(mapping), limits)
    return (reader.parsed(person) for reader, person in islice(people, skip, None))


def _people(
    path: Path, mapped: Mapped, limits: Limits
) -> Iterator[tuple["_TableReader", "_Person"]]:
    for table in tables(path, mapped, limits, []):
        reader = _TableReader(table, collection_of(path, table, mapped, limits), mapped)
        for person in reader.people():
            yield reader, person


def file_findings(
    path: Path, *, mapping: Mapping[str, object] | None = None, limits: Limits = DEFAULT_LIMITS
) -> tuple[Finding, ...]:
    """Return what there is to say of the workbook as a whole: sheets and columns not read.

    Raises:
        Invalid: as ``read`` does.
    """
    mapped = check_mapping(mapping)
    findings: list[Finding] = []
    for table in tables(path, mapped, limits, findings):
        collection_of(path, table, mapped, limits)
        findings += commune_findings(path, table, mapped)
    return tuple(findings)


@dataclass(frozen=True, slots=True)
class _Person:
    """A data row before it is read."""

    number: int
    cells: list[str]
    is_household_carried: bool


class _TableReader:
    """Reads the rows of one table in their order."""

    def __init__(self, table: Table, collection: Collection, mapped: Mapped) -> None:
        self._table = table
        self._collection = collection
        self._mapped = mapped
        header = table.header
        header_rows = [row.cells for row in table.top[header.first_row : header.last_row + 1]]
        self._layout = Layout(header, header_rows)
        self._merged = MergedCells(table.sheet.merged)
        self._read = [each for each in header.columns if each.field not in _NOT_READ]
        self._labels = _unique_labels(header.columns)
        self._formulas = table.sheet.formulas
        places = {each.field: each.index for each in header.columns}
        was_returned = any(is_added(each.label) for each in header.columns)
        self._household_at = None if was_returned else places.get("household_code")
        self._relation_at = places.get("relationship_to_head")
        self._household = ""
        self._origin = {
            COMMUNE: collection.commune_code,
            COLLECTED_ON: str(collection.collected_on),
        }

    def people(self) -> Iterator[_Person]:
        """Yield the rows that are about people, with merged cells and households filled in."""
        below = self._table.top[self._table.header.last_row + 1 :]
        for row in chain(below, self._table.rest):
            cells = self._merged.filled(row.number - 1, row.cells)
            if self._layout.is_data(cells):
                yield _Person(row.number, cells, self._carry_household(cells))
            elif self._layout.starts_section(cells):
                self._household = ""

    def _carry_household(self, cells: list[str]) -> bool:
        """Give a person the household code above, where it is given once; tell whether it was."""
        if self._household_at is None or self._household_at >= len(cells):
            return False
        given = cells[self._household_at].strip()
        if given or self._is_head(cells) or not self._household:
            self._household = given
            return False
        cells[self._household_at] = self._household
        return True

    def _is_head(self, cells: list[str]) -> bool:
        if self._relation_at is None or self._relation_at >= len(cells):
            return False
        relation = key_of(cells[self._relation_at])
        return codes_by_key("relationship_to_head").get(relation) == "HEAD"

    def parsed(self, row: _Person) -> Parsed:
        """Return the person of a row, or why the row is refused."""
        notes = Notes()
        cells = row.cells
        if self._formulas:
            cells = self._with_formulas(row, notes)
        raw = {label: cells[x] if x < len(cells) else "" for x, label in self._labels.items()}
        raw |= self._origin
        if row.is_household_carried:
            notes.note("HOUSEHOLD_CARRIED_DOWN", "household_code")
        line = _line(self._read, cells, notes)
        built = build_row(line, notes, self._collection, self._mapped)
        place = RowPlace(self._table.sheet.name, row.number)
        findings = tuple(notes.findings)
        if built is None or notes.refused:
            raw = {label: cell[:MAX_RAW_FIELD] for label, cell in raw.items()}
            return Parsed(place, raw, None, findings)
        return Parsed(
            place, raw, replace(built, findings=findings) if findings else built, findings
        )

    def _with_formulas(self, row: _Person, notes: Notes) -> list[str]:
        """Show a formula that does more than put text together as its own text, unevaluated."""
        cells = list(row.cells)
        for column in self._read:
            formula = self._formulas.get(f"{_letters(column.index)}{row.number}")
            if formula is None or column.index >= len(cells):
                continue
            if (
                set(_FUNCTION.findall(formula.upper())) <= _HARMLESS_FUNCTIONS
                and "|" not in formula
            ):
                notes.note("CALCULATED_VALUE", column.field)
            else:
                cells[column.index] = f"={formula}"
        return cells


def read_again(raw: Mapping[str, str], place: RowPlace) -> Parsed:
    """Read a row anew from what was kept of it, with the labels of its own workbook."""
    notes = Notes()
    cells = {label: cell for label, cell in raw.items() if not is_added(label)}
    columns = [each for each in columns_named(cells) if each.field not in _NOT_READ]
    origin = Collection(raw[COMMUNE], PartialDate.parse(raw[COLLECTED_ON]))
    line = _line(columns, list(cells.values()), notes)
    row = build_row(line, notes, origin, Mapped())
    findings = tuple(notes.findings)
    read = None if notes.refused else replace(row, findings=findings)
    return Parsed(place, raw, read, findings)


def _line(read: Sequence[Column], cells: Sequence[str], notes: Notes) -> Line:
    texts: dict[str, str] = {}
    marks: dict[str, list[str]] = {}
    columns = [each for each in read if each.field and each.index < len(cells)]
    found = [cells[each.index] for each in columns]
    check_cells(notes, [str(each.field) for each in columns], found)
    for column, cell in zip(columns, found, strict=True):
        field = str(column.field)
        if column.code is None:
            texts[field] = cell
        elif (mark := mark_of(cell)) is None:
            notes.note("UNKNOWN_VALUE", field)
        elif mark:
            marks.setdefault(field, []).append(column.code)
    return Line(texts, marks)


def _unique_labels(columns: tuple[Column, ...]) -> dict[int, str]:
    """Return a label per column, with its letter where the header has none or has it twice.

    What no field is read from is not kept either, as of any other file: it may be anything.
    """
    found: dict[int, str] = {}
    for column in columns:
        if is_added(column.label) or column.field in {None, IGNORE}:
            continue
        label = column.label or f"({_letters(column.index)})"
        taken = set(found.values())
        found[column.index] = f"{label} ({_letters(column.index)})" if label in taken else label
    return found


def _letters(index: int) -> str:
    """Return the name Excel gives a column, counted from 0: A, B, ... Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
