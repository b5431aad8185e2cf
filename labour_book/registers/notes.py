"""The findings of one row, collected while it is being read."""

from collections.abc import Sequence

from labour_book.domain.findings import Finding

MAX_FIELD = 4_000
"""Characters a field may have. The longest honest value seen is an address of 120."""

MAX_RAW_FIELD = 40_000
"""Characters of a field that are kept in the row as read; what follows is cut."""

_BAR = "␟"  # printable, and in no register: between the cells of a row
_EQUALS, _PLUS, _MINUS, _AT = (_BAR + sign for sign in "=+-@")
_SPACES = "\n\r\t"
_CONTROL_SPACES = frozenset(map(chr, [0x0B, 0x0C, *range(0x1C, 0x20), 0x85, 0x2028, 0x2029]))
_DIRECTION = frozenset(map(chr, [0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F)])) | frozenset(
    map(chr, range(0x2066, 0x206A))
)
_ZERO_WIDTH = frozenset(map(chr, [0xAD, 0x180E, *range(0x200B, 0x200E), *range(0x2060, 0x2066)]))
_BYTE_ORDER_MARK = chr(0xFEFF)
_DAMAGED = chr(0xFFFD)
"""What an earlier program wrote where it could not read a character."""


class Notes:
    """What was found in one row. A refusal means that the row is not handed on."""

    __slots__ = ("findings", "refused")

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.refused = False

    def refuse(self, cause: str, field: str | None, **detail: str | int) -> None:
        """Note what makes the row unusable as it stands."""
        self.findings.append(Finding(cause, field, detail))
        self.refused = True

    def note(self, cause: str, field: str | None, **detail: str | int) -> None:
        """Note what a reader of the row should know; the value stays as it is."""
        self.findings.append(Finding(cause, field, detail))

    def about(self, field: str) -> bool:
        """Say whether anything was found in a field."""
        return any(each.field == field for each in self.findings)


def check_cells(notes: Notes, fields: Sequence[str], cells: Sequence[str]) -> None:
    """Refuse hostile characters and lengths, and note what looks like a formula.

    Line breaks, tabs and no-break spaces count as spaces. A formula stays text; it is never
    evaluated here, and whoever exports it must escape it.
    """
    joined = _BAR + _BAR.join(cells)
    if len(joined) > MAX_FIELD:
        _check_lengths(notes, fields, cells)
    if not joined.isprintable():
        for field, cell in zip(fields, cells, strict=False):
            if not cell.isprintable():
                _check_characters(notes, field, cell)
    if _DAMAGED in joined:
        for field, cell in zip(fields, cells, strict=False):
            if _DAMAGED in cell:
                notes.refuse("DAMAGED_CHARACTER", field)
    if _EQUALS in joined or _MINUS in joined or _AT in joined or _PLUS in joined:
        for field, cell in zip(fields, cells, strict=False):
            _check_formula(notes, field, cell)


def _check_lengths(notes: Notes, fields: Sequence[str], cells: Sequence[str]) -> None:
    for field, cell in zip(fields, cells, strict=False):
        if len(cell) > MAX_FIELD:
            notes.refuse("FIELD_TOO_LONG", field, characters=len(cell), allowed=MAX_FIELD)


def _check_characters(notes: Notes, field: str, cell: str) -> None:
    found = {cause for mark in cell if (cause := _fault_of(mark))}
    for cause in sorted(found):
        notes.refuse(cause, field)


def _fault_of(mark: str) -> str | None:
    if mark.isprintable() or mark in _SPACES or (mark.isspace() and mark not in _CONTROL_SPACES):
        return None
    if mark in _DIRECTION:
        return "DIRECTION_CHARACTER"
    if mark in _ZERO_WIDTH or mark == _BYTE_ORDER_MARK:
        return "ZERO_WIDTH_CHARACTER"
    return "CONTROL_CHARACTER"


def _check_formula(notes: Notes, field: str, cell: str) -> None:
    if cell[:1] not in {"=", "+", "-", "@"} or _is_sign_or_number(cell):
        return
    is_active = "(" in cell or "|" in cell
    notes.note("ACTIVE_FORMULA" if is_active else "FORMULA_TEXT", field)


def _is_sign_or_number(cell: str) -> bool:
    return not cell[1:] or cell[1:].replace(".", "").isdigit()
