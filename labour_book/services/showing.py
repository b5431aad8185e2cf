"""What happens when a share is opened: addressed, counted once, disclosed, noted, traced."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.limits import counted_as, roughly
from labour_book.domain.notices import NoticeKind, Recipient
from labour_book.domain.share_states import CopyState, ShareState, state_of
from labour_book.errors import Gone, NotFound
from labour_book.queries import share_copies, shares, versions
from labour_book.queries.shares import StoredShare, StoredView
from labour_book.services import limiting
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.disclosing import part_for
from labour_book.services.installation import Installation
from labour_book.services.notifying import notify
from labour_book.services.recipients import check_enterprise, holder_of, is_addressed

_ENDED_COPY = frozenset({CopyState.DUE, CopyState.DELETED})


class ShareUnknown(NotFound):
    """There is no such share, or it is not for this caller: nobody is told which."""

    def __init__(self) -> None:
        super().__init__("nothing is shared with this code, or not with you")


class ShareEnded(Gone):
    """It was shared, and has ended; ``state`` says how. For the holder of the right code."""

    slug = "share-ended"
    title = "What was shared here has ended"
    title_vi = "Lượt chia sẻ này không còn mở được"


@dataclass(frozen=True, slots=True)
class Visit:
    """Who wants to see something shared, from which address, and what for."""

    caller: Caller
    address: str | None
    purpose: str = ""
    """Empty: for the purpose of the share."""
    ticket: str = ""
    """Of the cover it was opened from: with it a reload is no second view."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a recipient sees and may take away."""

    share_id: UUID
    credential: str
    """SD-JWT VC of the current version with only this disclosed; a copy made for this share."""
    claims: Mapping[str, Any]
    """The same, for showing."""
    purpose: str
    """What the worker shared it for; nothing else is allowed."""
    shown_at: datetime
    expires_at: datetime
    views_left: int
    is_newer: bool = False
    """Seen again: there is a newer version than at the opening, and this is it."""


def show(
    db: Db, inst: Installation, share: StoredShare, visit: Visit, *, means: str, now: datetime
) -> Shown:
    """Show a share to a caller; that is one view.

    Raises:
        ShareUnknown: it is for somebody else.
        ShareEnded: it cannot be opened now, or this recipient has to delete it.
        EnterpriseRefused: the caller's enterprise is gone, or not at its address.
        TooMany: this share, or this recipient, has reached a limit.
        NoCurrentVersion: the book was revoked, or has expired.
    """
    if not is_addressed(db, share, visit.caller):
        raise ShareUnknown
    name = _name_of(db, visit.caller, now)
    if state_of(share.terms, now) is not ShareState.LIVE:
        raise ShareEnded("it cannot be opened", state=str(state_of(share.terms, now)))
    shares.lock_switch(db, share.person_id)
    _check_limits(db, inst, share, visit, now)
    number = shares.count_view(db, share.id, now)
    if number is None:
        raise ShareEnded("it cannot be opened", state=str(_state_now(db, share, now)))
    version = versions.signed_version(db, share.person_id, None)
    part = part_for(db, inst, share, version, now=now)
    assert version is not None
    view = StoredView(
        share_id=share.id,
        number=number,
        at=now,
        viewer_kind=visit.caller.kind,
        viewer=visit.caller.enterprise_code or visit.caller.id,
        viewer_name=name,
        place=roughly(visit.address),
        means=means,
        version=version.version,
        purpose=visit.purpose.strip() or share.purpose,
    )
    _note(db, share, visit.caller, view)
    return Shown(
        share_id=share.id,
        credential=part.credential,
        claims=part.claims,
        purpose=share.purpose,
        shown_at=now,
        expires_at=share.terms.expires_at,
        views_left=share.terms.max_views - number,
    )


def _note(db: Db, share: StoredShare, caller: Caller, view: StoredView) -> None:
    """Write the view, the recipient's copy, the worker's notice and the trace."""
    holder = holder_of(caller, share)
    if holder is not None:
        copy = share_copies.note_copy(db, share.id, holder, person_id=share.person_id, now=view.at)
        if copy in _ENDED_COPY:
            raise ShareEnded("you have to delete this, or have done so", state=f"copy_{copy}")
    shares.add_view(db, view)
    facts: dict[str, str | int] = {"share": str(share.id), "view": view.number}
    notify(
        db,
        Recipient("worker", str(share.person_id)),
        NoticeKind.SHARE_VIEWED,
        about=f"{share.id}:{view.number}",
        facts=facts,
        now=view.at,
    )
    trace(
        db,
        caller,
        Action.SHARE_OPEN,
        at=view.at,
        purpose=view.purpose,
        person_id=share.person_id,
        detail=facts | {"version": view.version, "from": view.place, "means": view.means},
    )


def _state_now(db: Db, share: StoredShare, now: datetime) -> ShareState:
    """Return why a view was not counted; what ended it may have happened just now."""
    newest = shares.share_by_id(db, share.id) or share
    state = state_of(newest.terms, now)
    return ShareState.USED_UP if state is ShareState.LIVE else state


def _name_of(db: Db, caller: Caller, now: datetime) -> str:
    if caller.kind == "employer":
        return check_enterprise(db, caller.enterprise_code or "", now)
    return caller.name


def _check_limits(
    db: Db, inst: Installation, share: StoredShare, visit: Visit, now: datetime
) -> None:
    caller = visit.caller
    who = counted_as(visit.address) if caller.kind == "public" else caller.enterprise_code
    recipient = f"{caller.kind}:{who or caller.id}"
    limiting.count_or_refuse(db, inst, inst.limits.opens_by_recipient, recipient, now)
    limiting.count_or_refuse(db, inst, inst.limits.opens_of_share, str(share.id), now)
