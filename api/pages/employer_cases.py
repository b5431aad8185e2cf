"""What workers say is wrong or missing and the enterprise is asked about: confirm or contest."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.pages.employer_frame import ASKED, SENT, Asking, Desk, Sending, told
from api.problems import problems
from labour_book.domain.corrections import CaseMoved, CaseState
from labour_book.domain.names import display_name
from labour_book.errors import Invalid
from labour_book.services import access, deciding
from labour_book.services.case_views import CaseFile
from labour_book.services.own_filings import worker_name

router = APIRouter(prefix="/employer", include_in_schema=False, default_response_class=HTMLResponse)

AGREES, CONTESTS = "agrees", "contests"
Words = Annotated[str, Form(max_length=2_000)]


@router.get("/cases", responses=ASKED | problems(Invalid))
def cases(desk: Asking, cursor: Annotated[str | None, Query(max_length=200)] = None) -> Response:
    """Show the cases that wait for the enterprise, due first; nothing of what they are about."""

    def shown() -> HTMLResponse:
        with access.deed(desk.inst.engine) as db:
            page = deciding.queue(db, desk.inst, desk.caller, cursor=cursor, now=desk.now)
        return desk.page("employer_cases.html", cases=page.cases, more=page.next_cursor)

    return told(desk, shown)


@router.get("/cases/{case_id}", responses=ASKED)
def case(desk: Asking, case_id: UUID) -> Response:
    """Show what a worker says of a line, beside what is recorded."""
    return told(desk, lambda: _case_page(desk, case_id))


@router.post("/cases/{case_id}", responses=SENT | problems(Invalid, CaseMoved))
def answer(
    desk: Sending, case_id: UUID, said: Annotated[str, Form(max_length=8)] = "", words: Words = ""
) -> Response:
    """Say whether the worker is right; an official decides then."""

    def answered() -> Response:
        if said not in {AGREES, CONTESTS}:
            return _case_page(desk, case_id, status=422)
        try:
            with access.deed(desk.inst.engine) as db:
                deciding.employer_answers(
                    db,
                    desk.inst,
                    desk.caller,
                    case_id,
                    agrees=said == AGREES,
                    words=words,
                    now=desk.now,
                )
        except Invalid:  # no words of why, or too many
            return _case_page(desk, case_id, status=422, words=words)
        except CaseMoved:
            return _case_page(desk, case_id, status=409)
        return desk.led(f"/employer/cases/{case_id}")

    return told(desk, answered)


def _case_page(desk: Desk, case_id: UUID, *, status: int = 200, words: str = "") -> HTMLResponse:
    with access.deed(desk.inst.engine) as db:
        found = deciding.case(db, desk.inst, desk.caller, case_id, now=desk.now)
        name = worker_name(db, desk.caller, found.person_id, now=desk.now)
    return desk.page(
        "employer_case.html",
        status=status,
        case=found,
        full_name=display_name(name),
        waits=_waits(found),
        words=words,
    )


def _waits(found: CaseFile) -> bool:
    return found.employer_answer == "" and found.line.state is CaseState.ROUTED
