"""Looks at a workbook before any spreadsheet library does: is it one, and how large does it get?

A ratio says nothing (an honest sheet of blanks packs 1,000 to 1): the parts are really inflated,
in pieces, and counted, so the directory of the archive cannot lie about their sizes.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from labour_book.errors import Invalid

MAX_INFLATED_BYTES = 300 << 20
"""All parts of a workbook together; 1,000,000 rows of Form 03 are about this much."""
MAX_PARTS = 2_000
MAX_FORMULAS = 500_000
_PIECE = 1 << 20
_OVERLAP = 4_096
_MACROS = "application/vnd.ms-excel.sheet.macroEnabled"
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_FORMULA = re.compile(rb"><f(?:/>|>|\s[^>]{0,200}>)([^<]{0,400})")
_CELL = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^<>]*$')
_SHEET = re.compile(r"<(?:\w+:)?sheet\s([^>]*)>")
_RELATION = re.compile(r"<Relationship\s([^>]*)>")
_ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
_BOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)
_OTHER_KINDS = {
    b"\xd0\xcf\x11\xe0": ("XLS_OR_ENCRYPTED", "an XLS file, or a workbook locked with a password"),
    b"%PDF": ("NOT_A_WORKBOOK", "a PDF file"),
}


@dataclass(frozen=True, slots=True)
class Workbook:
    """What is known of a workbook without parsing it."""

    inflated_bytes: int
    formulas: tuple[dict[str, str], ...]
    """Per sheet, in their order: cell (B12) -> formula without '='."""


def inspect(path: Path, *, max_inflated_bytes: int = MAX_INFLATED_BYTES) -> Workbook:
    """Inflate every part once, within limits, and note which cells hold a formula.

    Raises:
        Invalid: not an XLSX workbook, broken, too large when inflated, or with XML entities.
    """
    _check_start(path)
    try:
        with zipfile.ZipFile(path) as archive:
            return _inspected(archive, max_inflated_bytes)
    except _BROKEN as error:
        raise Invalid("The workbook is damaged or cut off", cause="BROKEN_WORKBOOK") from error


def _check_start(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(4)
    for mark, (cause, name) in _OTHER_KINDS.items():
        if start == mark:
            raise Invalid(f"This is {name}, not an XLSX workbook", cause=cause)
    if not start:
        raise Invalid("The file is empty", cause="EMPTY_FILE")
    if start != b"PK\x03\x04":
        raise Invalid("This is not an XLSX workbook", cause="NOT_A_WORKBOOK")


def _inspected(archive: zipfile.ZipFile, limit: int) -> Workbook:
    parts = archive.infolist()
    _check_parts(parts)
    total = 0
    formulas: dict[str, dict[str, str]] = {}
    for part in parts:
        found: dict[str, str] = {}
        before = b""
        for piece in _pieces(archive, part):
            total += len(piece)
            if total > limit:
                detail = f"The workbook is larger than {limit >> 20} MiB when unpacked"
                raise Invalid(detail, cause="ZIP_BOMB", allowed_mib=limit >> 20)
            window = before + piece
            _check_declaration(part.filename, window)
            if part.filename.startswith("xl/worksheets/") and len(found) < MAX_FORMULAS:
                found |= _formulas(window)
            before = window[-_OVERLAP:]
        formulas[part.filename] = found
    return Workbook(total, tuple(formulas.get(name, {}) for name in _sheet_parts(archive)))


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    names = {part.filename for part in parts}
    if len(parts) > MAX_PARTS:
        raise Invalid("The archive has too many parts", cause="ZIP_BOMB", parts=len(parts))
    if len(names) != len(parts):
        raise Invalid("The archive has a part twice", cause="BROKEN_WORKBOOK")
    if any(part.flag_bits & 1 for part in parts):
        raise Invalid("The archive is encrypted", cause="XLS_OR_ENCRYPTED")
    if "xl/workbook.bin" in names:
        raise Invalid("XLSB is not read; save as XLSX", cause="NOT_A_WORKBOOK", looks_like="XLSB")
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise Invalid("A ZIP file, but not a workbook", cause="NOT_A_WORKBOOK", looks_like="ZIP")


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            yield piece


def _check_declaration(name: str, window: bytes) -> None:
    if name.endswith((".xml", ".rels")) and _DECLARATION.search(window):
        raise Invalid("The workbook declares XML entities", cause="XML_ENTITIES")


def _formulas(window: bytes) -> dict[str, str]:
    found = {}
    for match in _FORMULA.finditer(window):
        start = max(0, match.start() - 120)
        cell = _CELL.search(window[start : match.start()])
        if cell:
            found[cell[1].decode()] = unescape(match[1].decode(errors="replace"))
    return found


def _sheet_parts(archive: zipfile.ZipFile) -> list[str]:
    """Return the part of each sheet in the order of the workbook, as far as it can be told."""
    if _RELATIONS not in archive.namelist():
        return []
    targets = {}
    for attributes in _RELATION.findall(archive.read(_RELATIONS).decode(errors="replace")):
        relation = dict(_ATTRIBUTE.findall(attributes))
        targets[relation.get("Id", "")] = relation.get("Target", "")
    parts = []
    for attributes in _SHEET.findall(archive.read(_BOOK).decode(errors="replace")):
        target = targets.get(dict(_ATTRIBUTE.findall(attributes)).get("r:id", ""), "")
        parts.append(target.lstrip("/") if target.startswith("/") else f"xl/{target}")
    return parts
