"""Signing in with the national e-ID: the session, in which capacity it goes on, and its end."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from labour_book.database import Db, transaction
from labour_book.domain.base64url import letters_of
from labour_book.domain.limits import counted_as
from labour_book.errors import Denied, Invalid, NotFound
from labour_book.queries import accounts, holders, sessions
from labour_book.queries.holders import Known
from labour_book.queries.sessions import Began, SignedBy
from labour_book.services import acting, limiting
from labour_book.services.accounts import TOKEN_PREFIX, NotSignedIn, caller_from
from labour_book.services.acting import InvitationOver
from labour_book.services.auditing import trace
from labour_book.services.callers import ANYBODY, Action, Caller, Role
from labour_book.services.capacities import Capacity, capacities, holds_any, meant
from labour_book.services.hashed_secrets import hashed
from labour_book.services.identities import (
    CAN_BE_SOMEBODY_ELSE,
    Identity,
    SignInRefused,
    agent_of,
    known_by,
    person_of,
)
from labour_book.services.installation import Installation
from labour_book.services.permission import check_role
from labour_book.services.recipients import EnterpriseRefused, check_enterprise

__all__ = [
    "Began",
    "Begun",
    "Capacity",
    "Identity",
    "InvitationOver",
    "SessionToken",
    "SignInOver",
    "SignInRefused",
    "SignedIn",
    "begin",
    "begin_session",
    "choices",
    "finish",
    "go_on_as",
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
NOWHERE = Began("/")
"""Where somebody comes from who was going nowhere in particular."""


class SignInOver(Denied):
    """The sign-in was not begun in this browser, took too long, or was finished already."""

    slug = "sign-in-over"
    title = "This sign-in is over; begin again"
    title_vi = "Lần đăng nhập này không còn hiệu lực; hãy bắt đầu lại"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that goes on, and who it is."""

    session_id: UUID
    caller: Caller
    since: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Begun:
    """A session that has just begun."""

    secret: str = field(repr=False)
    """For the cookie; it is stored by its hash."""
    caller: Caller
    is_certain: bool = True
    """False where the person may have meant another of several accounts."""


@dataclass(frozen=True, slots=True)
class SessionToken:
    """A short-lived bearer token of a session."""

    token: str = field(repr=False)
    expires_at: datetime


def begin(
    db: Db,
    inst: Installation,
    secret: str,
    *,
    return_to: str,
    address: str | None,
    invitation: str | None = None,
    now: datetime,
) -> None:
    """Note that a sign-in begins in the browser that holds the secret.

    Raises:
        TooMany: too many begin from this address.
    """
    limits = inst.sessions
    limiting.count_or_refuse(db, inst, limits.starts, counted_as(address), now)
    sessions.forget_starts(db, now - timedelta(minutes=limits.start_minutes))
    sessions.add_start(
        db,
        {
            "secret_hash": hashed(secret),
            "return_to": return_to,
            "started_at": now,
            "invitation_hash": None if invitation is None else hashed(invitation),
        },
    )


def finish(db: Db, inst: Installation, secret: str, *, now: datetime) -> Began:
    """End a sign-in that this browser has begun, whatever came of it; return whence it came.

    Raises:
        SignInOver: none was begun, or it took too long, or it was ended before.
    """
    begun_after = now - timedelta(minutes=inst.sessions.start_minutes)
    began = sessions.take_start(db, hashed(secret), begun_after)
    if began is None:
        raise SignInOver
    return began


def sign_in(
    inst: Installation,
    identity: Identity,
    *,
    replaces: str | None,
    now: datetime,
    began: Began = NOWHERE,
) -> Begun:
    """Begin a session, in the capacity that where the person comes from calls for.

    It is always a new one; the session that the browser had before (``replaces``) ends.

    Raises:
        SignInRefused: the e-ID opens no account here, or not with its level.
        EnterpriseRefused: the enterprise is gone, or not at its address.
        InvitationOver: the invitation is not good any more.
        Denied: the invitation takes an e-ID of level 2.
    """
    try:
        with transaction(inst.engine) as db:
            caller, is_certain = _entered(db, inst, identity, began, now)
            if replaces is not None:
                sessions.end_session(db, hashed(replaces), now)
            expires_at = now + timedelta(hours=inst.sessions.hours)
            by = SignedBy(known_by(inst, identity), identity.sid, caller.level, expires_at)
            return Begun(begin_session(db, inst, caller, by, now), caller, is_certain)
    except (SignInRefused, EnterpriseRefused, Denied, Invalid) as error:
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
    session = sessions.live_session(db, hashed(secret), now=now, seen_after=now - idle)
    if session is None:
        raise NotSignedIn
    if now - session.seen_at >= SEEN_EVERY:
        sessions.touch_session(db, session.id, now)
    caller = caller_from(session.holder)
    return SignedIn(session.id, caller, session.started_at, session.expires_at)


def choices(db: Db, secret: str, caller: Caller, *, now: datetime) -> list[Capacity]:
    """Return the capacities in which whoever is signed in may go on, the present one among them.

    An organisation's e-ID opens the organisation's account and nothing else.
    """
    by = _signed_by(db, secret, now)
    if by.known is None or caller.role is Role.EMPLOYER:
        return []
    return capacities(db, by.known, by.level, now)


def go_on_as(
    db: Db, inst: Installation, secret: str, caller: Caller, account_id: UUID, *, now: datetime
) -> Begun:
    """Go on in another capacity: this session ends, and a new one begins until the same hour.

    Raises:
        NotFound: the e-ID does not open that account.
        EnterpriseRefused: the enterprise is gone, or not at its address.
    """
    by = _signed_by(db, secret, now)
    open_to = {each.account_id: each.caller for each in choices(db, secret, caller, now=now)}
    wanted = open_to.get(account_id)
    if wanted is None:
        raise NotFound("your e-ID does not open that account")
    _check_firm(db, wanted, now)
    sessions.end_session(db, hashed(secret), now)
    trace_end(db, caller, 1, now)
    return Begun(begin_session(db, inst, wanted, by, now), wanted)


def token_for(db: Db, inst: Installation, session: SignedIn, *, now: datetime) -> SessionToken:
    """Make a short-lived bearer token for a session; it ends with the session at the latest."""
    check_role(session.caller, Action.SESSION_TOKEN, now)
    life = timedelta(minutes=inst.sessions.token_minutes)
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    expires_at = min(now + life, session.expires_at)
    accounts.add_token(
        db,
        {
            "token_hash": hashed(token),
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
    sessions.end_session(db, hashed(secret), now)
    trace_end(db, caller, 1, now)


def sign_out_everywhere(db: Db, caller: Caller, *, now: datetime) -> int:
    """End every session of the caller, in all browsers, with their tokens; return how many."""
    ended = len(sessions.end_sessions_of(db, UUID(caller.id), now))
    trace_end(db, caller, ended, now)
    return ended


def _entered(
    db: Db, inst: Installation, identity: Identity, began: Began, now: datetime
) -> tuple[Caller, bool]:
    """Return as whom the session begins, and whether that is beyond doubt."""
    if identity.organisation is not None:
        return agent_of(db, identity, identity.organisation, now), True
    known = known_by(inst, identity)
    refused = None
    try:
        person_of(db, identity, known, now)
    except SignInRefused as error:
        if error.cause not in CAN_BE_SOMEBODY_ELSE:
            raise
        refused = error
    invited = began.invitation_hash
    taken = None if invited is None else acting.take(db, known, invited, identity.level, now=now)
    open_to = capacities(db, known, identity.level, now)
    if taken is not None:
        return next(each.caller for each in open_to if each.account_id == taken), True
    if not open_to:
        raise _no_way_in(db, known, refused, now)
    chosen, is_certain = meant(open_to, began.return_to)
    _check_firm(db, chosen.caller, now)
    return chosen.caller, is_certain


def _no_way_in(db: Db, known: Known, refused: SignInRefused | None, now: datetime) -> SignInRefused:
    if refused is None or holds_any(db, known, now):
        return SignInRefused("LEVEL_TOO_LOW")
    return refused


def _check_firm(db: Db, caller: Caller, now: datetime) -> None:
    if caller.enterprise_code is not None:
        check_enterprise(db, caller.enterprise_code, now)


def begin_session(db: Db, inst: Installation, caller: Caller, by: SignedBy, now: datetime) -> str:
    """Begin a session, and trace that; return its secret, which is stored by its hash."""
    sessions.forget_sessions(db, now - KEPT)
    holders.forget_used_tokens(db, now)
    secret = letters_of(inst.entropy(32))
    known = by.known
    assert known is not None
    sessions.add_session(
        db,
        {
            "id": uuid4(),
            "secret_hash": hashed(secret),
            "account_id": UUID(caller.id),
            "level": caller.level,
            "started_at": now,
            "seen_at": now,
            "expires_at": by.expires_at,
            "issuer": known.issuer,
            "subject": known.subject,
            "sid": by.sid,
            "blind_index": known.blind_index,
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


def _signed_by(db: Db, secret: str, now: datetime) -> SignedBy:
    found = sessions.signed_by(db, hashed(secret), now)
    if found is None:
        raise NotSignedIn
    return found


def trace_end(db: Db, caller: Caller, ended: int, now: datetime, *, purpose: str = PURPOSE) -> None:
    """Trace that so many sessions of an account have ended."""
    trace(
        db,
        caller,
        Action.SIGN_OUT,
        at=now,
        purpose=purpose,
        person_id=caller.person_id,
        detail={"sessions": ended},
    )
