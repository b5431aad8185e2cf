"""Reads events of the electronic-contract platform (nền tảng hợp đồng lao động điện tử).

One JSON object per line, delivered at least once and not always in order; what repeats and what
comes late is for whoever stores the events.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path

from labour_book import data
from labour_book.registers import values as read_as
from labour_book.registers.json_lines import read_json_lines
from labour_book.registers.notes import Notes
from labour_book.registers.rows import ContractEventRow, Parsed

KEYS: Mapping[str, type] = {
    "message_id": str,
    "delivered_at": str,
    "contract_id": str,
    "event": str,
    "sequence": int,
    "personal_id": str,
    "enterprise_code": str,
    "position": str,
    "vsco_code": str,
    "contract_kind": str,
    "first_day": str,
    "last_day": str,
    "workplace_commune_code": str,
    "signed_at": str,
    "effective_on": str,
    "reason_clause": object,
}
OPTIONAL_KEYS = frozenset({"last_day", "reason_clause"})
_EVENTS = frozenset({"SIGNED", "AMENDED", "SUSPENDED", "ENDED"})
_KINDS = frozenset({"INDEFINITE", "FIXED_TERM"})
LONGEST_FIXED_TERM_MONTHS = 36
"""Source: Labour Code 45/2019, art. 20(1)(b)."""


def read(
    path: Path,
    *,
    mapping: Mapping[str, object] | None = None,
    skip: int = 0,
    as_of: date | None = None,
) -> Iterator[Parsed]:
    """Yield the events in order of delivery; one delivered after ``as_of`` is refused.

    Raises:
        Invalid: the file as a whole cannot be read.
    """
    reasons = data.termination_reasons()
    occupations = data.occupations()

    def build(values: Mapping[str, str], notes: Notes) -> ContractEventRow:
        row = _row(values, notes, reasons)
        if not notes.refused:
            _check(row, notes, as_of)
            if row.occupation_code not in occupations:
                notes.note("OCCUPATION_UNKNOWN", "vsco_code")
        return row

    return read_json_lines(path, KEYS, OPTIONAL_KEYS, build, mapping=mapping, skip=skip)


def _row(values: Mapping[str, str], notes: Notes, reasons: Collection[str]) -> ContractEventRow:
    return ContractEventRow(
        message_id=read_as.text(notes, values, "message_id"),
        delivered_at=read_as.instant(notes, values, "delivered_at"),
        contract_id=read_as.text(notes, values, "contract_id"),
        event=read_as.code(notes, values, "event", _EVENTS),
        sequence=read_as.whole_number(notes, values, "sequence"),
        personal_id=read_as.personal_id(notes, values, "personal_id"),
        enterprise_code=read_as.enterprise_code(notes, values, "enterprise_code"),
        position=read_as.text(notes, values, "position"),
        occupation_code=read_as.text(notes, values, "vsco_code"),
        contract_kind=read_as.code(notes, values, "contract_kind", _KINDS),
        first_day=read_as.day(notes, values, "first_day"),
        last_day=read_as.optional_day(notes, values, "last_day"),
        workplace_commune=read_as.text(notes, values, "workplace_commune_code"),
        signed_at=read_as.instant(notes, values, "signed_at"),
        effective_on=read_as.day(notes, values, "effective_on"),
        end_reason_clause=_reason(values, notes, reasons),
    )


def _reason(values: Mapping[str, str], notes: Notes, reasons: Collection[str]) -> int | None:
    """Read the clause of the reason; one that does not exist is left out, and the event counts."""
    found = values["reason_clause"].strip()
    if found and found not in reasons:
        notes.note("REASON_CLAUSE_UNKNOWN", "reason_clause")
    return int(found) if found in reasons else None


def _check(row: ContractEventRow, notes: Notes, as_of: date | None) -> None:
    if row.sequence < 1:
        notes.refuse("BAD_NUMBER", "sequence")
    if row.last_day is not None and row.last_day < row.first_day:
        notes.refuse("REVERSED_PERIOD", "last_day")
    read_as.check_day(notes, row.delivered_at.date(), as_of, "delivered_at")
    if row.signed_at > row.delivered_at:
        notes.note("SIGNED_AFTER_DELIVERY", "signed_at")
    if row.event == "ENDED":
        _check_ending(row, notes)
    elif row.end_reason_clause is not None:
        notes.note("REASON_WITHOUT_ENDING", "reason_clause")
    if row.contract_kind == "FIXED_TERM":
        _check_term(row, notes)


def _check_ending(row: ContractEventRow, notes: Notes) -> None:
    if row.last_day is None:
        notes.refuse("MISSING_VALUE", "last_day")
    if row.end_reason_clause is None and not notes.about("reason_clause"):
        notes.note("ENDED_WITHOUT_REASON", "reason_clause")


def _check_term(row: ContractEventRow, notes: Notes) -> None:
    if row.last_day is None:
        notes.note("FIXED_TERM_WITHOUT_END", "last_day")
        return
    years, odd = divmod(LONGEST_FIXED_TERM_MONTHS, 12)
    assert odd == 0
    if row.event != "ENDED" and row.last_day >= _years_later(row.first_day, years):
        notes.note("FIXED_TERM_OVER_36_MONTHS", "last_day")


def _years_later(day: date, years: int) -> date:
    """Return the same day so many years later; for 29 February the first of March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, day.month + 1, 1)
