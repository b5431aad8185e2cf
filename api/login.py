"""Signing in and out with the national e-ID, and the short-lived token of a session."""

from dataclasses import dataclass
from datetime import datetime
from secrets import compare_digest
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, FastAPI, Query, Request
from pydantic import BaseModel, Field
from starlette.background import BackgroundTask
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api import login_app, login_as
from api.dependencies import Inst, Now
from api.login_away import asked_by, away, home_of, provider_of, refused
from api.login_provider import (
    Asked,
    Provider,
    SignInFailed,
    http_client,
    own_client,
    registration,
)
from api.login_session import (
    SEE_OTHER,
    SESSION,
    START,
    NotOurForm,
    Posted,
    Signed,
    Visiting,
    cookie,
    drop_cookie,
    lead_to_sign_in,
    local_path,
    same_site,
    set_cookie,
)
from api.pages import page
from api.problems import problems
from api.sandbox import identity
from api.sandbox.provider import CLIENT_ID
from labour_book import patience
from labour_book.errors import Invalid, Unavailable
from labour_book.services import access, identity_checks, signing_in
from labour_book.services.access import Caller, DeniedToRole, NotSignedIn, Role
from labour_book.services.installation import Installation
from labour_book.services.limiting import TooMany
from labour_book.services.permission import LevelTooLow
from labour_book.services.recipients import EnterpriseRefused
from labour_book.services.signing_in import Began, InvitationOver, SignInOver, SignInRefused
from labour_book.settings import Settings

pages = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
sessions = APIRouter(tags=["session"])
ROUTERS = (pages, login_as.router, *login_app.ROUTERS, sessions)

_REFUSALS = (
    *(SignInFailed, SignInOver, SignInRefused, EnterpriseRefused, InvitationOver, LevelTooLow),
    *(Unavailable, Invalid),
)

To = Annotated[str, Query(max_length=1000)]
Said = Annotated[str | None, Query(max_length=2000)]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the provider sent back with the browser."""

    state: str | None
    code: str | None
    iss: str | None
    error: str | None


async def _answered(
    state: Said = None, code: Said = None, iss: Said = None, error: Said = None
) -> _Answer:
    return _Answer(state, code, iss, error)


def install(app: FastAPI, settings: Settings) -> None:
    """Mount the sign-in with the provider of the settings; in the demonstration, with its own."""
    provider: Provider | None = None
    if settings.oidc_issuer:
        secret = settings.oidc_client_secret
        assert secret is not None
        known = (settings.oidc_issuer, settings.oidc_client_id, secret.get_secret_value())
        provider = Provider(registration(settings, *known), http_client)
    elif settings.demo:
        own = identity.install(app, settings.public_url)
        known = (own.issuer, CLIENT_ID, own.client_secret)
        provider = Provider(registration(settings, *known), own_client)
    app.state.provider = provider
    lead_to_sign_in(app)
    for router in ROUTERS:
        app.include_router(router)


class Session(BaseModel):
    """Who is signed in with this browser."""

    kind: str = Field(examples=["worker"])
    role: str = Field(examples=["worker"])
    name: str = Field(examples=["Nguyễn Thị An"])
    level: int = Field(description="Assurance of the e-ID; 2 is needed to share.", examples=[2])
    signed_in_at: datetime
    expires_at: datetime
    form_token: str = Field(description="What forms of this session send along as `csrf`.")


class SessionToken(BaseModel):
    """A bearer token for this interface."""

    access_token: str
    token_type: str = Field(default="Bearer", examples=["Bearer"])
    expires_in: int = Field(description="Seconds.", examples=[900])


@pages.get("/sign-in", responses=problems(Unavailable))
def ask(request: Request, visiting: Visiting, to: To = "/") -> HTMLResponse:
    """Say what signing in is, and offer it; or say who is signed in."""
    return page(request, "sign_in.html", to=local_path(to), visiting=visiting)


@pages.get("/sign-in/start", responses=problems(Unavailable, TooMany))
def start(request: Request, inst: Inst, now: Now, to: To = "/") -> Response:
    """Send the browser to the e-ID provider."""
    return away(request, inst, now, to=to)


@pages.get("/sign-in/callback", responses=problems(Unavailable))
def come_back(
    request: Request, inst: Inst, now: Now, said: Annotated[_Answer, Depends(_answered)]
) -> Response:
    """Believe the provider's answer if it is one to our question, and begin a session."""
    way_back = "/"
    try:
        asked, began = _question(request, inst, said, now)
        way_back = began.return_to
        provider = provider_of(request)
        provider.check_sender(said.iss, now)
        if said.code is None:
            raise SignInFailed("CANCELLED" if said.error == "access_denied" else "NO_CODE")
        named = provider.identity(said.code, asked, now)
        before = cookie(request, SESSION)
        begun = signing_in.sign_in(inst, named, replaces=before, now=now, began=began)
    except _REFUSALS as error:
        response: Response = refused(request, error, way_back)
    else:
        onward = home_of(begun.caller) if way_back == "/" else way_back
        if not begun.is_certain:
            onward = f"/sign-in/as?to={quote(way_back, safe='')}"
        response = RedirectResponse(onward, SEE_OTHER)
        set_cookie(request, response, SESSION, begun.secret, inst.sessions.hours * 3600)
        response.background = _compared(inst, begun.caller, now)
    drop_cookie(request, response, START)
    return response


def _compared(inst: Installation, caller: Caller, now: datetime) -> BackgroundTask | None:
    """Return the comparison of a worker with the population register, for after the answer."""
    if caller.role is not Role.WORKER or caller.person_id is None:
        return None
    return BackgroundTask(
        patience.unhurried,
        identity_checks.check_if_due,
        inst,
        caller.person_id,
        occasion=identity_checks.Occasion.SIGN_IN,
        now=now,
    )


@pages.post("/sign-out", responses=problems(NotSignedIn, NotOurForm, Unavailable))
def leave(request: Request, posted: Posted, inst: Inst, now: Now) -> Response:
    """End this session."""
    with access.deed(inst.engine) as db:
        signing_in.sign_out(db, posted.secret, posted.caller, now=now)
    return _left(request)


@pages.post("/sign-out/everywhere", responses=problems(NotSignedIn, NotOurForm, Unavailable))
def leave_everywhere(request: Request, posted: Posted, inst: Inst, now: Now) -> Response:
    """End every session of whoever is signed in, in all browsers."""
    with access.deed(inst.engine) as db:
        signing_in.sign_out_everywhere(db, posted.caller, now=now)
    return _left(request)


@sessions.get("/session", responses=problems(NotSignedIn, DeniedToRole, Unavailable))
def session(signed: Signed) -> Session:
    """Tell who is signed in with this browser, and with which assurance."""
    return Session(
        kind=signed.caller.kind,
        role=signed.caller.role,
        name=signed.caller.name,
        level=signed.caller.level,
        signed_in_at=signed.session.since,
        expires_at=signed.session.expires_at,
        form_token=signed.csrf,
    )


@sessions.post(
    "/session/token",
    responses=problems(NotSignedIn, NotOurForm, Unavailable),
    dependencies=[Depends(same_site)],
)
def session_token(signed: Signed, inst: Inst, now: Now) -> SessionToken:
    """Hand out a bearer token that lives a quarter of an hour and ends with the session."""
    with access.deed(inst.engine) as db:
        made = signing_in.token_for(db, inst, signed.session, now=now)
    seconds = int((made.expires_at - now).total_seconds())
    return SessionToken(access_token=made.token, expires_in=seconds)


def _question(request: Request, inst: Inst, said: _Answer, now: datetime) -> tuple[Asked, Began]:
    """Return what this browser asked, and whence it came; an answer to it is taken once."""
    secret = cookie(request, START)
    if secret is None:
        raise SignInOver
    asked = asked_by(secret)
    if said.state is None or not compare_digest(said.state.encode(), asked.state.encode()):
        raise SignInOver
    with access.deed(inst.engine) as db:
        return asked, signing_in.finish(db, inst, secret, now=now)


def _left(request: Request) -> Response:
    response = RedirectResponse("/sign-in", SEE_OTHER)
    drop_cookie(request, response, SESSION)
    return response
