"""The administrator's page about background work: what runs, how far it is, stop it, go on."""

from typing import Annotated
from uuid import UUID

from fastapi import Form, Query
from fastapi.responses import HTMLResponse
from pydantic import AwareDatetime
from starlette.responses import Response

from api.pages.desk.admin import check_confirmed
from api.pages.desk.frame import ASKED, SENT, Asking, Sending, desk_router
from labour_book.services import jobs
from labour_book.services.callers import Action

router = desk_router()

ADDRESS = "/desk/admin/jobs"
CAUSES = ("BUG", "DIED", "unavailable", "checked-elsewhere", "conflict")
"""Causes that have words of their own; all others read alike."""
Yes = Annotated[str, Form(max_length=3)]


@router.get("/admin/jobs", responses=ASKED)
def overview(desk: Asking, before: Annotated[AwareDatetime | None, Query()] = None) -> HTMLResponse:
    """Show what runs, waits, failed and is done, and what the queues hold. None says about whom."""
    with desk.deed() as db:
        runs = jobs.overview(db, desk.caller, now=desk.now, before=before)
        queues = jobs.queues(db, desk.caller, now=desk.now)
    return desk.page(
        "admin_jobs.html",
        runs=runs,
        queues=queues,
        kinds=jobs.KINDS,
        causes=CAUSES,
        may_steer=desk.caller.may(Action.JOB_STEER),
        more=runs[-1].asked_at.isoformat() if len(runs) == jobs.AT_ONCE else None,
    )


@router.post("/admin/jobs", responses=SENT)
def start(desk: Sending, kind: Annotated[str, Form(max_length=24)] = "") -> Response:
    """Ask for a piece of work; it begins as soon as a process is free."""
    with desk.deed() as db:
        jobs.start(db, desk.caller, kind, now=desk.now)
    return desk.go(ADDRESS, done="job_started")


@router.post("/admin/jobs/{run_id}/cancel", responses=SENT)
def cancel(desk: Sending, run_id: UUID, confirmed: Yes = "") -> Response:
    """Stop a piece of work; what it has done stays done."""
    check_confirmed(confirmed)
    with desk.deed() as db:
        jobs.cancel(db, desk.caller, run_id, now=desk.now)
    return desk.go(ADDRESS, done="job_cancelled")


@router.post("/admin/jobs/{run_id}/retry", responses=SENT)
def retry(desk: Sending, run_id: UUID) -> Response:
    """Let a piece of work that failed or was stopped go on from where it is."""
    with desk.deed() as db:
        jobs.retry(db, desk.caller, run_id, now=desk.now)
    return desk.go(ADDRESS, done="job_again")
