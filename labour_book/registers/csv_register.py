"""What all CSV registers share: the header is checked, each record becomes one ``Parsed``."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from labour_book.errors import Invalid
from labour_book.registers.csv_records import Record, records
from labour_book.registers.notes import MAX_RAW_FIELD, Notes, check_cells
from labour_book.registers.returned import MARK, as_typed, is_added
from labour_book.registers.rows import Parsed, Row, RowPlace

Build = Callable[[Mapping[str, str], Notes], Row]
"""Makes the typed row of a record, without findings; it counts only if the notes do not refuse."""

UNSPLIT = f"{MARK}nguyên dòng / whole line"
"""Key in ``raw`` of a line that could not be split into columns."""
BEYOND = f"{MARK}thừa / beyond"
"""Key in ``raw`` of what stood in a record after the last column."""


def read_csv(
    path: Path,
    columns: Sequence[str],
    build: Build,
    *,
    mapping: Mapping[str, object] | None = None,
    skip: int = 0,
) -> Iterator[Parsed]:
    """Yield one ``Parsed`` per data record, in bounded memory.

    ``mapping["columns"]`` may name columns anew: header text -> column name. The first ``skip``
    records are passed over. What stands in columns nobody asked for is not even kept in ``raw``:
    a register may send what has no place here, such as anything about health (QD 3074/QD-BYT).

    Raises:
        Invalid: not UTF-8, or the header lacks a column or has one twice.
    """
    source = records(path)
    header = _header(next(source, None), mapping)
    check_columns(header, columns)
    if any(map(is_added, header)):
        source = _without_added(header, source)
        header = [name for name in header if not is_added(name)]
    for record in islice(source, skip, None):
        yield _without_strange(_parsed(header, record, build), header, columns)


def columns_of(path: Path, mapping: Mapping[str, object] | None = None) -> list[str]:
    """Return the column names of the header, as the mapping names them.

    Raises:
        Invalid: not UTF-8.
    """
    return _header(next(records(path), None), mapping)


def check_columns(found: Sequence[str], wanted: Sequence[str]) -> None:
    """Check that every wanted column is there once.

    Raises:
        Invalid: with the columns that are missing, or the one that stands there twice.
    """
    missing = [name for name in wanted if name not in found]
    if missing:
        detail = f"Missing columns: {', '.join(missing)}"
        raise Invalid(detail, cause="MISSING_COLUMNS", columns=", ".join(missing))
    for name in wanted:
        if found.count(name) > 1:
            detail = f"The column {name} stands there twice"
            raise Invalid(detail, cause="COLUMN_TWICE", columns=name)


def _header(record: Record | None, mapping: Mapping[str, object] | None) -> list[str]:
    if record is None:
        raise Invalid("The file is empty", cause="EMPTY_FILE")
    renamed = mapping.get("columns") if mapping else None
    names = [name.strip() for name in record[1]]
    if not isinstance(renamed, Mapping):
        return names
    return [str(renamed.get(name, name)) for name in names]


def _without_added(header: Sequence[str], source: Iterator[Record]) -> Iterator[Record]:
    """Yield the records of a file of refused rows without what was added to them."""
    added = {place for place, name in enumerate(header) if is_added(name)}
    for line, cells, cause in source:
        kept = [as_typed(cell) for place, cell in enumerate(cells) if place not in added]
        yield line, kept, cause or (None if len(cells) == len(header) else "COLUMN_COUNT")


def _without_strange(parsed: Parsed, header: Sequence[str], columns: Sequence[str]) -> Parsed:
    """Return a record without the cells of columns that nobody asked for."""
    if len(header) == len(columns):
        return parsed
    known = frozenset(columns)
    return replace(parsed, raw={name: each for name, each in parsed.raw.items() if name in known})


def _parsed(header: Sequence[str], record: Record, build: Build) -> Parsed:
    line, cells, cause = record
    place = RowPlace(None, line)
    notes = Notes()
    if len(cells) != len(header) or cause is not None:
        _check_whole(notes, header, record)
        if notes.refused:
            return Parsed(place, _raw(header, cells), None, tuple(notes.findings))
    values = dict(zip(header, cells, strict=True))
    check_cells(notes, header, cells)
    row = build(values, notes)
    if not notes.findings:
        return Parsed(place, values, row, ())
    findings = tuple(notes.findings)
    if notes.refused:
        return Parsed(place, _shortened(values), None, findings)
    return Parsed(place, values, replace(row, findings=findings), findings)


def _check_whole(notes: Notes, header: Sequence[str], record: Record) -> None:
    _line, cells, cause = record
    if cause == "LAST_LINE_OPEN":  # even with all columns: the last value may be cut off
        cause = "TRUNCATED"
    notes.refuse(cause or "COLUMN_COUNT", None, columns=len(cells), wanted=len(header))


def _raw(header: Sequence[str], cells: list[str]) -> Mapping[str, str]:
    if len(cells) == 1:
        return _shortened({UNSPLIT: cells[0]})
    named = dict(zip(header, cells, strict=False))
    beyond = {BEYOND: "; ".join(cells[len(header) :])} if len(cells) > len(header) else {}
    return _shortened(named | beyond)


def _shortened(values: Mapping[str, str]) -> Mapping[str, str]:
    if max(map(len, values.values()), default=0) <= MAX_RAW_FIELD:
        return values
    return {name: value[:MAX_RAW_FIELD] for name, value in values.items()}
