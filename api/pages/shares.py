"""What a recipient sees of a share: its cover, what it shows, a copy to keep, and how it ended.

The cover burns no view, so that robots and previews of links may fetch it. It carries a ticket, and
whoever opens with it sees the same again for a quarter of an hour without being counted: a reload,
another language, or two taps on the button.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.dependencies import Inst, Now
from api.pages import answers, page, texts
from api.pages.parts import sheet_of
from api.problems import problems, status_of
from api.routes.media import CREDENTIAL
from labour_book.database import reading
from labour_book.domain.share_states import ShareState
from labour_book.domain.sharing import Audience
from labour_book.errors import Invalid, LabourBookError, Unavailable
from labour_book.services import revisiting, verifying, visits
from labour_book.services.callers import ANYBODY
from labour_book.services.disclosing import NoCurrentVersion
from labour_book.services.installation import Installation
from labour_book.services.limiting import TooMany
from labour_book.services.visits import (
    Cover,
    LiveCodeOver,
    ShareEnded,
    ShareUnknown,
    Shown,
    Visit,
    VisitOver,
)

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

FILE_NAME = "so-lao-dong.sd-jwt"
"""Of the copy to keep; it names nobody."""
OVER: dict[type[LabourBookError], str] = {
    ShareUnknown: "unknown",
    LiveCodeOver: "live_code",
    VisitOver: "visit",
    NoCurrentVersion: "no_version",
    TooMany: "many",
}
"""By the kind of refusal, which sentences tell it; how a share ended, its state says."""
_REFUSALS: tuple[type[LabourBookError], ...] = (*OVER, ShareEnded)


class _Form(BaseModel):
    """What a cover or an opened page sends."""

    ticket: str = Field(default="", max_length=80)
    purpose: str = ""


Sent = Annotated[_Form, Form()]
Peek = Callable[..., Cover]
Open = Callable[..., Shown]


@dataclass(frozen=True, slots=True)
class _Call:
    """One request for something shared."""

    request: Request
    inst: Installation
    code: str
    now: datetime
    sent: _Form = field(default_factory=_Form)
    is_live: bool = False

    @property
    def visit(self) -> Visit:
        client = self.request.client
        address = None if client is None else client.host
        return Visit(ANYBODY, address, self.sent.purpose, self.sent.ticket)


@router.get("/s/{code}", responses=problems(Unavailable))
def cover(request: Request, code: str, inst: Inst, now: Now) -> HTMLResponse:
    """Say that something is shared, and nothing about whom; no view is counted."""
    return _cover(_Call(request, inst, code, now), visits.peek)


@router.post("/s/{code}", responses=problems(Unavailable))
def opened(request: Request, code: str, inst: Inst, now: Now, sent: Sent) -> HTMLResponse:
    """Show what is shared; that is one view, and again with the same ticket none."""
    return _opened(_Call(request, inst, code, now, sent), visits.open_share)


@router.post("/s/{code}/copy", responses=problems(Unavailable))
def copy(request: Request, code: str, inst: Inst, now: Now, sent: Sent) -> Response:
    """Hand out the signed copy of what the visitor has just opened."""
    return _copy(_Call(request, inst, code, now, sent))


@router.get("/l/{code}", responses=problems(Unavailable))
def live_cover(request: Request, code: str, inst: Inst, now: Now) -> HTMLResponse:
    """Say that something is shown by a live code; it is not used up by that."""
    return _cover(_Call(request, inst, code, now, is_live=True), visits.peek_live)


@router.post("/l/{code}", responses=problems(Unavailable))
def live_opened(request: Request, code: str, inst: Inst, now: Now, sent: Sent) -> HTMLResponse:
    """Show what a live code shows; the code is used up by that."""
    return _opened(_Call(request, inst, code, now, sent, is_live=True), visits.open_live)


@router.post("/l/{code}/copy", responses=problems(Unavailable))
def live_copy(request: Request, code: str, inst: Inst, now: Now, sent: Sent) -> Response:
    """Hand out the signed copy of what the visitor has just opened by a live code."""
    return _copy(_Call(request, inst, code, now, sent, is_live=True))


def _cover(call: _Call, peek: Peek, *, refused: type[Invalid] | None = None) -> HTMLResponse:
    try:
        found = peek(call.inst, call.code, call.visit, now=call.now)
    except _REFUSALS as error:
        return _over(call, error)
    if found.audience is not Audience.ANYONE:  # without signing in, nobody can be the one
        return _over(call, ShareUnknown())
    if found.state is not ShareState.LIVE:
        return _over(call, ShareEnded(state=str(found.state)))
    return page(
        call.request,
        "share_cover.html",
        status=HTTPStatus.OK if refused is None else status_of(refused),
        cover=found,
        is_live=call.is_live,
        not_valid=refused is not None,
        ticket=revisiting.new_ticket(call.inst, call.code),
    )


def _opened(call: _Call, open_it: Open) -> HTMLResponse:
    try:
        shown = open_it(call.inst, call.code, call.visit, now=call.now)
    except _REFUSALS as error:
        return _over(call, error)
    except Invalid as error:  # only the purpose can be so
        peek = visits.peek_live if call.is_live else visits.peek
        return _cover(call, peek, refused=type(error))
    with reading(call.inst.engine) as db:
        checked = verifying.check_disclosed(db, call.inst, shown.credential, now=call.now)
    language = texts.language_of(call.request)
    state = call.request.app.state
    return page(
        call.request,
        "share.html",
        shown=shown,
        sheet=None if checked.claims is None else sheet_of(checked.claims, language),
        result=answers.result_of(checked, language, state.issuer_name[language]),
        checked_at=call.now,
        path=call.request.url.path,
        sent=call.sent,
    )


def _copy(call: _Call) -> Response:
    try:
        shown = visits.open_again(call.inst, call.code, call.visit, now=call.now)
    except _REFUSALS as error:
        return _over(call, error)
    named = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    return Response(shown.credential, headers=named, media_type=CREDENTIAL)


def _over(call: _Call, error: LabourBookError) -> HTMLResponse:
    """Say why there is nothing to open; to who does not hold the right code, always the same."""
    wait = error.facts.get("retry_after_seconds")
    return page(
        call.request,
        "share_over.html",
        status=status_of(type(error)),
        headers=None if wait is None else {"Retry-After": str(wait)},
        path=call.request.url.path.removesuffix("/copy"),
        cause=OVER.get(type(error)) or str(error.facts["state"]),
        again_at=None if wait is None else call.now + timedelta(seconds=int(wait)),
    )
