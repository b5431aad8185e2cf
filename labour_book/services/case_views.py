"""A correction as it is told, to who asks, who decides and who oversees. Values without deeds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from labour_book.domain.correction_fields import Ask, CaseKind, FieldChange
from labour_book.domain.corrections import CaseState, Outcome, Owner, Step, Turn


@dataclass(frozen=True, slots=True)
class OwnerTold:
    """Who has the case on the desk: the kind, the unit or enterprise code, and its name."""

    kind: Owner
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case as a row of a list. Says nothing of what it is about but its kind and fields."""

    case_id: UUID
    number: str
    """``YC-`` and eight characters; random, says nothing of the person."""
    kind: CaseKind
    ask: Ask
    fields: tuple[str, ...]
    """Names of the fields asked for."""
    state: CaseState
    turn: Turn
    outcome: Outcome | None
    owner: OwnerTold | None
    """None while a draft."""
    submitted_at: datetime | None
    due_on: date | None
    """The last day of the present step, in working days; None where no clock runs."""
    is_overdue: bool
    claimed_by: str | None
    """Account id of the official who has taken it."""
    claimed_by_name: str | None
    is_high_impact: bool
    """Needs two officials."""
    is_appeal: bool
    is_alternative: bool
    """The employer cannot be asked any more: other evidence counts."""
    employer_name: str
    state_since: datetime


@dataclass(frozen=True, slots=True)
class StepTold:
    """One step of a case's history."""

    ordinal: int
    at: datetime
    step: Step
    before: CaseState | None
    after: CaseState
    by_kind: str
    """worker, representative, employer, official or system."""
    by_name: str
    """Of the unit or enterprise; of the person only to officials."""
    reason_code: str
    """A code of the list of reasons; empty where none is needed."""
    words: str
    """What was written; empty where nothing was or the reader may not see it."""
    due_on: date | None
    """The deadline that began with the step."""


@dataclass(frozen=True, slots=True)
class EvidenceTold:
    """A file, without its content."""

    evidence_id: UUID
    file_number: int
    """1, 2, ... in the order in which they came; the neutral name is made of it."""
    evidence_class: str
    """A code of ``data/evidence_classes.csv``."""
    media_type: str
    size: int
    """Bytes."""
    sha256: str
    pages: int
    attached_at: datetime
    name: str
    """The neutral file name it is handed out under."""
    has_preview: bool
    from_employer: bool = False
    """Sent by the enterprise that contests the claim; shown to officials and to itself."""


@dataclass(frozen=True, slots=True)
class DecisionTold:
    """What was decided, by whom, why, and which version of the book says so."""

    decision_id: UUID
    ordinal: int
    at: datetime
    outcome: Outcome
    is_automatic: bool
    """A register confirmed what was claimed; no official looked."""
    is_appeal: bool
    unit_name: str
    decided_by: str
    """Name of the official; empty to others than officials."""
    confirmed_by: str
    reason_code: str
    reason_vi: str
    reason_en: str
    words: str
    article: str
    """The act and article the reason stands on."""
    version_before: int | None
    version_after: int | None


@dataclass(frozen=True, slots=True)
class ProposalTold:
    """What the first official proposed, for the second."""

    outcome: Outcome
    accepted: tuple[str, ...]
    reason_code: str
    words: str
    by: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RegisterAnswer:
    """What a register says now of the line: its fields, or why it did not answer."""

    register: str
    """insurance, contracts or qualifications."""
    confirms: bool | None
    """Whether it confirms every claimed value; None if it says nothing of them."""
    fields: Mapping[str, str]
    asked_at: datetime
    problem: str = ""
    """Why there is no answer; empty where there is one."""


@dataclass(frozen=True, slots=True)
class SimilarCase:
    """Another case of the same employer and fields."""

    number: str
    case_id: UUID
    fields: tuple[str, ...]
    state: CaseState
    outcome: Outcome | None
    submitted_at: datetime | None


@dataclass(frozen=True, slots=True)
class HandOver:
    """Where an identity field is corrected instead, in words (vi and en)."""

    where_vi: str
    where_en: str
    article: str
    working_days: int
    """How long that procedure takes at most."""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case as its page shows it. Leaves out what the reader may not see."""

    line: CaseLine
    person_id: UUID
    version: int | None
    """The version of the book that the line number belongs to."""
    line_number: int | None
    changes: tuple[FieldChange, ...]
    words: str
    """What the asking side wrote."""
    declared_by: str
    """worker, representative, employer or official (at the desk, with the person present)."""
    assisted: bool
    employer_answer: str
    """agrees, contests or empty."""
    employer_words: str
    steps: tuple[StepTold, ...]
    evidence: tuple[EvidenceTold, ...]
    decisions: tuple[DecisionTold, ...]
    proposal: ProposalTold | None
    possible: tuple[Step, ...]
    """What this reader can do with it now."""
    barred: str
    """Why an official may not decide it: a ``cause`` of ``OwnMatter``; empty where that is none."""
    hand_over: HandOver | None
    appeal_until: date | None
    rating: int | None
    revision: int
    """Grows with every step: what a page was made of."""
