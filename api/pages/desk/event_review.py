"""The room of notifications that are held: the list, one of them, and what is done about it."""

from typing import Annotated
from uuid import UUID

from fastapi import Form, Query
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse

from api.pages.desk.fields import field_names
from api.pages.desk.frame import ASKED, SENT, Asking, Desk, Sending, desk_router
from labour_book.errors import Invalid
from labour_book.services import event_review
from labour_book.services.event_review import Deed, Ruled

router = desk_router()

ADDRESS = "/desk/review/events"
_DONE = {
    Deed.LINK: "event-link",
    Deed.ACCEPT: "event-accept",
    Deed.AGAIN: "event-again",
    Deed.DECLINE: "event-decline",
}


@router.get("/review/events", responses=ASKED)
def events(desk: Asking, after: Annotated[UUID | None, Query()] = None) -> HTMLResponse:
    """List the notifications that are held, the oldest first; nothing that stands in them."""
    with desk.deed() as db:
        found = event_review.held(db, desk.inst, desk.caller, after=after, now=desk.now)
    return desk.page("held_events.html", found=found, is_first=after is None)


@router.get("/review/events/{event_id}", responses=ASKED)
def event(desk: Asking, event_id: UUID) -> HTMLResponse:
    """Open one: all that it says, and who may be meant."""
    return _event(desk, event_id, "")


@router.post("/review/events/{event_id}", responses=SENT)
def event_with(
    desk: Sending, event_id: UUID, number: Annotated[str, Form(max_length=20)] = ""
) -> HTMLResponse:
    """Open one, and somebody else beside it, by a number."""
    return _event(desk, event_id, number)


@router.post("/review/events/{event_id}/decide", responses=SENT)
def decide(
    desk: Sending,
    event_id: UUID,
    *,
    decision: Annotated[str, Form(max_length=60)],
    reason: Annotated[str, Form(max_length=200)] = "",
) -> RedirectResponse:
    """Decide one; ``decision`` is the word, and behind a colon the person of a link."""
    word, _, person = decision.partition(":")
    try:
        ruled = Ruled(Deed(word), reason, UUID(person) if person else None)
    except ValueError as error:
        raise Invalid("choose what to decide") from error
    with desk.deed() as db:
        event_review.decide(db, desk.inst, desk.caller, event_id, ruled, now=desk.now)
    return desk.go(ADDRESS, done=_DONE[ruled.deed])


def _event(desk: Desk, event_id: UUID, number: str) -> HTMLResponse:
    with desk.deed() as db:
        found = event_review.opened(
            db, desk.inst, desk.caller, event_id, number=number, now=desk.now
        )
    return desk.page(
        "held_event.html",
        found=found,
        field_name=field_names(desk),
        places=desk.inst.places.communes,
        way=f"{ADDRESS}/{event_id}",
        nobody_named=bool(number.strip())
        and not any(each.says != "name" for each in found.likeness.people),
    )
