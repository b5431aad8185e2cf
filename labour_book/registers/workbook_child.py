"""Reads a workbook in a process of its own, under limits, and writes its rows to stdout.

Run as a script, so that it needs nothing of ours. Each line is one JSON value: an object for a
sheet (name, visible, merged), an array for a row, and at the end ``{"end": true}`` or
``{"error": ...}``. Whoever reads the pipe sets the pace.

Usage: workbook_child.py FILE MEMORY_BYTES CPU_SECONDS
"""

import datetime as dt
import json
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MAX_MERGED = 50_000


def main() -> None:
    """Set the limits, then write the sheets."""
    path, memory, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import python_calamine  # noqa: PLC0415 - under the limits from its first byte on

    write = sys.stdout.buffer.write
    try:
        with python_calamine.load_workbook(Path(path)) as book:
            for value in _values(book):
                write(_line(value))
        write(_line({"end": True}))
    except (python_calamine.CalamineError, MemoryError, ValueError, OSError) as error:
        write(_line({"error": type(error).__name__}))
    sys.stdout.buffer.flush()


def _values(book: Any) -> Iterator[object]:  # noqa: ANN401 - the library is imported late
    for index, about in enumerate(book.sheets_metadata):
        visible = str(about.visible).endswith(".Visible")
        is_table = str(about.typ).endswith(".WorkSheet")
        if not (visible and is_table):
            yield {"sheet": about.name, "index": index, "read": False, "merged": []}
            continue
        sheet = book.get_sheet_by_index(index)
        merged = [top + end for top, end in (sheet.merged_cell_ranges or [])[:MAX_MERGED]]
        yield {"sheet": about.name, "index": index, "read": True, "merged": merged}
        left = [""] * (sheet.start[1] if sheet.start else 0)
        for row in sheet.iter_rows():
            while row and row[-1] == "":
                row.pop()
            yield left + row if row else []


def _line(value: object) -> bytes:
    return (
        json.dumps(value, ensure_ascii=False, default=_text, separators=(",", ":")).encode(
            "utf-8", "replace"
        )
        + b"\n"
    )


def _text(value: object) -> str:
    """Write a date as ISO; midnight is no time of day."""
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return str(value)


if __name__ == "__main__":
    main()
