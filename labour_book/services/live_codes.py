"""Live codes: shown on the worker's phone, over in a minute or two, and good for one opening.

A code is the share and the instant of its making, sealed (AES-256-GCM) under a key derived for
this alone: it can be neither made nor altered, says nothing to whoever photographs it, and the
code of the share's own address does not follow from it. Its nonce is kept once it is used.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.share_states import ShareDeed
from labour_book.errors import Gone
from labour_book.queries import live_codes, shares
from labour_book.queries.shares import StoredShare
from labour_book.services.callers import Action, Caller
from labour_book.services.derived_keys import key_for
from labour_book.services.installation import Installation
from labour_book.services.sharing import own_share
from signing import Sealer, SigningError

SKEW = timedelta(seconds=5)
"""How far the clock of the process that made a code may be ahead."""
KEPT_DAYS = 2
_BOUND_TO = b"live-code"
_NONCE = slice(1, 13)
_LETTERS = 85
"""Of 53 bytes in base 32, which a QR holds most tightly."""
_PADDING = "==="
_NO_CODE = bytes(53)
_NOTHING = bytes(24)
_INSTANT_BYTES = 8


class LiveCodeOver(Gone):
    """The code is too old, or was used; the worker's phone shows a new one."""

    slug = "live-code-over"
    title = "This live code is over; scan the one shown now"
    title_vi = "Mã động này đã hết hiệu lực; hãy quét mã đang hiển thị"

    def __init__(self, share: StoredShare | None) -> None:
        super().__init__()
        self.share = share


@dataclass(frozen=True, slots=True)
class LiveCode:
    """A code to show now, and until when."""

    code: str
    url: str
    made_at: datetime
    over_at: datetime


def live_code(
    db: Db, inst: Installation, caller: Caller, share_id: UUID, *, now: datetime
) -> LiveCode:
    """Return a new live code for a share of the caller; nothing is stored, nothing is shown yet.

    To hand one out is to share: whoever may not share may not make one.

    Raises:
        ShareOver: the share cannot be opened now; ``state`` says why.
        NotFoundForCaller, DeniedToRole: as ``check_may``.
    """
    own_share(db, caller, Action.SHARE_CREATE, share_id, deed=ShareDeed.OPEN, now=now)
    instant = int(now.timestamp() * 1000).to_bytes(_INSTANT_BYTES, "big")
    sealed = _sealer(inst).seal(share_id.bytes + instant, bound_to=_BOUND_TO)
    code = base64.b32encode(sealed).decode().rstrip("=")
    over_at = now + timedelta(seconds=inst.limits.live_code_seconds)
    return LiveCode(code, f"{inst.public_url}/l/{code}", now, over_at)


def look_at(db: Db, inst: Installation, code: str, now: datetime) -> StoredShare | None:
    """Return the share of a live code without using it; None if the code is none of ours.

    Raises:
        LiveCodeOver: it is too old, or was used.
    """
    share = share_of(db, inst, code, now)
    if share is not None and live_codes.was_used(db, _read(inst, code).nonce):
        raise LiveCodeOver(share)
    return share


def share_of(db: Db, inst: Installation, code: str, now: datetime) -> StoredShare | None:
    """Return the share of a live code, used or not; None if the code is none of ours.

    Raises:
        LiveCodeOver: it is too old.
    """
    read = _read(inst, code)
    share = shares.share_by_id(db, read.share_id)
    if share is not None and not _is_in_time(inst, read.made_at, now):
        raise LiveCodeOver(share)
    return share


def use(db: Db, inst: Installation, code: str, now: datetime) -> StoredShare | None:
    """Use a live code and return its share; None if the code is none of ours.

    If what follows fails, the transaction takes the use back.

    Raises:
        LiveCodeOver: it is too old, or was used.
    """
    read = _read(inst, code)
    share = shares.share_by_id(db, read.share_id)
    if share is not None and not (
        _is_in_time(inst, read.made_at, now) and live_codes.use_code(db, read.nonce, share.id, now)
    ):
        raise LiveCodeOver(share)
    return share


def forget_old_uses(db: Db, now: datetime) -> int:
    """Delete the uses of codes that are long over; return how many."""
    return live_codes.forget_uses(db, now - timedelta(days=KEPT_DAYS))


@dataclass(frozen=True, slots=True)
class _Read:
    """What a code says: its nonce, its share, and when it was made."""

    nonce: bytes
    share_id: UUID
    made_at: datetime


def _read(inst: Installation, text: str) -> _Read:
    """Return what a code says; of one that is none of ours, a share that nobody has."""
    sealed = _bytes_of(text)
    try:
        opened = _sealer(inst).open(sealed, bound_to=_BOUND_TO)
    except SigningError:
        opened = _NOTHING
    made_at = datetime.fromtimestamp(int.from_bytes(opened[16:], "big") / 1000, UTC)
    return _Read(sealed[_NONCE], UUID(bytes=opened[:16]), made_at)


def _is_in_time(inst: Installation, made_at: datetime, now: datetime) -> bool:
    return made_at - SKEW <= now < made_at + timedelta(seconds=inst.limits.live_code_seconds)


def _bytes_of(text: str) -> bytes:
    if len(text) != _LETTERS:
        return _NO_CODE
    try:
        return base64.b32decode(text.upper() + _PADDING)
    except (binascii.Error, ValueError):
        return _NO_CODE


def _sealer(inst: Installation) -> Sealer:
    return Sealer(key_for(inst.lookup_key, "live-code"), nonce=inst.entropy)
