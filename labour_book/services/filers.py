"""Who files for an enterprise, what they file, and why it is refused."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.filings import FilingKind, Said
from labour_book.domain.findings import Finding, message, what_to_do
from labour_book.errors import Conflict, Invalid
from labour_book.queries.employers import employers_by_code
from labour_book.services.callers import Action, Caller
from labour_book.services.permission import check_role
from labour_book.services.recipients import check_enterprise

PURPOSE = "khai báo lao động"
"""In the trace, which the worker reads."""


class FilingFaulty(Invalid):
    """What is filed cannot be right; ``findings`` says which field, why, and what to do."""

    slug = "filing-faulty"
    title = "The declaration has faults"
    title_vi = "Khai báo có chỗ chưa đúng"

    def __init__(self, findings: Sequence[Finding]) -> None:
        first = findings[0]
        super().__init__(_told(first), **_facts(first))
        self.findings = tuple(findings)


class FilingRefused(Conflict):
    """What is filed contradicts what is on record; ``findings`` says how, and what to do."""

    slug = "filing-refused"
    title = "The declaration contradicts the record"
    title_vi = "Khai báo mâu thuẫn với dữ liệu đã ghi"

    def __init__(self, *findings: Finding) -> None:
        first = findings[0]
        super().__init__(_told(first), **_facts(first))
        self.findings = findings


class KeyReused(Conflict):
    """Something else was filed under this idempotency key."""

    slug = "idempotency-key-reused"
    title = "Something else was filed under this key"
    title_vi = "Khoá chống gửi trùng đã dùng cho một khai báo khác"


@dataclass(frozen=True, slots=True)
class NamedWorker:
    """A worker as the employer names them: all three must fit one person on file."""

    personal_id: str = field(repr=False)
    full_name: str = field(repr=False)
    birth_date: date = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewFiling:
    """A declaration that is to be filed."""

    kind: FilingKind
    worker: NamedWorker | UUID | None = None
    """By number, name and birth; or the id of one of the enterprise's own; None to correct."""
    said: Said = field(default_factory=Said)
    corrects: UUID | None = None
    """A declaration that shall not count any more: this one does instead, or none (CANCEL)."""
    share_id: UUID | None = None
    """The share that the form was filled in from."""
    restates: bool = False
    """Said again with other values it corrects what was said: so it is in workbooks."""


@dataclass(frozen=True, slots=True)
class Filer:
    """An agent who files for an enterprise, at one time."""

    caller: Caller
    code: str
    name: str
    """Of the enterprise."""
    employer_id: UUID
    now: datetime
    run_id: UUID | None = None

    @property
    def today(self) -> date:
        return vietnam_day(self.now)


def filer_of(
    db: Db, caller: Caller, *, now: datetime, run_id: UUID | None = None, action: Action
) -> Filer:
    """Return who files.

    Raises:
        EnterpriseRefused: the enterprise is gone, or not at its address.
        DeniedToRole, LevelTooLow: the caller does not act for an enterprise, or not so surely.
    """
    check_role(caller, action, now)
    code = caller.enterprise_code or ""
    name = check_enterprise(db, code, now)
    employer = employers_by_code(db, [code])[code]
    return Filer(caller, code, name, employer.id, now, run_id)


def _facts(finding: Finding) -> dict[str, str]:
    """Return what a program is told of the first fault: which, where, and what to do."""
    return {
        "cause": finding.cause,
        "field": finding.field or "",
        "what_to_do_vi": what_to_do(finding.cause, finding.detail, "vi"),
        "what_to_do_en": what_to_do(finding.cause, finding.detail, "en"),
    }


def _told(finding: Finding) -> str:
    return message(finding.cause, finding.detail, "en")
