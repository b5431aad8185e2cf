"""Taking consent back: withdraw a share, ask its recipients to delete what they hold."""

from datetime import datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.notices import NoticeKind, Recipient
from labour_book.domain.share_states import DutyCause, ShareDeed, ShareState
from labour_book.queries import share_copies, shares
from labour_book.queries.shares import StoredShare
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.deletion_duties import begin_duty
from labour_book.services.notifying import notify
from labour_book.services.permission import OWN_USE
from labour_book.services.sharing import ShareOver, own_share


def withdraw_share(db: Db, caller: Caller, share_id: UUID, *, now: datetime) -> int:
    """End a share at once; return how many recipients have to delete what they hold.

    Raises:
        ShareOver: it has ended already.
        NotFoundForCaller, DeniedToRole: as ``check_may``.
    """
    share = own_share(db, caller, Action.SHARE_WITHDRAW, share_id, deed=ShareDeed.WITHDRAW, now=now)
    if not shares.withdraw(db, share_id, now):
        raise ShareOver("the share has ended already", state=str(ShareState.WITHDRAWN))
    duties = _end(db, share, DutyCause.WITHDRAWN, now)
    _trace(db, caller, Action.SHARE_WITHDRAW, share, duties=duties, now=now)
    return duties


def ask_deletion(db: Db, caller: Caller, share_id: UUID, *, now: datetime) -> int:
    """Ask every recipient of a share to delete it, at any time; return how many have to.

    A share that has not ended is withdrawn with it. A recipient who has to delete it already
    keeps the earlier day.

    Raises:
        NotFoundForCaller, DeniedToRole: as ``check_may``.
    """
    share = own_share(db, caller, Action.COPY_ASK, share_id, deed=ShareDeed.ASK_DELETION, now=now)
    shares.withdraw(db, share_id, now)
    duties = _end(db, share, DutyCause.ASKED, now)
    _trace(db, caller, Action.COPY_ASK, share, duties=duties, now=now)
    return duties


def end_share(db: Db, share: StoredShare, *, now: datetime) -> bool:
    """End a share for somebody who cannot any more; tell whether it had not ended yet.

    For deeds that have asked who may, and trace it.
    """
    if not shares.withdraw(db, share.id, now):
        return False
    _end(db, share, DutyCause.WITHDRAWN, now)
    return True


def _end(db: Db, share: StoredShare, cause: DutyCause, now: datetime) -> int:
    copies = share_copies.copies_of(db, [share.id]).get(share.id, [])
    begun = [begin_duty(db, each, cause, begun_at=now, now=now) for each in copies]
    if share.enterprise_code is not None:
        recipient = Recipient("employer", share.enterprise_code)
        facts = {"share": str(share.id)}
        notify(db, recipient, NoticeKind.SHARE_ENDED, about=str(share.id), facts=facts, now=now)
    return sum(each is not None for each in begun)


def _trace(
    db: Db, caller: Caller, action: Action, share: StoredShare, *, duties: int, now: datetime
) -> None:
    trace(
        db,
        caller,
        action,
        at=now,
        purpose=OWN_USE,
        person_id=share.person_id,
        detail={"share": str(share.id), "duties": duties},
    )
