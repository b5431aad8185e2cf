"""Seeing again what one has just opened: a reload or another language is no second view.

The cover of a share carries a ticket: a nonce sealed for that one address, so it can be neither
made up nor taken elsewhere. The opening notes it as used; whoever sends it along again within a
quarter of an hour is shown the same without being counted, as long as the worker has not taken it
back. Each time leaves its trace.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from labour_book.database import Db
from labour_book.domain.base64url import bytes_of, letters_of
from labour_book.domain.limits import roughly
from labour_book.domain.share_states import CopyState, ShareState, state_of
from labour_book.errors import Gone
from labour_book.queries import live_codes, share_copies, shares, versions
from labour_book.queries.shares import StoredShare
from labour_book.services import limiting
from labour_book.services.auditing import trace
from labour_book.services.callers import Action
from labour_book.services.derived_keys import key_for
from labour_book.services.disclosing import part_for
from labour_book.services.installation import Installation
from labour_book.services.recipients import holder_of, is_addressed
from labour_book.services.showing import ShareEnded, ShareUnknown, Shown, Visit
from signing import Sealer, SigningError

AGAIN = timedelta(minutes=15)
"""How long after the opening the same visitor sees it again without being counted."""
_LETTERS = 39
"""Of 29 bytes in base 64: version, nonce, tag, and no content."""
_NONCE = slice(1, 13)
_ENDED_COPY = frozenset({CopyState.DUE, CopyState.DELETED})


class VisitOver(Gone):
    """It was opened too long ago, or not at all, to be had again without a new view."""

    slug = "visit-over"
    title = "Open what was shared once more"
    title_vi = "Hãy mở lại phần được chia sẻ"


@dataclass(frozen=True, slots=True)
class Opened:
    """What a visitor opened a moment ago, and when."""

    share: StoredShare
    at: datetime


def new_ticket(inst: Installation, code: str) -> str:
    """Return a ticket for one visit to the address with this code; nothing is stored yet."""
    sealed = _sealer(inst).seal(b"", bound_to=_bound_to(code))
    return letters_of(sealed)


def opened_with(
    db: Db, inst: Installation, code: str, ticket: str, *, now: datetime
) -> Opened | None:
    """Return what was opened with a ticket a moment ago; None if nothing was."""
    nonce = _nonce(inst, code, ticket)
    used = None if nonce is None else live_codes.use_of(db, nonce)
    if used is None or not used.at <= now < used.at + AGAIN:
        return None
    share = shares.share_by_id(db, used.share_id)
    return None if share is None else Opened(share, used.at)


def note_opening(
    db: Db, inst: Installation, code: str, ticket: str, share: StoredShare, *, now: datetime
) -> Opened | None:
    """Note that a ticket is used now; return what it opened if somebody else was faster.

    Two taps on the button come as two requests at once: the second waits here for the first.
    """
    nonce = _nonce(inst, code, ticket)
    if nonce is None or live_codes.use_code(db, nonce, share.id, now):
        return None
    return opened_with(db, inst, code, ticket, now=now)


def show_again(db: Db, inst: Installation, opened: Opened, visit: Visit, *, now: datetime) -> Shown:
    """Show what was opened a moment ago, as it is now; that is no new view, but it is traced.

    Raises:
        ShareUnknown: it is for somebody else.
        ShareEnded: withdrawn, expired or paused since, or to be deleted by this recipient.
        TooMany: this share has reached its limit.
        NoCurrentVersion: the book was revoked, or has expired.
    """
    if not is_addressed(db, opened.share, visit.caller):
        raise ShareUnknown
    share = _still_open(db, opened.share, visit, now)
    limiting.count_or_refuse(db, inst, inst.limits.opens_of_share, str(share.id), now)
    version = versions.signed_version(db, share.person_id, None)
    part = part_for(db, inst, share, version, now=now)
    assert version is not None
    trace(
        db,
        visit.caller,
        Action.SHARE_OPEN,
        at=now,
        purpose=visit.purpose.strip() or share.purpose,
        person_id=share.person_id,
        outcome="again",
        detail={
            "share": str(share.id),
            "version": version.version,
            "from": roughly(visit.address),
        },
    )
    return Shown(
        share_id=share.id,
        credential=part.credential,
        claims=part.claims,
        purpose=share.purpose,
        shown_at=now,
        expires_at=share.terms.expires_at,
        views_left=share.terms.max_views - share.terms.views,
        is_newer=version.issued_at > opened.at,
    )


def _still_open(db: Db, share: StoredShare, visit: Visit, now: datetime) -> StoredShare:
    """Return the share as it is now, locked; the last view being used up does not end a visit."""
    shares.lock_switch(db, share.person_id)
    shares.lock_share(db, share.id)
    newest = shares.share_by_id(db, share.id) or share
    state = state_of(newest.terms, now)
    if state not in {ShareState.LIVE, ShareState.USED_UP}:
        raise ShareEnded("it cannot be opened", state=str(state))
    holder = holder_of(visit.caller, share)
    if holder is not None:
        copy = share_copies.note_copy(db, share.id, holder, person_id=share.person_id, now=now)
        if copy in _ENDED_COPY:
            raise ShareEnded("you have to delete this, or have done so", state=f"copy_{copy}")
    return newest


def _nonce(inst: Installation, code: str, ticket: str) -> bytes | None:
    """Return the nonce of a ticket; None of one that is none of ours, or for another address."""
    if len(ticket) != _LETTERS or not ticket.isascii():
        return None
    try:
        sealed = bytes_of(ticket)
        _sealer(inst).open(sealed, bound_to=_bound_to(code))
    except (ValueError, SigningError):
        return None
    return sealed[_NONCE]


def _bound_to(code: str) -> bytes:
    return b"visit:" + code.encode()


def _sealer(inst: Installation) -> Sealer:
    return Sealer(key_for(inst.lookup_key, "visit-ticket"), nonce=inst.entropy)
