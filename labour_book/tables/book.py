"""The facts of a labour book, its signed versions, and the keys and lists that vouch for them."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labour_book.tables.columns import (
    MONTH,
    PARTIAL_DATE,
    FactColumns,
    UtcDateTime,
    live_reference,
)


class EmploymentFact(FactColumns, table=True):
    """Work at an employer as one source stated it (contract event, Form 03, paper book)."""

    __tablename__ = "employment_fact"
    __table_args__ = (
        live_reference("employment_fact"),
        sa.Index(
            "uq_employment_fact_message",
            "message_id",
            unique=True,
            sqlite_where=sa.text("message_id IS NOT NULL"),
            postgresql_where=sa.text("message_id IS NOT NULL"),
        ),
    )

    employer_id: UUID | None = Field(default=None, foreign_key="employer.id", index=True)
    employer_code: str | None = Field(default=None, max_length=14)
    employer_name: str = Field(max_length=300)
    position: str = Field(max_length=300)
    occupation_code: str | None = Field(default=None, max_length=5)
    """VSCO 2020."""
    contract_kind: str | None = Field(default=None, max_length=12)
    contract_id: str | None = Field(default=None, max_length=40, index=True)
    event_sequence: int | None = None
    message_id: str | None = Field(default=None, max_length=64)
    """Name of the contract platform's message; each is recorded once, however often it comes."""
    first_day: str = Field(max_length=PARTIAL_DATE)
    last_day: str | None = Field(default=None, max_length=PARTIAL_DATE)
    running: bool
    workplace_commune: str | None = Field(default=None, max_length=5)
    workplace_text: str | None = Field(default=None, max_length=400)
    end_reason_clause: int | None = None
    """Clause of Labour Code art. 34; for the worker's own eyes."""
    suspended: bool = False
    employment_position: str | None = Field(default=None, max_length=16)


class InsuranceFact(FactColumns, table=True):
    """Months of participation in the named funds, one contiguous range at one employer."""

    __tablename__ = "insurance_fact"
    __table_args__ = (
        live_reference("insurance_fact"),
        sa.Index(  # the newest of them tells through which month the register has reported
            "ix_insurance_fact_running",
            "stated_at",
            sqlite_where=sa.text("last_month IS NULL"),
            postgresql_where=sa.text("last_month IS NULL"),
        ),
    )

    employer_id: UUID | None = Field(default=None, foreign_key="employer.id", index=True)
    employer_code: str | None = Field(default=None, max_length=14)
    employer_name: str = Field(max_length=300)
    first_month: str = Field(max_length=MONTH)
    last_month: str | None = Field(default=None, max_length=MONTH)
    """Inclusive; empty while running."""
    position: str = Field(max_length=300)
    wage_base_vnd: int = Field(sa_type=sa.BigInteger)
    fund_si: bool
    fund_ui: bool
    fund_hi: bool
    fund_vol: bool
    status: str = Field(max_length=24)
    """contributed, arrears or credited_duration_only."""


class QualificationFact(FactColumns, table=True):
    """A diploma or certificate."""

    __tablename__ = "qualification_fact"
    __table_args__ = (live_reference("qualification_fact"),)

    kind: str = Field(max_length=32)
    level: str = Field(max_length=4)
    field: str = Field(max_length=200)
    issuer: str = Field(max_length=300)
    issued_on: str = Field(max_length=PARTIAL_DATE)
    number: str = Field(max_length=60)


class ProfileFact(FactColumns, table=True):
    """What a source stated about the person: identity (population register) or Form 03 answers."""

    __tablename__ = "profile_fact"
    __table_args__ = (live_reference("profile_fact"),)

    kind: str = Field(max_length=16)
    """identity or form03."""
    body: str = Field(sa_type=sa.Text)
    """JSON with the fields of that kind."""


class Book(SQLModel, table=True):
    """That a person has a labour book, and its number, which says nothing about the person."""

    person_id: UUID = Field(primary_key=True, foreign_key="person.id")
    book_no: str = Field(max_length=24, unique=True)
    current_version: int = 0
    created_at: datetime = Field(sa_type=UtcDateTime)


class BookVersion(SQLModel, table=True):
    """One signed version of a book. The credential is sealed; the document masks the ID."""

    __tablename__ = "book_version"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "version", name="uq_book_version"),
        sa.UniqueConstraint("status_list_id", "status_index", name="uq_book_version_status"),
        sa.Index(  # never two current versions of one book
            "uq_book_version_current",
            "person_id",
            unique=True,
            sqlite_where=sa.text("state = 'current'"),
            postgresql_where=sa.text("state = 'current'"),
        ),
        sa.Index(  # all that a status list is made of, so that no version itself is read
            "ix_book_version_not_valid",
            "status_list_id",
            "status_index",
            "state",
            sqlite_where=sa.text("state <> 'current'"),
            postgresql_where=sa.text("state <> 'current'"),
        ),
    )

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id")
    version: int
    as_of: date
    known_at: datetime = Field(sa_type=UtcDateTime)
    issued_at: datetime = Field(sa_type=UtcDateTime)
    issued_by: str = Field(max_length=80)
    run_id: UUID | None = None
    """The run of bulk issuing that made it; empty for a version issued by itself."""
    expires_on: date
    content_hash: bytes = Field(sa_type=sa.LargeBinary(32))
    """SHA-256 of the canonical claims without version and dates of issue."""
    record_hash: bytes = Field(sa_type=sa.LargeBinary(32))
    """SHA-256 of the canonical claims as signed; the next version names it."""
    document: str = Field(sa_type=sa.Text)
    """JSON for reading: the claims with the personal ID masked."""
    credential: bytes = Field(sa_type=sa.LargeBinary)
    """The SD-JWT VC, sealed."""
    kid: str = Field(max_length=64)
    status_list_id: int = Field(foreign_key="status_list.id")
    status_index: int
    lookup_hash: bytes = Field(sa_type=sa.LargeBinary(32), unique=True)
    """SHA-256 of the code in the printed QR's address."""
    state: str = Field(default="current", max_length=12)
    """current, superseded or revoked."""
    state_since: datetime = Field(sa_type=UtcDateTime)
    state_reason: str | None = Field(default=None, max_length=200)


class CredentialCopy(SQLModel, table=True):
    """A further copy of a version, with an entry of its own on a status list.

    How it stands follows from its version and its share; only its own end is kept here.
    """

    __tablename__ = "credential_copy"
    __table_args__ = (
        sa.UniqueConstraint("status_list_id", "status_index", name="uq_credential_copy_status"),
        sa.UniqueConstraint("share_id", "version_id", "kid", name="uq_credential_copy_share"),
    )

    id: UUID = Field(primary_key=True)
    version_id: UUID = Field(foreign_key="book_version.id", index=True)
    share_id: UUID | None = Field(default=None, foreign_key="share.id")
    """The share it was made for; empty for a wallet's."""
    issued_at: datetime = Field(sa_type=UtcDateTime)
    kid: str = Field(max_length=64)
    credential: bytes | None = Field(default=None, sa_type=sa.LargeBinary)
    """The SD-JWT VC, sealed; empty for a wallet's, which only the wallet has."""
    status_list_id: int = Field(foreign_key="status_list.id")
    status_index: int
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class StatusList(SQLModel, table=True):
    """A token status list: how many of its entries are taken. Its bits follow from the versions."""

    __tablename__ = "status_list"

    id: int = Field(primary_key=True)
    capacity: int
    allocated: int = 0
    created_at: datetime = Field(sa_type=UtcDateTime)


class SigningKey(SQLModel, table=True):
    """The public half of a key, published for ever; private halves are files or in an HSM."""

    __tablename__ = "signing_key"
    __table_args__ = (
        sa.Index(  # one key in use for each use
            "uq_signing_key_active",
            "use",
            unique=True,
            sqlite_where=sa.text("retired_at IS NULL"),
            postgresql_where=sa.text("retired_at IS NULL"),
        ),
    )

    kid: str = Field(max_length=64, primary_key=True)
    use: str = Field(max_length=16)
    chain_pem: str = Field(sa_type=sa.Text)
    """Leaf first, root last."""
    not_before: datetime = Field(sa_type=UtcDateTime)
    not_after: datetime = Field(sa_type=UtcDateTime)
    retired_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_from: datetime | None = Field(default=None, sa_type=UtcDateTime)
