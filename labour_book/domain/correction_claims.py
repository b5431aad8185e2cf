"""Reads what a correction claims: each field as it must be, and the fields together."""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date

from labour_book import data
from labour_book.domain.correction_fields import (
    FIELDS,
    MONTH_STATUSES,
    NEEDED_TO_ADD,
    Ask,
    CaseKind,
)
from labour_book.domain.employers import enterprise_code_is_valid
from labour_book.domain.months import Month
from labour_book.domain.partial_dates import PartialDate
from labour_book.domain.places import places
from labour_book.errors import Invalid

LONGEST = 300
LONGEST_WORDS = 2_000
_MAY_BE_EMPTY = frozenset({"last_day", "occupation_code", "workplace", "number", "level"})
_KINDS_OF_CERTIFICATE = frozenset(
    {"DIPLOMA", "VOCATIONAL_CERTIFICATE", "NATIONAL_SKILL_CERTIFICATE", "LANGUAGE"}
)
_CONTRACT_KINDS = frozenset({"INDEFINITE", "FIXED_TERM"})


def read_claim(kind: CaseKind, ask: Ask, claimed: Mapping[str, str], today: date) -> dict[str, str]:
    """Return what is claimed, in the order of the fields; nothing else than ours gets in.

    Raises:
        Invalid: with ``cause`` and ``field``: unknown, missing, not as it must be.
    """
    if kind is CaseKind.IDENTITY:
        return _of_identity(claimed)
    if ask is Ask.REMOVE:
        if claimed:
            raise Invalid("a line that is not yours has nothing to be put right", cause="EXTRA")
        return {}
    unknown = sorted(set(claimed) - set(FIELDS[kind]))
    if unknown:
        raise Invalid("there is no such field here", cause="FIELD_UNKNOWN", field=unknown[0][:40])
    read = {name: _read(name, claimed[name]) for name in FIELDS[kind] if name in claimed}
    needed = NEEDED_TO_ADD[kind] if ask is Ask.ADD else ()
    if kind is CaseKind.INSURANCE:
        needed = tuple(each for each in NEEDED_TO_ADD[kind] if ask is Ask.ADD or each != "employer")
    for name in needed:
        if not read.get(name):
            raise Invalid("this is needed", cause="FIELD_MISSING", field=name)
    if not read:
        raise Invalid("say what is wrong", cause="NOTHING_ASKED")
    _check_together(read, today)
    return read


def read_words(words: str, *, needed: bool = False) -> str:
    """Return free text as it is kept.

    Raises:
        Invalid: too long, holds control characters, or missing where it is needed.
    """
    plain = unicodedata.normalize("NFC", words).replace("\r\n", "\n").strip()
    if len(plain) > LONGEST_WORDS:
        raise Invalid("too long", cause="WORDS_TOO_LONG", most=LONGEST_WORDS)
    if any(not line.isprintable() for line in plain.split("\n")):
        raise Invalid("holds what is no text", cause="WORDS_CONTROL")
    if needed and not plain:
        raise Invalid("say it in words", cause="WORDS_MISSING")
    return plain


def _of_identity(claimed: Mapping[str, str]) -> dict[str, str]:
    """Return which fields of identity are meant: not the values, which are no matter of ours."""
    unknown = sorted(set(claimed) - set(FIELDS[CaseKind.IDENTITY]))
    if unknown or not claimed:
        raise Invalid("name the fields that are wrong", cause="FIELD_UNKNOWN")
    return {name: "" for name in FIELDS[CaseKind.IDENTITY] if name in claimed}


def _read(name: str, value: str) -> str:
    text = unicodedata.normalize("NFC", value).strip()
    if len(text) > LONGEST or not text.isprintable():
        raise Invalid("this is no line of text", cause="FIELD_TEXT", field=name)
    if not text:
        if name in _MAY_BE_EMPTY:
            return ""
        raise Invalid("this cannot be empty", cause="FIELD_MISSING", field=name)
    fits = _FITS.get(name)
    if fits is not None and not fits(text):
        raise Invalid("this is not as it has to be", cause=f"{name.upper()}_WRONG", field=name)
    return text


def _check_together(read: Mapping[str, str], today: date) -> None:
    first, last = read.get("first_day"), read.get("last_day")
    if first and PartialDate.parse(first).first_possible > today:
        raise Invalid("this lies ahead", cause="IN_FUTURE", field="first_day")
    if last and PartialDate.parse(last).first_possible > today:
        raise Invalid("this lies ahead", cause="IN_FUTURE", field="last_day")
    if (
        first
        and last
        and PartialDate.parse(last).last_possible < (PartialDate.parse(first).first_possible)
    ):
        raise Invalid("it ends before it begins", cause="WRONG_ORDER", field="last_day")
    issued = read.get("issued_on")
    if issued and PartialDate.parse(issued).first_possible > today:
        raise Invalid("this lies ahead", cause="IN_FUTURE", field="issued_on")
    _check_months(read, today)


def _check_months(read: Mapping[str, str], today: date) -> None:
    if "first_month" not in read or "last_month" not in read:
        return
    first, last = Month.parse(read["first_month"]), Month.parse(read["last_month"])
    if last < first:
        raise Invalid("it ends before it begins", cause="WRONG_ORDER", field="last_month")
    if last > Month.of_day(today):
        raise Invalid("this lies ahead", cause="IN_FUTURE", field="last_month")


def _is_date(text: str) -> bool:
    try:
        PartialDate.parse(text)
    except Invalid:
        return False
    return True


def _is_month(text: str) -> bool:
    try:
        Month.parse(text)
    except Invalid:
        return False
    return True


_FITS: Mapping[str, Callable[[str], bool]] = {
    "enterprise_code": enterprise_code_is_valid,
    "occupation_code": lambda text: text in data.occupations(),
    "contract_kind": _CONTRACT_KINDS.__contains__,
    "workplace": lambda text: text in places().communes,
    "first_day": _is_date,
    "last_day": _is_date,
    "issued_on": _is_date,
    "first_month": _is_month,
    "last_month": _is_month,
    "status": MONTH_STATUSES.__contains__,
    "kind": _KINDS_OF_CERTIFICATE.__contains__,
}
