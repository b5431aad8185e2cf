"""The duty to delete: it begins, is reminded of, and ends with a receipt to the worker.

Source: Law 91/2025, art. 25(1)(c): data of a candidate who was not hired is deleted.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.notices import NoticeKind, Recipient
from labour_book.domain.share_states import (
    DUTY_BEGINS_IN,
    CopyState,
    DutyCause,
    is_overdue,
    sources_of,
)
from labour_book.errors import Conflict, NotFound
from labour_book.law.data_subject_deadlines import delete_by
from labour_book.queries import accounts, share_copies
from labour_book.queries.share_copies import StoredCopy
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.notifying import inbox_of, notify
from labour_book.services.permission import check_role

AT_ONCE = 500
"""Copies in one transaction of the clock."""
REMIND_AGAIN = timedelta(days=7)
PURPOSE = "deletion"


class CopyDecided(Conflict):
    """What becomes of the copy is decided already."""

    slug = "copy-decided"
    title = "This was decided already"
    title_vi = "Việc này đã được quyết định"


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a recipient has confirmed to have deleted what it held (biên nhận xoá dữ liệu)."""

    share_id: UUID
    recipient: Recipient
    confirmed_at: datetime
    due_on: date | None
    """None when it was deleted before any duty began."""
    in_time: bool


@dataclass(frozen=True, slots=True)
class Overdue:
    """A recipient who should have deleted; says nothing of whose data it is."""

    share_id: UUID
    recipient: Recipient
    cause: str
    due_on: date
    days_late: int
    reminded_at: datetime | None


def mark_hired(db: Db, caller: Caller, share_id: UUID, *, now: datetime) -> None:
    """Note that the caller has hired the worker: the lapse of the share begins no duty.

    Raises:
        NotFound: the caller holds no such copy.
        CopyDecided: it is decided already.
        DeniedToRole: the caller is no employer.
    """
    if not keep_copy(db, caller, share_id, now=now):
        raise CopyDecided


def keep_copy(db: Db, caller: Caller, share_id: UUID, *, now: datetime) -> bool:
    """Note the same with a hire; tell whether nothing was decided of the copy before.

    Raises:
        NotFound: the caller holds no such copy.
        DeniedToRole: the caller is no employer.
    """
    copy = _own_copy(db, caller, Action.COPY_DECIDE, share_id, now)
    values = {"state": CopyState.KEPT, "state_since": now}
    if not share_copies.move_copy(db, copy, given=sources_of(CopyState.KEPT), values=values):
        return False
    _trace(db, caller, Action.COPY_DECIDE, copy, now, hired="yes")
    return True


def mark_not_hired(db: Db, caller: Caller, share_id: UUID, *, now: datetime) -> date:
    """Note that the caller has not hired the worker; return the last day to delete.

    Raises:
        NotFound: the caller holds no such copy.
        CopyDecided: it is decided already.
        DeniedToRole: the caller is no employer.
    """
    copy = _own_copy(db, caller, Action.COPY_DECIDE, share_id, now)
    due_on = begin_duty(db, copy, DutyCause.NOT_HIRED, begun_at=now, now=now)
    if due_on is None:
        raise CopyDecided
    _trace(db, caller, Action.COPY_DECIDE, copy, now, hired="no")
    return due_on


def confirm_deletion(db: Db, caller: Caller, share_id: UUID, *, now: datetime) -> Receipt:
    """Note that the caller has deleted what it held; the worker gets the receipt.

    Raises:
        NotFound: the caller holds no such copy.
        CopyDecided: it was confirmed already.
        DeniedToRole: the caller is no recipient.
    """
    copy = _own_copy(db, caller, Action.COPY_DELETE, share_id, now)
    values = {"state": CopyState.DELETED, "state_since": now, "confirmed_by": caller.id}
    if not share_copies.move_copy(db, copy, given=sources_of(CopyState.DELETED), values=values):
        raise CopyDecided
    late = copy.due_on is not None and is_overdue(copy.due_on, vietnam_day(now))
    receipt = Receipt(share_id, copy.recipient, now, copy.due_on, in_time=not late)
    _tell_worker(db, receipt, copy.person_id, now)
    _trace(db, caller, Action.COPY_DELETE, copy, now, in_time="no" if late else "yes")
    return receipt


def begin_duty(
    db: Db, copy: StoredCopy, cause: DutyCause, *, begun_at: datetime, now: datetime
) -> date | None:
    """Begin the duty to delete a copy, tell the recipient, return the last day.

    None when the cause begins none: it is due already, was deleted, or may be kept.
    """
    due_on = delete_by(cause, vietnam_day(begun_at))
    values = {
        "state": CopyState.DUE,
        "state_since": now,
        "cause": cause,
        "due_on": due_on,
        "reminded_at": None,
    }
    if not share_copies.move_copy(db, copy, given=DUTY_BEGINS_IN[cause], values=values):
        return None
    facts = {"share": str(copy.share_id), "cause": str(cause), "due_on": due_on.isoformat()}
    notify(
        db,
        copy.recipient,
        NoticeKind.DELETION_DUE,
        about=f"{copy.share_id}:{cause}",
        facts=facts,
        now=now,
    )
    return due_on


def begin_lapsed_duties(db: Db, by: Caller, *, now: datetime) -> int:
    """Begin the duty for copies whose share is over and that nobody decided on; return how many.

    The clock calls it until it returns 0. The days count from the end of the share.

    Raises:
        DeniedToRole: the caller is not the installation itself.
    """
    check_role(by, Action.COPY_LAPSE, now)
    begun = 0
    for copy, ended_at in share_copies.lapsed_copies(db, now, limit=AT_ONCE):
        if begin_duty(db, copy, DutyCause.LAPSED, begun_at=ended_at, now=now) is not None:
            begun += 1
            _trace(db, by, Action.COPY_LAPSE, copy, now, cause=str(DutyCause.LAPSED))
    return begun


def remind_overdue(db: Db, by: Caller, *, now: datetime) -> int:
    """Remind recipients who are overdue, each once a week; return how many were reminded.

    Raises:
        DeniedToRole: the caller is not the installation itself.
    """
    check_role(by, Action.COPY_LAPSE, now)
    today = vietnam_day(now)
    late = share_copies.overdue_copies(db, today, reminded_before=now - REMIND_AGAIN, limit=AT_ONCE)
    for copy in late:
        share_copies.move_copy(db, copy, given={CopyState.DUE}, values={"reminded_at": now})
        facts = {"share": str(copy.share_id), "due_on": str(copy.due_on)}
        about = f"{copy.share_id}:{today}"
        notify(db, copy.recipient, NoticeKind.DELETION_OVERDUE, about=about, facts=facts, now=now)
    return len(late)


def overdue(db: Db, caller: Caller, *, now: datetime, limit: int = AT_ONCE) -> list[Overdue]:
    """Return who is overdue, the oldest first: for an official, enterprises of the own area.

    Raises:
        DeniedToRole: the caller oversees nothing.
    """
    check_role(caller, Action.COPY_OVERSEE, now)
    today = vietnam_day(now)
    communes = _communes(db, caller, today)
    late = share_copies.overdue_copies(db, today, communes=communes, limit=min(limit, AT_ONCE))
    trace(db, caller, Action.COPY_OVERSEE, at=now, purpose=PURPOSE, detail={"listed": len(late)})
    return [_overdue(each, today) for each in late]


def _communes(db: Db, caller: Caller, today: date) -> list[str] | None:
    """Return the communes the caller oversees, as far as somebody is late there; None for all."""
    if caller.kind != "official":
        return None
    unit = caller.unit_code or ""
    if accounts.unit_serves(db, unit, None, today):
        return None
    late_in = share_copies.communes_with_overdue(db, today)
    return [each for each in late_in if accounts.unit_serves(db, unit, each, today)]


def _overdue(copy: StoredCopy, today: date) -> Overdue:
    assert copy.due_on is not None
    return Overdue(
        share_id=copy.share_id,
        recipient=copy.recipient,
        cause=str(copy.cause),
        due_on=copy.due_on,
        days_late=(today - copy.due_on).days,
        reminded_at=copy.reminded_at,
    )


def _own_copy(db: Db, caller: Caller, action: Action, share_id: UUID, now: datetime) -> StoredCopy:
    check_role(caller, action, now)
    copy = share_copies.copy_of(db, share_id, inbox_of(caller))
    if copy is None:
        raise NotFound("you hold no such copy")
    return copy


def _tell_worker(db: Db, receipt: Receipt, person_id: UUID, now: datetime) -> None:
    facts: dict[str, str | int] = {
        "share": str(receipt.share_id),
        "recipient_kind": receipt.recipient.kind,
        "recipient": receipt.recipient.id if receipt.recipient.kind == "employer" else "",
        "confirmed_at": receipt.confirmed_at.isoformat(),
        "in_time": int(receipt.in_time),
    }
    notify(
        db,
        Recipient("worker", str(person_id)),
        NoticeKind.DELETION_CONFIRMED,
        about=f"{receipt.share_id}:{receipt.recipient.kind}:{receipt.recipient.id}",
        facts=facts,
        now=now,
    )


def _trace(
    db: Db, caller: Caller, action: Action, copy: StoredCopy, now: datetime, **detail: str
) -> None:
    trace(
        db,
        caller,
        action,
        at=now,
        purpose=PURPOSE,
        person_id=copy.person_id,
        detail={"share": str(copy.share_id)} | detail,
    )
