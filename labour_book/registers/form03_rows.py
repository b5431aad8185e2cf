"""Makes the typed row of one line of Form 03, and checks what the form's own rules ask."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from labour_book.domain.people import PartialDate
from labour_book.registers.form03_codes import codes_by_key, key_of, mark_of
from labour_book.registers.form03_mapping import Mapped
from labour_book.registers.form03_numbers import read_date, read_identity, read_si_number
from labour_book.registers.notes import Notes
from labour_book.registers.rows import Form03Row
from labour_book.registers.values import person_name

WORKING_AGE_YEARS = 15
"""Source: Luật Việc làm 74/2025, art. 2(1)."""

_BRANCHES: Mapping[str, tuple[str, ...]] = {
    "EMPLOYED": (
        "employment_position",
        "job_title",
        "si_type",
        "contract_kind",
        "contract_start",
        "workplace_name",
        "workplace_type",
        "workplace_address",
    ),
    "UNEMPLOYED": ("unemployed_history", "unemployment_duration"),
    "INACTIVE": ("inactive_reason",),
}
_SEPARATORS = str.maketrans({",": ";", "+": ";"})


@dataclass(frozen=True, slots=True)
class Collection:
    """Where and when the form was filled in."""

    commune_code: str
    collected_on: PartialDate


@dataclass(frozen=True, slots=True)
class Line:
    """One data row: text by field, and the codes whose column carries a mark."""

    texts: Mapping[str, str]
    marks: Mapping[str, Sequence[str]]

    def text(self, field: str) -> str | None:
        found = " ".join(self.texts.get(field, "").split())
        return found or None


def build_row(line: Line, notes: Notes, collection: Collection, mapped: Mapped) -> Form03Row:
    """Make the row; it counts only if the notes do not refuse it."""

    def coded(field: str) -> str | None:
        return _code(line, notes, field, mapped)

    sex = coded("gender")
    birth_date = _birth_date(line, notes, collection)
    row = Form03Row(
        commune_code=collection.commune_code,
        collected_on=collection.collected_on,
        village=line.text("village"),
        household_code=line.text("household_code"),
        full_name=person_name(notes, {"full_name": line.texts.get("full_name", "")}, "full_name"),
        relationship_to_head=coded("relationship_to_head"),
        birth_date=birth_date,
        sex=sex,
        personal_id=read_identity(
            notes, line.texts.get("personal_id", ""), sex=sex, birth_date=birth_date
        ),
        social_insurance_no=read_si_number(notes, line.texts.get("social_insurance_no", "")),
        permanent_residence=line.text("permanent_residence"),
        current_residence=line.text("current_residence"),
        priority_groups=_several(line, notes, "priority_groups", mapped),
        ethnic_code=coded("ethnic_group"),
        general_education=coded("general_education"),
        technical_qualification=coded("technical_qualification"),
        field_of_training=line.text("field_of_training"),
        economic_activity=_activity(line, notes, mapped),
        inactive_reason=coded("inactive_reason"),
        employment_position=coded("employment_position"),
        job_title=line.text("job_title"),
        si_type=coded("si_type"),
        has_contract=_has_contract(line, notes),
        contract_kind=coded("contract_kind"),
        contract_start=_contract_start(line, notes, collection),
        workplace_name=line.text("workplace_name"),
        workplace_type=coded("workplace_type"),
        workplace_address=line.text("workplace_address"),
        unemployed_history=coded("unemployed_history"),
        unemployment_duration=coded("unemployment_duration"),
        note=line.text("note"),
    )
    if not notes.refused:
        _check_branches(row, notes)
        _check_start(row, notes)
    return row


def _check_start(row: Form03Row, notes: Notes) -> None:
    start, birth = row.contract_start, row.birth_date
    if start is not None and birth is not None and start.last_possible < birth.first_possible:
        notes.note("WORK_BEFORE_BIRTH", "contract_start", first=str(start))


def _code(line: Line, notes: Notes, field: str, mapped: Mapped) -> str | None:
    found = _several(line, notes, field, mapped)
    if len(found) > 1:
        notes.note("CONTRADICTORY_MARKS", field)
        return None
    return found[0] if found else None


def _several(line: Line, notes: Notes, field: str, mapped: Mapped) -> tuple[str, ...]:
    """Return the codes of a field, from one cell or from marks in several columns."""
    text = line.texts.get(field, "")
    marked = line.marks.get(field)
    if marked is None and not text:
        return ()
    own = mapped.values.get(field)
    found, is_known = _codes_in(field, text) if own is None else _read_codes(field, text, own)
    if not is_known:
        notes.note("UNKNOWN_VALUE", field)
    return found if marked is None else tuple(dict.fromkeys([*marked, *found]))


@lru_cache(maxsize=65_536)
def _codes_in(field: str, text: str) -> tuple[tuple[str, ...], bool]:
    return _read_codes(field, text, {})


def _read_codes(field: str, text: str, own: Mapping[str, str]) -> tuple[tuple[str, ...], bool]:
    """Return the codes a text stands for, and whether all of it was understood."""
    has_several = field in {"priority_groups", "economic_activity"}
    parts = text.translate(_SEPARATORS).split(";") if has_several else [text]
    keys = [key_of(part) for part in parts if part.strip()]
    codes = [own.get(key) or codes_by_key(field).get(key) for key in keys]
    return tuple(dict.fromkeys(code for code in codes if code)), None not in codes


def _activity(line: Line, notes: Notes, mapped: Mapped) -> str | None:
    found = _several(line, notes, "economic_activity", mapped)
    if len(found) > 1:
        notes.note("CONTRADICTORY_BRANCHES", "economic_activity")
        return None
    if not found:
        notes.note("BRANCH_MISSING", "economic_activity")
    return found[0] if found else None


def _has_contract(line: Line, notes: Notes) -> bool | None:
    text = line.texts.get("has_contract", "").strip()
    if not text:
        return None
    found = mark_of(text)
    if found is None:
        notes.note("UNKNOWN_VALUE", "has_contract")
    return found


def _birth_date(line: Line, notes: Notes, collection: Collection) -> PartialDate | None:
    found = read_date(notes, "birth_date", line.texts.get("birth_date", ""))
    if found is None:
        if not notes.refused:
            notes.note("FIELD_BLANK", "birth_date")
        return None
    until = collection.collected_on.last_possible
    if found.first_possible > until:
        notes.refuse("FUTURE_DATE", "birth_date", day=str(found))
    else:
        born = found.first_possible
        fifteenth = (born.year + WORKING_AGE_YEARS, born.month, born.day)
        if fifteenth > (until.year, until.month, until.day):
            notes.note("UNDER_15", "birth_date")
    return found


def _contract_start(line: Line, notes: Notes, collection: Collection) -> PartialDate | None:
    found = read_date(notes, "contract_start", line.texts.get("contract_start", ""))
    if found is not None and found.first_possible > collection.collected_on.last_possible:
        notes.note("CONTRACT_NOT_BEGUN", "contract_start")
    return found


def _check_branches(row: Form03Row, notes: Notes) -> None:
    """Exactly one branch (employed, unemployed, outside the labour force) may carry values."""
    if row.economic_activity is not None:
        for branch, fields in _BRANCHES.items():
            wrong = [field for field in fields if getattr(row, field) is not None]
            if branch != row.economic_activity and wrong:
                notes.note("CONTRADICTORY_BRANCHES", wrong[0], branch=branch)
    if row.has_contract is False and (row.contract_kind or row.contract_start):
        notes.note("CONTRACT_DENIED", "contract_kind")
