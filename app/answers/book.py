"""What a book says, and what stands behind it."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Worker:
    """Whose book it is."""

    full_name: str
    birth_date: str | None = None
    sex: str | None = None
    nationality: str | None = None
    residence: str | None = None
    personal_id: str | None = None
    population_check: str | None = None


@dataclass(frozen=True, slots=True)
class Employment:
    """One line of work; dates are as exact as the sources are, months are ``YYYY-MM``."""

    employer: str
    position: str
    assurance: str = "SELF_DECLARED"
    no: int = 0
    enterprise_code: str | None = None
    occupation_code: str | None = None
    contract_kind: str | None = None
    workplace: str | None = None
    first_day: str | None = None
    last_day: str | None = None
    known_since: str | None = None
    known_until: str | None = None
    months_paid: int | None = None
    months_arrears: int | None = None
    months_unknown: int | None = None
    paid: tuple[str, ...] = ()
    arrears: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    wage_base_vnd: int | None = None


@dataclass(frozen=True, slots=True)
class Insurance:
    """Months by fund, over all employers, each once."""

    SI: int | None = None
    UI: int | None = None
    HI: int | None = None
    VOL: int | None = None
    arrears_months: int = 0
    credited_months: int = 0
    first_month: str | None = None
    last_month: str | None = None
    as_of_month: str | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Months without a line of work; without an end it goes on."""

    first: str
    last: str | None = None


@dataclass(frozen=True, slots=True)
class Qualification:
    """A diploma or certificate."""

    kind: str
    level: str
    field: str
    issuer: str
    issued_on: str
    number: str
    assurance: str = "SELF_DECLARED"


@dataclass(frozen=True, slots=True)
class Book:
    """What a book says; in a share, the part of it that is shown."""

    worker: Worker | None = None
    employments: tuple[Employment, ...] = ()
    insurance: Insurance | None = None
    gaps: tuple[Gap, ...] = ()
    qualifications: tuple[Qualification, ...] = ()
    book_no: str | None = None
    as_of: str | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class OwnBook:
    """The newest version of the own book."""

    version: int
    state: str
    issued_at: datetime
    expires_on: date
    book: Book


@dataclass(frozen=True, slots=True)
class Source:
    """Who vouches for a line, and when they last did."""

    source: str
    stated_on: date


@dataclass(frozen=True, slots=True)
class LineSources:
    """The sources of one line of work."""

    no: int
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Where two sources do not fit together."""

    cause: str
    line: int | None
    text_vi: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Background:
    """What stands behind the book."""

    lines: tuple[LineSources, ...]
    doubts: tuple[Doubt, ...]
