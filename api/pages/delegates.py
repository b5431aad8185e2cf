"""Whom an enterprise lets act for it: name a delegate, for what, until when; take it back."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.pages.desk.admin import day_in
from api.pages.employer_frame import ASKED, SENT, Asking, Desk, Sending, told
from api.problems import problems, status_of
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.mandates import FOR_ENTERPRISE
from labour_book.errors import Conflict, Invalid, LabourBookError
from labour_book.services import access, mandates
from labour_book.services.mandates import Wish

router = APIRouter(
    prefix="/employer/delegates", include_in_schema=False, default_response_class=HTMLResponse
)

ADDRESS = "/employer/delegates"
USUAL_DAYS = 180
"""Ours: what the form proposes."""
WRONG = {
    "PERSONAL_ID_FORM": "number",
    "MANDATE_NAME": "name",
    "MANDATE_SCOPE": "scope",
    "MANDATE_DAYS": "days",
}


@dataclass(frozen=True, slots=True)
class Entered:
    """Whom the form names."""

    name: str
    number: str = field(repr=False)
    last_day: str


def _entered(
    name: Annotated[str, Form(max_length=120)] = "",
    number: Annotated[str, Form(max_length=20)] = "",
    last_day: Annotated[str, Form(max_length=10)] = "",
) -> Entered:
    return Entered(name, number.strip(), last_day)


@router.get("", responses=ASKED)
def delegates(desk: Asking) -> Response:
    """List whom the enterprise lets act for it, and offer to name another one."""
    return told(desk, lambda: _page(desk))


@router.post("", responses=SENT | problems(Invalid))
def name_delegate(
    desk: Sending,
    entered: Annotated[Entered, Depends(_entered)],
    scope: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Name a delegate; the personal ID is not kept."""

    def named() -> Response:
        today = vietnam_day(desk.now)
        try:
            until = day_in(entered.last_day) or today
            wish = Wish(entered.name, scope or (), today, until)
            with access.deed(desk.inst.engine) as db:
                mandates.give(db, desk.inst.vault, desk.caller, entered.number, wish, now=desk.now)
        except Invalid as error:
            return _page(desk, error)
        return desk.led(ADDRESS)

    return told(desk, named)


@router.post("/{mandate_id}/revoke", responses=SENT)
def revoke_delegate(desk: Sending, mandate_id: UUID) -> Response:
    """Take a mandate back; it ends at once."""

    def revoked() -> Response:
        try:
            with access.deed(desk.inst.engine) as db:
                mandates.revoke(db, desk.caller, mandate_id, now=desk.now)
        except Conflict as error:
            return _page(desk, error)
        return desk.led(ADDRESS)

    return told(desk, revoked)


def _page(desk: Desk, error: LabourBookError | None = None) -> HTMLResponse:
    with access.deed(desk.inst.engine) as db:
        listed = mandates.given_by(db, desk.caller, now=desk.now)
    cause = "" if error is None else str(error.facts.get("cause", ""))
    return desk.page(
        "employer_delegates.html",
        status=200 if error is None else status_of(type(error)),
        listed=listed,
        scopes=FOR_ENTERPRISE,
        proposed=vietnam_day(desk.now) + timedelta(days=USUAL_DAYS),
        wrong="" if error is None else WRONG.get(cause, "other"),
    )
