"""Lines of books that a change has made doubtful: the list of the own unit, and closing them."""

from typing import Annotated
from uuid import UUID

from fastapi import Form, Query
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.pages.desk.frame import ASKED, SENT, Asking, Sending, desk_router
from labour_book.services import access, line_alerts

router = desk_router()

ADDRESS = "/desk/alerts"


@router.get("/alerts", responses=ASKED)
def alerts(desk: Asking, after: Annotated[UUID | None, Query()] = None) -> HTMLResponse:
    """List the lines that somebody of the unit has to look at, oldest first. No names."""
    with desk.deed() as db:
        listed = line_alerts.alerts_for(db, desk.caller, after=after, now=desk.now)
    more = listed[-1].id if len(listed) == line_alerts.AT_ONCE else None
    can_close = desk.caller.may(access.Action.ALERT_CLOSE)
    return desk.page("alerts.html", listed=listed, more=more, can_close=can_close)


@router.post("/alerts/{alert_id}/close", responses=SENT)
def close(
    desk: Sending, alert_id: UUID, reason: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    """Note that a line has been dealt with, and how."""
    with desk.deed() as db:
        line_alerts.close(db, desk.caller, alert_id, reason, now=desk.now)
    return desk.go(ADDRESS, done="alert_closed")
