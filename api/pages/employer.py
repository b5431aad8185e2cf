"""The employer's desk: what was shared with it, what it must delete, and its own workers.

Everything works without script. A list names nobody; opening a share is one view, counted and told
to the worker, so it takes a button and not a link.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse, Response

from api.dependencies import Inst, Now
from api.login_session import SEE_OTHER, Browser, NotOurForm, Posted, Signed, Visiting
from api.pages import answers, page, texts
from api.pages.parts import sheet_of
from api.problems import problems, status_of
from labour_book.database import reading
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.names import display_name
from labour_book.domain.notices import NoticeKind
from labour_book.domain.share_states import CopyState, ShareState, is_overdue
from labour_book.domain.sharing import Audience, presets
from labour_book.errors import Denied, LabourBookError, NotFound, Unavailable
from labour_book.services import access, deletion_duties, notifying, verifying, visits
from labour_book.services.access import Caller, NotSignedIn
from labour_book.services.deletion_duties import CopyDecided
from labour_book.services.disclosing import NoCurrentVersion
from labour_book.services.installation import Installation
from labour_book.services.limiting import TooMany
from labour_book.services.received import Received, own_workers, received
from labour_book.services.recipients import EnterpriseRefused
from labour_book.services.visits import ShareEnded, ShareUnknown, Visit

router = APIRouter(prefix="/employer", include_in_schema=False, default_response_class=HTMLResponse)

PAGE = 50
"""Workers on one page; fewer mean that it is the last one."""
_REFUSALS = (
    EnterpriseRefused,
    ShareUnknown,
    ShareEnded,
    NoCurrentVersion,
    TooMany,
    CopyDecided,
    NotFound,
    Denied,
)
SAID = ("enterprise", "person", "decided", "level", "many", "copy_due", "copy_deleted", "gone")
"""What the page of a refusal can say."""
_SAID_OF = {
    "enterprise-refused": "enterprise",
    "not-an-employer": "person",
    "copy-decided": "decided",
    "level-2-needed": "level",
    "too-many-attempts": "many",
}
_ASKED = problems(NotSignedIn, Denied, Unavailable)
_SENT = problems(NotSignedIn, NotOurForm, Unavailable)
_DONE = {CopyState.DUE, CopyState.DELETED}


class NotAnEmployer(Denied):
    """Whoever is signed in acts for no enterprise."""

    slug = "not-an-employer"
    title = "Sign in with your organisation's account"
    title_vi = "Hãy đăng nhập bằng tài khoản định danh của tổ chức"


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


@dataclass(frozen=True, slots=True)
class Desk:
    """One request of an employer's agent."""

    request: Request
    inst: Installation
    now: datetime
    browser: Browser

    @property
    def caller(self) -> Caller:
        return self.browser.caller

    def page(self, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
        return page(
            self.request,
            template,
            status=status,
            headers=None,
            browser=self.browser,
            now=self.now,
            **values,
        )

    def items(self) -> list[Item]:
        """Return what was shared with the enterprise, the newest first."""
        language = texts.language_of(self.request)
        today = vietnam_day(self.now)
        with access.deed(self.inst.engine) as db:
            shares = received(db, self.caller, now=self.now)
            notices = notifying.inbox(db, self.caller, now=self.now)
        newer = {
            str(each.facts["share"]): each.created_at
            for each in reversed(notices)
            if each.kind == NoticeKind.NEWER_VERSION
        }
        return [_item(each, newer.get(str(each.share_id)), today, language) for each in shares]

    def item(self, share_id: UUID) -> Item:
        """Return one of them.

        Raises:
            NotFound: it was not shared with this enterprise.
        """
        for each in self.items():
            if each.share.share_id == share_id:
                return each
        raise NotFound("nothing is shared with you under this number")


def _agent(request: Request, inst: Inst, now: Now, browser: Signed) -> Desk:
    return Desk(request, inst, now, browser)


def _sender(request: Request, inst: Inst, now: Now, browser: Posted) -> Desk:
    return Desk(request, inst, now, browser)


Asking = Annotated[Desk, Depends(_agent)]
Sending = Annotated[Desk, Depends(_sender)]
Purpose = Annotated[str, Form(max_length=200)]


@router.get("", responses=problems(Unavailable))
def inbox(request: Request, inst: Inst, now: Now, visiting: Visiting) -> HTMLResponse:
    """Show what was shared with the enterprise; to whoever is not signed in, how to."""
    if visiting is None or visiting.caller.kind != "employer":
        return page(request, "employer_welcome.html", visiting=visiting)
    desk = Desk(request, inst, now, visiting)
    return _told(desk, lambda: desk.page("employer_inbox.html", items=desk.items()))


@router.get("/duties", responses=_ASKED)
def duties(desk: Asking) -> HTMLResponse:
    """Show what the enterprise has to delete, the most urgent first."""

    def shown() -> HTMLResponse:
        due = [each for each in desk.items() if each.days_left is not None]
        due.sort(key=lambda each: (each.days_left, str(each.share.share_id)))
        return desk.page("employer_duties.html", items=due)

    return _told(desk, shown)


@router.get("/staff", responses=_ASKED)
def workers(desk: Asking) -> HTMLResponse:
    """Ask what the list of the enterprise's own workers is wanted for."""
    return _told(desk, lambda: _workers_page(desk, None, ""))


@router.post("/staff", responses=_SENT)
def workers_for(
    desk: Sending, purpose: Purpose = "", after: Annotated[UUID | None, Form()] = None
) -> HTMLResponse:
    """Show a page of the enterprise's own workers; each of them can see that, and what for."""
    return _told(desk, lambda: _workers_page(desk, after, purpose.strip()))


@router.get("/shares/{share_id}", responses=_ASKED)
def share(desk: Asking, share_id: UUID) -> HTMLResponse:
    """Show what is to be done about a share; nothing of what it holds."""
    return _told(desk, lambda: desk.page("employer_share.html", item=desk.item(share_id)))


@router.post("/shares/{share_id}", responses=_SENT)
def opened(desk: Sending, share_id: UUID) -> HTMLResponse:
    """Show what a share holds; that is one view."""
    return _told(desk, lambda: _opened(desk, share_id))


@router.post("/shares/{share_id}/hired", responses=_SENT)
def hired(desk: Sending, share_id: UUID) -> Response:
    """Note that the worker was hired."""
    return _decided(desk, share_id, deletion_duties.mark_hired)


@router.post("/shares/{share_id}/not-hired", responses=_SENT)
def not_hired(desk: Sending, share_id: UUID) -> Response:
    """Note that the worker was not hired: the duty to delete begins."""
    return _decided(desk, share_id, deletion_duties.mark_not_hired)


@router.post("/shares/{share_id}/deleted", responses=_SENT)
def deleted(
    desk: Sending, share_id: UUID, confirmed: Annotated[str, Form(max_length=3)] = ""
) -> Response:
    """Note that everything was deleted; the worker gets the receipt."""
    if confirmed != "yes":
        return _told(
            desk, lambda: desk.page("employer_share.html", status=422, item=desk.item(share_id))
        )
    return _decided(desk, share_id, deletion_duties.confirm_deletion)


def _workers_page(desk: Desk, after: UUID | None, purpose: str) -> HTMLResponse:
    if desk.caller.kind != "employer":
        raise NotAnEmployer
    if not purpose:
        is_empty = desk.request.method == "POST"
        status = 422 if is_empty else 200
        return desk.page("employer_workers.html", status=status, listed=None, is_empty=is_empty)
    with access.deed(desk.inst.engine) as db:
        listed = own_workers(db, desk.caller, purpose=purpose, after=after, now=desk.now)
    more = listed[-1].person_id if len(listed) == PAGE else None
    named = [replace(each, full_name=display_name(each.full_name)) for each in listed]
    return desk.page("employer_workers.html", listed=named, more=more, purpose=purpose)


def _opened(desk: Desk, share_id: UUID) -> HTMLResponse:
    client = desk.request.client
    visit = Visit(desk.caller, None if client is None else client.host)
    shown = visits.open_received(desk.inst, share_id, visit, now=desk.now)
    with reading(desk.inst.engine) as db:
        checked = verifying.check_disclosed(db, desk.inst, shown.credential, now=desk.now)
    language = texts.language_of(desk.request)
    issuer = desk.request.app.state.issuer_name[language]
    return desk.page(
        "employer_opened.html",
        shown=shown,
        item=desk.item(share_id),
        sheet=None if checked.claims is None else sheet_of(checked.claims, language),
        result=answers.result_of(checked, language, issuer),
    )


def _decided(desk: Desk, share_id: UUID, deed: Callable[..., object]) -> Response:
    try:
        with access.deed(desk.inst.engine) as db:
            deed(db, desk.caller, share_id, now=desk.now)
    except _REFUSALS as error:
        return _refused(desk, error)
    asked = desk.request.query_params.get("lang")
    language = f"?lang={asked}" if asked in texts.LANGUAGES else ""
    return RedirectResponse(f"/employer/shares/{share_id}{language}", SEE_OTHER)


def _told(desk: Desk, show: Callable[[], HTMLResponse]) -> HTMLResponse:
    """Show a page, or why it cannot be shown."""
    try:
        if desk.caller.kind != "employer":
            raise NotAnEmployer
        return show()
    except _REFUSALS as error:
        return _refused(desk, error)


def _refused(desk: Desk, error: LabourBookError) -> HTMLResponse:
    state = str(error.facts.get("enterprise_status") or error.facts.get("state") or "")
    said = state if state in SAID else _SAID_OF.get(error.slug, "gone")
    return desk.page("employer_refused.html", status=status_of(type(error)), said=said, ended=state)


def _item(
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
    )
