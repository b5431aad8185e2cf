"""The labour book as a value: its lines, totals and open questions (sổ lao động)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from labour_book.domain.assurance import Assurance, Source
from labour_book.domain.months import Month, MonthRange
from labour_book.domain.personal_ids import mask


@dataclass(frozen=True, slots=True)
class SourceRef:
    """A source that vouches for a line, and the day it last said so."""

    source: Source
    stated_on: date


@dataclass(frozen=True, slots=True)
class EmploymentEntry:
    """One spell of work at one employer.

    ``months_paid``, ``months_arrears`` and ``months_unknown`` share no month and together are
    exactly the months of the entry up to the last month the insurance register has reported.
    """

    number: int
    """1 is the oldest."""
    employer: str
    """Its name at the time of the work."""
    enterprise_code: str | None
    employer_status: str | None
    """As of the book's day; None when no register knows the employer."""
    position: str
    occupation_code: str | None
    contract_kind: str | None
    contract_id: str | None
    workplace: str | None
    first_day: str | None
    """Partial date on the wire; as exact as the sources are. None where no source says."""
    last_day: str | None
    """None while running, and when nobody knows."""
    running: bool
    months_paid: tuple[MonthRange, ...]
    months_arrears: tuple[MonthRange, ...]
    months_unknown: tuple[MonthRange, ...]
    months_credited: tuple[MonthRange, ...]
    """Of the unknown months those that count for duration without a payment."""
    assurance: Assurance
    sources: tuple[SourceRef, ...]
    wage_base_vnd: int | None
    """Latest monthly wage that contributions were paid on."""
    end_reason_clause: int | None
    """Clause of Labour Code, art. 34. For the worker's eyes alone: never in ``claims``."""
    fact_ids: tuple[str, ...]
    known_since: Month | None = None
    """Without a first day: the month in which the job was found to be held."""
    known_until: Month | None = None
    """Neither running nor with a last day: the last month anybody knows of."""


@dataclass(frozen=True, slots=True)
class InsuranceTotals:
    """Months of insurance over all employers, each month once."""

    by_fund: Mapping[str, int]
    """Paid months per fund: SI, UI, HI, VOL."""
    arrears: Mapping[str, int]
    """Months owed and not paid by anybody, per fund."""
    arrears_months: int
    """Months owed in at least one fund."""
    credited_months: int
    """Months that count for duration only, and are not also paid."""
    first_month: Month | None
    last_month: Month | None
    as_of_month: Month
    """The last month the register has reported."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Months between the first entry and the last reported month without an entry."""

    first: Month
    last: Month


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the book belongs to, as the population register knows the person."""

    full_name: str
    birth_date: str | None
    sex: str | None
    nationality: str
    personal_id: str | None
    residence: str | None
    life_status: str
    match_state: str

    def masked(self) -> str | None:
        """Return the personal ID as it is shown by default: its last four digits."""
        return None if self.personal_id is None else mask(self.personal_id)


@dataclass(frozen=True, slots=True)
class QualificationLine:
    """A diploma or certificate in the book."""

    kind: str
    level: str
    field: str
    issuer: str
    issued_on: str
    number: str
    assurance: Assurance
    sources: tuple[SourceRef, ...]
    fact_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Two sources that do not fit together; nothing is dropped for it."""

    cause: str
    field: str | None
    entry_number: int | None
    detail: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class LabourBook:
    """A person's labour book as of a day, as known at an instant."""

    book_no: str
    as_of: date
    known_at: datetime
    identity: Identity
    employments: tuple[EmploymentEntry, ...]
    insurance: InsuranceTotals
    gaps: tuple[Gap, ...]
    qualifications: tuple[QualificationLine, ...]
    discrepancies: tuple[Discrepancy, ...]
    registration_group: int | None
    """Of ND 318/2025, art. 3: 1 in compulsory SI, 2 employed outside it, 3 unemployed."""
