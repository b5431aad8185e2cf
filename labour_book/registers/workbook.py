"""Workbooks as rows of text, one at a time. Parsing happens in a child process under limits."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from labour_book.errors import Invalid
from labour_book.registers.zip_guard import MAX_INFLATED_BYTES, inspect

MAX_MEMORY_BYTES = 1 << 30
MAX_CPU_SECONDS = 120
_MAX_LINE_BYTES = 64 << 20
_EXACT_DIGITS = 10**15
"""Whole numbers from here on are not kept exactly by Excel."""
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CHILD = Path(__file__).with_name("workbook_child.py")

Cells = list[str]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a workbook may cost: bytes when unpacked, bytes of memory, seconds of CPU."""

    inflated_bytes: int = MAX_INFLATED_BYTES
    memory_bytes: int = MAX_MEMORY_BYTES
    cpu_seconds: int = MAX_CPU_SECONDS


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet begins. Hidden sheets, charts and macro sheets are named but not read.

    ``merged`` holds (first row, first column, last row, last column), counted from 0;
    ``formulas`` the cells whose text was calculated, by name (B12), with the formula.
    """

    name: str
    is_read: bool
    merged: tuple[tuple[int, int, int, int], ...]
    formulas: dict[str, str]


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of the sheet named before; ``number`` from 1 as Excel shows it."""

    number: int
    cells: Cells


def read_workbook(path: Path, *, limits: Limits = DEFAULT_LIMITS) -> Iterator[Sheet | SheetRow]:
    """Yield the sheets in their order, each followed by its rows; cells as text, to the last used.

    Raises:
        Invalid: not a workbook, broken, or beyond the limits.
    """
    about = inspect(path, max_inflated_bytes=limits.inflated_bytes)
    formulas = dict(enumerate(about.formulas))
    number = 0
    for value in _child_values(path, limits):
        if isinstance(value, list):
            number += 1
            yield SheetRow(
                number,
                [cell if type(cell) is str and "_x" not in cell else _text(cell) for cell in value],
            )
        else:
            number = 0
            yield Sheet(
                name=value["sheet"],
                is_read=value["read"],
                merged=tuple(map(tuple, value["merged"])),
                formulas=formulas.get(value["index"], {}),
            )


def _child_values(path: Path, limits: Limits) -> Iterator[Any]:
    """Yield what the child writes; it is stopped when nobody reads on.

    Raises:
        Invalid: the child could not read the workbook, or reached a limit.
    """
    memory, seconds = str(limits.memory_bytes), str(limits.cpu_seconds)
    command = [sys.executable, "-I", str(_CHILD), str(path.absolute()), memory, seconds]
    with subprocess.Popen(  # noqa: S603 - our own script, by its full path
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as child:
        try:
            assert child.stdout is not None
            yield from _values(child.stdout)
        finally:
            child.kill()


def _values(pipe: IO[bytes]) -> Iterator[Any]:
    while line := pipe.readline(_MAX_LINE_BYTES):
        value = json.loads(line) if line.endswith(b"\n") else {"error": "cut"}
        if isinstance(value, list) or "sheet" in value:
            yield value
        elif "end" in value:
            return
        else:
            raise Invalid("The workbook is damaged", cause="BROKEN_WORKBOOK")
    raise Invalid("The workbook takes too much memory or time", cause="WORKBOOK_LIMIT")


def _text(cell: object) -> str:
    """Return the text of a cell: a whole number without '.0', a date as ISO.

    A number with more digits than Excel keeps is left in scientific notation, for every number
    field to refuse.
    """
    if isinstance(cell, str):
        return _unescaped(cell) if "_x" in cell else cell
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _EXACT_DIGITS else f"{cell!r}"
    return "" if cell is None else str(cell)


def _unescaped(text: str) -> str:
    """Put back the characters that a workbook writes as _x0007_."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
