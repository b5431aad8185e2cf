"""Checks a file as a whole before the first of its rows is believed."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from labour_book.domain.findings import Finding
from labour_book.errors import Invalid
from labour_book.registers import (
    contracts,
    employer_filings,
    enterprises,
    form03,
    insurance,
    paper_books,
    population,
    qualifications,
)
from labour_book.registers.csv_register import check_columns, columns_of
from labour_book.registers.encodings import check_start, decode_line
from labour_book.registers.json_lines import first_object
from labour_book.registers.returned import is_added
from labour_book.registers.rows import Parsed

MAX_FILE_BYTES = 4 << 30
_PIECE_BYTES = 1 << 20
_WORKBOOK_START = b"PK\x03\x04"


class Read(Protocol):
    """How every kind is read."""

    def __call__(
        self,
        path: Path,
        *,
        mapping: Mapping[str, object] | None = None,
        skip: int = 0,
        as_of: date | None = None,
    ) -> Iterator[Parsed]: ...


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of register file: how it is read, and its columns or keys (none: a workbook)."""

    read: Read
    columns: Sequence[str] = ()
    is_json: bool = False


KINDS: Mapping[str, Kind] = {
    "population": Kind(population.read, population.COLUMNS),
    "enterprises": Kind(enterprises.read, enterprises.COLUMNS),
    "insurance": Kind(insurance.read, insurance.COLUMNS),
    "form03": Kind(form03.read),
    "contracts": Kind(contracts.read, tuple(contracts.KEYS), is_json=True),
    "qualifications": Kind(qualifications.read, qualifications.COLUMNS),
    "paper_books": Kind(paper_books.read, paper_books.COLUMNS),
    "employer_filings": Kind(employer_filings.read),
}
"""Every kind of file, in the order in which they are best imported."""

OF_REGISTERS = tuple(kind for kind in KINDS if kind != "employer_filings")
"""The kinds that registers, communes and the keepers of paper books send; employers send theirs."""


def check_file(
    path: Path, kind: str, *, mapping: Mapping[str, object] | None = None
) -> tuple[Finding, ...]:
    """Check that a file is of a kind and can be read; return what to know of it as a whole.

    Raises:
        Invalid: wrong kind, wrong encoding, damaged, too large; ``facts["cause"]`` says which, and
            ``facts["looks_like"]`` what it seems to be instead.
    """
    wanted = KINDS[kind]
    size = path.stat().st_size
    if not size:
        raise Invalid("The file is empty", cause="EMPTY_FILE")
    if size > MAX_FILE_BYTES:
        raise Invalid("The file is too large", cause="FILE_TOO_LARGE", allowed=MAX_FILE_BYTES >> 20)
    found = looks_like(path)
    if kind == "employer_filings" and found == "form03" and employer_filings.follows_template(path):
        return employer_filings.file_findings(path)
    if found is not None and found != kind and not mapping:
        detail = f"This is not a file of the kind '{kind}'; it looks like '{found}'"
        raise Invalid(detail, cause="WRONG_KIND", kind=kind, looks_like=found)
    if not wanted.columns:
        return form03.file_findings(path, mapping=mapping)
    findings = _check_keys(path, kind) if wanted.is_json else _check_header(path, wanted, mapping)
    about_lines = tuple(_check_lines(path))
    if wanted.is_json:
        about_lines = tuple(each for each in about_lines if each.cause != "NO_ROWS")
    return (*findings, *about_lines)


def looks_like(path: Path) -> str | None:
    """Return the kind a file seems to be, from its first bytes and its header; None if unknown."""
    with path.open("rb") as file:
        start = file.read(4)
    if start == _WORKBOOK_START:
        return "form03"
    for header in (_keys_of, _columns_of):
        names = header(path)
        for name, kind in KINDS.items():
            if kind.columns and set(kind.columns) <= names:
                return name
    return None


def _keys_of(path: Path) -> set[str]:
    return set(_or_nothing(first_object, path) or ())


def _columns_of(path: Path) -> set[str]:
    return set(_or_nothing(columns_of, path) or ())


def _or_nothing(ask: Callable[[Path], Iterable[str] | None], path: Path) -> Iterable[str] | None:
    try:
        return ask(path)
    except Invalid:
        return None


def _check_header(
    path: Path, kind: Kind, mapping: Mapping[str, object] | None
) -> tuple[Finding, ...]:
    found = columns_of(path, mapping)
    check_columns(found, kind.columns)
    unknown = [name for name in found if name not in kind.columns and not is_added(name)]
    return tuple(Finding("UNKNOWN_COLUMN", None, {"column": name[:80]}) for name in unknown)


def _check_keys(path: Path, kind: str) -> tuple[Finding, ...]:
    if first_object(path) is None:
        detail = "The first line is not a JSON object"
        raise Invalid(detail, cause="WRONG_KIND", kind=kind, looks_like="?")
    return ()


def _check_lines(path: Path) -> Iterator[Finding]:
    """Check the encoding to the last line; yield that there is one line only, or an open one.

    Raises:
        Invalid: a line is not UTF-8.
    """
    last, filled = b"", 0
    with path.open("rb") as file:
        file.seek(check_start(file))
        number = 0
        while line := file.readline(_PIECE_BYTES):
            number += 1
            decode_line(line, number)
            last, filled = line, filled + bool(line.strip())
    if filled == 1:
        yield Finding("NO_ROWS")
    if not last.endswith(b"\n"):
        yield Finding("LAST_LINE_OPEN")
