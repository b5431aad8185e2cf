"""The administrator's page about mail that could not be delivered: why, and once more."""

from uuid import UUID

from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.pages.desk.frame import ASKED, SENT, Asking, Sending, desk_router
from labour_book.services import mailing

router = desk_router()

ADDRESS = "/desk/admin/mail"
SAID = (mailing.NOT_WANTED, mailing.NOT_READABLE)
"""Reasons that have words; all others are the server's own code."""


@router.get("/admin/mail", responses=ASKED)
def undelivered(desk: Asking) -> HTMLResponse:
    """Show the mails that were given up, the latest first. None of them says to whom."""
    with desk.deed() as db:
        mails = mailing.undelivered(db, desk.caller, now=desk.now)
    return desk.page(
        "admin_mail.html",
        mails=mails,
        said=SAID,
        notice_named=lambda kind: mailing.subject_of(kind, desk.language),
    )


@router.post("/admin/mail/{mail_id}/retry", responses=SENT)
def retry(desk: Sending, mail_id: UUID) -> Response:
    """Let a mail that was given up be tried again."""
    with desk.deed() as db:
        mailing.retry(db, desk.caller, mail_id, now=desk.now)
    return desk.go(ADDRESS, done="mail-again")
