"""What the links in mails lead to: confirming an address, and ending mail to it.

Following a link changes nothing, since mail programs follow links by themselves; the button does.
"""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from api.dependencies import Db, Inst, Now
from api.pages import page
from api.problems import problems
from labour_book.errors import NotFound, Unavailable
from labour_book.services import channels

router = APIRouter(prefix="/mail", include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/confirm/{token}")
async def ask_to_confirm(request: Request, token: str) -> HTMLResponse:
    """Ask whether notices are to go to this address."""
    return page(request, "mail_link.html", token=token, what="confirm", is_done=False)


@router.post("/confirm/{token}", responses=problems(NotFound, Unavailable))
def confirm(request: Request, token: str, db: Db, inst: Inst, now: Now) -> HTMLResponse:
    """Let notices go to this address from now on."""
    channels.confirm_by_link(db, inst, token, now=now)
    return page(request, "mail_link.html", token=token, what="confirm", is_done=True)


@router.get("/stop/{token}")
async def ask_to_stop(request: Request, token: str) -> HTMLResponse:
    """Ask whether mail to this address is to end."""
    return page(request, "mail_link.html", token=token, what="stop", is_done=False)


@router.post("/stop/{token}", responses=problems(NotFound, Unavailable))
def stop(request: Request, token: str, db: Db, inst: Inst, now: Now) -> HTMLResponse:
    """End mail to this address: by the button, or by the mail program itself (RFC 8058)."""
    channels.stop_by_link(db, inst, token, now=now)
    return page(request, "mail_link.html", token=token, what="stop", is_done=True)
