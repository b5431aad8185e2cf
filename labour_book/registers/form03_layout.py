"""Which rows below the header are data, and which belong to the layout of the sheet."""

import re
from collections.abc import Mapping, Sequence

from labour_book.domain.people import fold
from labour_book.registers.form03_headers import Header, Merged

_COLUMN_NUMBER = re.compile(r"\(?[0-9]{1,2}\)?|\([A-Z]\)")
_TOTAL = re.compile(r"^(?:tong )?cong\b|^tong so\b|^tong\b")
_HEADING_CELLS = 1
"""Cells of a section heading or a lone note."""
_FEWEST_CELLS = 4
"""Cells a data row has, counted without its number; fewer only with a name and a number."""


class Layout:
    """Tells layout rows from data rows of one sheet."""

    def __init__(self, header: Header, header_rows: Sequence[Sequence[str]]) -> None:
        self._texts = [
            {x: cell.strip() for x, cell in enumerate(row) if cell.strip()} for row in header_rows
        ]
        self._labels = {cell for texts in self._texts for cell in texts.values()}
        fields = {each.field: each.index for each in header.columns if each.field}
        self._name = fields.get("full_name", -1)
        self._number = fields.get("number", -1)

    def is_data(self, cells: Sequence[str]) -> bool:
        """Tell whether a row is about a person: not blank, a heading, a total or a signature."""
        filled = {x: text for x, cell in enumerate(cells) if cell and (text := cell.strip())}
        if (
            len(filled) <= _HEADING_CELLS
            or self._is_column_numbers(filled)
            or self._is_header(filled)
        ):
            return False
        if len(filled) >= _FEWEST_CELLS + 1:
            return True
        if any(_TOTAL.match(fold(cell)) for x, cell in filled.items() if x != self._name):
            return False
        name = filled.get(self._name, "")
        if not any(map(str.isalpha, name)):
            return False
        return self._number in filled if self._number >= 0 else not _TOTAL.match(fold(name))

    def starts_section(self, cells: Sequence[str]) -> bool:
        """Tell whether a layout row is a heading, after which no household is carried down."""
        return sum(bool(cell.strip()) for cell in cells) == 1

    def _is_column_numbers(self, filled: Mapping[int, str]) -> bool:
        return len(filled) > _FEWEST_CELLS and all(map(_COLUMN_NUMBER.fullmatch, filled.values()))

    def _is_header(self, filled: Mapping[int, str]) -> bool:
        """Tell whether the header is printed again, as at the top of each page."""
        if next(iter(filled.values())) not in self._labels:
            return False
        return any(
            sum(texts.get(x) == cell for x, cell in filled.items()) > 0.6 * len(filled)
            for texts in self._texts
        )


class MergedCells:
    """Gives the cells of a vertically merged range the text of the first of them."""

    def __init__(self, merged: Sequence[Merged]) -> None:
        self._tops: dict[tuple[int, int], int] = {}
        for top, left, bottom, right in merged:
            if left == right and top < bottom and bottom - top <= _LONGEST_MERGE:
                self._tops |= {(y, left): top for y in range(top + 1, bottom + 1)}
        self._rows = set(self._tops.values())
        self._texts: dict[tuple[int, int], str] = {}

    def filled(self, y: int, cells: list[str]) -> list[str]:
        """Return row ``y`` (from 0) with merged texts filled in; rows must come in order."""
        if y in self._rows:
            self._texts = {(y, x): cell for x, cell in enumerate(cells) if cell} | {
                place: text for place, text in self._texts.items() if place[0] > y - _LONGEST_MERGE
            }
        for (top, x), text in self._texts.items():
            if self._tops.get((y, x)) == top:
                cells += [""] * (x + 1 - len(cells))
                cells[x] = cells[x] or text
        return cells


_LONGEST_MERGE = 200
