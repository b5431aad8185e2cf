"""What the readers hand over: one typed row per register, and where it stood in the file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from labour_book.domain.filings import FilingKind, Said
from labour_book.domain.findings import Finding
from labour_book.domain.months import Month
from labour_book.domain.people import PartialDate


@dataclass(frozen=True, slots=True)
class PopulationRow:
    """A person of the national population database (CSDLQG về dân cư)."""

    personal_id: str
    full_name: str
    birth_date: PartialDate
    sex: str
    ethnic_code: str
    residence_commune: str
    life_status: str
    life_status_on: date | None
    old_ids: tuple[str, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class EnterpriseRow:
    """An enterprise or dependent unit of the enterprise register (đăng ký doanh nghiệp)."""

    enterprise_code: str
    name: str
    legal_form: str
    status: str
    status_since: date | None
    vsic_code: str
    commune_code: str
    zone: str | None
    zone_kind: str | None
    expected_headcount: int | None
    registered_on: date
    name_before: str | None
    renamed_on: date | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class InsuranceRow:
    """A contiguous contribution period (quá trình đóng BHXH); months inclusive, wage in VND."""

    si_number: str
    personal_id: str | None
    full_name: str
    birth_date: PartialDate | None
    sex: str
    enterprise_code: str | None
    unit_name: str
    first_month: Month
    last_month: Month | None
    position: str
    wage_base_vnd: int
    funds: frozenset[str]
    status: str
    updated_on: date
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class ContractEventRow:
    """An event of the electronic-contract platform; days inclusive, state after the event."""

    message_id: str
    delivered_at: datetime
    contract_id: str
    event: str
    sequence: int
    personal_id: str
    enterprise_code: str
    position: str
    occupation_code: str
    contract_kind: str
    first_day: date
    last_day: date | None
    workplace_commune: str
    signed_at: datetime
    effective_on: date
    end_reason_clause: int | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class QualificationRow:
    """A diploma or certificate (văn bằng, chứng chỉ)."""

    personal_id: str
    kind: str
    level: str
    field: str
    issuer: str
    issued_on: PartialDate
    number: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperBookRow:
    """A line of an old paper labour book (sổ lao động), transcribed and checked by two people."""

    personal_id: str | None
    full_name: str
    employer_name: str
    first_month: Month
    last_month: Month
    position: str
    page_ref: str
    transcribed_by: str
    checked_by: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Form03Row:
    """A worker on Form 03 (Mẫu số 03, phiếu thu thập thông tin người lao động).

    Codes are those of ``form03_code_lists.csv``; None means the form says nothing, or something
    that a finding explains. ``collected_on`` is as exact as the form: a month or a day.
    """

    commune_code: str
    collected_on: PartialDate
    village: str | None
    household_code: str | None
    full_name: str
    relationship_to_head: str | None
    birth_date: PartialDate | None
    sex: str | None
    personal_id: str | None
    social_insurance_no: str | None
    permanent_residence: str | None
    current_residence: str | None
    priority_groups: tuple[str, ...]
    ethnic_code: str | None
    general_education: str | None
    technical_qualification: str | None
    field_of_training: str | None
    economic_activity: str | None
    inactive_reason: str | None
    employment_position: str | None
    job_title: str | None
    si_type: str | None
    has_contract: bool | None
    contract_kind: str | None
    contract_start: PartialDate | None
    workplace_name: str | None
    workplace_type: str | None
    workplace_address: str | None
    unemployed_history: str | None
    unemployment_duration: str | None
    note: str | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class FilingRow:
    """What an employer declares of a worker (khai báo của người sử dụng lao động)."""

    kind: FilingKind
    personal_id: str
    full_name: str
    birth_date: date
    said: Said
    findings: tuple[Finding, ...] = ()


Row = (
    PopulationRow
    | EnterpriseRow
    | InsuranceRow
    | ContractEventRow
    | QualificationRow
    | PaperBookRow
    | Form03Row
    | FilingRow
)


@dataclass(frozen=True, slots=True)
class RowPlace:
    """Where a row stood: the sheet of a workbook, and the line or row number from 1."""

    sheet: str | None
    number: int


@dataclass(frozen=True, slots=True)
class Parsed:
    """One data row of a file: read (``row``) or refused (``row`` is None), and why.

    ``raw`` keeps the row as it was read, so that a refused row can be mended and sent again.
    """

    line: RowPlace
    raw: Mapping[str, str]
    row: Row | None
    findings: tuple[Finding, ...]
