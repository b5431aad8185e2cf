"""Reads extracts of the national population database (CSDLQG về dân cư)."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from labour_book import data
from labour_book.domain.people import personal_id_findings
from labour_book.registers import values as read_as
from labour_book.registers.csv_register import read_csv
from labour_book.registers.notes import Notes
from labour_book.registers.rows import Parsed, PopulationRow

COLUMNS = (
    "personal_id",
    "full_name",
    "birth_date",
    "sex",
    "ethnic_code",
    "residence_commune_code",
    "status",
    "status_date",
    "old_ids",
)
_LIFE_STATUSES = frozenset({"ALIVE", "DECEASED", "MISSING"})


def read(
    path: Path,
    *,
    mapping: Mapping[str, object] | None = None,
    skip: int = 0,
    as_of: date | None = None,
) -> Iterator[Parsed]:
    """Yield the people of an extract; dates after ``as_of`` are refused.

    Raises:
        Invalid: the file as a whole cannot be read.
    """
    ethnic_codes = frozenset(data.ethnic_groups())
    communes = frozenset(row["code"] for row in data.communes())

    def build(values: Mapping[str, str], notes: Notes) -> PopulationRow:
        row = PopulationRow(
            personal_id=read_as.personal_id(notes, values, "personal_id"),
            full_name=read_as.person_name(notes, values, "full_name"),
            birth_date=read_as.partial_date(notes, values, "birth_date"),
            sex=read_as.sex(notes, values, "sex"),
            ethnic_code=read_as.code(notes, values, "ethnic_code", ethnic_codes),
            residence_commune=read_as.text(notes, values, "residence_commune_code"),
            life_status=read_as.code(notes, values, "status", _LIFE_STATUSES),
            life_status_on=read_as.optional_day(notes, values, "status_date"),
            old_ids=_old_ids(notes, values),
        )
        if row.residence_commune not in communes:
            notes.note("COMMUNE_UNKNOWN", "residence_commune_code")
        if not notes.refused:
            _check(row, notes, as_of)
        return row

    return read_csv(path, COLUMNS, build, mapping=mapping, skip=skip)


def _check(row: PopulationRow, notes: Notes, as_of: date | None) -> None:
    read_as.check_day(notes, row.birth_date.first_possible, as_of, "birth_date")
    read_as.check_day(notes, row.life_status_on, as_of, "status_date")
    if row.life_status != "ALIVE" and row.life_status_on is None:
        notes.note("STATUS_WITHOUT_DATE", "status_date")
    notes.findings += personal_id_findings(row.personal_id, sex=row.sex, birth_date=row.birth_date)


def _old_ids(notes: Notes, values: Mapping[str, str]) -> tuple[str, ...]:
    given = values["old_ids"].strip()
    if not given:
        return ()
    numbers = tuple(part.strip() for part in given.split(";") if part.strip())
    if any(read_as.kind_of(number) not in {"PIN", "CMND9"} for number in numbers):
        notes.refuse("PERSONAL_ID_FORM", "old_ids")
    return numbers
