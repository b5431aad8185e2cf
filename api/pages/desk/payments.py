"""Lists of what is to be paid: drafted by one official, approved by another; nothing is paid."""

from typing import Annotated
from uuid import UUID

from fastapi import Form
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse, Response

from api.pages.desk.frame import ASKED, SENT, Asking, Sending, desk_router
from labour_book.domain.display import show_money
from labour_book.domain.months import Month
from labour_book.domain.names import display_name
from labour_book.errors import Invalid
from labour_book.law.programmes import programmes
from labour_book.services import exporting, payments
from labour_book.services.callers import Action

router = desk_router()

ADDRESS = "/desk/support/payments"

_DONE = {payments.APPROVED: "payment-approved", payments.DROPPED: "payment-dropped"}


@router.get("/support/payments", responses=ASKED)
def lists(desk: Asking) -> HTMLResponse:
    """List the newest lists of the own unit and of those below it."""
    with desk.deed() as db:
        found = payments.lists(db, desk.caller, now=desk.now)
    return desk.page(
        "payments.html",
        lists=found,
        programmes=programmes(),
        payable=payments.payable_policies(),
        month=str(Month.of_day(desk.today)),
        money=show_money,
        may_draft=desk.caller.may(Action.PAYMENT_DRAFT),
    )


@router.post("/support/payments", responses=SENT)
def draft(
    desk: Sending,
    policy: Annotated[str, Form(max_length=40)],
    month: Annotated[str, Form(max_length=7)],
) -> RedirectResponse:
    """Put everybody who was granted a support on a list of a month."""
    with desk.deed() as db:
        made = payments.draft(
            *(db, desk.inst, desk.caller, policy, Month.parse(month)), now=desk.now
        )
    return desk.go(f"{ADDRESS}/{made}", done="payment-drafted")


@router.get("/support/payments/{list_id}", responses=ASKED)
def one(desk: Asking, list_id: UUID) -> HTMLResponse:
    """Open a list with its people."""
    with desk.deed() as db:
        found = payments.opened(db, desk.caller, list_id, now=desk.now)
    return desk.page(
        "payment.html",
        found=found,
        places=desk.inst.places.communes,
        display_name=display_name,
        money=show_money,
        may_settle=desk.caller.may(Action.PAYMENT_SETTLE),
    )


@router.post("/support/payments/{list_id}/settle", responses=SENT)
def settle(
    desk: Sending, list_id: UUID, state: Annotated[str, Form(max_length=12)]
) -> RedirectResponse:
    """Approve a list that another official drafted, or drop it."""
    if state not in _DONE:
        raise Invalid("approve it, or drop it")
    with desk.deed() as db:
        payments.settle(db, desk.caller, list_id, state, now=desk.now)
    return desk.go(f"{ADDRESS}/{list_id}", done=_DONE[state])


@router.post("/support/payments/{list_id}/file", responses=SENT)
def file(
    desk: Sending, list_id: UUID, purpose: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    """Hand out an approved list as a workbook: for a purpose, traced."""
    with desk.deed() as db:
        name, content = payments.taken(
            *(db, desk.inst, desk.caller, list_id), purpose=purpose, now=desk.now
        )
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, media_type=exporting.MEDIA_TYPES["xlsx"])
