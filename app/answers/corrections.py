"""What is told of the own corrections, and of lines that their owner called right."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A line of the book, and when its owner called it right as it reads; None: not yet."""

    kind: str
    no: int
    key: str
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaseOwner:
    """Who has a case on the desk."""

    kind: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A correction as a row of a list."""

    case_id: str
    number: str
    kind: str
    ask: str
    fields: tuple[str, ...]
    state: str
    turn: str
    outcome: str | None
    owner: CaseOwner | None
    submitted_at: datetime | None
    due_on: date | None
    is_overdue: bool
    is_appeal: bool
    employer_name: str
    state_since: datetime


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Who would have a draft on the desk, and until when."""

    owner: CaseOwner
    due_on: date | None
    is_high_impact: bool
    is_alternative: bool


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after; ``accepted`` is what was decided of it."""

    field: str
    before: str
    after: str
    accepted: bool | None = None


@dataclass(frozen=True, slots=True)
class CaseStep:
    """One step of a case's history."""

    ordinal: int
    at: datetime
    step: str
    after: str
    by_kind: str
    by_name: str
    reason_code: str
    words: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class CaseEvidence:
    """A file of a case, without its content."""

    evidence_id: str
    file_number: int
    evidence_class: str
    media_type: str
    size: int
    pages: int
    name: str


@dataclass(frozen=True, slots=True)
class CaseDecision:
    """What was decided, and why."""

    at: datetime
    outcome: str
    is_automatic: bool
    is_appeal: bool
    unit_name: str
    reason_vi: str
    reason_en: str
    words: str
    article: str
    version_after: int | None


@dataclass(frozen=True, slots=True)
class HandOver:
    """Where an identity field is corrected instead."""

    where_vi: str
    where_en: str
    article: str
    working_days: int


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A correction whole."""

    line: CaseLine
    changes: tuple[FieldChange, ...]
    words: str
    employer_answer: str
    employer_words: str
    steps: tuple[CaseStep, ...]
    evidence: tuple[CaseEvidence, ...]
    decisions: tuple[CaseDecision, ...]
    possible: tuple[str, ...]
    hand_over: HandOver | None
    appeal_until: date | None
    rating: int | None
