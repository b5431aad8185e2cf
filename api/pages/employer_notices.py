"""What the enterprise is told, and what workers ask it: why somebody there looked."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.pages.desk.wording import coded
from api.pages.employer_frame import ASKED, SENT, Asking, Desk, Sending
from api.pages.employer_frame import told as shown_or_refused
from api.pages.notices import AT_ONCE, told
from api.problems import problems, status_of
from labour_book.errors import Conflict, Invalid
from labour_book.services import access, asking_reasons, notifying

router = APIRouter(prefix="/employer", include_in_schema=False, default_response_class=HTMLResponse)

ADDRESS, QUESTIONS = "/employer/notices", "/employer/questions"
Said = Annotated[str, Form(max_length=400)]


@router.get("/notices", responses=ASKED | problems(Invalid))
def notices(desk: Asking, before: Annotated[UUID | None, Query()] = None) -> Response:
    """Show the newest notices to the enterprise, a page at a time."""
    return shown_or_refused(desk, lambda: _notices(desk, before))


@router.post("/notices/read", responses=SENT | problems(Invalid))
def read_all(desk: Sending, up_to: Annotated[UUID, Form()]) -> Response:
    """Note that all notices up to the newest one that was shown are read."""

    def marked() -> Response:
        with access.deed(desk.inst.engine) as db:
            notifying.mark_all_read(db, desk.caller, up_to=up_to, now=desk.now)
        return desk.led(ADDRESS)

    return shown_or_refused(desk, marked)


@router.post("/notices/{notice_id}/read", responses=SENT | problems(Invalid))
def read(desk: Sending, notice_id: UUID) -> Response:
    """Note that a notice is read."""

    def marked() -> Response:
        with access.deed(desk.inst.engine) as db:
            notifying.mark_read(db, desk.caller, notice_id, now=desk.now)
        return desk.led(ADDRESS)

    return shown_or_refused(desk, marked)


@router.get("/questions", responses=ASKED)
def questions(desk: Asking) -> Response:
    """Show what workers asked the enterprise; what waits stands first."""
    return shown_or_refused(desk, lambda: _questions(desk))


@router.post("/questions/{number}", responses=SENT | problems(Invalid, Conflict))
def answer(desk: Sending, number: int, words: Said = "") -> Response:
    """Answer a worker; the worker is told, and it is traced."""

    def answered() -> Response:
        try:
            with access.deed(desk.inst.engine) as db:
                asking_reasons.answer(db, desk.caller, number, words, now=desk.now)
        except (Invalid, Conflict) as error:
            return _questions(desk, status=status_of(type(error)), wrong=number, words=words)
        return desk.led(QUESTIONS)

    return shown_or_refused(desk, answered)


def _notices(desk: Desk, before: UUID | None) -> HTMLResponse:
    with access.deed(desk.inst.engine) as db:
        found = notifying.inbox(db, desk.caller, now=desk.now, limit=AT_ONCE, before=before)
        unread = notifying.count_unread(db, desk.caller, now=desk.now)
    return desk.page(
        "employer_notices.html",
        notices=[told(each, "employer") for each in found],
        unread=unread,
        more=found[-1].id if len(found) == AT_ONCE else None,
        may_answer=True,
    )


def _questions(
    desk: Desk, *, status: int = 200, wrong: int | None = None, words: str = ""
) -> HTMLResponse:
    with access.deed(desk.inst.engine) as db:
        found = asking_reasons.questions(db, desk.caller, now=desk.now)
    return desk.page(
        "employer_questions.html",
        status=status,
        questions=found,
        wrong=wrong,
        words=words,
        may_open=False,
        deed_named=lambda action: coded(desk.language, "desk.deed", action),
    )
