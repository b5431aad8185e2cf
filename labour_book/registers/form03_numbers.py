"""Dates and identity numbers as people type them and as Excel spoils them."""

import re
from datetime import date, timedelta
from functools import lru_cache

from labour_book.domain.people import (
    PartialDate,
    identifier_kind,
    personal_id_findings,
    read_personal_id,
)
from labour_book.errors import Invalid
from labour_book.registers.notes import Notes

_EARLIEST_YEAR = 1900
_SERIAL_ORIGIN = date(1899, 12, 30)
_SERIAL_DIGITS = 5
_SERIALS = range(10_000, 73_051)
"""Days since 1899-12-30 that Excel shows as 1927 to 2099."""
_DAY = re.compile(r"([0-9]{1,2})[/.\- ]([0-9]{1,2})[/.\- ]([0-9]{4})")
_MONTH = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{4})")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}[/.\-][0-9]{1,2}[/.\-][0-9]{2}")
_SCIENTIFIC = re.compile(r"-?[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]+")
_JUNK = str.maketrans("", "", " \u00a0\t\n'’`")
_PERSONAL_ID_DIGITS = 12
_CARD_DIGITS = 9
_SI_DIGITS = (10, 12)


def read_date(notes: Notes, field: str, text: str) -> PartialDate | None:
    """Read a day, month or year in the order Vietnamese use, or a date cell or serial of Excel.

    A year of two digits, and a day that does not exist, are refused and never guessed.
    """
    given = text.strip().lstrip("'")
    if not given:
        return None
    if _SHORT_YEAR.fullmatch(given):
        notes.refuse("TWO_DIGIT_YEAR", field)
        return None
    found = _date_of(given)
    if found is None or found.year < _EARLIEST_YEAR:
        notes.refuse("BAD_DATE", field)
        return None
    if given.isdecimal() and len(given) > len("1977"):
        notes.note("DATE_FROM_SERIAL", field)
    return found


@lru_cache(maxsize=65_536)
def _date_of(given: str) -> PartialDate | None:
    try:
        if match := _DAY.fullmatch(given):
            return PartialDate(int(match[3]), int(match[2]), int(match[1]))
        if match := _MONTH.fullmatch(given):
            return PartialDate(int(match[2]), int(match[1]))
        if given.isdecimal() and len(given) <= _SERIAL_DIGITS and int(given) in _SERIALS:
            return PartialDate.of_day(_SERIAL_ORIGIN + timedelta(days=int(given)))
        return PartialDate.parse(given)
    except Invalid:
        return None


def read_identity(
    notes: Notes, text: str, *, sex: str | None, birth_date: PartialDate | None
) -> str | None:
    """Read a personal ID (12 digits) or old identity card (9), putting back lost leading zeros.

    Excel drops the zeros of a number. They are put back only where the result has a province that
    exists and, if two or more are missing, the stated birth year; and then it is noted.
    """
    field = "personal_id"
    given = text.translate(_JUNK)
    if not given:
        notes.note("FIELD_BLANK", field)
        return None
    if _SCIENTIFIC.fullmatch(given):
        notes.refuse("NUMBER_PRECISION_LOST", field)
        return None
    found = given
    if identifier_kind(given) not in {"PIN", "CMND9", "PASSPORT"}:
        restored = _restored(given, birth_date) if given.isascii() and given.isdigit() else None
        if restored is None:
            notes.refuse("PERSONAL_ID_FORM", field)
            return None
        notes.note("RESTORED_LEADING_ZERO", field, zeros=len(restored) - len(given))
        found = restored
    if not found.strip("0"):
        notes.refuse("PLACEHOLDER_PERSON", field)
        return None
    if identifier_kind(found) == "PIN":
        notes.findings += personal_id_findings(found, sex=sex, birth_date=birth_date)
    return found


def _restored(given: str, birth_date: PartialDate | None) -> str | None:
    if given.startswith("0"):
        return None
    if len(given) == _CARD_DIGITS - 1:
        return given.zfill(_CARD_DIGITS)
    lost = _PERSONAL_ID_DIGITS - len(given)
    if lost not in (1, 2):
        return None
    says = read_personal_id(given.zfill(_PERSONAL_ID_DIGITS))
    is_likely = lost == 1 or (birth_date is not None and says.birth_year == birth_date.year)
    if says.province_of_registration is None or not is_likely:
        return None
    return given.zfill(_PERSONAL_ID_DIGITS)


def read_si_number(notes: Notes, text: str) -> str | None:
    """Read a social-insurance number (10 digits, or the personal ID), with lost zeros put back."""
    field = "social_insurance_no"
    given = text.translate(_JUNK)
    if not given:
        return None
    if identifier_kind(given) in {"PIN", "BHXH10"}:
        return given
    if not (given.isascii() and given.isdigit()) or given.startswith("0"):
        notes.note("SI_NUMBER_UNREADABLE", field)
        return None
    wanted = next((digits for digits in _SI_DIGITS if len(given) == digits - 1), None)
    if wanted is None:
        notes.note("SI_NUMBER_UNREADABLE", field)
        return None
    notes.note("RESTORED_LEADING_ZERO", field, zeros=1)
    return given.zfill(wanted)
