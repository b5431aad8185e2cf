"""What a worker sees of the own shares: their state, every look at them, what is to be deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.share_states import POSSIBLE, ShareDeed, ShareState, state_of
from labour_book.domain.sharing import Audience, Selection
from labour_book.queries import employers, share_copies, shares
from labour_book.queries.share_copies import StoredCopy
from labour_book.queries.shares import StoredShare, StoredView
from labour_book.services.callers import Action, Caller
from labour_book.services.installation import Installation
from labour_book.services.permission import check_own
from labour_book.services.recipients import name_of
from labour_book.services.sharing import own_share, share_code, share_url

__all__ = [
    "OwnShare",
    "StoredCopy",
    "StoredView",
    "frozen_since",
    "own_shares",
    "share_address",
]


@dataclass(frozen=True, slots=True)
class OwnShare:
    """A share as its owner sees it."""

    id: UUID
    state: ShareState
    possible: frozenset[ShareDeed]
    preset: str
    selection: Selection
    audience: Audience
    enterprise_code: str | None
    enterprise_name: str | None
    purpose: str
    created_at: datetime
    expires_at: datetime
    max_views: int
    views: int
    code: str
    url: str
    seen: tuple[StoredView, ...]
    """The newest looks, newest first."""
    copies: tuple[StoredCopy, ...]
    """What recipients known by name hold, must delete, or have deleted."""

    @property
    def is_one_time(self) -> bool:
        return self.max_views == 1


def own_shares(db: Db, inst: Installation, caller: Caller, *, now: datetime) -> list[OwnShare]:
    """Return the caller's newest shares, newest first.

    It leaves no trace: it is the list of who looked, and is asked for every few seconds.

    Raises:
        NotFoundForCaller, DeniedToRole: as ``check_may``.
    """
    person_id = check_own(db, caller, Action.SHARE_LIST, now)
    found = shares.shares_of(db, person_id)
    ids = [each.id for each in found]
    seen, copies = shares.views_of(db, ids), share_copies.copies_of(db, ids)
    names = _names(db, found)
    return [
        _own(
            inst,
            each,
            state_of(each.terms, now),
            name=names.get(each.enterprise_code or ""),
            seen=tuple(seen.get(each.id, ())),
            copies=tuple(copies.get(each.id, ())),
        )
        for each in found
    ]


def frozen_since(db: Db, caller: Caller, *, now: datetime) -> datetime | None:
    """Return since when the caller has frozen all sharing; None when it is not frozen.

    Raises:
        NotFoundForCaller, DeniedToRole: as ``check_may``.
    """
    return shares.lock_switch(db, check_own(db, caller, Action.SHARE_LIST, now))


def share_address(
    db: Db, inst: Installation, caller: Caller, share_id: UUID, *, now: datetime
) -> str:
    """Return the address that the QR of one of the caller's shares holds; to show it is to share.

    Raises:
        ShareOver: the share cannot be opened now; ``state`` says why.
        NotFoundForCaller, DeniedToRole: as ``check_may``.
    """
    own_share(db, caller, Action.SHARE_CREATE, share_id, deed=ShareDeed.OPEN, now=now)
    return share_url(inst, share_id)


def _own(
    inst: Installation,
    share: StoredShare,
    state: ShareState,
    *,
    name: str | None,
    seen: tuple[StoredView, ...],
    copies: tuple[StoredCopy, ...],
) -> OwnShare:
    return OwnShare(
        id=share.id,
        state=state,
        possible=POSSIBLE[state] - {ShareDeed.OPEN},
        preset=share.preset,
        selection=share.selection,
        audience=share.audience,
        enterprise_code=share.enterprise_code,
        enterprise_name=name,
        purpose=share.purpose,
        created_at=share.created_at,
        expires_at=share.terms.expires_at,
        max_views=share.terms.max_views,
        views=share.terms.views,
        code=share_code(inst, share.id),
        url=share_url(inst, share.id),
        seen=seen,
        copies=copies,
    )


def _names(db: Db, found: Sequence[StoredShare]) -> dict[str, str]:
    codes = {each.enterprise_code for each in found if each.enterprise_code is not None}
    return {
        code: name_of(employer) for code, employer in employers.employers_by_code(db, codes).items()
    }
