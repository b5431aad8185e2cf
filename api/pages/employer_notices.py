"""What the enterprise is told, and what workers ask it: why somebody there looked."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.dependencies import Number
from api.pages.employer_frame import ASKED, SENT, Asking, Desk, Sending
from api.pages.employer_frame import told as shown_or_refused
from api.pages.seat import inbox
from api.pages.seat import questions as asked
from api.problems import problems, status_of
from labour_book.errors import Conflict, Invalid
from labour_book.services import asking_reasons, notifying

router = APIRouter(prefix="/employer", include_in_schema=False, default_response_class=HTMLResponse)

ADDRESS, QUESTIONS = "/employer/notices", "/employer/questions"
Said = Annotated[str, Form(max_length=400)]


@router.get("/notices", responses=ASKED | problems(Invalid))
def notices(desk: Asking, before: Annotated[UUID | None, Query()] = None) -> Response:
    """Show the newest notices to the enterprise, a page at a time."""
    return shown_or_refused(
        desk, lambda: desk.page("employer_notices.html", **inbox(desk, "employer", before))
    )


@router.post("/notices/read", responses=SENT | problems(Invalid))
def read_all(desk: Sending, up_to: Annotated[UUID, Form()]) -> Response:
    """Note that all notices up to the newest one that was shown are read."""

    def marked() -> Response:
        with desk.deed() as db:
            notifying.mark_all_read(db, desk.caller, up_to=up_to, now=desk.now)
        return desk.led(ADDRESS)

    return shown_or_refused(desk, marked)


@router.post("/notices/{notice_id}/read", responses=SENT | problems(Invalid))
def read(desk: Sending, notice_id: UUID) -> Response:
    """Note that a notice is read."""

    def marked() -> Response:
        with desk.deed() as db:
            notifying.mark_read(db, desk.caller, notice_id, now=desk.now)
        return desk.led(ADDRESS)

    return shown_or_refused(desk, marked)


@router.get("/questions", responses=ASKED)
def questions(desk: Asking) -> Response:
    """Show what workers asked the enterprise; what waits stands first."""
    return shown_or_refused(desk, lambda: _questions(desk))


@router.post("/questions/{number}", responses=SENT | problems(Invalid, Conflict))
def answer(desk: Sending, number: Number, words: Said = "") -> Response:
    """Answer a worker; the worker is told, and it is traced."""

    def answered() -> Response:
        try:
            with desk.deed() as db:
                asking_reasons.answer(db, desk.caller, number, words, now=desk.now)
        except (Invalid, Conflict) as error:
            return _questions(desk, status=status_of(type(error)), wrong=number, words=words)
        return desk.led(QUESTIONS)

    return shown_or_refused(desk, answered)


def _questions(
    desk: Desk, *, status: int = 200, wrong: int | None = None, words: str = ""
) -> HTMLResponse:
    return desk.page("employer_questions.html", status=status, **asked(desk, wrong, words))
