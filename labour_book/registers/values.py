"""Reads the values of a row, field by field; what cannot be read goes to the row's notes.

A function that refuses hands back a stand-in, so that all faults of a row are found in one go.
The stand-in never leaves the reader, because the row is then not built.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from functools import lru_cache

from labour_book.domain.employers import enterprise_code_is_valid
from labour_book.domain.months import Month
from labour_book.domain.people import PartialDate, clean_name, fold, identifier_kind
from labour_book.errors import Invalid
from labour_book.registers.notes import Notes

_NO_MONTH = Month(0)
_NO_DAY = date.min
_NO_INSTANT = datetime.min  # noqa: DTZ901 - a stand-in, never compared
_NO_DATE = PartialDate(1)
_SEXES = {"Nam": "M", "Nữ": "F"}
_PLACEHOLDER_NAMES = frozenset(
    {
        "",
        "test",
        "mau",
        "chua xac dinh",
        "khong xac dinh",
        "khong ro",
        "chua co ten",
        "nguyen van a",
    }
)
_PLACEHOLDER_WORDS = frozenset({"test", "demo"})
Values = Mapping[str, str]

# The same few numbers, codes and months come again and again in the rows of one person or firm.
kind_of = lru_cache(maxsize=65_536)(identifier_kind)
_is_valid_code = lru_cache(maxsize=65_536)(enterprise_code_is_valid)
month_of_day = lru_cache(maxsize=65_536)(Month.of_day)


def text(notes: Notes, values: Values, field: str) -> str:
    """Read a text that must be there."""
    found = values[field].strip()
    if not found:
        notes.refuse("MISSING_VALUE", field)
    return found if found.isprintable() else " ".join(found.split())


def optional_text(values: Values, field: str) -> str | None:
    """Read a text that may be missing."""
    found = values[field].strip()
    if not found:
        return None
    return found if found.isprintable() else " ".join(found.split())


def code(notes: Notes, values: Values, field: str, allowed: Collection[str]) -> str:
    """Read one of a list of codes."""
    found = values[field].strip()
    if found not in allowed:
        notes.refuse("UNKNOWN_CODE" if found else "MISSING_VALUE", field)
    return found


def optional_code(notes: Notes, values: Values, field: str, allowed: Collection[str]) -> str | None:
    """Read one of a list of codes, or nothing."""
    return code(notes, values, field, allowed) if values[field].strip() else None


def sex(notes: Notes, values: Values, field: str) -> str:
    """Read Nam or Nữ as M or F."""
    found = _SEXES.get(values[field].strip())
    if found is None:
        notes.refuse("UNKNOWN_CODE" if values[field].strip() else "MISSING_VALUE", field)
        return ""
    return found


def person_name(notes: Notes, values: Values, field: str) -> str:
    """Read the name of a person, NFC and as recorded; a placeholder is no person."""
    given = values[field]
    if is_placeholder(given):
        notes.refuse("PLACEHOLDER_PERSON" if given.strip() else "MISSING_VALUE", field)
        return given
    name, cause = _clean(given)
    if cause is not None and not notes.refused:
        notes.refuse(cause, field)
    return name


@lru_cache(maxsize=65_536)
def _clean(given: str) -> tuple[str, str | None]:
    try:
        return clean_name(given), None
    except Invalid as error:
        return given, str(error.facts.get("cause", "NAME_CHARACTERS"))


@lru_cache(maxsize=65_536)
def is_placeholder(name: str) -> bool:
    """Tell whether a name stands for nobody: 'NGUYEN VAN TEST', '-', 'AAA', 'CHƯA XÁC ĐỊNH'."""
    words = [word for word in fold(name).split() if any(map(str.isalnum, word))]
    key = " ".join(words)
    if key in _PLACEHOLDER_NAMES or not _PLACEHOLDER_WORDS.isdisjoint(words):
        return True
    letters = set(key.replace(" ", ""))
    return len(letters) == 1 and len(key) > 1


def personal_id(notes: Notes, values: Values, field: str) -> str:
    """Read a personal ID of 12 digits."""
    found = values[field].strip()
    if kind_of(found) != "PIN":
        notes.refuse("PERSONAL_ID_FORM" if found else "MISSING_VALUE", field)
    elif not found.strip("0"):
        notes.refuse("PLACEHOLDER_PERSON", field)
    return found


def recorded_id(notes: Notes, values: Values, field: str) -> str | None:
    """Read a number as recorded: a personal ID (12 digits) or an old identity card (9), or none."""
    found = values[field].strip()
    if not found:
        return None
    if kind_of(found) not in {"PIN", "CMND9"}:
        notes.refuse("PERSONAL_ID_FORM", field)
    elif not found.strip("0"):
        notes.refuse("PLACEHOLDER_PERSON", field)
    return found


def enterprise_code(notes: Notes, values: Values, field: str) -> str:
    """Read an enterprise code, or the personal ID that a household business has for one.

    A wrong check digit is noted: the code was written down wrongly.
    """
    found = values[field].strip()
    if _is_valid_code(found) or kind_of(found) == "PIN":
        return found
    if kind_of(found.partition("-")[0]) == "BHXH10":  # ten digits
        notes.note("ENTERPRISE_CODE_CHECK", field)
    else:
        notes.refuse("ENTERPRISE_CODE_FORM" if found else "MISSING_VALUE", field)
    return found


def optional_enterprise_code(notes: Notes, values: Values, field: str) -> str | None:
    """Read an enterprise code or nothing."""
    return enterprise_code(notes, values, field) if values[field].strip() else None


def birth_date(notes: Notes, values: Values, field: str) -> PartialDate | None:
    """Read a birth date that may be partial or missing."""
    found = values[field].strip()
    return partial_date(notes, values, field) if found else None


def partial_date(notes: Notes, values: Values, field: str) -> PartialDate:
    """Read YYYY, YYYY-MM or YYYY-MM-DD."""
    found = _partial_date(values[field].strip())
    if found is None:
        notes.refuse("BAD_DATE" if values[field].strip() else "MISSING_VALUE", field)
        return _NO_DATE
    return found


@lru_cache(maxsize=65_536)
def _partial_date(given: str) -> PartialDate | None:
    try:
        return PartialDate.parse(given)
    except Invalid:
        return None


def month(notes: Notes, values: Values, field: str) -> Month:
    """Read YYYY-MM."""
    found = _month(values[field].strip())
    if found is None:
        notes.refuse("IMPOSSIBLE_MONTH" if values[field].strip() else "MISSING_VALUE", field)
        return _NO_MONTH
    return found


def optional_month(notes: Notes, values: Values, field: str) -> Month | None:
    """Read YYYY-MM or nothing."""
    return month(notes, values, field) if values[field].strip() else None


@lru_cache(maxsize=4_096)
def _month(given: str) -> Month | None:
    try:
        return Month.parse(given)
    except Invalid:
        return None


def day(notes: Notes, values: Values, field: str) -> date:
    """Read YYYY-MM-DD."""
    found = _day(values[field].strip())
    if found is None:
        notes.refuse("BAD_DATE" if values[field].strip() else "MISSING_VALUE", field)
        return _NO_DAY
    return found


def optional_day(notes: Notes, values: Values, field: str) -> date | None:
    """Read YYYY-MM-DD or nothing."""
    return day(notes, values, field) if values[field].strip() else None


@lru_cache(maxsize=65_536)
def _day(given: str) -> date | None:
    parsed = _partial_date(given)
    return parsed.first_possible if parsed is not None and parsed.is_whole else None


def instant(notes: Notes, values: Values, field: str) -> datetime:
    """Read an ISO instant with its offset from UTC."""
    try:
        found = datetime.fromisoformat(values[field])
    except ValueError:
        found = _NO_INSTANT
    if found.tzinfo is None:
        notes.refuse("BAD_INSTANT" if values[field].strip() else "MISSING_VALUE", field)
    return found


def whole_number(notes: Notes, values: Values, field: str) -> int:
    """Read a number without sign, at most 12 digits."""
    found = values[field].strip()
    if not (found.isascii() and found.isdigit() and len(found) <= 12):  # noqa: PLR2004 - see above
        notes.refuse("BAD_NUMBER" if found else "MISSING_VALUE", field)
        return 0
    return int(found)


def optional_number(notes: Notes, values: Values, field: str) -> int | None:
    """Read a number without sign, or nothing."""
    return whole_number(notes, values, field) if values[field].strip() else None


def check_order(notes: Notes, first: Month, last: Month | None, field: str) -> None:
    """Refuse a period that ends before it begins, unless one of its months is a stand-in."""
    if last is not None and _NO_MONTH not in (first, last) and last < first:
        notes.refuse("REVERSED_PERIOD", field, first=str(first), last=str(last))


def check_not_after(notes: Notes, found: Month | None, limit: Month | None, field: str) -> None:
    """Refuse a month that had not begun when the extract was made."""
    if found is not None and limit is not None and found > limit:
        notes.refuse("FUTURE_PERIOD", field, month=str(found))


def check_day(notes: Notes, found: date | None, limit: date | None, field: str) -> None:
    """Refuse a day that had not come when the extract was made."""
    if found is not None and limit is not None and found > limit:
        notes.refuse("FUTURE_DATE", field, day=found.isoformat())
