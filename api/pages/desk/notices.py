"""What the unit is told, and what workers ask it: why somebody there looked."""

from typing import Annotated
from uuid import UUID

from fastapi import Form, Query
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse, Response

from api.dependencies import Number
from api.pages.desk.frame import ASKED, SENT, Asking, Desk, Sending, desk_router
from api.pages.seat import inbox
from api.pages.seat import questions as asked
from api.problems import status_of
from labour_book.errors import Conflict, Invalid
from labour_book.services import asking_reasons, notifying

router = desk_router()

ADDRESS, QUESTIONS = "/desk/notices", "/desk/questions"
Said = Annotated[str, Form(max_length=400)]


@router.get("/notices", responses=ASKED)
def notices(desk: Asking, before: Annotated[UUID | None, Query()] = None) -> HTMLResponse:
    """Show the newest notices to the unit, a page at a time."""
    return desk.page("notices.html", **inbox(desk, "desk", before))


@router.post("/notices/read", responses=SENT)
def read_all(desk: Sending, up_to: Annotated[UUID, Form()]) -> RedirectResponse:
    """Note that all notices up to the newest one that was shown are read."""
    with desk.deed() as db:
        notifying.mark_all_read(db, desk.caller, up_to=up_to, now=desk.now)
    return desk.go(ADDRESS, done="notices-read")


@router.post("/notices/{notice_id}/read", responses=SENT)
def read(desk: Sending, notice_id: UUID) -> RedirectResponse:
    """Note that a notice is read."""
    with desk.deed() as db:
        notifying.mark_read(db, desk.caller, notice_id, now=desk.now)
    return desk.go(ADDRESS, done="notices-read")


@router.get("/questions", responses=ASKED)
def questions(desk: Asking) -> HTMLResponse:
    """Show what workers asked the unit; what waits stands first."""
    return _questions(desk)


@router.post("/questions/{number}", responses=SENT)
def answer(desk: Sending, number: Number, words: Said = "") -> Response:
    """Answer a worker; the worker is told, and it is traced."""
    try:
        with desk.deed() as db:
            asking_reasons.answer(db, desk.caller, number, words, now=desk.now)
    except (Invalid, Conflict) as error:
        return _questions(desk, status=status_of(type(error)), wrong=number, words=words)
    return desk.go(QUESTIONS, done="reason-answered")


def _questions(
    desk: Desk, *, status: int = 200, wrong: int | None = None, words: str = ""
) -> HTMLResponse:
    return desk.page("questions.html", status=status, **asked(desk, wrong, words))
