"""Old paper books: the scan beside the form, and the check by a second person."""

from collections.abc import Mapping, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Depends, File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse, Response

from api.pages.desk.frame import ASKED, SENT, Asking, Desk, Sending, desk_router
from labour_book.domain.names import display_name
from labour_book.errors import NotFound
from labour_book.services import likeness, transcribing
from labour_book.services.receipts import Told
from labour_book.services.transcribing import MOST_LINES, Line, LinesRefused, Page

router = desk_router()

ADDRESS = "/desk/paper"
EMPTY_LINES = 4
"""Empty lines behind those that are filled in."""
_COLUMNS = ("employer_name", "position", "first_month", "last_month")
_NO_STORE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
Lines = Sequence[Line]


@router.get("/paper", responses=ASKED)
def pages(desk: Asking) -> HTMLResponse:
    """Ask for a scan, and show the pages that wait to be transcribed or checked."""
    with desk.deed() as db:
        found = transcribing.pages(db, desk.caller, now=desk.now)
    return desk.page("paper.html", pages=found, display_name=display_name)


@router.post("/paper", responses=SENT)
def keep(
    desk: Sending,
    file: Annotated[UploadFile, File()],
    number: Annotated[str, Form(max_length=20)],
    page_ref: Annotated[str, Form(max_length=60)],
) -> RedirectResponse:
    """Keep a scan of a page of the book of whom a number names."""
    content = file.file.read()
    with desk.deed() as db:
        person_id = likeness.person_named(db, desk.inst, number)
        if person_id is None:
            raise NotFound("nobody on file has this number")
        page_id = transcribing.keep_scan(
            db,
            desk.inst,
            desk.caller,
            person_id,
            page_ref=page_ref,
            content=content,
            now=desk.now,
        )
    return desk.go(f"{ADDRESS}/{page_id}", done="scanned")


@router.get("/paper/{page_id}", responses=ASKED)
def page(desk: Asking, page_id: UUID) -> HTMLResponse:
    """Show a scan beside what was read from it."""
    with desk.deed() as db:
        found = transcribing.open_page(db, desk.inst, desk.caller, page_id, now=desk.now)
    return _page(desk, found, found.lines)


@router.get("/paper/{page_id}/scan", responses=ASKED)
def scan(desk: Asking, page_id: UUID) -> Response:
    """Return the picture of a page; it is kept by nobody on the way."""
    with desk.deed() as db:
        picture = transcribing.picture_of(db, desk.inst, desk.caller, page_id, now=desk.now)
    return Response(picture, headers=_NO_STORE, media_type="image/jpeg")


async def _lines(request: Request) -> Lines:
    form = await request.form()
    columns = [[str(each).strip() for each in form.getlist(name)] for name in _COLUMNS]
    found = [Line(*cells) for cells in zip(*columns, strict=False)]
    return [each for each in found if any((each.employer_name, each.position, each.first_month))]


@router.post("/paper/{page_id}", responses=SENT)
def transcribe(desk: Sending, page_id: UUID, lines: Annotated[Lines, Depends(_lines)]) -> Response:
    """Note what was read from a page; what cannot be recorded so is told beside its line."""
    try:
        with desk.deed() as db:
            transcribing.transcribe(db, desk.inst, desk.caller, page_id, lines, now=desk.now)
    except LinesRefused as error:
        wrong = {each.line: each.told for each in error.wrong}
        with desk.deed() as db:
            found = transcribing.open_page(db, desk.inst, desk.caller, page_id, now=desk.now)
        return _page(desk, found, lines, wrong, status=422)
    return desk.go(f"{ADDRESS}/{page_id}", done="transcribed")


@router.post("/paper/{page_id}/right", responses=SENT)
def right(desk: Sending, page_id: UUID) -> HTMLResponse:
    """Confirm what another official read, and show what became of each line."""
    with desk.deed() as db:
        receipts = transcribing.check_right(db, desk.inst, desk.caller, page_id, now=desk.now)
        found = transcribing.open_page(db, desk.inst, desk.caller, page_id, now=desk.now)
    return _page(desk, found, found.lines, receipts=receipts)


@router.post("/paper/{page_id}/back", responses=SENT)
def send_back(
    desk: Sending, page_id: UUID, note: Annotated[str, Form(max_length=200)]
) -> RedirectResponse:
    """Send a page back to be transcribed again."""
    with desk.deed() as db:
        transcribing.send_back(db, desk.caller, page_id, note, now=desk.now)
    return desk.go(ADDRESS, done="page-sent-back")


def _page(
    desk: Desk,
    found: Page,
    lines: Lines,
    wrong: Mapping[int, Sequence[Told]] | None = None,
    *,
    status: int = 200,
    receipts: Sequence[object] = (),
) -> HTMLResponse:
    empty = [Line("", "", "", "")] * min(EMPTY_LINES, MOST_LINES - len(lines))
    return desk.page(
        "paper_page.html",
        status=status,
        page=found.on_file,
        name=display_name(found.on_file.full_name),
        lines=[*lines, *empty] if found.on_file.state == "scanned" else lines,
        wrong=wrong or {},
        receipts=receipts,
        is_own=found.on_file.transcribed_by == desk.caller.id,
    )
