"""Signing the app of a phone or a desktop in through the browser (RFC 8252).

The way back is the app's own link, or this machine at a port: nothing else can be asked for, so
nobody is ever led elsewhere. The code stands on the page as well, for where neither way works.
"""

from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse

from api.dependencies import Inst, Now
from api.login_session import SESSION, NotOurForm, Posted, Signed, cookie_name
from api.pages import page
from api.problems import problems
from labour_book.errors import Denied, Invalid, Unavailable
from labour_book.services import access, app_sign_in
from labour_book.services.access import NotSignedIn
from labour_book.services.app_sign_in import AppCodeOver
from labour_book.services.limiting import TooMany

APP_LINK = "vn.gov.solaodong.app://app/signed-in"
"""What opens the app of a phone; declared where it is built."""

pages = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
sessions = APIRouter(tags=["session"])
ROUTERS = (pages, sessions)

CHALLENGE, STATE = r"^[A-Za-z0-9_-]{43}$", r"^[A-Za-z0-9_-]{22,64}$"
FIRST_PORT, LAST_PORT = 1024, 65535


class Asking(BaseModel):
    """What an app asks for: by which challenge, and how it is found again."""

    challenge: str = Field(pattern=CHALLENGE)
    state: str = Field(pattern=STATE)
    port: int | None = Field(default=None, ge=FIRST_PORT, le=LAST_PORT)
    """Where on this machine it listens; None for the app of a phone."""

    def back(self, code: str) -> str:
        """Return the address that gives the app its code."""
        said = urlencode({"code": code, "state": self.state})
        way = APP_LINK if self.port is None else f"http://127.0.0.1:{self.port}/"
        return f"{way}?{said}"


class AppCodeGiven(BaseModel):
    """The code that the browser gave the app, and what proves that this app asked for it."""

    code: str = Field(max_length=40, examples=["7K2M-Q9XD-04TB"])
    verifier: str = Field(
        max_length=128,
        description="Of the challenge, as RFC 7636 says.",
        examples=["dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"],
    )


class AppSessionToken(BaseModel):
    """A session of the app's own."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the name of a scheme
    expires_in: int = Field(description="Seconds.", examples=[900])
    cookie: str = Field(
        description="Stands for the session: sent as the header `Cookie` it gets new tokens from "
        "`POST /session/token` and signs out. To be kept in memory alone."
    )


@pages.get("/app-sign-in", responses=problems(NotSignedIn, Denied, Unavailable))
def ask(request: Request, signed: Signed, asking: Annotated[Asking, Query()]) -> HTMLResponse:
    """Ask whether the app that opened this page may go on as whoever is signed in."""
    return page(request, "app_sign_in.html", asking=asking, browser=signed)


@pages.post("/app-sign-in", responses=problems(NotSignedIn, NotOurForm, Denied, Invalid, TooMany))
def agree(
    request: Request,
    posted: Posted,
    inst: Inst,
    now: Now,
    *,
    challenge: Annotated[str, Form(pattern=CHALLENGE)],
    state: Annotated[str, Form(pattern=STATE)],
    port: Annotated[int | None, Form(ge=FIRST_PORT, le=LAST_PORT)] = None,
) -> HTMLResponse:
    """Give the app its code: by a link that leads back to it, and to type."""
    asking = Asking(challenge=challenge, state=state, port=port)
    with access.deed(inst.engine) as db:
        made = app_sign_in.allow(db, inst, posted.session, asking.challenge, now=now)
    return page(
        request,
        "app_sign_in_code.html",
        made=made,
        back=asking.back(made.code),
        minutes=inst.sessions.app_code_minutes,
        browser=posted,
        headers={"Cache-Control": "no-store"},
    )


@sessions.post("/sign-in/app/token", responses=problems(AppCodeOver, Invalid, TooMany, Unavailable))
def app_token(request: Request, given: AppCodeGiven, inst: Inst, now: Now) -> AppSessionToken:
    """Give an app that was signed in through the browser a session of its own."""
    client = request.client
    begun = app_sign_in.redeem(
        inst,
        given.code,
        given.verifier,
        address=None if client is None else client.host,
        now=now,
    )
    return AppSessionToken(
        access_token=begun.token.token,
        expires_in=int((begun.token.expires_at - now).total_seconds()),
        cookie=f"{cookie_name(request, SESSION)}={begun.secret}",
    )
