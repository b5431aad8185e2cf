"""Checks one assembled book: each entry's months by state, and what does not fit together. Pure."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from uuid import UUID
from zlib import crc32

from labour_book.domain.check_rules import Found, rules
from labour_book.domain.employers import name_key, root_of
from labour_book.domain.gap_advice import gap_advice
from labour_book.domain.lines import Discrepancy, EmploymentEntry, Gap, LabourBook
from labour_book.domain.months import (
    Month,
    MonthRange,
    MonthSet,
    last_of,
    month_set,
    ordinal_set,
    ranges_of,
)

_PAID_AFTER = {
    "CONTRIBUTIONS_AFTER_CONTRACT_END": "contract",
    "CONTRIBUTIONS_AFTER_CLOSURE": "closed",
    "CONTRIBUTIONS_AFTER_DEATH": "died",
}
"""Causes that contradict paid months, and which value of theirs says after which month."""
_FIELD_LENGTH = 6


class MonthState(StrEnum):
    """What contracts, contributions and the enterprise register together say of a month of work."""

    PAID = "paid"
    ARREARS = "arrears"
    UNKNOWN = "unknown"
    CONTRADICTED = "contradicted"
    """Paid, and another source says that this cannot be."""


def months_by_state(book: LabourBook, entry: EmploymentEntry) -> Mapping[MonthState, MonthSet]:
    """Return the months of an entry by state; each reported month of it is in exactly one."""
    paid = month_set(entry.months_paid)
    contradicted = paid & _contradicted(book, entry)
    return {
        MonthState.PAID: paid & ~contradicted,
        MonthState.ARREARS: month_set(entry.months_arrears),
        MonthState.UNKNOWN: month_set(entry.months_unknown),
        MonthState.CONTRADICTED: contradicted,
    }


def checked(book: LabourBook, person_id: UUID, commune_code: str | None) -> tuple[Found, ...]:
    """Return what the rules find in a book, each thing once."""
    found = [
        *_of_months(book),
        *_of_contracts(book),
        *_of_gaps(book),
        *_of_discrepancies(book),
    ]
    by_thing = {(rule, place): detail for rule, place, detail in reversed(found)}
    return tuple(
        Found(rule, str(person_id), by_thing[rule, place], place, commune_code)
        for rule, place in sorted(by_thing)
    )


_One = tuple[str, str, Mapping[str, str | int]]


def _of_months(book: LabourBook) -> Iterator[_One]:
    advice = gap_advice(book.employments, reported=book.insurance.as_of_month, insured_now=True)
    entries = {each.number: each for each in book.employments}
    for each in advice:
        entry = entries[each.entry_number]
        for rule, months in (("MONTHS_ARREARS", each.owed), ("MONTHS_UNKNOWN", each.unseen)):
            if months:
                yield rule, _place(entry), _spread(entry, months)
    for entry in book.employments:
        months = ranges_of(months_by_state(book, entry)[MonthState.CONTRADICTED])
        if months:
            yield "MONTHS_CONTRADICTED", _place(entry), _spread(entry, months)


def _of_contracts(book: LabourBook) -> Iterator[_One]:
    minimum = rules()["CONTRACT_WITHOUT_CONTRIBUTIONS"].minimum
    since = rules()["CONTRIBUTIONS_WITHOUT_CONTRACT"].since
    for entry in book.employments:
        insured = month_set(entry.months_paid) | month_set(entry.months_arrears)
        unknown = month_set(entry.months_unknown) & ~month_set(entry.months_credited)
        if entry.contract_id is not None and not insured and unknown.bit_count() >= minimum:
            yield (
                "CONTRACT_WITHOUT_CONTRIBUTIONS",
                _place(entry),
                _spread(entry, ranges_of(unknown)),
            )
        begun = _first_month(entry)
        if since is None or begun is None or begun < since:
            continue
        if entry.running and insured and not entry.contract_id and entry.enterprise_code:
            detail: dict[str, str | int] = {"entry": entry.number, "first": str(begun)}
            yield "CONTRIBUTIONS_WITHOUT_CONTRACT", _place(entry), detail


def _of_gaps(book: LabourBook) -> Iterator[_One]:
    """Yield the longest gap between two jobs; what somebody does now is another question."""
    minimum = rules()["GAP_LONG"].minimum
    reported = book.insurance.as_of_month
    long = [each for each in book.gaps if _length(each) >= minimum and each.last < reported]
    if long:
        longest = max(long, key=lambda each: (_length(each), each.first))
        months = {"first": str(longest.first), "last": str(longest.last)}
        yield "GAP_LONG", "", {"gaps": len(long), "months": _length(longest), **months}


def _of_discrepancies(book: LabourBook) -> Iterator[_One]:
    entries = {each.number: each for each in book.employments}
    for each in book.discrepancies:
        if each.cause in rules():
            entry = entries.get(each.entry_number or 0)
            place = (each.field or "") if entry is None else _place(entry, each.field)
            detail = dict(each.detail)
            yield each.cause, place, detail if entry is None else detail | {"entry": entry.number}


def _contradicted(book: LabourBook, entry: EmploymentEntry) -> MonthSet:
    months: MonthSet = 0
    for each in book.discrepancies:
        if each.cause == "ENTRIES_OVERLAP_PAID":
            months |= _paid_twice(book, entry, each)
        elif each.entry_number == entry.number and "insurance" in each.detail:
            months |= _paid_after(each)
    return months


def _paid_after(each: Discrepancy) -> MonthSet:
    """Return the months paid after the work cannot have gone on; none where that was not said."""
    end = each.detail.get(_PAID_AFTER.get(each.cause, ""))
    if end is None:
        return 0
    paid_to = Month.parse(str(each.detail["insurance"])).ordinal
    return ordinal_set(Month.parse(str(end)).ordinal + 1, paid_to)


def _paid_twice(book: LabourBook, entry: EmploymentEntry, each: Discrepancy) -> MonthSet:
    """Return the months also paid in an earlier entry: of two payments the later one is in doubt.

    Source: QD 595/QD-BHXH, art. 43: contributions follow the first contract.
    """
    if each.entry_number != entry.number:
        return 0
    others = [other for other in book.employments if other.number == each.detail["other"]]
    return month_set(others[0].months_paid) if others else 0


def _spread(entry: EmploymentEntry, ranges: tuple[MonthRange, ...]) -> dict[str, str | int]:
    return {
        "entry": entry.number,
        "months": sum(len(each) for each in ranges),
        "first": str(ranges[0].first),
        "last": str(ranges[-1].last),
    }


def _first_month(entry: EmploymentEntry) -> Month | None:
    known = (
        month_set(entry.months_paid)
        | month_set(entry.months_arrears)
        | month_set(entry.months_unknown)
    )
    return None if last_of(known) is None else ranges_of(known)[0].first


def _length(gap: Gap) -> int:
    return gap.last.ordinal - gap.first.ordinal + 1


def _place(entry: EmploymentEntry, field: str | None = None) -> str:
    """Name an entry by employer and beginning: its number changes when an older one turns up."""
    if entry.enterprise_code is None:
        employer = f"{crc32(name_key(entry.employer).encode()):08x}"
    else:
        employer = root_of(entry.enterprise_code)[-10:]
    begun = (entry.first_day or str(entry.known_since or ""))[: len("YYYY-MM")]
    return "/".join(filter(None, (employer, begun, (field or "")[:_FIELD_LENGTH])))[:24]
