"""A line before and after, side by side; and the words for the fields of a case. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from api.pages.desk.wording import value_of
from api.pages.texts import Language
from labour_book.domain.correction_fields import FIELDS, Ask
from labour_book.services.case_views import CaseFile


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field of a line: as it stands, and as it is asked for."""

    field: str
    before: str
    after: str
    is_changed: bool
    accepted: bool | None


def compared(file: CaseFile, line: Mapping[str, str], language: Language) -> tuple[FieldRow, ...]:
    """Return the fields of a case's line in their order; of a missing line what is asked for."""
    asked = {change.field: change for change in file.changes}
    names = [name for name in _order(file, line) if name in asked or name in line]
    return tuple(_row(file, name, line, language) for name in names)


def _order(file: CaseFile, line: Mapping[str, str]) -> tuple[str, ...]:
    own = FIELDS[file.line.kind]
    return own + tuple(name for name in line if name not in own)


def _row(file: CaseFile, name: str, line: Mapping[str, str], language: Language) -> FieldRow:
    change = next((each for each in file.changes if each.field == name), None)
    stands = line.get(name, "") if change is None else change.before
    before = value_of(name, stands, language)
    if file.line.ask is Ask.REMOVE:
        return FieldRow(name, before, "–", is_changed=True, accepted=None)
    if change is None:
        return FieldRow(name, before, before, is_changed=False, accepted=None)
    after = value_of(name, change.after, language)
    return FieldRow(name, before, after, is_changed=True, accepted=change.accepted)
