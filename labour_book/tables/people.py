"""People, the numbers that name them, and who may call."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from labour_book.tables.columns import PARTIAL_DATE, UtcDateTime


class Person(SQLModel, table=True):
    """One person (người lao động) as found by search; what registers state of them are facts.

    A projection of the live identity fact: it is rewritten when that fact is replaced.
    """

    __table_args__ = (
        sa.Index(  # who differs from the population register, by cause
            "ix_person_in_doubt",
            "match_state",
            "match_cause",
            "id",
            sqlite_where=sa.text("match_state <> 'MATCHED'"),
            postgresql_where=sa.text("match_state <> 'MATCHED'"),
        ),
    )

    id: UUID = Field(primary_key=True)
    full_name: str = Field(max_length=200)
    """NFC, spelled as on the population register."""
    search_key: str = Field(max_length=200, index=True)
    identity_key: bytes | None = Field(default=None, sa_type=sa.LargeBinary(16), index=True)
    """Hash of the search key and the birth date (its year, where the day is not known)."""
    birth_date: str | None = Field(default=None, max_length=PARTIAL_DATE)
    birth_year: int | None = None
    sex: str | None = Field(default=None, max_length=1)
    ethnic_code: str | None = Field(default=None, max_length=2)
    residence_commune: str | None = Field(default=None, max_length=5, index=True)
    life_status: str = Field(default="ALIVE", max_length=12)
    life_status_on: date | None = None
    match_state: str = Field(default="UNCHECKED", max_length=12)
    """MATCHED, MISMATCH, NOT_FOUND, DECEASED or UNCHECKED against the population register."""
    match_cause: str | None = Field(default=None, max_length=40)
    created_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)


class PersonIdentifier(SQLModel, table=True):
    """A number that names, or once named, a person: encrypted, found by its keyed blind index.

    A number names one person, but for the old identity cards (CMND): the provinces numbered them
    by themselves, and some numbers were given out twice.
    """

    __tablename__ = "person_identifier"
    __table_args__ = (
        sa.UniqueConstraint("blind_index", "person_id", name="uq_person_identifier"),
        sa.Index(
            "uq_person_identifier_number",
            "blind_index",
            unique=True,
            sqlite_where=sa.text("kind <> 'CMND9'"),
            postgresql_where=sa.text("kind <> 'CMND9'"),
        ),
    )

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    kind: str = Field(max_length=16)
    """PIN, CANCELLED_PIN, CMND9, BHXH10, JOINED_BHXH10 (given up for another), PASSPORT or TAX."""
    blind_index: bytes = Field(sa_type=sa.LargeBinary(32))
    sealed: bytes = Field(sa_type=sa.LargeBinary)
    source: str = Field(max_length=24)
    valid_from: date | None = None
    valid_to: date | None = None
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by: str = Field(max_length=80)


class Account(SQLModel, table=True):
    """Somebody who may call: a worker, an official of a unit, a machine of an organisation."""

    id: UUID = Field(primary_key=True)
    kind: str = Field(max_length=12)
    """worker, proxy, employer, official or machine."""
    name: str = Field(max_length=120)
    role: str = Field(max_length=24)
    unit_code: str | None = Field(default=None, max_length=24)
    enterprise_code: str | None = Field(default=None, max_length=14)
    """Of the enterprise that an employer's agent acts for."""
    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    first_day: date | None = None
    """On which it is good; both days count, and without one it has no such limit."""
    last_day: date | None = None
    scope: str | None = Field(default=None, max_length=200)
    """What a mandate or a registration allows of what the role may do; all of it without one."""


class AccessToken(SQLModel, table=True):
    """A bearer token by its hash; the token itself is shown once and never stored."""

    __tablename__ = "access_token"

    token_hash: bytes = Field(sa_type=sa.LargeBinary(32), primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    level: int = Field(default=2, sa_column_kwargs={"server_default": "2"})
    """Assurance of the sign-in behind it; what an administrator grants counts as level 2."""
    session_id: UUID | None = Field(
        default=None,
        sa_column=sa.Column(
            sa.ForeignKey("session.id", name="fk_access_token_session"), nullable=True, index=True
        ),
    )
    """The session whose end is its end too."""
