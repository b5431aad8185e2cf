"""Where an official begins; to whoever is none, how to become one."""

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.dependencies import Inst, Now
from api.login_session import Visiting
from api.pages import page
from api.pages.desk.frame import desk_router, seated
from api.problems import problems
from labour_book.errors import Unavailable
from labour_book.services import asking_reasons, notifying
from labour_book.services.callers import Action

router = desk_router()


@router.get("", responses=problems(Unavailable))
def start(request: Request, inst: Inst, now: Now, visiting: Visiting) -> HTMLResponse:
    """Show what there is to do at the desk; to whoever has no seat there, how to sign in."""
    if visiting is None or visiting.caller.kind != "official":
        return page(request, "desk/welcome.html", visiting=visiting)
    desk = seated(request, inst, now, visiting)
    waiting = None
    with desk.deed() as db:
        unread = notifying.count_unread(db, desk.caller, now=now)
        if desk.caller.may(Action.REASON_ANSWER):
            waiting = asking_reasons.count_waiting(db, desk.caller, now=now)
    return desk.page("start.html", unread=unread, waiting=waiting)
