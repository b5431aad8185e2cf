"""Consent: the worker shares parts of the book, sees what became of it, and takes it back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.notices import NoticeKind, Recipient
from labour_book.domain.share_states import (
    POSSIBLE,
    ShareDeed,
    ShareState,
    check_until,
    check_views,
    state_of,
)
from labour_book.errors import Conflict, Gone, Invalid
from labour_book.queries import books, shares, versions
from labour_book.queries.shares import StoredShare
from labour_book.services import numbering
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.derived_keys import key_for
from labour_book.services.disclosing import part_of
from labour_book.services.installation import Installation
from labour_book.services.notifying import notify
from labour_book.services.offers import (
    Offer,
    addressee_of,
    current_record,
    purpose_of,
    selection_of,
    terms_of,
)
from labour_book.services.permission import OWN_USE, check_may, check_own
from signing import canonical_json

__all__ = [
    "Created",
    "Offer",
    "ShareOver",
    "SharingFrozen",
    "create_share",
    "extend_share",
    "freeze",
    "own_share",
    "preview",
    "share_code",
    "share_url",
    "unfreeze",
]


class SharingFrozen(Conflict):
    """The worker has frozen all sharing."""

    slug = "sharing-frozen"
    title = "Sharing is frozen; thaw it first"
    title_vi = "Bạn đang tạm khoá mọi chia sẻ; hãy mở khoá trước"


class ShareOver(Gone):
    """The share has ended; ``state`` says how."""

    slug = "share-over"
    title = "The share has ended"
    title_vi = "Lượt chia sẻ đã kết thúc"


@dataclass(frozen=True, slots=True)
class Created:
    """A new share, with the code that opens it; its owner can see the code again at any time."""

    share_id: UUID
    code: str
    url: str
    expires_at: datetime


def create_share(
    db: Db, inst: Installation, caller: Caller, offer: Offer, *, now: datetime
) -> Created:
    """Share a part of the caller's book.

    Raises:
        Invalid: what, to whom, what for, until when or how often cannot be so.
        EnterpriseRefused: the enterprise is gone, or not at its address.
        NoCurrentVersion: the caller has no signed book yet.
        SharingFrozen: the caller has frozen all sharing.
        NotFoundForCaller, DeniedToRole: as ``check_may``.
    """
    person_id = check_own(db, caller, Action.SHARE_CREATE, now)
    purpose = purpose_of(offer.purpose)
    until, views = terms_of(offer, inst.share_bounds, now)
    selection = selection_of(offer, current_record(db, person_id))
    addressee = addressee_of(db, inst, offer, now)
    if shares.lock_switch(db, person_id) is not None:
        raise SharingFrozen
    share_id = UUID(bytes=inst.entropy(16), version=4)
    code = share_code(inst, share_id)
    row = addressee | {
        "id": share_id,
        "person_id": person_id,
        "preset": offer.preset,
        "selection": canonical_json(selection.to_json()).decode(),
        "audience": str(offer.audience),
        "purpose": purpose,
        "created_at": now,
        "expires_at": until,
        "max_views": views,
        "views": 0,
        "code_hash": numbering.lookup_hash(code),
    }
    shares.add_share(db, row, now)
    _tell_enterprise(db, offer, share_id, now)
    detail = {"share": str(share_id), "preset": offer.preset, "to": str(offer.audience)}
    trace(
        db, caller, Action.SHARE_CREATE, at=now, purpose=purpose, person_id=person_id, detail=detail
    )
    return Created(share_id, code, share_url(inst, share_id), until)


def preview(
    db: Db, inst: Installation, caller: Caller, offer: Offer, *, now: datetime
) -> Mapping[str, Any]:
    """Return exactly what a recipient of such an offer would see; nothing is shared yet.

    Raises:
        Invalid, NoCurrentVersion, NotFoundForCaller, DeniedToRole: as ``create_share``.
    """
    person_id = check_own(db, caller, Action.SHARE_CREATE, now)
    selection = selection_of(offer, current_record(db, person_id))
    part = part_of(inst, versions.signed_version(db, person_id, None), selection, offer.audience)
    trace(
        db,
        caller,
        Action.BOOK_OPEN,
        at=now,
        purpose=OWN_USE,
        person_id=person_id,
        detail={"as": "preview"},
    )
    return part.claims


def extend_share(
    db: Db,
    inst: Installation,
    caller: Caller,
    share_id: UUID,
    *,
    until: datetime,
    max_views: int | None = None,
    now: datetime,
) -> None:
    """Let a share last longer, or be opened more often.

    Raises:
        Invalid: the new end is too far away or earlier than the one before, or fewer views.
        ShareOver: it has ended, or is frozen.
        NotFoundForCaller, DeniedToRole: as ``check_may``.
    """
    share = own_share(db, caller, Action.SHARE_EXTEND, share_id, deed=ShareDeed.EXTEND, now=now)
    views = share.terms.max_views if max_views is None else max_views
    check_until(until, now, inst.share_bounds)
    check_views(views, inst.share_bounds)
    if until < share.terms.expires_at or views < share.terms.max_views:
        raise Invalid("a share is extended, or withdrawn", cause="SHARE_SHORTENED")
    if not shares.extend(db, share_id, until=until, max_views=views, now=now):
        raise ShareOver("the share ended at this moment", state=ShareState.WITHDRAWN)
    detail: dict[str, str | int] = {"share": str(share_id), "until": until.isoformat()}
    trace(
        db,
        caller,
        Action.SHARE_EXTEND,
        at=now,
        purpose=OWN_USE,
        person_id=share.person_id,
        detail=detail | {"views": views},
    )


def freeze(db: Db, caller: Caller, *, now: datetime) -> bool:
    """Stop all sharing of the caller at once; tell whether that was a change.

    When it returns, no view that began before is still being counted.

    Raises:
        NotFoundForCaller, DeniedToRole: as ``check_may``.
    """
    return _turn(db, caller, Action.SHARE_FREEZE, frozen=True, now=now)


def unfreeze(db: Db, caller: Caller, *, now: datetime) -> bool:
    """Let the caller's shares that have not ended be opened again; tell whether it was a change.

    Raises:
        NotFoundForCaller, DeniedToRole: as ``check_may``.
    """
    return _turn(db, caller, Action.SHARE_UNFREEZE, frozen=False, now=now)


def share_code(inst: Installation, share_id: UUID) -> str:
    """Return the code of a share; without the key nobody can tell it, not even from another."""
    return numbering.lookup_code(key_for(inst.lookup_key, "share-code"), share_id)


def share_url(inst: Installation, share_id: UUID) -> str:
    """Return the address in the share's QR."""
    return f"{inst.public_url}/s/{share_code(inst, share_id)}"


def own_share(
    db: Db, caller: Caller, action: Action, share_id: UUID, *, deed: ShareDeed, now: datetime
) -> StoredShare:
    """Return a share of the caller with which a deed is possible now.

    Raises:
        ShareOver: it is not; ``state`` says why.
        NotFoundForCaller, DeniedToRole: as ``check_may``.
    """
    share = shares.share_by_id(db, share_id)
    person_id = None if share is None else share.person_id
    subject = None if person_id is None else books.subject(db, person_id)
    check_may(db, caller, action, person_id, subject, purpose=OWN_USE, now=now)
    assert share is not None
    state = state_of(share.terms, now)
    if deed not in POSSIBLE[state]:
        raise ShareOver("the share has ended, or is frozen", state=str(state))
    return share


def _turn(db: Db, caller: Caller, action: Action, *, frozen: bool, now: datetime) -> bool:
    person_id = check_own(db, caller, action, now)
    changed = shares.turn_switch(db, person_id, frozen=frozen, now=now)
    trace(
        db,
        caller,
        action,
        at=now,
        purpose=OWN_USE,
        person_id=person_id,
        outcome="ok" if changed else "unchanged",
    )
    return changed


def _tell_enterprise(db: Db, offer: Offer, share_id: UUID, now: datetime) -> None:
    if offer.enterprise_code is not None:
        recipient = Recipient("employer", offer.enterprise_code)
        facts = {"share": str(share_id)}
        notify(db, recipient, NoticeKind.SHARE_RECEIVED, about=str(share_id), facts=facts, now=now)
