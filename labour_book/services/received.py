"""What an employer sees: what was shared with it, what it must delete, and its own workers."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.share_states import ShareState, state_of
from labour_book.domain.sharing import Audience
from labour_book.errors import Invalid
from labour_book.queries import share_copies, shares, workforce
from labour_book.queries.share_copies import StoredCopy
from labour_book.queries.shares import StoredShare
from labour_book.queries.workforce import OwnWorker
from labour_book.services.auditing import check_purpose, trace
from labour_book.services.callers import Action, Caller
from labour_book.services.notifying import inbox_of
from labour_book.services.permission import check_role
from labour_book.services.recipients import check_enterprise

__all__ = ["OwnWorker", "Received", "own_workers", "received"]

PAGE = 50
LISTED = 200


@dataclass(frozen=True, slots=True)
class Received:
    """A share in a recipient's list. It names nobody: that is seen by opening it."""

    share_id: UUID
    audience: Audience
    preset: str
    purpose: str
    created_at: datetime
    expires_at: datetime
    state: ShareState
    views_left: int
    last_seen_at: datetime | None
    copy_state: str | None
    """held, kept, due or deleted; None before it was opened."""
    copy_since: datetime | None
    """Since when the copy is in that state."""
    due_on: date | None


def received(db: Db, caller: Caller, *, now: datetime) -> list[Received]:
    """Return what was addressed to the caller, or opened as the caller, the newest first.

    Raises:
        EnterpriseRefused: the caller's enterprise is gone, or not at its address.
        DeniedToRole: nothing is addressed to such a caller.
    """
    _check_enterprise(db, caller, Action.SHARE_INBOX, now)
    held = {
        each.share_id: each
        for each in share_copies.copies_held_by(db, inbox_of(caller), limit=LISTED)
    }
    found = {each.id: each for each in _addressed_to(db, caller)}
    found |= shares.shares_by_id(db, held.keys() - found.keys())
    newest = sorted(found.values(), key=lambda each: (each.created_at, each.id), reverse=True)
    return [_received(each, held.get(each.id), now) for each in newest[:LISTED]]


def own_workers(
    db: Db, caller: Caller, *, purpose: str, after: UUID | None = None, now: datetime
) -> list[OwnWorker]:
    """Return a page of the people whom the caller's enterprise reported as working there now.

    Each of them finds in the own trace that they were listed, and what for.

    Raises:
        Invalid: no purpose is stated.
        EnterpriseRefused: the enterprise is gone, or not at its address.
        DeniedToRole: the caller is no employer.
    """
    code = _check_enterprise(db, caller, Action.WORKERS_LIST, now)
    check_purpose(purpose)
    if not purpose.strip():
        raise Invalid("say for what purpose")
    listed = workforce.own_workers(db, code, after=after, limit=PAGE)
    for each in listed:
        trace(
            db,
            caller,
            Action.WORKERS_LIST,
            at=now,
            purpose=purpose.strip(),
            person_id=each.person_id,
            detail={"listed": len(listed)},
        )
    return listed


def _check_enterprise(db: Db, caller: Caller, action: Action, now: datetime) -> str:
    check_role(caller, action, now)
    if caller.kind != "employer":
        return ""
    code = caller.enterprise_code or ""
    check_enterprise(db, code, now)
    return code


def _addressed_to(db: Db, caller: Caller) -> list[StoredShare]:
    if caller.enterprise_code is not None:
        return shares.shares_for_enterprise(db, caller.enterprise_code)
    if caller.person_id is not None:
        return shares.shares_for_person(db, caller.person_id)
    return []


def _received(share: StoredShare, copy: StoredCopy | None, now: datetime) -> Received:
    return Received(
        share_id=share.id,
        audience=share.audience,
        preset=share.preset,
        purpose=share.purpose,
        created_at=share.created_at,
        expires_at=share.terms.expires_at,
        state=state_of(share.terms, now),
        views_left=share.terms.max_views - share.terms.views,
        last_seen_at=None if copy is None else copy.last_seen_at,
        copy_state=None if copy is None else copy.state,
        copy_since=None if copy is None else copy.state_since,
        due_on=None if copy is None else copy.due_on,
    )
