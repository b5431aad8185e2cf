"""Which e-ID opens which account, and the invitations by which one takes an account."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.accounts import HOLDER, Holder, is_open
from labour_book.queries.guards import inserting, one_changed
from labour_book.queries.rows import table_of
from labour_book.tables import (
    Account,
    AccountHolder,
    AccountInvitation,
    Person,
    SignInIdentity,
    Unit,
    UsedToken,
)

_ACCOUNT = table_of(Account)
_HOLDER = table_of(AccountHolder)
_IDENTITY = table_of(SignInIdentity)
_INVITATION = table_of(AccountInvitation)
_PERSON = table_of(Person)
_UNIT = table_of(Unit)
_USED = table_of(UsedToken)


@dataclass(frozen=True, slots=True)
class Held:
    """An account that an e-ID opens, and for whom one acts with it."""

    holder: Holder
    last_day: date | None
    unit_name: str | None
    worker_name: str | None
    """Of the worker whom a representative acts for."""


@dataclass(frozen=True, slots=True)
class Known:
    """How an e-ID is known: by its number's blind index, and by its name at the provider."""

    blind_index: bytes | None = field(repr=False)
    issuer: str
    subject: str


@dataclass(frozen=True, slots=True)
class HolderRow:
    """One e-ID of an account, as an administrator sees it: nothing of the person."""

    id: UUID
    by_number: bool
    first_day: date
    last_day: date | None
    added_at: datetime
    ended_at: datetime | None


def accounts_held(db: Db, known: Known, level: int, today: date) -> list[Held]:
    """Return the open accounts that an e-ID was given, by role and unit."""
    query = (
        sa.select(
            *HOLDER, sa.literal(level), _ACCOUNT.c.last_day, _UNIT.c.name, _PERSON.c.full_name
        )
        .join(_HOLDER, _HOLDER.c.account_id == _ACCOUNT.c.id)
        .outerjoin(_UNIT, _UNIT.c.code == _ACCOUNT.c.unit_code)
        .outerjoin(_PERSON, _PERSON.c.id == _ACCOUNT.c.person_id)
        .where(_is(known), _is_in_force(today), is_open(today))
        .order_by(_ACCOUNT.c.kind, _ACCOUNT.c.role, _ACCOUNT.c.unit_code, _ACCOUNT.c.id)
        .distinct()
    )
    held = []
    for row in db.execute(query):
        *whole, last_day, unit_name, worker_name = row
        held.append(Held(Holder(*whole), last_day, unit_name, worker_name))
    return held


def own_account(db: Db, known: Known, today: date) -> UUID | None:
    """Return the open account in which somebody signs in for themselves; None for none yet."""
    query = (
        sa.select(_ACCOUNT.c.id)
        .join(_IDENTITY, _IDENTITY.c.account_id == _ACCOUNT.c.id)
        .where(
            _IDENTITY.c.issuer == known.issuer,
            _IDENTITY.c.subject == known.subject,
            _IDENTITY.c.acts_for == "",
            is_open(today),
        )
    )
    return db.execute(query).scalar_one_or_none()


def add_holder(db: Db, row: Mapping[str, Any]) -> bool:
    """Let an e-ID open an account; tell whether it was not so already."""
    statement = inserting(db, _HOLDER).values(dict(row)).on_conflict_do_nothing()
    return db.execute(statement.returning(_HOLDER.c.id)).one_or_none() is not None


def end_holder(db: Db, holder_id: UUID, *, at: datetime, by: str) -> UUID | None:
    """End that an e-ID opens an account; return the account, None if it was so no more."""
    ended = db.execute(
        sa.update(_HOLDER)
        .where(_HOLDER.c.id == holder_id, _HOLDER.c.ended_at.is_(None))
        .values(ended_at=at, ended_by=by)
        .returning(_HOLDER.c.account_id)
    )
    return ended.scalar_one_or_none()


def holders_of(db: Db, account_id: UUID) -> list[HolderRow]:
    """Return the e-IDs that open an account, or once did, the newest first."""
    query = (
        sa.select(
            _HOLDER.c.id,
            _HOLDER.c.blind_index.is_not(None),
            _HOLDER.c.first_day,
            _HOLDER.c.last_day,
            _HOLDER.c.added_at,
            _HOLDER.c.ended_at,
        )
        .where(_HOLDER.c.account_id == account_id)
        .order_by(_HOLDER.c.added_at.desc(), _HOLDER.c.id)
    )
    return [HolderRow(row[0], bool(row[1]), *row[2:]) for row in db.execute(query)]


def is_held_by(db: Db, account_id: UUID, blind_index: bytes) -> bool:
    """Say whether an e-ID opens an account."""
    query = sa.select(_HOLDER.c.id).where(
        _HOLDER.c.account_id == account_id,
        _HOLDER.c.blind_index == blind_index,
        _HOLDER.c.ended_at.is_(None),
    )
    return db.execute(query.limit(1)).one_or_none() is not None


def add_invitation(db: Db, row: Mapping[str, Any]) -> None:
    db.execute(sa.insert(_INVITATION), row)


def invited_to(db: Db, secret_hash: bytes, now: datetime) -> tuple[UUID, str] | None:
    """Return the open account that an invitation is to, and who made it; None if it is over."""
    query = (
        sa.select(_INVITATION.c.account_id, _INVITATION.c.made_by)
        .join(_ACCOUNT, _ACCOUNT.c.id == _INVITATION.c.account_id)
        .where(
            _INVITATION.c.secret_hash == secret_hash,
            _INVITATION.c.used_at.is_(None),
            _INVITATION.c.expires_at > now,
            _ACCOUNT.c.closed_at.is_(None),
        )
    )
    row = db.execute(query).one_or_none()
    return None if row is None else (row.account_id, row.made_by)


def use_invitation(db: Db, secret_hash: bytes, now: datetime) -> bool:
    """Use an invitation up; tell whether it was good."""
    return one_changed(
        db,
        sa.update(_INVITATION)
        .where(
            _INVITATION.c.secret_hash == secret_hash,
            _INVITATION.c.used_at.is_(None),
            _INVITATION.c.expires_at > now,
        )
        .values(used_at=now),
    )


def forget_invitations(db: Db, account_id: UUID) -> int:
    """Take back the invitations to an account that nobody has used; return how many."""
    gone = db.execute(
        sa.delete(_INVITATION).where(
            _INVITATION.c.account_id == account_id, _INVITATION.c.used_at.is_(None)
        )
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]  # a DELETE gives a CursorResult


def use_token(db: Db, token_hash: bytes, expires_at: datetime) -> bool:
    """Note that a statement which is good once was used; tell whether it was the first time."""
    row = {"token_hash": token_hash, "expires_at": expires_at}
    statement = inserting(db, _USED).values(row).on_conflict_do_nothing()
    return db.execute(statement.returning(_USED.c.token_hash)).one_or_none() is not None


def forget_used_tokens(db: Db, before: datetime) -> int:
    """Delete what would not be believed any more by its age; return how many."""
    gone = db.execute(sa.delete(_USED).where(_USED.c.expires_at < before))
    return int(gone.rowcount)  # type: ignore[attr-defined]  # a DELETE gives a CursorResult


def _is(known: Known) -> sa.ColumnElement[bool]:
    by_name = sa.and_(_HOLDER.c.issuer == known.issuer, _HOLDER.c.subject == known.subject)
    if known.blind_index is None:
        return by_name
    return sa.or_(_HOLDER.c.blind_index == known.blind_index, by_name)


def _is_in_force(today: date) -> sa.ColumnElement[bool]:
    return sa.and_(
        _HOLDER.c.ended_at.is_(None),
        _HOLDER.c.first_day <= today,
        sa.or_(_HOLDER.c.last_day.is_(None), _HOLDER.c.last_day >= today),
    )
