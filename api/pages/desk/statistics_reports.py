"""The calendar of reports, and one report: drafted, sent, approved or sent back, archived."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Form
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse, Response

from api.pages.desk.frame import ASKED, SENT, Asking, Sending, desk_router
from labour_book.documents import render_report_pdf
from labour_book.documents import report_words as words
from labour_book.errors import Invalid
from labour_book.law.report_calendar import ReportKind
from labour_book.services import coverage, report_due, report_files, reporting
from labour_book.services.callers import Action
from labour_book.services.report_files import Form as FileForm

router = desk_router()

ADDRESS = "/desk/statistics/reports"
Revision = Annotated[int, Form(ge=0, le=1_000_000)]


@router.get("/statistics/reports", responses=ASKED)
def calendar(desk: Asking) -> HTMLResponse:
    """Show which reports are due for which unit, and how far each is."""
    with desk.deed() as db:
        found = report_due.calendar(db, desk.caller, now=desk.now)
        days = coverage.days_counted(db, now=desk.now)
    return desk.page(
        "reports.html",
        calendar=found,
        days=[each.as_of for each in days],
        kinds=tuple(ReportKind),
        may_draft=desk.caller.may(Action.REPORT_DRAFT),
    )


@router.post("/statistics/reports", responses=SENT)
def begin(
    desk: Sending,
    kind: Annotated[str, Form(max_length=12)] = "",
    as_of: Annotated[str, Form(max_length=10)] = "",
) -> RedirectResponse:
    """Begin a report of the own unit out of what is known now."""
    try:
        day = date.fromisoformat(as_of)
    except ValueError as error:
        raise Invalid("a day is written YYYY-MM-DD", cause="COVERAGE_DAY") from error
    with desk.deed() as db:
        report_id = reporting.begin(db, desk.inst, desk.caller, kind, day, now=desk.now)
    return desk.go(f"{ADDRESS}/{report_id}", done="report-begun")


@router.get("/statistics/reports/{report_id}", responses=ASKED)
def show(desk: Asking, report_id: UUID) -> HTMLResponse:
    """Show a report with its numbers, where it stands, and what can be done with it."""
    with desk.deed() as db:
        found = reporting.opened(db, desk.caller, report_id, now=desk.now)
    is_ours = found.report.unit_code == desk.caller.unit_code
    return desk.page(
        "report.html",
        found=found,
        report=found.report,
        body=found.body,
        words=words,
        number=report_files.number_of(found.report),
        may_write=is_ours and desk.caller.may(Action.REPORT_DRAFT),
        may_decide=is_ours
        and desk.caller.may(Action.REPORT_DECIDE)
        and found.report.drafted_by != desk.caller.id,
        may_take=desk.caller.may(Action.REPORT_TAKE),
        most=reporting.LONGEST_WORDS,
    )


@router.post("/statistics/reports/{report_id}/write", responses=SENT)
def write(
    desk: Sending,
    report_id: UUID,
    revision: Revision = 0,
    said: Annotated[str, Form(max_length=8000)] = "",
) -> RedirectResponse:
    """Keep what is said of the numbers, and take the newest numbers of the day."""
    with desk.deed() as db:
        reporting.write(
            db, desk.inst, desk.caller, report_id, revision=revision, words=said, now=desk.now
        )
    return desk.go(f"{ADDRESS}/{report_id}", done="report-written")


@router.post("/statistics/reports/{report_id}/send", responses=SENT)
def send(desk: Sending, report_id: UUID, revision: Revision = 0) -> RedirectResponse:
    """Send a draft to those who approve in the unit."""
    with desk.deed() as db:
        reporting.send(db, desk.caller, report_id, revision=revision, now=desk.now)
    return desk.go(f"{ADDRESS}/{report_id}", done="report-sent")


@router.post("/statistics/reports/{report_id}/approve", responses=SENT)
def approve(desk: Sending, report_id: UUID, revision: Revision = 0) -> RedirectResponse:
    """Approve a report as it was seen; then its files are made and kept."""
    with desk.deed() as db:
        reporting.approve(db, desk.caller, report_id, revision=revision, now=desk.now)
    report_files.archive(desk.inst, desk.caller, report_id, now=desk.now)
    return desk.go(f"{ADDRESS}/{report_id}", done="report-approved")


@router.post("/statistics/reports/{report_id}/send-back", responses=SENT)
def send_back(
    desk: Sending,
    report_id: UUID,
    revision: Revision = 0,
    reason: Annotated[str, Form(max_length=800)] = "",
) -> RedirectResponse:
    """Send a report back to who drafted it, and say why."""
    with desk.deed() as db:
        reporting.send_back(
            db, desk.caller, report_id, revision=revision, reason=reason, now=desk.now
        )
    return desk.go(f"{ADDRESS}/{report_id}", done="report-sent-back")


@router.get("/statistics/reports/{report_id}/draft.pdf", responses=ASKED)
def preview(desk: Asking, report_id: UUID) -> Response:
    """Return the report as it would be printed; it is not sealed."""
    with desk.deed() as db:
        paper = report_files.paper_of(db, desk.inst, desk.caller, report_id, now=desk.now)
    return _file(render_report_pdf(paper), "application/pdf", "du-thao-bao-cao.pdf")


@router.get("/statistics/reports/{report_id}/files/{form}", responses=ASKED)
def take(desk: Asking, report_id: UUID, form: FileForm) -> Response:
    """Return an archived file as it was kept."""
    with desk.deed() as db:
        taken = report_files.take(db, desk.caller, report_id, form, now=desk.now)
    return _file(taken.content, taken.media_type, taken.name)


def _file(content: bytes, media_type: str, name: str) -> Response:
    disposition = f'attachment; filename="{name}"'
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})
