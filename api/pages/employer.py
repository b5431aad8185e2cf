"""What an enterprise was shown and what follows: its inbox, the opening, the duty to delete.

Everything works without script. A list names nobody; opening a share is one view, counted and told
to the worker, so it takes a button and not a link. The form of that button carries a ticket: with
it the same is seen again for a quarter of an hour, for the copy to keep and for the hire.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.dependencies import Inst, Now
from api.login_session import Visiting
from api.pages import answers, page, texts
from api.pages.employer_frame import (
    ASKED,
    REFUSALS,
    SAID,
    SENT,
    Asking,
    Desk,
    Sending,
    refused,
    told,
)
from api.pages.parts import sheet_of
from api.pages.shares import FILE_NAME
from api.problems import problems
from api.routes.media import CREDENTIAL
from labour_book.database import reading
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.notices import NoticeKind
from labour_book.domain.share_states import CopyState, ShareState, is_overdue
from labour_book.domain.sharing import Audience, presets
from labour_book.errors import NotFound, Unavailable
from labour_book.services import access, deletion_duties, notifying, revisiting, verifying, visits
from labour_book.services.received import Received, received
from labour_book.services.visits import Shown

__all__ = ["SAID", "router", "shown_again"]

router = APIRouter(prefix="/employer", include_in_schema=False, default_response_class=HTMLResponse)

_DONE = {CopyState.DUE, CopyState.DELETED}
Ticket = Annotated[str, Form(max_length=80)]


@dataclass(frozen=True, slots=True)
class Item:
    """A share in the list, as the page tells it."""

    share: Received
    preset: str
    days_left: int | None
    """To delete it; negative when that is overdue."""
    has_newer: bool
    can_open: bool
    in_time: bool
    ticket: str
    """For the form that opens it."""


@router.get("", responses=problems(Unavailable))
def inbox(request: Request, inst: Inst, now: Now, visiting: Visiting) -> Response:
    """Show what was shared with the enterprise; to whoever is not signed in, how to."""
    if visiting is None or visiting.caller.kind != "employer":
        return page(request, "employer_welcome.html", visiting=visiting)
    desk = Desk(request, inst, now, visiting)
    return told(desk, lambda: desk.page("employer_inbox.html", items=_items(desk)))


@router.get("/duties", responses=ASKED)
def duties(desk: Asking) -> Response:
    """Show what the enterprise has to delete, the most urgent first."""

    def shown() -> HTMLResponse:
        due = [each for each in _items(desk) if each.days_left is not None]
        due.sort(key=lambda each: (each.days_left, str(each.share.share_id)))
        return desk.page("employer_duties.html", items=due)

    return told(desk, shown)


@router.get("/shares/{share_id}", responses=ASKED)
def share(desk: Asking, share_id: UUID) -> Response:
    """Show what is to be done about a share; nothing of what it holds."""
    return told(desk, lambda: desk.page("employer_share.html", item=_item(desk, share_id)))


@router.post("/shares/{share_id}", responses=SENT)
def opened(desk: Sending, share_id: UUID, ticket: Ticket = "") -> Response:
    """Show what a share holds; that is one view, and again with the same ticket none."""
    return told(desk, lambda: _opened(desk, share_id, ticket))


@router.post("/shares/{share_id}/copy", responses=SENT)
def copy(desk: Sending, share_id: UUID, ticket: Ticket = "") -> Response:
    """Hand out the signed copy of what was opened a moment ago."""

    def taken() -> Response:
        shown = shown_again(desk, share_id, ticket)
        named = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
        return Response(shown.credential, headers=named, media_type=CREDENTIAL)

    return told(desk, taken)


@router.post("/shares/{share_id}/hired", responses=SENT)
def hired(desk: Sending, share_id: UUID) -> Response:
    """Note that the worker was hired."""
    return _decided(desk, share_id, deletion_duties.mark_hired)


@router.post("/shares/{share_id}/not-hired", responses=SENT)
def not_hired(desk: Sending, share_id: UUID) -> Response:
    """Note that the worker was not hired: the duty to delete begins."""
    return _decided(desk, share_id, deletion_duties.mark_not_hired)


@router.post("/shares/{share_id}/deleted", responses=SENT)
def deleted(
    desk: Sending, share_id: UUID, confirmed: Annotated[str, Form(max_length=3)] = ""
) -> Response:
    """Note that everything was deleted; the worker gets the receipt."""
    if confirmed != "yes":
        return told(
            desk, lambda: desk.page("employer_share.html", status=422, item=_item(desk, share_id))
        )
    return _decided(desk, share_id, deletion_duties.confirm_deletion)


def shown_again(desk: Desk, share_id: UUID, ticket: str) -> Shown:
    """Return what the agent opened a moment ago; that is no view.

    Raises:
        VisitOver: it was not opened with this ticket, or too long ago.
        ShareUnknown, ShareEnded, TooMany, NoCurrentVersion: as ``visits.open_again``.
    """
    visit = replace(desk.visit, ticket=ticket)
    return visits.open_again(desk.inst, visits.inbox_code(share_id), visit, now=desk.now)


def _opened(desk: Desk, share_id: UUID, ticket: str) -> HTMLResponse:
    visit = replace(desk.visit, ticket=ticket)
    shown = visits.open_received(desk.inst, share_id, visit, now=desk.now)
    with reading(desk.inst.engine) as db:
        checked = verifying.check_disclosed(db, desk.inst, shown.credential, now=desk.now)
    language = desk.language
    issuer = desk.request.app.state.issuer_name[language]
    return desk.page(
        "employer_opened.html",
        shown=shown,
        item=_item(desk, share_id),
        ticket=ticket,
        sheet=None if checked.claims is None else sheet_of(checked.claims, language),
        result=answers.result_of(checked, language, issuer),
    )


def _decided(desk: Desk, share_id: UUID, deed: Callable[..., object]) -> Response:
    try:
        with access.deed(desk.inst.engine) as db:
            deed(db, desk.caller, share_id, now=desk.now)
    except REFUSALS as error:
        return refused(desk, error)
    return desk.led(f"/employer/shares/{share_id}")


def _items(desk: Desk) -> list[Item]:
    """Return what was shared with the enterprise, the newest first."""
    today = vietnam_day(desk.now)
    with access.deed(desk.inst.engine) as db:
        shares = received(db, desk.caller, now=desk.now)
        notices = notifying.inbox(db, desk.caller, now=desk.now)
    newer = {
        str(each.facts["share"]): each.created_at
        for each in reversed(notices)
        if each.kind == NoticeKind.NEWER_VERSION
    }
    return [
        replace(
            _told_of(each, newer.get(str(each.share_id)), today, desk.language),
            ticket=revisiting.new_ticket(desk.inst, visits.inbox_code(each.share_id)),
        )
        for each in shares
    ]


def _item(desk: Desk, share_id: UUID) -> Item:
    """Return one of them.

    Raises:
        NotFound: it was not shared with this enterprise.
    """
    for each in _items(desk):
        if each.share.share_id == share_id:
            return each
    raise NotFound("nothing is shared with you under this number")


def _told_of(
    share: Received, newer_since: datetime | None, today: date, language: texts.Language
) -> Item:
    is_due = share.copy_state == CopyState.DUE and share.due_on is not None
    since = share.copy_since
    late = share.due_on is not None and since and is_overdue(share.due_on, vietnam_day(since))
    seen = share.last_seen_at
    return Item(
        share=share,
        preset=presets()[share.preset].labels[language],
        days_left=(share.due_on - today).days if is_due and share.due_on else None,
        has_newer=newer_since is not None and seen is not None and seen < newer_since,
        can_open=share.audience is Audience.ENTERPRISE
        and share.state is ShareState.LIVE
        and share.copy_state not in _DONE,
        in_time=not late,
        ticket="",
    )
