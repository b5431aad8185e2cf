"""Reads extracts of the social-insurance register (quá trình đóng BHXH)."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from labour_book.domain.months import Month
from labour_book.domain.people import personal_id_findings
from labour_book.registers import values as read_as
from labour_book.registers.csv_register import read_csv
from labour_book.registers.notes import Notes
from labour_book.registers.rows import InsuranceRow, Parsed

COLUMNS = (
    "si_number",
    "personal_id",
    "full_name",
    "birth_date",
    "sex",
    "enterprise_code",
    "unit_name",
    "from_month",
    "to_month",
    "position_text",
    "wage_base_vnd",
    "funds",
    "status",
    "last_updated",
)
_STATUSES = frozenset({"contributed", "arrears", "credited_duration_only"})
_FUNDS = frozenset({"SI", "UI", "HI", "VOL"})
_SI_NUMBER_KINDS = frozenset({"PIN", "BHXH10"})
LOWEST_WAGE_VND = 50_000
"""Monthly. A smaller amount that is not zero was written in thousands or in coefficients."""
WORKING_AGE_YEARS = 15


def read(
    path: Path,
    *,
    mapping: Mapping[str, object] | None = None,
    skip: int = 0,
    as_of: date | None = None,
) -> Iterator[Parsed]:
    """Yield the periods of an extract.

    A period that begins after ``as_of``, or after its own ``last_updated``, is refused.

    Raises:
        Invalid: the file as a whole cannot be read.
    """

    def build(values: Mapping[str, str], notes: Notes) -> InsuranceRow:
        row = _row(values, notes)
        if not notes.refused:
            _check_person(row, notes)
            _check_period(row, notes, as_of)
            _check_wage(row, notes)
        return row

    return read_csv(path, COLUMNS, build, mapping=mapping, skip=skip)


def _row(values: Mapping[str, str], notes: Notes) -> InsuranceRow:
    return InsuranceRow(
        si_number=_si_number(notes, values),
        personal_id=read_as.recorded_id(notes, values, "personal_id"),
        full_name=read_as.person_name(notes, values, "full_name"),
        birth_date=read_as.birth_date(notes, values, "birth_date"),
        sex=read_as.sex(notes, values, "sex"),
        enterprise_code=read_as.optional_enterprise_code(notes, values, "enterprise_code"),
        unit_name=read_as.optional_text(values, "unit_name") or "",
        first_month=read_as.month(notes, values, "from_month"),
        last_month=read_as.optional_month(notes, values, "to_month"),
        position=read_as.optional_text(values, "position_text") or "",
        wage_base_vnd=read_as.whole_number(notes, values, "wage_base_vnd"),
        funds=_funds(notes, values),
        status=read_as.code(notes, values, "status", _STATUSES),
        updated_on=read_as.day(notes, values, "last_updated"),
    )


def _si_number(notes: Notes, values: Mapping[str, str]) -> str:
    found = values["si_number"].strip()
    if read_as.kind_of(found) not in _SI_NUMBER_KINDS:
        notes.refuse("SI_NUMBER_FORM" if found else "MISSING_VALUE", "si_number")
    elif not found[:-1].strip("0"):
        notes.refuse("PLACEHOLDER_PERSON", "si_number")
    return found


def _funds(notes: Notes, values: Mapping[str, str]) -> frozenset[str]:
    given = values["funds"].strip()
    found = frozenset(given.split(";"))
    if not found <= _FUNDS:
        notes.refuse("UNKNOWN_CODE" if given else "MISSING_VALUE", "funds")
    return found


def _check_person(row: InsuranceRow, notes: Notes) -> None:
    number = row.personal_id
    if number is not None and read_as.kind_of(number) == "PIN":
        found = personal_id_findings(number, sex=row.sex, birth_date=row.birth_date)
        notes.findings += found
        if read_as.kind_of(row.si_number) == "PIN" and row.si_number != number:
            notes.note("SI_NUMBER_DIFFERS", "si_number")
    if row.birth_date is None:
        return
    if row.first_month < read_as.month_of_day(row.birth_date.first_possible):
        notes.note("WORK_BEFORE_BIRTH", "from_month", first=str(row.first_month))
    elif row.first_month.year < row.birth_date.year + WORKING_AGE_YEARS:
        notes.note("WORK_BEFORE_15", "from_month", first=str(row.first_month))


def _check_period(row: InsuranceRow, notes: Notes, as_of: date | None) -> None:
    updated = read_as.month_of_day(row.updated_on)
    latest = row.last_month or row.first_month
    if row.first_month <= latest <= updated:
        return
    read_as.check_order(notes, row.first_month, row.last_month, "to_month")
    limit = max(updated, Month.of_day(as_of)) if as_of else updated.plus(1)
    read_as.check_not_after(notes, row.first_month, limit, "from_month")
    read_as.check_not_after(notes, row.last_month, limit.plus(12), "to_month")
    if not notes.refused:
        field = "from_month" if row.first_month > updated else "to_month"
        notes.note("PERIOD_AFTER_UPDATE", field)


def _check_wage(row: InsuranceRow, notes: Notes) -> None:
    if row.status == "credited_duration_only":
        return
    if row.wage_base_vnd == 0:
        notes.note("WAGE_ZERO", "wage_base_vnd")
    elif row.wage_base_vnd < LOWEST_WAGE_VND:
        notes.note("WAGE_UNIT", "wage_base_vnd")
