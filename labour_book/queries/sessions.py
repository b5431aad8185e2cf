"""Signing in as stored: what has begun, who a provider names, and which browsers are signed in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.queries.accounts import HOLDER, SIGNED_IN_HOLDER, Holder, is_open
from labour_book.queries.guards import insert_once
from labour_book.queries.holders import Known
from labour_book.queries.rows import table_of
from labour_book.tables import (
    AccessToken,
    Account,
    Person,
    PersonIdentifier,
    Session,
    SignInIdentity,
    SignInStart,
)

_ACCOUNT = table_of(Account)
_IDENTITY = table_of(SignInIdentity)
_NUMBER = table_of(PersonIdentifier)
_PERSON = table_of(Person)
_SESSION = table_of(Session)
_START = table_of(SignInStart)
_TOKEN = table_of(AccessToken)


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session that has not ended, and whose it is."""

    id: UUID
    started_at: datetime
    seen_at: datetime
    expires_at: datetime
    holder: Holder


@dataclass(frozen=True, slots=True)
class Began:
    """Whence a sign-in that began came, and by which invitation."""

    return_to: str
    invitation_hash: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SignedBy:
    """With which e-ID a live session was begun."""

    known: Known | None
    """None for sessions from before it was noted."""
    sid: str | None
    level: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """Whom a personal ID names."""

    id: UUID
    full_name: str
    life_status: str


def add_start(db: Db, row: Mapping[str, Any]) -> None:
    db.execute(sa.insert(_START), row)


def take_start(db: Db, secret_hash: bytes, begun_after: datetime) -> Began | None:
    """Take away a sign-in that began not too long ago; return whence it came, None without one."""
    taken = db.execute(
        sa.delete(_START)
        .where(_START.c.secret_hash == secret_hash)
        .returning(_START.c.return_to, _START.c.invitation_hash, _START.c.started_at)
    ).one_or_none()
    if taken is None or taken.started_at <= begun_after:
        return None
    return Began(taken.return_to, taken.invitation_hash)


def forget_starts(db: Db, before: datetime) -> int:
    """Delete the sign-ins that began before an instant and never ended; return how many."""
    gone = db.execute(sa.delete(_START).where(_START.c.started_at < before))
    return int(gone.rowcount)  # type: ignore[attr-defined]  # a DELETE gives a CursorResult


def person_named(db: Db, blind_index: bytes) -> NamedPerson | None:
    """Return whom a personal ID that is in force names, given its blind index; None for nobody."""
    query = (
        sa.select(_PERSON.c.id, _PERSON.c.full_name, _PERSON.c.life_status)
        .join(_NUMBER, _NUMBER.c.person_id == _PERSON.c.id)
        .where(_NUMBER.c.blind_index == blind_index, _NUMBER.c.kind == "PIN")
    )
    row = db.execute(query).one_or_none()
    return None if row is None else NamedPerson(*row)


def add_account_once(db: Db, row: Mapping[str, Any]) -> None:
    """Open an account unless another sign-in of the same person did so at this moment."""
    insert_once(db, _ACCOUNT, row)


def identity_account(db: Db, issuer: str, subject: str, acts_for: str) -> UUID | None:
    """Return the account that somebody at a provider is; None for a first time."""
    query = sa.select(_IDENTITY.c.account_id).where(
        _IDENTITY.c.issuer == issuer,
        _IDENTITY.c.subject == subject,
        _IDENTITY.c.acts_for == acts_for,
    )
    return db.execute(query).scalar_one_or_none()


def add_identity_once(db: Db, row: Mapping[str, Any]) -> None:
    """Note who somebody at a provider is, unless another sign-in did so at this moment."""
    insert_once(db, _IDENTITY, row)


def open_holder(db: Db, account_id: UUID, level: int, now: datetime) -> Holder | None:
    """Return an account as the holder of a session of some level; None if it is not open."""
    query = sa.select(*HOLDER, sa.literal(level)).where(
        _ACCOUNT.c.id == account_id, is_open(vietnam_day(now))
    )
    row = db.execute(query).one_or_none()
    return None if row is None else Holder(*row)


def add_session(db: Db, row: Mapping[str, Any]) -> None:
    db.execute(sa.insert(_SESSION), row)


def live_session(
    db: Db, secret_hash: bytes, *, now: datetime, seen_after: datetime
) -> StoredSession | None:
    """Return the session with a secret: not ended, not over, not idle too long; None for none."""
    return _live(db, _SESSION.c.secret_hash == secret_hash, now, seen_after)


def live_session_by_id(
    db: Db, session_id: UUID, *, now: datetime, seen_after: datetime
) -> StoredSession | None:
    """Return the session with an id, as ``live_session`` does."""
    return _live(db, _SESSION.c.id == session_id, now, seen_after)


def _live(
    db: Db, which: sa.ColumnElement[bool], now: datetime, seen_after: datetime
) -> StoredSession | None:
    query = (
        sa.select(
            _SESSION.c.id,
            _SESSION.c.started_at,
            _SESSION.c.seen_at,
            _SESSION.c.expires_at,
            *(column.label(f"account_{column.name}") for column in SIGNED_IN_HOLDER),
            _SESSION.c.level,
        )
        .join(_ACCOUNT, _ACCOUNT.c.id == _SESSION.c.account_id)
        .where(
            which,
            _SESSION.c.ended_at.is_(None),
            _SESSION.c.expires_at > now,
            _SESSION.c.seen_at > seen_after,
            is_open(vietnam_day(now)),
        )
    )
    row = db.execute(query).one_or_none()
    if row is None:
        return None
    session_id, started_at, seen_at, expires_at, *holder = row
    return StoredSession(session_id, started_at, seen_at, expires_at, Holder(*holder))


def signed_by(db: Db, secret_hash: bytes, now: datetime) -> SignedBy | None:
    """Return with which e-ID a session that goes on was begun; None for no such session."""
    return _begun_by(db, _SESSION.c.secret_hash == secret_hash, now)


def signed_by_id(db: Db, session_id: UUID, now: datetime) -> SignedBy | None:
    """Return the same of the session with an id."""
    return _begun_by(db, _SESSION.c.id == session_id, now)


def _begun_by(db: Db, which: sa.ColumnElement[bool], now: datetime) -> SignedBy | None:
    query = sa.select(
        _SESSION.c.blind_index,
        _SESSION.c.issuer,
        _SESSION.c.subject,
        _SESSION.c.sid,
        _SESSION.c.level,
        _SESSION.c.expires_at,
    ).where(
        which,
        _SESSION.c.ended_at.is_(None),
        _SESSION.c.expires_at > now,
    )
    row = db.execute(query).one_or_none()
    if row is None:
        return None
    blind_index, issuer, subject, *rest = row
    known = None if issuer is None else Known(blind_index, issuer, subject)
    return SignedBy(known, *rest)


def touch_session(db: Db, session_id: UUID, now: datetime) -> None:
    """Note that a session is in use."""
    db.execute(
        sa.update(_SESSION)
        .where(_SESSION.c.id == session_id, _SESSION.c.seen_at < now)
        .values(seen_at=now)
    )


def end_session(db: Db, secret_hash: bytes, at: datetime) -> list[UUID]:
    """End the session with a secret, and its tokens; return its account, none if it is over."""
    return _end(db, _SESSION.c.secret_hash == secret_hash, at)


def end_sessions_of(db: Db, account_id: UUID, at: datetime) -> list[UUID]:
    """End every session of an account, and their tokens; return the account once for each."""
    return _end(db, _SESSION.c.account_id == account_id, at)


def end_sessions_at(
    db: Db, issuer: str, *, subject: str | None, sid: str | None, at: datetime
) -> list[UUID]:
    """End the sessions that a provider began for somebody, or by one session of its own."""
    which = _SESSION.c.issuer == issuer
    if subject is not None:
        which = sa.and_(which, _SESSION.c.subject == subject)
    if sid is not None:
        which = sa.and_(which, _SESSION.c.sid == sid)
    return _end(db, which, at)


def _end(db: Db, which: sa.ColumnElement[bool], at: datetime) -> list[UUID]:
    ended = db.execute(
        sa.update(_SESSION)
        .where(which, _SESSION.c.ended_at.is_(None))
        .values(ended_at=at)
        .returning(_SESSION.c.id, _SESSION.c.account_id)
    ).all()
    db.execute(
        sa.update(_TOKEN)
        .where(_TOKEN.c.session_id.in_([row.id for row in ended]), _TOKEN.c.revoked_at.is_(None))
        .values(revoked_at=at)
    )
    return [row.account_id for row in ended]


def forget_sessions(db: Db, before: datetime) -> int:
    """Delete sessions that were over before an instant, with their tokens; return how many."""
    of_old = sa.exists().where(_SESSION.c.id == _TOKEN.c.session_id, _SESSION.c.expires_at < before)
    db.execute(sa.delete(_TOKEN).where(of_old))
    gone = db.execute(sa.delete(_SESSION).where(_SESSION.c.expires_at < before))
    return int(gone.rowcount)  # type: ignore[attr-defined]  # a DELETE gives a CursorResult
