"""The worker sees which wallet asks for the book, and agrees or not."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.dependencies import Db, Inst, Now
from api.headers import PAGE
from api.login_session import SEE_OTHER, Posted, Signed
from api.pages import page
from api.problems import problems
from labour_book.errors import Denied, Invalid, NotFound, Unavailable
from labour_book.services import wallet_authorizing
from labour_book.services.access import NotSignedIn

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

ClientId = Annotated[str, Query(max_length=300)]
RequestUri = Annotated[str, Query(max_length=200)]
DECLARED = problems(NotSignedIn, Denied, NotFound, Invalid, Unavailable)


@router.get("/authorize", responses=DECLARED)
def authorize(
    request: Request,
    *,
    signed: Signed,
    client_id: ClientId,
    request_uri: RequestUri,
    db: Db,
    now: Now,
) -> HTMLResponse:
    """Show which wallet asks for the book, and where it would go."""
    asked = wallet_authorizing.asked(db, request_uri, client_id, now=now)
    shown = page(
        request,
        "wallet.html",
        asked=asked,
        client_id=client_id,
        request_uri=request_uri,
        csrf=signed.csrf,
    )
    # Browsers hold the redirect after a form against form-action as well.
    policy = PAGE.replace("form-action 'self'", f"form-action 'self' {asked.source}")
    shown.headers["Content-Security-Policy"] = policy
    return shown


@router.post("/authorize", responses=DECLARED)
def decide(
    *,
    posted: Posted,
    client_id: Annotated[str, Form(max_length=300)],
    request_uri: Annotated[str, Form(max_length=200)],
    db: Db,
    inst: Inst,
    now: Now,
    agree: Annotated[str, Form(max_length=3)] = "",
) -> Response:
    """Send the browser back to the wallet, with a code or without."""
    deed = wallet_authorizing.agree if agree == "yes" else wallet_authorizing.decline
    onward = deed(db, inst, posted.caller, request_uri, client_id, now=now)
    return RedirectResponse(onward, SEE_OTHER)
