"""Which lines of a book its owner has called right (đúng). Silence is no word: unconfirmed.

A confirmation is of what a line says, not of its place: once the line says something else it is
unconfirmed again, and if it comes to say the same again, the word given then still stands.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from typing import Any

from labour_book.domain.months import MonthRange

Line = Mapping[str, Any]
KEY_BYTES = 16
_MONTHS = ("paid", "arrears", "unknown")
_NOT_WHAT_IT_SAYS = frozenset(
    {"no", "assurance", *_MONTHS, *(f"months_{each}" for each in _MONTHS)}
)
"""Its place, how well others vouch for it; and months, which are told as runs instead."""


class LineKind(StrEnum):
    """The parts of a book that have lines to confirm."""

    EMPLOYMENT = "employment"
    QUALIFICATION = "qualification"


_PARTS = {LineKind.EMPLOYMENT: "employments", LineKind.QUALIFICATION: "qualifications"}


@dataclass(frozen=True, slots=True)
class BookLine:
    """A line of a book: of which part, where it stands in it (1 is the first), and its key."""

    kind: LineKind
    number: int
    key: str


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A line, and when its owner called it right as it reads now; None if never."""

    line: BookLine
    confirmed_at: datetime | None


def lines_in(record: Mapping[str, Any]) -> Iterator[BookLine]:
    """Yield the lines of a book's claims, each with its key."""
    for kind, part in _PARTS.items():
        for number, line in enumerate(record.get(part, ()), start=1):
            yield BookLine(kind, number, key_of(kind, line))


def key_of(kind: LineKind, line: Line) -> str:
    """Return what stands for everything a line says: 32 hexadecimal digits.

    While a job goes on the register reports one month after the other. As long as these are like
    the month before, the line says nothing new; a month that is owed after paid ones does.
    """
    said = {name: value for name, value in line.items() if name not in _NOT_WHAT_IT_SAYS}
    if kind is LineKind.EMPLOYMENT:
        said["runs"] = _runs(line)
    text = json.dumps([kind, said], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return blake2b(text.encode(), digest_size=KEY_BYTES).hexdigest()


def _runs(line: Line) -> list[tuple[str, str, str]]:
    """Return the runs of like months in order; the last one of a running job has no end."""
    spread = [
        (MonthRange.parse(each), status) for status in _MONTHS for each in line.get(status, ())
    ]
    runs = [(str(each.first), str(each.last), status) for each, status in sorted(spread)]
    running = not {"last_day", "known_until"} & line.keys()
    if runs and running:
        first, _, status = runs.pop()
        runs.append((first, "", status))
    return runs
