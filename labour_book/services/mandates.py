"""Mandates: an enterprise or a worker lets somebody act for them, and takes that back.

The other is named by the personal ID, of which only the blind index is kept; they sign in with
their own e-ID. What they do stands in the trace under an account of the mandate's own.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.mandates import FOR_ENTERPRISE, FOR_WORKER, Scope, Terms, terms_of
from labour_book.domain.personal_ids import read_personal_id
from labour_book.errors import Conflict, Invalid, NotFound
from labour_book.queries import accounts, holders, mandates, sessions
from labour_book.queries.mandates import MandateRow
from labour_book.queries.vault import Vault
from labour_book.services.acting import end_access
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller, Role
from labour_book.services.permission import check_administers, check_own, check_role

__all__ = ["Given", "Wish", "give", "given_by", "newest", "revoke"]

PURPOSE = "mandate"
NAME_LENGTH = 120
AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Wish:
    """Whom somebody lets act for them, for what, and on which days; both count."""

    name: str
    """As whoever gives the mandate calls them; it shows where they have acted."""
    scope: Collection[str]
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Given:
    """A mandate as whoever gave it sees it."""

    id: UUID
    name: str
    for_whom: str
    """``worker`` or ``enterprise``."""
    enterprise_code: str | None
    scope: tuple[Scope, ...]
    first_day: date
    last_day: date
    given_at: datetime
    revoked_at: datetime | None
    state: str
    """coming, running, over or revoked."""


def give(
    db: Db, vault: Vault, caller: Caller, personal_id: str, wish: Wish, *, now: datetime
) -> UUID:
    """Let the person with a personal ID act for the caller; return the mandate's id.

    Raises:
        Invalid: this is no personal ID, no name, or the terms do not fit.
        Conflict: the caller has named themselves.
        DeniedToRole, LevelTooLow, NotFoundForCaller: as ``check_may``.
    """
    worker = _principal(db, caller, Action.MANDATE_GIVE, now)
    read_personal_id(personal_id)
    terms = terms_of(
        wish.scope,
        wish.first_day,
        wish.last_day,
        of=FOR_ENTERPRISE if worker is None else FOR_WORKER,
        today=vietnam_day(now),
    )
    name = " ".join(wish.name.split())
    if not 0 < len(name) <= NAME_LENGTH:
        raise Invalid("say who it is", cause="MANDATE_NAME")
    blind_index = vault.index.of(personal_id)
    named = sessions.person_named(db, blind_index)
    if worker is not None and named is not None and named.id == worker:
        raise Conflict("nobody needs a mandate of their own")
    account_id = _account(db, caller, terms, worker=worker, name=name, now=now)
    _holder(db, caller, account_id, terms, blind_index=blind_index, now=now)
    mandate_id = uuid4()
    mandates.add_mandate(
        db,
        {
            "id": mandate_id,
            "account_id": account_id,
            "enterprise_code": None if worker is not None else caller.enterprise_code,
            "person_id": worker,
            "scope": _words(terms),
            "first_day": terms.first_day,
            "last_day": terms.last_day,
            "given_at": now,
            "given_by": caller.id,
        },
    )
    _trace(db, caller, Action.MANDATE_GIVE, mandate_id, worker=worker, now=now)
    return mandate_id


def given_by(db: Db, caller: Caller, *, now: datetime) -> list[Given]:
    """Return the mandates that the caller has given, the newest first.

    Raises:
        DeniedToRole, NotFoundForCaller: as ``check_may``.
    """
    worker = _principal(db, caller, Action.MANDATE_LIST, now)
    found = (
        mandates.of_worker(db, worker)
        if worker is not None
        else mandates.of_enterprise(db, str(caller.enterprise_code))
    )
    return [_given(each, vietnam_day(now)) for each in found]


def newest(
    db: Db, caller: Caller, *, before: datetime | None = None, now: datetime, limit: int = AT_ONCE
) -> list[Given]:
    """Return mandates for whoever oversees them, the newest first.

    Raises:
        DeniedToRole: the caller does not, or only a part of the country.
    """
    check_administers(db, caller, Action.MANDATE_OVERSEE, None, now)
    found = mandates.newest(db, limit, before=before)
    trace(
        db,
        caller,
        Action.MANDATE_OVERSEE,
        at=now,
        purpose=PURPOSE,
        detail={"listed": len(found)},
    )
    return [_given(each, vietnam_day(now)) for each in found]


def revoke(db: Db, caller: Caller, mandate_id: UUID, *, now: datetime) -> None:
    """Take a mandate back: whoever is signed in under it is not any more.

    Raises:
        NotFound: the caller has given no such mandate.
        Conflict: it was taken back before.
        DeniedToRole: the caller's role gives none.
    """
    check_role(caller, Action.MANDATE_REVOKE, now)
    found = mandates.mandate(db, mandate_id)
    if found is None or not _may_revoke(db, caller, found, now):
        raise NotFound("there is no such mandate")
    account_id = mandates.revoke(db, mandate_id, at=now, by=caller.id)
    if account_id is None:
        raise Conflict("it was revoked before")
    accounts.close_account(db, account_id, now)
    end_access(db, account_id, now)
    _trace(db, caller, Action.MANDATE_REVOKE, mandate_id, worker=found.person_id, now=now)


def _principal(db: Db, caller: Caller, action: Action, now: datetime) -> UUID | None:
    """Return the worker who is acted for; None for an enterprise."""
    if caller.role is Role.EMPLOYER:
        check_role(caller, action, now)
        return None
    return check_own(db, caller, action, now)


def _may_revoke(db: Db, caller: Caller, found: MandateRow, now: datetime) -> bool:
    if caller.role in (Role.ADMIN, Role.OPERATOR):
        check_administers(db, caller, Action.MANDATE_REVOKE, None, now)
        return True
    if caller.role is Role.EMPLOYER:
        return found.enterprise_code == caller.enterprise_code
    return found.person_id is not None and found.person_id == caller.person_id


def _account(
    db: Db, caller: Caller, terms: Terms, *, worker: UUID | None, name: str, now: datetime
) -> UUID:
    account_id = uuid4()
    for_worker = worker is not None
    accounts.add_account(
        db,
        {
            "id": account_id,
            "kind": "proxy" if for_worker else "employer",
            "name": name,
            "role": str(Role.REPRESENTATIVE if for_worker else Role.DELEGATE),
            "person_id": worker,
            "enterprise_code": None if for_worker else caller.enterprise_code,
            "created_at": now,
            "first_day": terms.first_day,
            "last_day": terms.last_day,
            "scope": _words(terms),
        },
    )
    return account_id


def _holder(
    db: Db, caller: Caller, account_id: UUID, terms: Terms, *, blind_index: bytes, now: datetime
) -> None:
    row = {
        "id": uuid4(),
        "account_id": account_id,
        "blind_index": blind_index,
        "first_day": terms.first_day,
        "last_day": terms.last_day,
        "added_at": now,
        "added_by": caller.id,
    }
    holders.add_holder(db, row)


def _words(terms: Terms) -> str:
    return " ".join(sorted(terms.scope))


def _given(row: MandateRow, today: date) -> Given:
    words = set(row.scope.split())
    return Given(
        id=row.id,
        name=row.name,
        for_whom="worker" if row.person_id is not None else "enterprise",
        enterprise_code=row.enterprise_code,
        scope=tuple(each for each in Scope if each in words),
        first_day=row.first_day,
        last_day=row.last_day,
        given_at=row.given_at,
        revoked_at=row.revoked_at,
        state=_state(row, today),
    )


def _state(row: MandateRow, today: date) -> str:
    if row.revoked_at is not None:
        return "revoked"
    if today < row.first_day:
        return "coming"
    return "running" if today <= row.last_day else "over"


def _trace(
    db: Db, caller: Caller, action: Action, mandate_id: UUID, *, worker: UUID | None, now: datetime
) -> None:
    detail = {"mandate": str(mandate_id)}
    trace(db, caller, action, at=now, purpose=PURPOSE, person_id=worker, detail=detail)
