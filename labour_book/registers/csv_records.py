"""CSV files as records, one at a time, in memory that does not grow with the file.

A record that cannot be read (broken quotes, a file that stops in the middle) costs one line: the
lines that the parser had swallowed with it are read again on their own.
"""

import csv
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from labour_book.registers.encodings import check_start, decode_line

MAX_LINE_BYTES = 1 << 20
MAX_LINES_PER_RECORD = 50
"""Line breaks within quotes that are believed; more means that a quote was left open."""

_DELIMITERS = ",;\t"


class _Unfinished(Exception):
    """A quoted field goes on for too long to be true."""


class _Source:
    """The lines of a file, with the power to read those of an unfinished record again."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._again: deque[str] = deque()
        self.pending: list[str] = []
        self.number = 0

    def lines(self) -> Iterator[str]:
        """Yield the lines, keeping those of the record in progress.

        Raises:
            Invalid: a line is not UTF-8.
            _Unfinished: one record has taken more lines than any honest one.
        """
        readline, pending = self._file.readline, self.pending
        while True:
            if self._again:
                text = self._again.popleft()
            else:
                raw = readline(MAX_LINE_BYTES)
                if not raw:
                    return
                text = decode_line(raw, self.number + 1)
            self.number += 1
            pending.append(text)
            if len(pending) > MAX_LINES_PER_RECORD:
                raise _Unfinished
            yield text

    def give_back(self) -> str:
        """Return the first line of the unfinished record; the others will be read again."""
        first, *rest = self.pending
        self._again.extendleft(reversed(rest))
        self.number -= len(rest)
        self.pending.clear()
        return first


Record = tuple[int, list[str], str | None]
"""Line number, cells, and a cause: ``TRUNCATED`` and ``FIELD_TOO_LONG`` if the line could not be
split into cells, ``LAST_LINE_OPEN`` if it could but has no line break."""


def records(path: Path) -> Iterator[Record]:
    """Yield the records of a CSV file, the header first; blank lines are left out.

    Raises:
        Invalid: the file is not UTF-8 text.
    """
    with path.open("rb") as file:
        source = _Source(file)
        file.seek(check_start(file))
        delimiter = _delimiter_of(file)
        while True:
            reader = csv.reader(source.lines(), delimiter=delimiter, strict=True)
            try:
                yield from _whole_records(reader, source)
            except (csv.Error, _Unfinished) as error:
                cause = "FIELD_TOO_LONG" if "limit" in str(error) else "TRUNCATED"
                text = source.give_back()
                yield source.number, [text.rstrip("\r\n")], cause
            else:
                return


def _whole_records(reader: Iterator[list[str]], source: _Source) -> Iterator[Record]:
    pending = source.pending
    for cells in reader:
        first_line = source.number - len(pending) + 1
        cause = None if pending[-1].endswith("\n") else "LAST_LINE_OPEN"
        pending.clear()
        if cells:
            yield first_line, cells, cause


def _delimiter_of(file: BinaryIO) -> str:
    """Look which delimiter the header uses; Excel writes ';' under Vietnamese settings."""
    start = file.tell()
    header = file.readline(MAX_LINE_BYTES).decode(errors="replace")
    file.seek(start)
    return max(_DELIMITERS, key=header.count)
