"""Losses of work that were found, the support proposed for them, and lists of what is to be paid.

Nothing is paid here: a list is handed to whoever pays.
"""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labour_book.tables.columns import MONTH, UtcDateTime

_RUNNING = sa.text("state = 'running'")
_OPEN = sa.text("closed_at IS NULL")
_STANDS = sa.text("voided_at IS NULL")


class JobLoss(SQLModel, table=True):
    """That somebody's work at a firm ended with a month: one row, however often it is found."""

    __tablename__ = "job_loss"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "firm", "month", name="uq_job_loss"),
        sa.Index("ix_job_loss_commune", "commune_code", "state", "month"),
        sa.Index("ix_job_loss_employer", "employer_id", "month"),
    )

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    firm: str = Field(max_length=16)
    """Code of the enterprise without its branch; a hash of the name where no code is known."""
    month: str = Field(max_length=MONTH)
    """The last month of the work."""
    employer_id: UUID | None = Field(default=None, foreign_key="employer.id")
    employer_name: str = Field(max_length=300)
    ended_on: date | None = None
    """Of the contract; empty where only the month is known."""
    clause: int | None = None
    """Clause of Labour Code, art. 34; for the worker's eyes and whoever decides on support."""
    signals: str = Field(default=" ", max_length=80)
    """contribution-stopped, contract-ended, firm-closed: those that were seen, each in spaces."""
    firm_status: str | None = Field(default=None, max_length=24)
    state: str = Field(max_length=12)
    """suspected, waiting, confirmed, contradicted, other-work or withdrawn."""
    commune_code: str | None = Field(default=None, max_length=5)
    """Where the person lived when it was last looked at."""
    found_at: datetime = Field(sa_type=UtcDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When it was confirmed first."""
    changed_at: datetime = Field(sa_type=UtcDateTime)


class JobLossRun(SQLModel, table=True):
    """One round of looking for losses of work; the cursor is where it goes on after a stop."""

    __tablename__ = "job_loss_run"
    __table_args__ = (
        sa.Index(
            "uq_job_loss_run_running",
            "state",
            unique=True,
            sqlite_where=_RUNNING,
            postgresql_where=_RUNNING,
        ),
    )

    id: UUID = Field(primary_key=True)
    state: str = Field(max_length=12)
    """running or done."""
    cursor: UUID | None = None
    """The last person who was looked at."""
    changed_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """Only people of whom something was recorded since; empty for everybody."""
    reported: str = Field(max_length=MONTH)
    """The month through which the insurance register had reported."""
    on_day: date
    """The day whose law and whose waiting times the round goes by."""
    people: int = 0
    found: int = 0
    """Events new or changed."""
    proposed: int = 0
    revision: int = 0
    """Grows with every step; each step is guarded by it."""
    started_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SupportProposal(SQLModel, table=True):
    """Support that somebody may get: never two open ones of the same policy for one person."""

    __tablename__ = "support_proposal"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "policy", "about", name="uq_support_proposal"),
        sa.Index(
            "uq_support_proposal_open",
            *("person_id", "policy"),
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        sa.Index("ix_support_proposal_commune", "commune_code", "state", "id"),
    )

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    policy: str = Field(max_length=40)
    about: str = Field(default="", max_length=36)
    """Id of the loss of work where the support is given once for each; else empty."""
    job_loss_id: UUID | None = Field(default=None, foreign_key="job_loss.id", index=True)
    """What led to it."""
    level: int
    """Of proactive service, 1 to 4 (ND 224/2026, art. 16)."""
    state: str = Field(max_length=12)
    """A word of ``domain.support.State``."""
    holds: bool | None = None
    """All conditions hold; empty while something is not known."""
    sum_value: str | None = Field(default=None, max_length=24)
    """Whole number or fraction, as text; the least where ``sum_most`` is there."""
    sum_unit: str | None = Field(default=None, max_length=20)
    sum_most: str | None = Field(default=None, max_length=24)
    """Where the sum depends on something that is not known: what it is at most."""
    due_on: date | None = None
    """Last day to apply; empty where the law states none."""
    findings: str = Field(default="[]", sa_type=sa.Text)
    """JSON: each condition with whether it holds and its article, as it was proposed."""
    overlap: str = Field(default="unasked", max_length=12)
    """unasked, none, receives or unknown: what the social-protection register says."""
    overlap_on: date | None = None
    dossier_id: UUID | None = Field(default=None, foreign_key="portal_dossier.id", index=True)
    reason: str | None = Field(default=None, max_length=80)
    """Why it was declined, refused or withdrawn, in a word."""
    commune_code: str | None = Field(default=None, max_length=5)
    created_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When it was over without support: another may be proposed then."""


class PaymentList(SQLModel, table=True):
    """Who is to be paid what out of one policy in one month, in the communes of one unit."""

    __tablename__ = "payment_list"

    id: UUID = Field(primary_key=True)
    number: str = Field(max_length=24, unique=True)
    policy: str = Field(max_length=40)
    unit_code: str = Field(max_length=24, index=True)
    month: str = Field(max_length=MONTH)
    state: str = Field(max_length=12)
    """drafted, approved or dropped."""
    people: int
    total_vnd: int = Field(sa_type=sa.BigInteger)
    content_hash: bytes = Field(sa_type=sa.LargeBinary(32))
    """SHA-256 of the canonical content."""
    drafted_by: str = Field(max_length=80)
    drafted_at: datetime = Field(sa_type=UtcDateTime)
    settled_by: str | None = Field(default=None, max_length=80)
    """Who approved or dropped it; never who drafted it where it was approved."""
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PaymentLine(SQLModel, table=True):
    """One person on a list; of one policy and month nobody stands on two that are not dropped."""

    __tablename__ = "payment_line"
    __table_args__ = (
        sa.Index(
            "uq_payment_line",
            *("person_id", "policy", "month"),
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )

    list_id: UUID = Field(primary_key=True, foreign_key="payment_list.id")
    number: int = Field(primary_key=True)
    """1, 2, ... on the list."""
    person_id: UUID = Field(foreign_key="person.id")
    proposal_id: UUID = Field(foreign_key="support_proposal.id", index=True)
    policy: str = Field(max_length=40)
    month: str = Field(max_length=MONTH)
    amount_vnd: int = Field(sa_type=sa.BigInteger)
    voided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    """When its list was dropped."""
