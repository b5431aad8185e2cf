"""What workers ask an enterprise about months that no insurance was seen for."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.pages.employer_frame import ASKED, SENT, Asking, Desk, Sending, told
from api.problems import problems, status_of
from labour_book.domain.display import show_months
from labour_book.errors import Conflict, Invalid
from labour_book.services import answering_gaps
from labour_book.services.answering_gaps import Answer, Said

router = APIRouter(prefix="/employer", include_in_schema=False, default_response_class=HTMLResponse)

ADDRESS = "/employer/gaps"
Word = Annotated[str, Form(max_length=16)]


@router.get("/gaps", responses=ASKED)
def gaps(desk: Asking) -> Response:
    """Show the questions; what waits stands first."""
    return told(desk, lambda: _questions(desk))


@router.post("/gaps/{step_id}", responses=SENT | problems(Invalid, Conflict))
def answer(
    desk: Sending,
    step_id: UUID,
    *,
    said: Word = "",
    words: Annotated[str, Form(max_length=2_000)] = "",
    pay_by: Annotated[str, Form(max_length=10)] = "",
    status: Word = "",
) -> Response:
    """Answer a worker: pays later, disputes, or agrees and hands in a correction."""

    def answered() -> Response:
        try:
            given = Said(_answer(said), words, _day(pay_by), status)
            answering_gaps.answer(desk.inst, desk.caller, step_id, given, now=desk.now)
        except (Invalid, Conflict) as error:
            return _questions(desk, status=status_of(type(error)), wrong=step_id, words=words)
        return desk.led(ADDRESS)

    return told(desk, answered)


def _answer(said: str) -> Answer:
    try:
        return Answer(said)
    except ValueError as error:
        raise Invalid("say which answer", cause="ANSWER") from error


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid("this is no day", cause="DAY") from error


def _questions(
    desk: Desk, *, status: int = 200, wrong: UUID | None = None, words: str = ""
) -> HTMLResponse:
    with desk.deed() as db:
        found = answering_gaps.questions(db, desk.inst, desk.caller, now=desk.now)
    return desk.page(
        "employer_gaps.html",
        status=status,
        questions=found,
        spans=show_months,
        wrong=wrong,
        words=words,
    )
