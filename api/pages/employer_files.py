"""Workbooks of declarations: the template, sending one, and what became of every row."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Query, UploadFile
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.dependencies import MOST
from api.pages.employer_frame import ASKED, SENT, Asking, Desk, Sending, told
from api.problems import BodyTooLarge, problems
from api.routes.media import XLSX
from labour_book.errors import Invalid
from labour_book.services import access, filing_files
from labour_book.services.receipts import Outcome

router = APIRouter(prefix="/employer", include_in_schema=False, default_response_class=HTMLResponse)

TEMPLATE_NAME, REFUSED_NAME = "mau-khai-bao.xlsx", "dong-can-sua.xlsx"
ACCEPTED = (Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.DUPLICATE)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which rows of a workbook are shown."""

    outcomes: tuple[Outcome, ...]
    after: int


@router.get("/filings/template.xlsx", responses=ASKED)
def template(desk: Asking) -> Response:
    """Return the workbook to fill in."""

    def shown() -> Response:
        with access.deed(desk.inst.engine) as db:
            filing_files.sent_files(db, desk.caller, now=desk.now)
        return _workbook(filing_files.template(), TEMPLATE_NAME)

    return told(desk, shown)


@router.get("/filings/files", responses=ASKED)
def files(desk: Asking) -> Response:
    """Show how to send a workbook, and those that were sent."""
    return told(desk, lambda: _files_page(desk))


@router.post("/filings/file", responses=SENT | problems(Invalid, BodyTooLarge))
def send(desk: Sending, file: Annotated[UploadFile | None, File()] = None) -> Response:
    """Take in a workbook; its rows are recorded soon."""

    def taken() -> Response:
        content = b"" if file is None else file.file.read()
        if file is None or not content:
            return _files_page(desk, is_empty=True)
        with access.deed(desk.inst.engine) as db:
            name = file.filename or ""
            file_id = filing_files.send(
                db, desk.inst, desk.caller, file_name=name, content=content, now=desk.now
            )
        return desk.led(f"/employer/filings/files/{file_id}")

    return told(desk, taken)


@router.get("/filings/files/{file_id}", responses=ASKED)
def sent_file(
    desk: Asking,
    file_id: UUID,
    show: Annotated[str, Query(max_length=12)] = "",
    after: Annotated[int, Query(ge=0, le=MOST)] = 0,
) -> Response:
    """Show what became of a workbook: its rows by outcome, and why those refused were."""
    wanted = _Wanted(ACCEPTED if show == "accepted" else (Outcome.REFUSED,), after)
    return told(desk, lambda: _file_page(desk, file_id, wanted))


@router.get("/filings/files/{file_id}/refused.xlsx", responses=ASKED)
def refused(desk: Asking, file_id: UUID) -> Response:
    """Return the refused rows as a workbook to mend and send again."""

    def shown() -> Response:
        with access.deed(desk.inst.engine) as db:
            content = filing_files.refused_file(db, desk.inst, desk.caller, file_id, now=desk.now)
        return _workbook(content, REFUSED_NAME)

    return told(desk, shown)


def _files_page(desk: Desk, *, is_empty: bool = False) -> HTMLResponse:
    with access.deed(desk.inst.engine) as db:
        sent = filing_files.sent_files(db, desk.caller, now=desk.now)
    status = 422 if is_empty else 200
    return desk.page("employer_files.html", status=status, files=sent, is_empty=is_empty)


def _file_page(desk: Desk, file_id: UUID, wanted: _Wanted) -> HTMLResponse:
    with access.deed(desk.inst.engine) as db:
        found = filing_files.sent_file(db, desk.caller, file_id, now=desk.now)
        rows = filing_files.rows_of(
            db,
            desk.inst,
            desk.caller,
            file_id,
            wanted.outcomes,
            after=wanted.after,
            now=desk.now,
        )
    more = rows[-1].ordinal if len(rows) == filing_files.PAGE else None
    is_accepted = wanted.outcomes is ACCEPTED
    return desk.page("employer_file.html", file=found, rows=rows, more=more, accepted=is_accepted)


def _workbook(content: bytes, name: str) -> Response:
    named = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=named, media_type=XLSX)
