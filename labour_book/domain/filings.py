"""What an employer declares of a worker (khai báo), and what its declarations together say.

A declaration is never edited. A further one of the same kind corrects it, one of the kind CANCEL
takes it back; what then counts is told anew from all that are left.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from labour_book.domain.findings import Finding
from labour_book.domain.partial_dates import PartialDate


class FilingKind(StrEnum):
    """What is declared."""

    HIRE = "hire"
    """Tuyển dụng."""
    CHANGE = "change"
    """Thay đổi vị trí, loại hợp đồng hoặc nơi làm việc."""
    END = "end"
    """Chấm dứt."""
    CANCEL = "cancel"
    """Huỷ khai báo."""


DECLARED = (FilingKind.HIRE, FilingKind.CHANGE, FilingKind.END)
"""What is declared of a worker; a CANCEL is about a declaration."""

DAY_OF = {
    FilingKind.HIRE: "first_day",
    FilingKind.CHANGE: "changed_on",
    FilingKind.END: "last_day",
}
"""Which field has the day from which a declaration counts; lateness is counted from it."""

LONGEST_FIXED_TERM_YEARS = 3
"""Source: Labour Code 45/2019, art. 20(1)(b)."""

_ORDER = {FilingKind.HIRE: 0, FilingKind.CHANGE: 1, FilingKind.END: 2}


@dataclass(frozen=True, slots=True)
class Said:
    """What a declaration says; None: nothing. Days are inclusive."""

    first_day: PartialDate | None = None
    changed_on: date | None = None
    last_day: date | None = None
    position: str | None = None
    position_before: str | None = None
    """Of work that others reported: what the position was before the first declaration."""
    occupation_code: str | None = None
    """VSCO 2020."""
    contract_kind: str | None = None
    """``INDEFINITE`` or ``FIXED_TERM``."""
    contract_ends_on: date | None = None
    """The planned end of a fixed term."""
    contract_id: str | None = None
    """On the electronic-contract platform: given once, never changed (ND 337/2025)."""
    workplace_commune: str | None = None
    workplace_text: str | None = None
    end_reason_clause: int | None = None
    """Clause of Labour Code, art. 34; for the worker's own eyes."""

    def as_body(self) -> dict[str, str | int]:
        """Return what is said as JSON values."""
        every = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            name: value if isinstance(value, int) else str(value)
            for name, value in every.items()
            if value is not None
        }

    @classmethod
    def of_body(cls, body: Mapping[str, Any]) -> Self:
        """Return what ``as_body`` was made of."""
        days = ("changed_on", "last_day", "contract_ends_on")
        values = {name: date.fromisoformat(body[name]) for name in days if name in body}
        first = {"first_day": PartialDate.parse(body["first_day"])} if "first_day" in body else {}
        return cls(**{**body, **values, **first})


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration on record, as far as it tells the state of a job."""

    id: UUID
    kind: FilingKind
    effective_on: date
    said: Said
    corrects: UUID | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A stretch of work as the employer's own declarations tell it."""

    first_day: PartialDate
    position: str
    occupation_code: str | None = None
    contract_kind: str | None = None
    contract_ends_on: date | None = None
    contract_id: str | None = None
    workplace_commune: str | None = None
    workplace_text: str | None = None
    ended_on: date | None = None
    end_reason_clause: int | None = None

    @property
    def runs(self) -> bool:
        """Whether no end was declared."""
        return self.ended_on is None


_CARRIED = (
    "position",
    "occupation_code",
    "contract_kind",
    "contract_ends_on",
    "contract_id",
    "workplace_commune",
    "workplace_text",
)


_NOT_OF = {
    FilingKind.HIRE: ("changed_on", "last_day", "end_reason_clause"),
    FilingKind.CHANGE: ("last_day", "end_reason_clause"),
    FilingKind.END: ("changed_on",),
}
"""What belongs to a declaration of another kind, and is no part of this one."""


def relevant(kind: FilingKind, said: Said) -> Said:
    """Return what is said, of an end without what the work was: that is on record."""
    if kind is not FilingKind.END:
        return said
    return Said(
        changed_on=said.changed_on,
        last_day=said.last_day,
        end_reason_clause=said.end_reason_clause,
    )


def standing(declared: Sequence[Declared]) -> list[Declared]:
    """Return the declarations that count: neither corrected nor taken back, nor taking back."""
    aside = {each.corrects for each in declared}
    return [each for each in declared if each.id not in aside and each.kind in _ORDER]


def job_of(declared: Sequence[Declared]) -> Job | None:
    """Return what all declarations about one stretch of work say; None if nothing is left.

    Whatever the order in which they came: the hire, the changes by their days, the end.
    """
    found: Job | None = None
    for each in sorted(standing(declared), key=lambda one: (_ORDER[one.kind], one.effective_on)):
        found = _after(found, each)
    return found


def _after(job: Job | None, each: Declared) -> Job:
    said = each.said
    if job is None:
        # Of work that others reported every declaration repeats since when, as nobody filed a hire.
        assert said.first_day is not None
        job = Job(said.first_day, said.position_before or "")
    given = {name: getattr(said, name) for name in _CARRIED if getattr(said, name) is not None}
    if said.contract_kind == "INDEFINITE":
        given["contract_ends_on"] = None
    if each.kind is FilingKind.END:
        given |= {"ended_on": said.last_day, "end_reason_clause": said.end_reason_clause}
    return replace(job, **given)


def faults_of(kind: FilingKind, said: Said, *, today: date, known: "KnownCodes") -> list[Finding]:
    """Return what is wrong with a declaration by itself, field by field.

    Source: Labour Code 45/2019, art. 20(1) (a fixed term has an end), art. 34 (grounds to end).
    """
    found = [*_missing(kind, said), *_unknown(said, known)]
    day = day_of(kind, said)
    if day is not None and day > today:
        found.append(Finding("FUTURE_DATE", DAY_OF[kind], {"day": day.isoformat()}))
    ends, first = said.contract_ends_on, said.first_day
    if ends is not None and first is not None and ends < first.first_possible:
        found.append(_reversed("contract_ends_on", str(first), ends))
    return found


def day_of(kind: FilingKind, said: Said) -> date | None:
    """Return the day from which a declaration counts; None where it does not say."""
    match kind:
        case FilingKind.HIRE:
            return None if said.first_day is None else said.first_day.first_possible
        case FilingKind.CHANGE:
            return said.changed_on
        case FilingKind.END:
            return said.last_day
        case FilingKind.CANCEL:
            return None


def is_too_long(first: PartialDate, ends: date | None) -> bool:
    """Say whether a fixed term is longer than the law allows.

    Source: Labour Code 45/2019, art. 20(1)(b).
    """
    if ends is None:
        return False
    day = first.first_possible
    return (ends.year - day.year, ends.month, ends.day) >= (
        LONGEST_FIXED_TERM_YEARS,
        day.month,
        day.day,
    )


def out_of_order(kind: FilingKind, said: Said, job: Job) -> list[Finding]:
    """Return that a change or an end lies before the first day of the work."""
    first = job.first_day.first_possible
    day = said.changed_on if kind is FilingKind.CHANGE else said.last_day
    if kind is FilingKind.HIRE:
        day = job.ended_on
    if day is None or day >= first:
        return []
    return [_reversed(DAY_OF[kind], str(job.first_day), day)]


@dataclass(frozen=True, slots=True)
class KnownCodes:
    """The codes that a declaration may use."""

    occupations: frozenset[str]
    communes: frozenset[str]
    reasons: frozenset[str]


CONTRACT_KINDS = ("INDEFINITE", "FIXED_TERM")
LONGEST = {
    "position": 300,
    "contract_id": 40,
    "workplace_text": 300,
}
"""Characters."""


def _missing(kind: FilingKind, said: Said) -> Iterable[Finding]:
    needed = {
        FilingKind.HIRE: ("first_day", "position", "contract_kind"),
        FilingKind.CHANGE: ("changed_on",),
        FilingKind.END: ("last_day", "end_reason_clause"),
    }[kind]
    for field in needed:
        if getattr(said, field) is None:
            yield Finding("MISSING_VALUE", field)
    for field in _NOT_OF[kind]:
        if getattr(said, field) is not None:
            yield Finding("FILING_OTHER_KIND", field)
    if said.contract_kind == "FIXED_TERM" and said.contract_ends_on is None:
        yield Finding("MISSING_VALUE", "contract_ends_on")
    if kind is FilingKind.CHANGE and all(getattr(said, name) is None for name in _CARRIED):
        yield Finding("FILING_NOTHING_CHANGED", "position")


def _unknown(said: Said, known: KnownCodes) -> Iterable[Finding]:
    clause = None if said.end_reason_clause is None else str(said.end_reason_clause)
    for field, code, codes in (
        ("occupation_code", said.occupation_code, known.occupations),
        ("contract_kind", said.contract_kind, CONTRACT_KINDS),
        ("workplace_commune", said.workplace_commune, known.communes),
        ("end_reason_clause", clause, known.reasons),
    ):
        if code is not None and code not in codes:
            yield Finding("UNKNOWN_CODE", field)
    for field, longest in LONGEST.items():
        text = getattr(said, field)
        if text is not None and len(text) > longest:
            yield Finding("FIELD_TOO_LONG", field, {"characters": len(text), "allowed": longest})


def _reversed(field: str, first: str, last: date) -> Finding:
    return Finding("REVERSED_PERIOD", field, {"first": first, "last": last.isoformat()})
