"""Signing in the app of a phone or a desktop through the browser (RFC 8252, with RFC 7636).

The app's challenge comes with the browser, and a short code goes back: it lives for minutes, is
good once, and only together with the verifier, which never left the app. What it gives is a session
of the app's own, as sure as the browser's and over at the same hour.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from labour_book.database import Db, transaction
from labour_book.domain.limits import counted_as, roughly
from labour_book.domain.wallets import answers_challenge, is_challenge
from labour_book.errors import Denied, Invalid
from labour_book.queries import sessions
from labour_book.services import limiting, signing_in
from labour_book.services.accounts import caller_from
from labour_book.services.auditing import trace
from labour_book.services.callers import ANYBODY, Action
from labour_book.services.installation import Installation
from labour_book.services.numbering import APP_CODE_DIGITS, new_app_code, read_code
from labour_book.services.permission import check_role
from labour_book.services.signing_in import SessionToken, SignedIn

KINDS = ("worker", "proxy")
"""Whom the app is for."""


class AppNotForYou(Denied):
    """The app is for workers, and for whoever acts for one."""

    slug = "app-not-for-you"
    title = "The app is for workers"
    title_vi = "Ứng dụng này dành cho người lao động"


class AppCodeOver(Denied):
    """The code is unknown, too old, was used, or another app asked for it."""

    slug = "app-code-over"
    title = "This code is not valid any more; sign in again"
    title_vi = "Mã này không còn hiệu lực; hãy đăng nhập lại"


@dataclass(frozen=True, slots=True)
class AppCode:
    """A code for the app that asked for it."""

    code: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class AppSession:
    """The session of an app, and a first token of it."""

    secret: str = field(repr=False)
    """In place of a browser's cookie; it is stored by its hash."""
    token: SessionToken


def allow(
    db: Db, inst: Installation, session: SignedIn, challenge: str, *, now: datetime
) -> AppCode:
    """Make a code by which the app that asked with this challenge gets a session.

    Raises:
        Invalid: it is no challenge.
        AppNotForYou: the caller is neither a worker nor acts for one.
        TooMany: too many codes for one account.
    """
    if not is_challenge(challenge):
        raise Invalid("that is no challenge of the method S256")
    check_role(session.caller, Action.SESSION_TOKEN, now)
    if session.caller.kind not in KINDS:
        raise AppNotForYou
    limiting.count_or_refuse(db, inst, inst.sessions.app_codes, session.caller.id, now)
    code = new_app_code(inst.entropy)
    sessions.add_start(
        db,
        {
            "secret_hash": _index(inst, code),
            "return_to": f"{session.session_id} {challenge}",
            "started_at": now,
        },
    )
    return AppCode(code, now + _life(inst))


def redeem(
    inst: Installation, code: str, verifier: str, *, address: str | None, now: datetime
) -> AppSession:
    """Begin the session of an app; its code is used up, whatever comes of it.

    Raises:
        AppCodeOver: not a code for whoever has this verifier, or not any more.
        TooMany: too many wrong codes from this address.
    """
    misses, who = inst.sessions.app_misses, counted_as(address)
    with transaction(inst.engine) as db:
        limiting.check_allowed(db, inst, misses, who, now)
        session_id = _taken(db, inst, code, verifier, now)
        begun = None if session_id is None else _begun(db, inst, session_id, now)
        if begun is None:
            limiting.count(db, inst, misses, who, now)
            trace(
                db,
                ANYBODY,
                Action.SIGN_IN,
                at=now,
                purpose=signing_in.PURPOSE,
                outcome="refused",
                detail={"cause": AppCodeOver.slug, "from": roughly(address)},
            )
    if begun is None:
        raise AppCodeOver
    return begun


def _taken(db: Db, inst: Installation, code: str, verifier: str, now: datetime) -> UUID | None:
    began = sessions.take_start(db, _index(inst, code), now - _life(inst))
    if began is None:
        return None
    session_id, _, challenge = began.return_to.partition(" ")
    return UUID(session_id) if answers_challenge(verifier, challenge) else None


def _begun(db: Db, inst: Installation, session_id: UUID, now: datetime) -> AppSession | None:
    idle = timedelta(minutes=inst.sessions.idle_minutes)
    stored = sessions.live_session_by_id(db, session_id, now=now, seen_after=now - idle)
    by = sessions.signed_by_id(db, session_id, now)
    if stored is None or by is None or by.known is None:
        return None
    secret = signing_in.begin_session(db, inst, caller_from(stored.holder), by, now)
    own = signing_in.signed_in(db, inst, secret, now=now)
    return AppSession(secret, signing_in.token_for(db, inst, own, now=now))


def _index(inst: Installation, code: str) -> bytes:
    """Return what is stored of a code: a keyed hash, as it has too few bits for a plain one."""
    return inst.vault.index.of(f"app-sign-in:{read_code(code, APP_CODE_DIGITS) or ''}")


def _life(inst: Installation) -> timedelta:
    return timedelta(minutes=inst.sessions.app_code_minutes)
