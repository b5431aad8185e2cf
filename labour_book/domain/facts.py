"""The facts a book is assembled from: what one source stated about one person, never edited."""

from dataclasses import dataclass
from datetime import date, datetime

from labour_book.domain.assurance import Source
from labour_book.domain.months import Month
from labour_book.domain.partial_dates import PartialDate


@dataclass(frozen=True, slots=True)
class EmploymentFact:
    """A job as one source states it; from the contract platform, the state of one contract.

    ``last_day`` of a contract that has not ended is its planned end; ``running`` then stays True.
    """

    fact_id: str
    source: Source
    source_ref: str
    stated_at: datetime
    employer_code: str | None
    employer_name: str
    employer_id: str | None
    position: str
    occupation_code: str | None
    contract_kind: str | None
    """``INDEFINITE`` (không xác định thời hạn) or ``FIXED_TERM`` (xác định thời hạn)."""
    contract_id: str | None
    first_day: PartialDate
    last_day: PartialDate | None
    running: bool
    workplace_commune: str | None = None
    workplace_text: str | None = None
    end_reason_clause: int | None = None
    """Clause of Labour Code, art. 34; for the worker's eyes alone."""
    suspended: bool = False
    employment_position: str | None = None
    """Vị thế việc làm of Form 03: EMPLOYER, OWN_ACCOUNT, FAMILY, EMPLOYEE, COOP_MEMBER."""
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InsuranceFact:
    """Months of insurance at one unit as the register states them, both ends included."""

    fact_id: str
    source_ref: str
    stated_at: datetime
    employer_code: str | None
    employer_name: str
    employer_id: str | None
    first_month: Month
    last_month: Month | None
    """None while running: then reported through the month before ``stated_at``."""
    position: str
    wage_base_vnd: int
    funds: frozenset[str]
    """Of ``SI`` (BHXH bắt buộc), ``UI`` (BHTN), ``HI`` (BHYT), ``VOL`` (BHXH tự nguyện)."""
    status: str
    """``contributed``, ``arrears`` or ``credited_duration_only``."""
    flags: tuple[str, ...] = ()
    source: Source = Source.INSURANCE
    """The register, or a decision on these months."""


@dataclass(frozen=True, slots=True)
class QualificationFact:
    """A diploma or certificate (văn bằng, chứng chỉ)."""

    fact_id: str
    source: Source
    source_ref: str
    stated_at: datetime
    kind: str
    level: str
    field: str
    issuer: str
    issued_on: PartialDate
    number: str
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IdentityFact:
    """Who the person is, as the population register states it."""

    full_name: str
    birth_date: PartialDate | None
    sex: str | None
    ethnic_code: str | None
    residence_commune: str | None
    life_status: str
    """``ALIVE``, ``DECEASED`` or ``MISSING``."""
    life_status_on: date | None
    source: Source
    stated_at: datetime


@dataclass(frozen=True, slots=True)
class EmployerRecord:
    """An employer as the enterprise register states it: its names and statuses over time."""

    employer_id: str
    code: str | None
    names: tuple[tuple[str, date | None, date | None], ...]
    """Name, first day and last day of its validity; None where open."""
    statuses: tuple[tuple[str, date | None], ...]
    """Status and its first day; None where unknown (from the beginning)."""
