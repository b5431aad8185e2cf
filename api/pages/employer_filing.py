"""Declaring a hire, a change or an end, correcting or taking one back, and the receipts of all.

A form is filled in, checked as if it were sent, read once more, and sent. Each step is a form of
its own, so nothing is kept in between and nothing of a person stands in an address.
"""

from dataclasses import dataclass, replace
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.pages import employer_form as forms
from api.pages.employer import shown_again
from api.pages.employer_form import Sent, Sheet, Typed
from api.pages.employer_frame import ASKED, SENT, Asking, Desk, Sending, told
from api.problems import problems, status_of
from labour_book.domain.filings import FilingKind
from labour_book.domain.findings import Finding
from labour_book.domain.names import display_name
from labour_book.errors import Conflict, Invalid, NotFound
from labour_book.law.filing_deadlines import Deadline, deadline_of
from labour_book.services import access, filing
from labour_book.services.filing import FilingFaulty, FilingRefused, StoredFiling

router = APIRouter(prefix="/employer", include_in_schema=False, default_response_class=HTMLResponse)

_SENT = SENT | problems(Invalid, Conflict)
Ticket = Annotated[str, Form(max_length=80)]


@dataclass(frozen=True, slots=True)
class Told:
    """A declaration as its page tells it."""

    filing: StoredFiling
    full_name: str
    deadline: Deadline | None
    can_change: bool
    """Whether it still counts, and so can be corrected or taken back."""


@router.get("/filings", responses=ASKED)
def filings(desk: Asking, before: Annotated[UUID | None, Query()] = None) -> Response:
    """Show what the enterprise has filed, the latest first; the workers can see that."""

    def shown() -> HTMLResponse:
        with access.deed(desk.inst.engine) as db:
            found = filing.filed_by_enterprise(db, desk.caller, before=before, now=desk.now)
        more = found[-1].id if len(found) == filing.PAGE else None
        return desk.page(
            "employer_filings.html", filings=[_told(each) for each in found], more=more
        )

    return told(desk, shown)


@router.get("/filings/new/{kind}", responses=ASKED | problems(Invalid))
def empty_form(
    desk: Asking, kind: FilingKind, worker: Annotated[UUID | None, Query()] = None
) -> Response:
    """Show the form of a declaration; of a change or an end, for one of the own workers."""

    def shown() -> HTMLResponse:
        if kind is FilingKind.CANCEL:
            raise NotFound("open the declaration that is to be taken back")
        return _form_page(desk, kind, Typed(worker_id=worker))

    return told(desk, shown)


@router.post("/filings/new/{kind}", responses=_SENT)
def sent_form(desk: Sending, kind: FilingKind, typed: Sent) -> Response:
    """Check a form, show it once more, and file it when it is sent the second time."""
    return told(desk, lambda: _stepped(desk, kind, typed))


@router.post("/shares/{share_id}/hire", responses=SENT)
def hire_from_share(desk: Sending, share_id: UUID, ticket: Ticket = "") -> Response:
    """Show the form of a hire, filled in from what the worker has shared and was just opened."""

    def shown() -> HTMLResponse:
        found = shown_again(desk, share_id, ticket)
        return _form_page(desk, FilingKind.HIRE, forms.typed_from(found.claims, share_id))

    return told(desk, shown)


@router.get("/filings/{filing_id}", responses=ASKED)
def receipt(desk: Asking, filing_id: UUID) -> Response:
    """Show a declaration with its receipt, to be kept or printed."""

    def shown() -> HTMLResponse:
        found = _told(_filed(desk, filing_id))
        sheet = Sheet(
            found.filing.kind,
            forms.typed_again(found.filing),
            found.full_name,
            choices=forms.choices(desk.language),
        )
        commune = forms.commune_named(sheet.typed.workplace_commune)
        return desk.page("employer_filing.html", told=found, sheet=sheet, commune=commune)

    return told(desk, shown)


@router.post("/filings/{filing_id}/correct", responses=SENT)
def correct(desk: Sending, filing_id: UUID) -> Response:
    """Show the form of a declaration filled in with what it says, to be corrected."""

    def shown() -> HTMLResponse:
        found = _filed(desk, filing_id)
        return _form_page(desk, found.kind, forms.typed_again(found))

    return told(desk, shown)


@router.post("/filings/{filing_id}/cancel", responses=_SENT)
def cancel(desk: Sending, filing_id: UUID) -> Response:
    """Ask once more before a declaration is taken back."""
    return told(desk, lambda: _stepped(desk, FilingKind.CANCEL, Typed(corrects=filing_id)))


def _stepped(desk: Desk, kind: FilingKind, typed: Typed) -> Response:
    new, faults = forms.read(kind, typed)
    if typed.step == "fill":
        return _form_page(desk, kind, typed)
    try:
        if faults:
            told_at = {each.field for each in faults}
            more = filing.faults_in(new, now=desk.now)
            faults += [each for each in more if each.field not in told_at]
            raise FilingFaulty(faults)  # noqa: TRY301 - told at the fields, like all other faults
        if typed.step != "send":
            notes = filing.check(desk.inst, desk.caller, new, now=desk.now)
            sheet = _sheet(desk, kind, typed.model_copy(update={"key": uuid4().hex}))
            return _confirm_page(desk, replace(sheet, faults=_said(desk, notes)))
        noted = filing.file(desk.inst, desk.caller, new, now=desk.now, key=typed.key or None)
    except (FilingFaulty, FilingRefused) as error:
        sheet = replace(_sheet(desk, kind, typed), faults=_said(desk, error.findings))
        return _show_form(desk, sheet, status=status_of(type(error)))
    return desk.led(f"/employer/filings/{noted.filing.id}")


def _form_page(desk: Desk, kind: FilingKind, typed: Typed) -> HTMLResponse:
    return _show_form(desk, _sheet(desk, kind, typed))


def _show_form(desk: Desk, sheet: Sheet, status: int = 200) -> HTMLResponse:
    return desk.page("employer_form.html", status=status, sheet=sheet)


def _confirm_page(desk: Desk, sheet: Sheet) -> HTMLResponse:
    commune = forms.commune_named(sheet.typed.workplace_commune)
    return desk.page("employer_confirm.html", sheet=sheet, commune=commune)


def _sheet(desk: Desk, kind: FilingKind, typed: Typed) -> Sheet:
    """Return a form with the name of the worker it is about, where that is known already."""
    name = ""
    if typed.corrects is not None:
        name = forms.name_of(_filed(desk, typed.corrects))
    elif typed.worker_id is not None:
        with access.deed(desk.inst.engine) as db:
            found = filing.worker_of(db, desk.caller, typed.worker_id, now=desk.now)
        name = display_name(found.full_name)
    return Sheet(kind, typed, name, choices=forms.choices(desk.language))


def _filed(desk: Desk, filing_id: UUID) -> StoredFiling:
    with access.deed(desk.inst.engine) as db:
        return filing.filed(db, desk.caller, filing_id, now=desk.now)


def _told(found: StoredFiling) -> Told:
    return Told(
        found,
        forms.name_of(found),
        deadline_of(found.kind, found.effective_on),
        can_change=found.set_aside_by is None and found.kind is not FilingKind.CANCEL,
    )


def _said(desk: Desk, findings: tuple[Finding, ...]) -> tuple[forms.Fault, ...]:
    return forms.faults_told(findings, desk.language)
