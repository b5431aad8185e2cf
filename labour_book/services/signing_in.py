"""Signing in with the national e-ID: who the provider names, the session, and its end.

The provider's answer has been verified before anything here sees it. The personal ID in it is
looked up by its blind index and kept nowhere.
"""

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from labour_book.database import Db, transaction
from labour_book.domain.limits import counted_as
from labour_book.domain.people import display_name
from labour_book.domain.personal_ids import read_personal_id
from labour_book.errors import Denied, Invalid
from labour_book.queries import accounts, sessions
from labour_book.services import limiting
from labour_book.services.accounts import TOKEN_PREFIX, NotSignedIn, caller_from
from labour_book.services.auditing import trace
from labour_book.services.callers import ANYBODY, FULL_LEVEL, Action, Caller, Role
from labour_book.services.installation import Installation
from labour_book.services.permission import check_role
from labour_book.services.recipients import EnterpriseRefused, check_enterprise

__all__ = [
    "Identity",
    "SessionToken",
    "SignInOver",
    "SignInRefused",
    "SignedIn",
    "begin",
    "finish",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
    "signed_in",
    "token_for",
]

PURPOSE = "sign-in"
SEEN_EVERY = timedelta(minutes=1)
"""How often it is noted that a session is in use."""
KEPT = timedelta(days=30)
"""How long sessions that are over are kept."""
NAME_LENGTH = 120


class SignInOver(Denied):
    """The sign-in was not begun in this browser, took too long, or was finished already."""

    slug = "sign-in-over"
    title = "This sign-in is over; begin again"
    title_vi = "Lần đăng nhập này không còn hiệu lực; hãy bắt đầu lại"


class SignInRefused(Denied):
    """The provider knows the person, and there is no way in here; ``cause`` says why."""

    slug = "sign-in-refused"
    title = "You cannot sign in here"
    title_vi = "Chưa đăng nhập được"

    def __init__(self, cause: str, person_id: UUID | None = None) -> None:
        super().__init__("the e-ID is in order, but it opens no account here", cause=cause)
        self.person_id = person_id


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider names, as its verified answer says."""

    issuer: str
    subject: str
    level: int
    """Assurance of a person's e-ID; an organisation's has no levels."""
    personal_id: str | None = field(default=None, repr=False)
    organisation: str | None = None
    """Enterprise code of the organisation that was signed in with."""
    name: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that goes on, and who it is."""

    session_id: UUID
    caller: Caller
    since: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SessionToken:
    """A short-lived bearer token of a session."""

    token: str = field(repr=False)
    expires_at: datetime


def begin(
    db: Db, inst: Installation, secret: str, *, return_to: str, address: str | None, now: datetime
) -> None:
    """Note that a sign-in begins in the browser that holds the secret.

    Raises:
        TooMany: too many begin from this address.
    """
    limits = inst.sessions
    limiting.count_or_refuse(db, inst, limits.starts, counted_as(address), now)
    sessions.forget_starts(db, now - timedelta(minutes=limits.start_minutes))
    row = {"secret_hash": _hash(secret), "return_to": return_to, "started_at": now}
    sessions.add_start(db, row)


def finish(db: Db, inst: Installation, secret: str, *, now: datetime) -> str:
    """End a sign-in that this browser has begun, whatever came of it; return the way back.

    Raises:
        SignInOver: none was begun, or it took too long, or it was ended before.
    """
    begun_after = now - timedelta(minutes=inst.sessions.start_minutes)
    return_to = sessions.take_start(db, _hash(secret), begun_after)
    if return_to is None:
        raise SignInOver
    return return_to


def sign_in(inst: Installation, identity: Identity, *, replaces: str | None, now: datetime) -> str:
    """Begin a session and return its secret, for the cookie: it is stored by its hash.

    It is always a new one; the session that the browser had before (``replaces``) ends.

    Raises:
        SignInRefused: nobody here has that personal ID, or the account is closed.
        EnterpriseRefused: the enterprise is gone, or not at its address.
    """
    try:
        with transaction(inst.engine) as db:
            return _session(db, inst, identity, replaces, now)
    except (SignInRefused, EnterpriseRefused, Invalid) as error:
        cause = error.facts.get("cause") or error.facts.get("enterprise_status") or error.slug
        with transaction(inst.engine) as db:
            trace(
                db,
                ANYBODY,
                Action.SIGN_IN,
                at=now,
                purpose=PURPOSE,
                person_id=error.person_id if isinstance(error, SignInRefused) else None,
                outcome="refused",
                detail={"cause": cause},
            )
        raise


def signed_in(db: Db, inst: Installation, secret: str, *, now: datetime) -> SignedIn:
    """Return the session with a secret. It is found by its hash, so timing tells nothing of it.

    Raises:
        NotSignedIn: there is none, it has ended, or was idle for too long.
    """
    idle = timedelta(minutes=inst.sessions.idle_minutes)
    session = sessions.live_session(db, _hash(secret), now=now, seen_after=now - idle)
    if session is None:
        raise NotSignedIn
    if now - session.seen_at >= SEEN_EVERY:
        sessions.touch_session(db, session.id, now)
    caller = caller_from(session.holder)
    return SignedIn(session.id, caller, session.started_at, session.expires_at)


def token_for(db: Db, inst: Installation, session: SignedIn, *, now: datetime) -> SessionToken:
    """Make a short-lived bearer token for a session; it ends with the session at the latest."""
    check_role(session.caller, Action.SESSION_TOKEN, now)
    life = timedelta(minutes=inst.sessions.token_minutes)
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    expires_at = min(now + life, session.expires_at)
    accounts.add_token(
        db,
        {
            "token_hash": _hash(token),
            "account_id": UUID(session.caller.id),
            "created_at": now,
            "expires_at": expires_at,
            "level": session.caller.level,
            "session_id": session.session_id,
        },
    )
    return SessionToken(token, expires_at)


def sign_out(db: Db, secret: str, caller: Caller, *, now: datetime) -> None:
    """End a session and its tokens at once."""
    sessions.end_session(db, _hash(secret), now)
    _trace_end(db, caller, 1, now)


def sign_out_everywhere(db: Db, caller: Caller, *, now: datetime) -> int:
    """End every session of the caller, in all browsers, with their tokens; return how many."""
    ended = len(sessions.end_sessions_of(db, UUID(caller.id), now))
    _trace_end(db, caller, ended, now)
    return ended


def _session(
    db: Db, inst: Installation, identity: Identity, replaces: str | None, now: datetime
) -> str:
    caller = _caller(db, inst, identity, now)
    sessions.forget_sessions(db, now - KEPT)
    if replaces is not None:
        sessions.end_session(db, _hash(replaces), now)
    secret = urlsafe_b64encode(inst.entropy(32)).decode().rstrip("=")
    sessions.add_session(
        db,
        {
            "id": uuid4(),
            "secret_hash": _hash(secret),
            "account_id": UUID(caller.id),
            "level": caller.level,
            "started_at": now,
            "seen_at": now,
            "expires_at": now + timedelta(hours=inst.sessions.hours),
        },
    )
    trace(
        db,
        caller,
        Action.SIGN_IN,
        at=now,
        purpose=PURPOSE,
        person_id=caller.person_id,
        detail={"level": caller.level},
    )
    return secret


def _caller(db: Db, inst: Installation, identity: Identity, now: datetime) -> Caller:
    wanted = (
        _person_wanted(db, inst, identity)
        if identity.organisation is None
        else _agent_wanted(db, identity, identity.organisation, now)
    )
    acts_for = identity.organisation or ""
    account_id = sessions.identity_account(db, identity.issuer, identity.subject, acts_for)
    if account_id is None:
        account_id = _account_opened(db, identity, acts_for, wanted, now)
    level = identity.level if identity.organisation is None else FULL_LEVEL
    holder = sessions.open_holder(db, account_id, level)
    person_id = wanted.get("person_id")
    if holder is None:
        raise SignInRefused("ACCOUNT_CLOSED", person_id)
    if holder.person_id != person_id:
        raise SignInRefused("IDENTITY_CHANGED", person_id)
    return caller_from(holder)


def _person_wanted(db: Db, inst: Installation, identity: Identity) -> dict[str, Any]:
    """Return what the account of the person has to be."""
    if identity.personal_id is None:
        raise SignInRefused("PERSONAL_ID_MISSING")
    read_personal_id(identity.personal_id)
    person = sessions.person_named(db, inst.vault.index.of(identity.personal_id))
    if person is None:
        raise SignInRefused("PERSON_UNKNOWN")
    if person.life_status == "DECEASED":
        raise SignInRefused("DECEASED", person.id)
    name = display_name(person.full_name)[:NAME_LENGTH]
    return {"kind": "worker", "role": Role.WORKER, "name": name, "person_id": person.id}


def _agent_wanted(db: Db, identity: Identity, code: str, now: datetime) -> dict[str, Any]:
    """Return what the account of an enterprise's agent has to be."""
    firm = check_enterprise(db, code, now)
    name = (identity.name or firm)[:NAME_LENGTH]
    return {"kind": "employer", "role": Role.EMPLOYER, "name": name, "enterprise_code": code}


def _account_opened(
    db: Db, identity: Identity, acts_for: str, wanted: dict[str, Any], now: datetime
) -> UUID:
    """Open the account of a first sign-in; two at one moment open one."""
    account_id = uuid5(NAMESPACE_URL, f"{identity.issuer}\n{identity.subject}\n{acts_for}")
    sessions.add_account_once(db, wanted | {"id": account_id, "created_at": now})
    sessions.add_identity_once(
        db,
        {
            "issuer": identity.issuer,
            "subject": identity.subject,
            "acts_for": acts_for,
            "account_id": account_id,
            "first_at": now,
        },
    )
    return account_id


def _trace_end(db: Db, caller: Caller, ended: int, now: datetime) -> None:
    trace(
        db,
        caller,
        Action.SIGN_OUT,
        at=now,
        purpose=PURPOSE,
        person_id=caller.person_id,
        detail={"sessions": ended},
    )


def _hash(secret: str) -> bytes:
    return sha256(secret.encode("utf-8", "replace")).digest()
