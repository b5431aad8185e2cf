"""What workers say is wrong or missing and the enterprise is asked about: confirm or contest."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, Query, UploadFile
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.pages import texts
from api.pages.desk.frame import SAID
from api.pages.desk.wording import value_of
from api.pages.employer_frame import ASKED, UPLOADED, Asking, Desk, Sending, told
from api.problems import BodyTooLarge, problems, status_of
from labour_book import data
from labour_book.domain.corrections import CaseMoved, CaseState
from labour_book.domain.names import display_name
from labour_book.errors import Invalid
from labour_book.services import access, case_files, deciding
from labour_book.services.case_files import FilesFull
from labour_book.services.case_views import CaseFile
from labour_book.services.own_filings import worker_name

router = APIRouter(prefix="/employer", include_in_schema=False, default_response_class=HTMLResponse)

AGREES, CONTESTS = "agrees", "contests"
MOST_AT_ONCE = 5
"""Files that are sent with one answer; together they are no larger than one alone may be."""
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


@router.post("/cases/{case_id}", responses=UPLOADED | problems(CaseMoved, BodyTooLarge))
def answer(
    desk: Sending,
    case_id: UUID,
    *,
    said: Annotated[str, Form(max_length=8)] = "",
    words: Words = "",
    evidence_class: Annotated[str, Form(max_length=24)] = "",
    files: Annotated[list[UploadFile] | None, File(max_length=MOST_AT_ONCE)] = None,
) -> Response:
    """Say whether the worker is right, with papers where they are not; an official decides then."""

    def answered() -> Response:
        if said not in {AGREES, CONTESTS}:
            return _case_page(desk, case_id, status=422)
        sent = filter(None, [each.file.read() for each in files or ()])
        papers = [] if said == AGREES else [(each, evidence_class) for each in sent]
        try:
            _answer(desk, case_id, agrees=said == AGREES, words=words, papers=papers)
        except (Invalid, FilesFull) as error:  # also a file that cannot be taken
            status = status_of(type(error))
            return _case_page(desk, case_id, status=status, words=words, wrong=_said_of(error))
        except CaseMoved:
            return _case_page(desk, case_id, status=409)
        return desk.led(f"/employer/cases/{case_id}")

    return told(desk, answered)


def _answer(
    desk: Desk, case_id: UUID, *, agrees: bool, words: str, papers: Sequence[tuple[bytes, str]]
) -> None:
    """Add the papers and answer, in one transaction: else neither stays."""
    with access.deed(desk.inst.engine) as db:
        for content, kind in papers:
            case_files.attach(
                db, desk.inst, desk.caller, case_id, content, evidence_class=kind, now=desk.now
            )
        deciding.employer_answers(
            db, desk.inst, desk.caller, case_id, agrees=agrees, words=words, now=desk.now
        )


def _said_of(error: Invalid | FilesFull) -> str:
    of_cause = f"{SAID}{error.slug}.{error.facts.get('cause')}"
    return of_cause if of_cause in texts.catalogue() else f"{SAID}{error.slug}"


def _case_page(
    desk: Desk, case_id: UUID, *, status: int = 200, words: str = "", wrong: str = ""
) -> HTMLResponse:
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
        wrong=wrong,
        value=partial(value_of, language=texts.language_of(desk.request)),
        classes=data.evidence_classes(),
        most=MOST_AT_ONCE,
    )


def _waits(found: CaseFile) -> bool:
    return found.employer_answer == "" and found.line.state is CaseState.ROUTED
