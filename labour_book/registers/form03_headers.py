"""Recognises the columns of Form 03 under any spelling, order and grouping."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from labour_book.registers.form03_codes import LIST_OF_FIELD, codes_by_key, key_of, table
from labour_book.registers.form03_mapping import IGNORE, Mapped
from labour_book.registers.returned import is_added

REQUIRED = ("full_name", "birth_date", "gender", "personal_id", "economic_activity")
FEWEST_FIELDS = 5
"""Columns that must be recognised before a row is taken for a header."""
DEEPEST_HEADER = 3
_IN_BRACKETS = re.compile(r"\([^)]*\)")

Merged = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds: a field, or the mark for one ``code`` of a field."""

    index: int
    label: str
    """As in the file, with the heading of its group: 'Giới tính / Nam'."""
    field: str | None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a sheet; data begins after ``last_row`` (from 0)."""

    columns: tuple[Column, ...]
    first_row: int
    last_row: int

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(column.field for column in self.columns if column.field)

    @property
    def score(self) -> tuple[int, int]:
        """How much was recognised: fields, then columns."""
        return len(self.fields), sum(column.field is not None for column in self.columns)

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(field for field in REQUIRED if field not in self.fields)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Labels of the columns that were not recognised."""
        return tuple(each.label for each in self.columns if each.field is None and each.label)

    @property
    def twice(self) -> tuple[str, ...]:
        """Fields, or codes of a field, that two columns claim."""
        seen: set[tuple[str | None, str | None]] = set()
        found = []
        for column in self.columns:
            claim = (column.field, column.code)
            if column.field not in {None, IGNORE} and (
                claim in seen or (column.field, None) in seen
            ):
                found.append(str(column.field))
            seen.add(claim)
        return tuple(found)


def find_header(
    rows: Sequence[Sequence[str]], merged: Sequence[Merged], mapped: Mapped
) -> Header | None:
    """Return the header among the first rows of a sheet; None if nothing looks like one.

    The first row that gives the most recognised columns wins, alone or with up to two below it.
    """
    best: Header | None = None
    for first, row in enumerate(rows):
        if sum(bool(cell.strip()) for cell in row) < FEWEST_FIELDS:
            continue
        for depth in range(1, DEEPEST_HEADER + 1):
            block = _filled(rows[first : first + depth], first, merged)
            header = Header(_columns(block, mapped), first, first + depth - 1)
            if best is None or header.score > best.score:
                best = header
    return best if best and len(best.fields) >= FEWEST_FIELDS else None


def columns_named(labels: Iterable[str]) -> tuple[Column, ...]:
    """Return what columns hold whose labels are known, as ``Column.label`` has them."""
    return _columns([list(labels)], Mapped())


def _filled(rows: Sequence[Sequence[str]], first: int, merged: Sequence[Merged]) -> list[list[str]]:
    """Return header rows of equal width in which a merged text stands in each of its cells."""
    width = max(map(len, rows), default=0)
    block = [[*row, *[""] * (width - len(row))] for row in rows]
    inside = [each for each in merged if first <= each[0] < first + len(block)]
    for top, left, bottom, right in inside:
        text = block[top - first][left] if left < width else ""
        for y in range(top - first, min(bottom - first + 1, len(block))):
            for x in range(left, min(right + 1, width)):
                block[y][x] = block[y][x] or text
    if not inside and len(block) > 1:
        _fill_groups(block)
    return block


def _fill_groups(block: list[list[str]]) -> None:
    """Where nothing is merged, let a group heading reach to the next one."""
    group = ""
    for x, text in enumerate(block[0]):
        group = text.strip() or group
        if not text.strip() and block[-1][x].strip():
            block[0][x] = group


def _columns(block: Sequence[Sequence[str]], mapped: Mapped) -> tuple[Column, ...]:
    found = []
    for x in range(len(block[0]) if block else 0):
        texts: list[str] = []
        for row in block:
            text = " ".join(row[x].split())
            if text and text not in texts:
                texts.append(text)
        if len(texts) == 1 and " / " in texts[0]:
            texts = texts[0].split(" / ")
        found.append(_column(x, texts, mapped))
    return tuple(found)


def _column(index: int, texts: Sequence[str], mapped: Mapped) -> Column:
    label = " / ".join(texts)
    if not texts:
        return Column(index, "", None)
    if is_added(label):
        return Column(index, label, IGNORE)
    group, leaf = (texts[0] if len(texts) > 1 else ""), texts[-1]
    by_mapping = mapped.columns.get(key_of(label)) or mapped.columns.get(key_of(leaf))
    if by_mapping is not None:
        return Column(index, label, *by_mapping)
    marked = _field_of(group) if group else None
    if marked in LIST_OF_FIELD and marked is not None:
        code = codes_by_key(marked).get(key_of(leaf))
        if code is not None:
            return Column(index, label, marked, code)
    return Column(index, label, _field_of(leaf))


def _field_of(label: str) -> str | None:
    labels = _fields_by_key()
    return labels.get(key_of(label)) or labels.get(key_of(_IN_BRACKETS.sub(" ", label)))


@cache
def _fields_by_key() -> Mapping[str, str]:
    return {key_of(row["label"]): row["field"] for row in table("form03_headers.csv")}


def known_fields() -> frozenset[str]:
    """Return the fields a column can be mapped to."""
    return frozenset(_fields_by_key().values())
