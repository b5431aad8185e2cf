"""The columns that a file of refused rows has beside the data: no reader takes them for data."""

from labour_book.domain.cells import FORMULA_STARTS

MARK = "# "
"""Begins the name of such a column, or key, in every kind of file."""


def is_added(name: str) -> bool:
    """Say whether a column was added when the rows were sent back to be mended."""
    return name.strip().startswith(MARK)


def as_typed(cell: str) -> str:
    """Take away the apostrophe that kept a spreadsheet from computing a cell."""
    return cell[1:] if cell[:1] == "'" and cell[1:].lstrip(" \xa0")[:1] in FORMULA_STARTS else cell
