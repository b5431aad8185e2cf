"""The administrator's page about notifications of registers: how many, which are held, and why."""

from typing import Annotated
from uuid import UUID

from fastapi import Form
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.pages.desk.admin import check_confirmed
from api.pages.desk.frame import ASKED, SENT, Asking, Sending, desk_router
from labour_book.services import event_inbox

router = desk_router()

ADDRESS = "/desk/admin/events"
Yes = Annotated[str, Form(max_length=3)]


@router.get("/admin/events", responses=ASKED)
def inbox(desk: Asking) -> HTMLResponse:
    """Show how many notifications are where, and those that are held. None says about whom."""
    with desk.deed() as db:
        found = event_inbox.inbox_of(db, desk.caller, now=desk.now)
    return desk.page("admin_events.html", inbox=found, states=event_inbox.STATES)


@router.post("/admin/events/{event_id}/retry", responses=SENT)
def retry(desk: Sending, event_id: UUID) -> Response:
    """Let a notification that is held be tried again."""
    with desk.deed() as db:
        event_inbox.try_again(db, desk.caller, event_id, now=desk.now)
    return desk.go(ADDRESS, done="event_again")


@router.post("/admin/events/{event_id}/give-up", responses=SENT)
def give_up(desk: Sending, event_id: UUID, confirmed: Yes = "") -> Response:
    """Give up a notification that is held."""
    check_confirmed(confirmed)
    with desk.deed() as db:
        event_inbox.give_up(db, desk.caller, event_id, now=desk.now)
    return desk.go(ADDRESS, done="event_given_up")
