"""The pages: start, look-up, the answer about a book, the samples of the demonstration."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from importlib import resources
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.responses import Response

from api import reference
from api.dependencies import Db, Inst, Now, Opened, aside
from api.pages import (
    answers,
    delegates,
    desk,
    employer,
    employer_cases,
    employer_files,
    employer_filing,
    employer_gaps,
    employer_notices,
    employer_staff,
    integrators,
    mail_links,
    offline,
    open_data,
    page,
    shares,
    texts,
)
from api.pages.rendering import kept_page
from api.problems import BodyTooLarge, Malformed, MediaTypeUnknown, listed, problems
from api.routes.submission import Submitted
from api.together import together
from labour_book.domain.assurance import Assurance
from labour_book.errors import Invalid, NotFound, Unavailable
from labour_book.services import samples, verifying
from labour_book.services.numbering import read_code
from labour_book.services.verifying import Checked, verify_code
from labour_book.services.verifying_publicly import verify_code_untraced

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
ROUTERS = (
    router,
    shares.router,
    offline.router,
    employer.router,
    employer_staff.router,
    employer_files.router,  # before the receipts: its names are no ids
    employer_filing.router,
    employer_cases.router,
    employer_gaps.router,
    employer_notices.router,
    delegates.router,
    mail_links.router,
    integrators.router,
    open_data.router,
    *desk.ROUTERS,
)

LEVELS = tuple(level.name for level in sorted(Assurance, reverse=True))
SEE_OTHER = 303
UNREADABLE = "0"
"""In place of a code that cannot be one; answered like any unknown code."""

Code = Annotated[str, Form(max_length=200)]
ICON = (resources.files("api") / "static" / "favicon.ico").read_bytes()


@router.get("/favicon.ico", response_class=Response)
async def favicon() -> Response:
    """Return the sign that browsers show beside the name of a page."""
    kept = {"Cache-Control": "public, max-age=604800"}
    return Response(ICON, headers=kept, media_type="image/x-icon")


@router.get("/")
async def home(request: Request) -> HTMLResponse:
    """Say what this is, and where to go."""
    return page(request, "home.html")


@router.get("/verify")
@router.get("/v")
async def lookup(request: Request) -> HTMLResponse:
    """Ask for a code or a file."""
    return page(request, "lookup.html")


@router.post("/v", responses=problems(Invalid))
async def look_up(request: Request, code: Code) -> RedirectResponse:
    """Go to the address of a code that was typed."""
    return RedirectResponse(f"/v/{read_code(code) or UNREADABLE}{_language(request)}", SEE_OTHER)


@router.get("/v/{code}", responses=problems(NotFound, Unavailable))
async def answer(request: Request, code: str, opened: Opened) -> HTMLResponse:
    """Tell whether the book with this printed address is genuine, current, and whose."""
    inst, now = opened.inst, opened.now
    try:
        checked = await together(inst.engine, lambda db: verify_code(db, inst, code, now=now))
    except Unavailable:
        checked = await aside(partial(verify_code_untraced, inst, code, now=now))
    # All that the page is made of; of the time it says the minute.
    as_of = None if checked.status_as_of == now else checked.status_as_of
    said = repr(replace(checked, status_as_of=as_of, trust_as_of=None))
    same = code, now.replace(second=0, microsecond=0), said
    return kept_page(request, same, lambda: _result(request, checked, now))


@router.post(
    "/verify/file",
    responses=problems(Malformed, BodyTooLarge, MediaTypeUnknown, Invalid, Unavailable),
)
def answer_about_file(
    request: Request, content: Submitted, db: Db, inst: Inst, now: Now
) -> HTMLResponse:
    """Tell the same of a file that was sent in."""
    return _result(request, verifying.verify_document(db, inst, content, now=now), now)


@router.get("/verify/file")
async def ask_again(request: Request) -> RedirectResponse:
    """An answer about a file has no address of its own: ask for the file."""
    return RedirectResponse(f"/verify{_language(request)}", SEE_OTHER)


@router.get("/demo", responses=problems(NotFound, Unavailable))
def demo(request: Request, db: Db, inst: Inst, now: Now) -> HTMLResponse:
    """Show three sample books and a shared part of one, with their QR codes."""
    return page(
        request,
        "samples.html",
        samples=samples.samples(db, inst),
        share=samples.sample_share(db, inst, now=now),
    )


@router.get("/openapi.json")
async def openapi(request: Request) -> JSONResponse:
    """Return the OpenAPI document."""
    return JSONResponse(reference.openapi_of(request.app))


@router.get("/docs")
@router.get("/problems/{slug}")
async def docs(request: Request) -> HTMLResponse:
    """Show the interface as pages, this one first; they need no network and no script."""
    document = reference.openapi_of(request.app)
    groups = reference.groups(document)
    return page(request, "docs.html", document=document, groups=groups, problems=listed())


@router.get("/docs/operations/{slug}", responses=problems(NotFound))
async def operations(request: Request, slug: str) -> HTMLResponse:
    """Show what the interface offers about one subject."""
    document = reference.openapi_of(request.app)
    for group in reference.groups(document):
        if group.slug == slug:
            return page(request, "docs_group.html", document=document, group=group)
    raise NotFound


def _result(request: Request, checked: Checked, now: datetime) -> HTMLResponse:
    language = texts.language_of(request)
    return page(
        request,
        "verify.html",
        result=answers.result_of(checked, language, request.app.state.issuer_name[language]),
        book=checked.summary,
        holder=answers.holder_in(checked.claims),
        levels=LEVELS,
        checked_at=now,
        address=request.app.state.public_url + request.url.path,
    )


def _language(request: Request) -> str:
    asked = request.query_params.get("lang")
    return f"?lang={asked}" if asked in texts.LANGUAGES else ""
