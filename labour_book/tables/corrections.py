"""Corrections: cases, their steps, their files, what was decided and what of it changed."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labour_book.tables.columns import UtcDateTime


class CorrectionCase(SQLModel, table=True):
    """Somebody says that a line of a book is wrong or missing. Moved by guarded updates only."""

    __tablename__ = "correction_case"
    __table_args__ = (
        sa.Index("ix_correction_case_queue", "queue", "due_on", "id"),
        sa.Index("ix_correction_case_due", "due_on", "id"),
        sa.Index("ix_correction_case_person", "person_id", "created_at"),
        sa.Index("ix_correction_case_declared", "declared_by", "created_at"),
        sa.Index("ix_correction_case_employer", "employer_code", "kind", "created_at"),
        sa.Index("ix_correction_case_claimed", "claimed_by", "due_on", "id"),
        sa.Index(
            "ix_correction_case_submitted",
            "state_since",
            sqlite_where=sa.text("state = 'submitted'"),
            postgresql_where=sa.text("state = 'submitted'"),
        ),
        sa.Index(
            "ix_correction_case_sampled",
            "sampled_at",
            "id",
            sqlite_where=sa.text("sampled_at IS NOT NULL"),
            postgresql_where=sa.text("sampled_at IS NOT NULL"),
        ),
    )

    id: UUID = Field(primary_key=True)
    number: str = Field(max_length=11, unique=True)
    """``YC-`` and eight random characters."""
    person_id: UUID = Field(foreign_key="person.id")
    kind: str = Field(max_length=16)
    ask: str = Field(max_length=8)
    version: int | None = None
    line_number: int | None = None
    line_facts: str = Field(sa_type=sa.Text)
    """JSON: [[kind of fact, id], ...] that the line was made of when the case began."""
    changes: str = Field(sa_type=sa.Text)
    """JSON: [{field, before, after, accepted}, ...]."""
    words: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    """What the asking side wrote, sealed."""
    employer_code: str | None = Field(default=None, max_length=14)
    employer_name: str = Field(default="", max_length=300)
    assurance: str = Field(max_length=24)
    """Of the line when the case began; empty for a missing one."""
    declared_kind: str = Field(max_length=16)
    """worker, representative, employer or official."""
    declared_by: str = Field(max_length=80)
    assisted: bool = False
    """At the desk, with the person present, who confirmed it."""
    created_at: datetime = Field(sa_type=UtcDateTime)
    submitted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    submit_key: str | None = Field(default=None, max_length=80, unique=True)
    """Idempotency key of handing in, with the account it belongs to."""
    state: str = Field(max_length=12)
    state_since: datetime = Field(sa_type=UtcDateTime)
    revision: int
    """Grows with every step; each step is guarded by it."""
    owner_kind: str | None = Field(default=None, max_length=12)
    owner_code: str | None = Field(default=None, max_length=24)
    queue: str | None = Field(default=None, max_length=40)
    """Kind and code of the owner while the case is open, for paging through a queue."""
    due_on: date | None = None
    """Last day of the running deadline; empty where none runs."""
    escalations: int = 0
    claimed_by: str | None = Field(default=None, max_length=80)
    claimed_name: str | None = Field(default=None, max_length=120)
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    high_impact: bool = False
    alternative: bool = False
    """The employer cannot be asked any more: other evidence counts."""
    employer_answer: str | None = Field(default=None, max_length=12)
    proposal: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    """JSON of what the first official proposed, sealed."""
    proposed_by: str | None = Field(default=None, max_length=80)
    outcome: str | None = Field(default=None, max_length=12)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    appealed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sampled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reviewed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    was_right: bool | None = None
    rating: int | None = None


class CorrectionStep(SQLModel, table=True):
    """One step of a case; never changed afterwards."""

    __tablename__ = "correction_step"

    case_id: UUID = Field(foreign_key="correction_case.id", primary_key=True)
    ordinal: int = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    step: str = Field(max_length=12)
    before: str | None = Field(default=None, max_length=12)
    after: str = Field(max_length=12)
    by_kind: str = Field(max_length=16)
    by: str = Field(max_length=80)
    by_name: str = Field(max_length=120)
    place: str = Field(default="", max_length=40)
    """Unit or enterprise code of who took it."""
    owner: str | None = Field(default=None, max_length=40)
    """Whose the case is after the step."""
    reason_code: str = Field(default="", max_length=40)
    words: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    """Sealed."""
    due_on: date | None = None


class CorrectionFile(SQLModel, table=True):
    """A photo or PDF that came with a case, sealed for its row."""

    __tablename__ = "correction_file"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "file_number", name="uq_correction_file_number"),
        sa.Index(
            "uq_correction_file_content",
            "case_id",
            "sha256",
            unique=True,
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        ),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="correction_case.id")
    file_number: int
    evidence_class: str = Field(max_length=24)
    media_type: str = Field(max_length=24)
    size: int
    sha256: str = Field(max_length=64)
    """Of what was sent, before anything was done to it."""
    pages: int
    content: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    """Sealed; empty once it was taken back."""
    preview: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    """A small JPEG, sealed."""
    attached_at: datetime = Field(sa_type=UtcDateTime)
    attached_by: str = Field(max_length=80)
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CorrectionDecision(SQLModel, table=True):
    """What was decided; a further decision may take it back, nothing erases it."""

    __tablename__ = "correction_decision"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "ordinal", name="uq_correction_decision"),
        sa.Index("ix_correction_decision_unit", "unit_code", "at"),
        sa.Index("ix_correction_decision_official", "decided_by", "at"),
        sa.Index("ix_correction_decision_person", "person_id", "at"),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="correction_case.id")
    person_id: UUID = Field(foreign_key="person.id")
    ordinal: int
    key: str | None = Field(default=None, max_length=80, unique=True)
    """Idempotency key, with the account it belongs to."""
    at: datetime = Field(sa_type=UtcDateTime)
    outcome: str = Field(max_length=12)
    automatic: bool = False
    appeal: bool = False
    high_impact: bool = False
    unit_code: str | None = Field(default=None, max_length=24)
    decided_by: str = Field(max_length=80)
    """Who decided, or proposed what another confirmed."""
    decided_name: str = Field(max_length=120)
    confirmed_by: str | None = Field(default=None, max_length=80)
    confirmed_name: str | None = Field(default=None, max_length=120)
    reason_code: str = Field(max_length=40)
    words: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    """Sealed."""
    changes: str = Field(sa_type=sa.Text)
    """JSON: the fields with what became of each."""
    in_time: bool = True
    version_before: int | None = None
    version_after: int | None = None
    reversed_by: UUID | None = None
    """The decision that took it back."""


class DecisionEffect(SQLModel, table=True):
    """A fact that a decision voided, made or stated again."""

    __tablename__ = "decision_effect"

    decision_id: UUID = Field(foreign_key="correction_decision.id", primary_key=True)
    fact_id: UUID = Field(primary_key=True)
    fact_kind: str = Field(max_length=16)
    deed: str = Field(max_length=8)
    """voided, made or restored."""


class DecidedStatement(SQLModel, table=True):
    """A statement of a source that a decision set aside: repeating it does not bring it back."""

    __tablename__ = "decided_statement"

    decision_id: UUID = Field(foreign_key="correction_decision.id", primary_key=True)
    fact_kind: str = Field(max_length=16, primary_key=True)
    source_ref: str = Field(max_length=80, primary_key=True)
    source: str = Field(max_length=24)
    fingerprint: bytes = Field(sa_type=sa.LargeBinary(16))
    in_force: bool = True
    """No more once the decision was taken back."""

    __table_args__ = (
        sa.Index(
            "ix_decided_statement_in_force",
            "source_ref",
            "source",
            sqlite_where=sa.text("in_force"),
            postgresql_where=sa.text("in_force"),
        ),
    )


class OfficialRelation(SQLModel, table=True):
    """An official has declared that a person is the own self or family."""

    __tablename__ = "official_relation"

    account_id: str = Field(max_length=80, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", primary_key=True)
    relation: str = Field(max_length=12)
    declared_at: datetime = Field(sa_type=UtcDateTime)
