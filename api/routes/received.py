"""Being shown something: what was shared with whom, the duty to delete it, an employer's own."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, Field

from api.dependencies import Admitted, Calling, Db, Now, OwnPerson, Purpose, own_person
from api.problems import problems
from api.routes.share_answers import Disclosed, disclosed
from api.routes.share_forms import Form
from api.visiting import Address
from labour_book.domain.sharing import Audience
from labour_book.errors import Denied, Invalid, NotFound, Unavailable
from labour_book.services import deletion_duties, received, visits
from labour_book.services.access import Caller, NotSignedIn
from labour_book.services.deletion_duties import CopyDecided, Overdue
from labour_book.services.disclosing import NoCurrentVersion
from labour_book.services.recipients import EnterpriseRefused
from labour_book.services.visits import ShareEnded, TooMany, Visit

router = APIRouter(tags=["received"])

CALLED = problems(NotSignedIn, Denied, EnterpriseRefused, Unavailable)
OF_ONE = problems(NotSignedIn, Denied, NotFound, CopyDecided, Invalid, Unavailable)
OPENED = problems(NotSignedIn, Denied, NotFound, ShareEnded, Invalid, TooMany, Unavailable)
OPENED |= problems(EnterpriseRefused, NoCurrentVersion)
NOTHING_TO_SAY = 204
ShareId = Annotated[UUID, Path(description="The share's id, from the list.")]


class ReceivedShare(BaseModel):
    """A share in a recipient's list. It names nobody: that is seen by opening it."""

    share_id: UUID
    audience: Audience
    preset: str = Field(examples=["SKILLED"])
    purpose: str
    created_at: datetime
    expires_at: datetime
    state: str = Field(
        description="live, paused, used_up, expired or withdrawn.", examples=["live"]
    )
    views_left: int
    last_seen_at: datetime | None
    copy_state: str | None = Field(
        description="held, kept, due or deleted; null before it was opened.", examples=["held"]
    )
    due_on: date | None = Field(description="The last day to delete.")


class OpeningForm(Form):
    """What it is opened for, if not for the share's own purpose."""

    purpose: str = Field("", max_length=200)


class Decision(Form):
    """Whether the worker was hired. If not, what was shown has to be deleted."""

    hired: bool = Field(strict=True)


class Decided(BaseModel):
    """What follows from a decision."""

    delete_by: date | None = Field(description="The last day to delete; null where it is kept.")


class DeletionReceipt(BaseModel):
    """That the recipient has deleted what it held (biên nhận xoá dữ liệu); the worker has it too.

    It states what the recipient confirmed, and proves no more.
    """

    share_id: UUID
    confirmed_at: datetime
    due_on: date | None = Field(description="Null where it was deleted before it had to be.")
    in_time: bool


class EmployedWorker(BaseModel):
    """A worker as the enterprise itself reported them, and no more."""

    worker_id: UUID
    full_name: str
    position: str
    since: str = Field(description="Partial date.", examples=["2021-03"])


class EmployedWorkers(BaseModel):
    """A page of workers."""

    workers: list[EmployedWorker]
    next: UUID | None = Field(description="Ask again with `after`; null on the last page.")


class OverdueDuty(BaseModel):
    """A recipient who should have deleted; says nothing of whose data it is."""

    share_id: UUID
    recipient_kind: str = Field(examples=["employer"])
    enterprise_code: str | None = Field(examples=["0100109106"])
    cause: str = Field(examples=["not_hired"])
    due_on: date
    days_late: int
    reminded_at: datetime | None


def employer(calling: Calling) -> Caller:
    """Return the enterprise's agent who calls.

    Raises:
        Denied: the caller acts for no enterprise.
    """
    return _acting(calling)


Employer = Annotated[Caller, Depends(employer)]


@router.get("/employer/inbox", responses=CALLED)
def inbox(calling: Employer, db: Db, now: Now) -> list[ReceivedShare]:
    """Return what was shared with the enterprise, or opened by it, the newest first."""
    return _listed(db, calling, now)


@router.post("/employer/inbox/{share_id}/open", responses=OPENED)
def open_in_inbox(
    share_id: ShareId, form: OpeningForm, admitted: Admitted, address: Address
) -> Disclosed:
    """Open a share that is addressed to the enterprise; that is one view."""
    with admitted() as (_, calling):
        agent = _acting(calling)
    return _opened(admitted, share_id, Visit(agent, address, form.purpose))


@router.post("/employer/inbox/{share_id}/decision", responses=OF_ONE)
def decide(share_id: ShareId, form: Decision, calling: Employer, db: Db, now: Now) -> Decided:
    """Say whether the worker was hired; if not, return by when to delete what was shown."""
    if form.hired:
        deletion_duties.mark_hired(db, calling, share_id, now=now)
        return Decided(delete_by=None)
    return Decided(delete_by=deletion_duties.mark_not_hired(db, calling, share_id, now=now))


@router.post("/employer/inbox/{share_id}/deletion", responses=OF_ONE)
def confirm_deletion(share_id: ShareId, calling: Employer, db: Db, now: Now) -> DeletionReceipt:
    """Confirm that the enterprise has deleted what it held; the worker gets the receipt."""
    return _confirmed(db, calling, share_id, now)


@router.get("/employer/workers", responses=CALLED | problems(Invalid))
def workers(
    purpose: Purpose,
    calling: Employer,
    db: Db,
    now: Now,
    after: Annotated[UUID | None, Query(description="The last worker of the page before.")] = None,
) -> EmployedWorkers:
    """Return a page of the people whom the enterprise reported as working there now.

    Each of them can read that they were listed, and what for.
    """
    page = received.own_workers(db, calling, purpose=purpose, after=after, now=now)
    told = [
        EmployedWorker(
            worker_id=each.person_id,
            full_name=each.full_name,
            position=each.position,
            since=each.since,
        )
        for each in page
    ]
    return EmployedWorkers(
        workers=told, next=page[-1].person_id if len(page) == received.PAGE else None
    )


@router.get("/me/received", responses=CALLED)
def received_by_person(calling: Calling, _: OwnPerson, db: Db, now: Now) -> list[ReceivedShare]:
    """Return what was shared with the worker, or opened by them, the newest first."""
    return _listed(db, calling, now)


@router.post("/me/received/{share_id}/open", responses=OPENED)
def open_as_person(
    share_id: ShareId, form: OpeningForm, admitted: Admitted, address: Address
) -> Disclosed:
    """Open a share that is addressed to the worker by name; that is one view."""
    with admitted() as (_, calling):
        own_person(calling)
    return _opened(admitted, share_id, Visit(calling, address, form.purpose))


@router.post("/me/received/{share_id}/deletion", responses=OF_ONE)
def confirm_deletion_as_person(
    share_id: ShareId, calling: Calling, _: OwnPerson, db: Db, now: Now
) -> DeletionReceipt:
    """Confirm that the worker has deleted what somebody else had shared with them."""
    return _confirmed(db, calling, share_id, now)


@router.get("/deletions/overdue", responses=problems(NotSignedIn, Denied, Unavailable))
def overdue_deletions(calling: Calling, db: Db, now: Now) -> list[OverdueDuty]:
    """Return who should have deleted by now, the oldest first: for officials, in their area."""
    return [_late(each) for each in deletion_duties.overdue(db, calling, now=now)]


def _acting(calling: Caller) -> Caller:
    if calling.kind != "employer":
        raise Denied("only an enterprise has such an inbox")
    return calling


def _listed(db: Db, calling: Caller, now: datetime) -> list[ReceivedShare]:
    return [ReceivedShare(**asdict(each)) for each in received.received(db, calling, now=now)]


def _opened(admitted: Admitted, share_id: UUID, visit: Visit) -> Disclosed:
    # After the transaction that told who calls: opening has its own, which counts what it refuses.
    return disclosed(visits.open_received(admitted.inst, share_id, visit, now=admitted.now))


def _confirmed(db: Db, calling: Caller, share_id: UUID, now: datetime) -> DeletionReceipt:
    receipt = deletion_duties.confirm_deletion(db, calling, share_id, now=now)
    return DeletionReceipt(
        share_id=receipt.share_id,
        confirmed_at=receipt.confirmed_at,
        due_on=receipt.due_on,
        in_time=receipt.in_time,
    )


def _late(duty: Overdue) -> OverdueDuty:
    return OverdueDuty(
        share_id=duty.share_id,
        recipient_kind=duty.recipient.kind,
        enterprise_code=duty.recipient.id if duty.recipient.kind == "employer" else None,
        cause=duty.cause,
        due_on=duty.due_on,
        days_late=duty.days_late,
        reminded_at=duty.reminded_at,
    )
