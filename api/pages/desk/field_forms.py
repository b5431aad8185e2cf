"""Form 03 where there is no network: a page that is installed once, and sends what it kept later.

The page itself names nobody and is the same for everybody; who is signed in, and the key that opens
what the device keeps, it asks for when there is a network.
"""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from starlette.responses import JSONResponse, Response

from api.pages import texts
from api.pages.desk.collection import named_communes
from api.pages.desk.files import files
from api.pages.desk.form03 import (
    Given,
    Shown,
    doubts,
    form_in,
    given_in,
    recorded,
)
from api.pages.desk.frame import (
    ASKED,
    POLICY,
    SENT,
    Asking,
    Desk,
    Sending,
    desk_router,
    refusal_in_words,
)
from api.problems import status_of
from labour_book.domain.people import PartialDate
from labour_book.errors import LabourBookError
from labour_book.services import access, entering, field_forms, planning
from labour_book.services.callers import Action
from labour_book.services.entering import Form
from labour_book.services.form_questions import BRANCHES, SECTIONS, question
from labour_book.services.receipts import Told

router = desk_router()

ADDRESS = "/desk/collection/form/field"
SCRIPT_MARK = "field.js."
"""Sentences that the script says begin with this."""
PAGE_POLICY = POLICY.replace("form-action 'self'", "form-action 'none'") + "; worker-src 'self'"
WORKER_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'"
_PARTS = ("desk.css", "collection.css", "field.js")
_NOBODYS = Form(UUID(int=0), "", PartialDate(2000, 1, 1), {})


@router.get("/collection/form/field", responses=ASKED)
def field_page(desk: Asking) -> HTMLResponse:
    """Show the form for the field; it names nobody, as it stays on the device."""
    access.check_role(desk.caller, Action.FORM_ENTER, desk.now)
    return _page(desk)


@router.get("/collection/form/field/sw.js", responses=ASKED)
def worker(desk: Asking, request: Request) -> Response:
    """Return the service worker, with what it keeps and the version of that."""
    access.check_role(desk.caller, Action.FORM_ENTER, desk.now)
    shell = [f"{ADDRESS}?lang={language}" for language in texts.LANGUAGES]
    shell += [files()[name].address for name in _PARTS]
    pages = [bytes(_page(_in(desk, language, request)).body) for language in texts.LANGUAGES]
    version = sha256(b"".join(pages) + "".join(shell).encode()).hexdigest()[:16]
    given = f"const VERSION = {orjson.dumps(version).decode()};\n"
    given += f"const SHELL = {orjson.dumps(shell).decode()};\n"
    headers = {
        "Cache-Control": "no-cache",
        "Content-Security-Policy": WORKER_POLICY,
        "Service-Worker-Allowed": ADDRESS,
    }
    content = given.encode() + files()["field_worker.js"].content
    return Response(content, headers=headers, media_type="text/javascript; charset=utf-8")


@router.get("/collection/form/field/seat", responses=ASKED)
def seat(desk: Asking) -> JSONResponse:
    """Return whose forms the device keeps, the key that opens them, and where they may be of."""
    found = field_forms.field_seat(desk.inst, desk.caller, now=desk.now)
    with desk.deed() as db:
        communes = planning.communes_of(db, desk.caller, now=desk.now)
    return JSONResponse(
        {
            "seat": found.name,
            "key": b64encode(found.key).decode(),
            "csrf": desk.browser.csrf,
            "communes": named_communes(desk, communes),
            "today": desk.today.isoformat(),
        }
    )


@router.post("/collection/form/field", responses=SENT)
def send(desk: Sending, given: Annotated[Given, Depends(given_in)]) -> JSONResponse:
    """Record a form that was kept on a device, and say what became of it."""
    try:
        return _sent(desk, given)
    except LabourBookError as error:
        said = refusal_in_words(error, desk.language)
        return JSONResponse({"state": "refused", "said": [said]}, status_of(type(error)))


def _sent(desk: Desk, given: Given) -> JSONResponse:
    stated = form_in(given)
    with desk.deed() as db:
        form = entering.with_known_id(db, desk.inst, desk.caller, stated, now=desk.now)
        before = entering.is_entered(db, form.key)
        is_sure = given.get("sure") == ["yes"]
        shown = None if before else doubts(desk, db, form, is_sure=is_sure)
        is_accepted = shown is None and recorded(desk, db, form)
    if shown is None:
        return JSONResponse({"state": "entered" if is_accepted else "kept", "said": []})
    state = "wrong" if shown.wrong else "doubtful"
    return JSONResponse({"state": state, "said": _said(desk, shown)})


def _said(desk: Desk, shown: Shown) -> list[str]:
    """Return what is wrong with a form or doubtful about it, and how many people it may be."""
    said = [_told(desk, each) for each in (*shown.wrong, *shown.doubtful)]
    if shown.likeness.people:
        said.append(desk.say("desk.field.similar", count=len(shown.likeness.people)))
    if shown.likeness.elsewhere:
        said.append(desk.say("desk.form.elsewhere", count=shown.likeness.elsewhere))
    return said


def _told(desk: Desk, told: Told) -> str:
    is_vi = desk.language == "vi"
    where = question(told.field).label if told.field in _asked() else ""
    said = told.message_vi if is_vi else told.message_en
    return f"{where}: {said}" if where else said


def _asked() -> set[str]:
    return {name for fields in (*SECTIONS.values(), *BRANCHES.values()) for name in fields}


def _page(desk: Desk) -> HTMLResponse:
    return desk.page(
        "field.html",
        headers={"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-cache"},
        shown=Shown(_NOBODYS),
        sections=SECTIONS,
        branches=BRANCHES,
        question=question,
        communes=[],
        filled=[],
        words=_words(desk.language),
    )


def _words(language: texts.Language) -> Mapping[str, Any]:
    return {
        key.removeprefix(SCRIPT_MARK): said[language]
        for key, said in texts.catalogue().items()
        if key.startswith(SCRIPT_MARK)
    }


def _in(desk: Desk, language: str, request: Request) -> Desk:
    """Return the same desk, asked in a language."""
    scope = {**request.scope, "query_string": f"lang={language}".encode(), "path": ADDRESS}
    return Desk(Request(scope), desk.inst, desk.now, desk.browser)
