"""In which capacity somebody goes on who may act for others too, and invitations to an account."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.dependencies import Inst, Now
from api.login_away import away, home_of, provider_of, refused
from api.login_provider import SignInFailed
from api.login_session import (
    SEE_OTHER,
    SESSION,
    NotOurForm,
    Posted,
    Signed,
    local_path,
    same_site,
    set_cookie,
)
from api.pages import page
from api.problems import problems
from labour_book.errors import Conflict, Denied, NotFound, Unavailable
from labour_book.services import access, signing_in
from labour_book.services.access import NotSignedIn
from labour_book.services.capacities import kind_meant
from labour_book.services.limiting import TooMany
from labour_book.services.provider_logout import end_by_provider
from labour_book.services.recipients import EnterpriseRefused

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

To = Annotated[str, Query(max_length=1000)]
ToAgain = Annotated[str, Form(max_length=1000)]
Code = Annotated[str, Query(max_length=100)]
CodeAgain = Annotated[str, Form(max_length=100)]


@router.get("/sign-in/as", responses=problems(NotSignedIn, Denied, Unavailable))
def ask_capacity(
    request: Request, signed: Signed, inst: Inst, now: Now, to: To = "/"
) -> HTMLResponse:
    """Ask in which capacity to go on: for oneself, as an official, or for whom."""
    with access.deed(inst.engine) as db:
        open_to = signing_in.choices(db, signed.secret, signed.caller, now=now)
    return page(request, "sign_in_as.html", open_to=open_to, to=local_path(to), browser=signed)


@router.post(
    "/sign-in/as",
    responses=problems(NotSignedIn, NotOurForm, NotFound, EnterpriseRefused, Unavailable),
)
def go_on_as(
    request: Request,
    posted: Posted,
    inst: Inst,
    now: Now,
    account: Annotated[UUID, Form()],
    *,
    to: ToAgain = "/",
) -> Response:
    """Go on in another capacity, with a new session."""
    try:
        with access.deed(inst.engine) as db:
            begun = signing_in.go_on_as(db, inst, posted.secret, posted.caller, account, now=now)
    except EnterpriseRefused as error:
        return refused(request, error, local_path(to))
    way = local_path(to)
    fits = way != "/" and kind_meant(way) == begun.caller.kind
    response = RedirectResponse(way if fits else home_of(begun.caller), SEE_OTHER)
    set_cookie(request, response, SESSION, begun.secret, inst.sessions.hours * 3600)
    return response


@router.get("/sign-in/invitation")
async def invited(request: Request, code: Code = "") -> HTMLResponse:
    """Say what an invitation is for; it is used by signing in."""
    return page(request, "sign_in_invited.html", code=code)


@router.post(
    "/sign-in/invitation",
    responses=problems(NotOurForm, TooMany, Unavailable),
    dependencies=[Depends(same_site)],
)
def take_invitation(request: Request, inst: Inst, now: Now, code: CodeAgain = "") -> Response:
    """Go to the e-ID provider; whoever signs in there takes the account."""
    return away(request, inst, now, to="/desk", invitation=code)


@router.post("/sign-in/logged-out", responses=problems(SignInFailed, Conflict, Unavailable))
def logged_out(
    request: Request,
    response: Response,
    inst: Inst,
    now: Now,
    logout_token: Annotated[str, Form(max_length=8000)] = "",
) -> None:
    """End the sessions of whoever has signed out at the e-ID provider, which says so itself."""
    said = provider_of(request).logged_out(logout_token, now)
    with access.deed(inst.engine) as db:
        end_by_provider(db, said, now=now)
    response.headers["Cache-Control"] = "no-store"
