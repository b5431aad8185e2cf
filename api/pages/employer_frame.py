"""What every page of an enterprise's desk is made with: who asks, the page, and refusals."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse, Response

from api.dependencies import Inst, Now
from api.login_session import SEE_OTHER, NotOurForm, Posted, Signed
from api.pages import page, texts
from api.pages.seat import Seat
from api.problems import problems, status_of
from labour_book.errors import Denied, Invalid, LabourBookError, NotFound, Unavailable
from labour_book.services.access import NotSignedIn
from labour_book.services.deletion_duties import CopyDecided
from labour_book.services.disclosing import NoCurrentVersion
from labour_book.services.limiting import TooMany
from labour_book.services.recipients import EnterpriseRefused
from labour_book.services.visits import ShareEnded, ShareUnknown, Visit, VisitOver

REFUSALS = (
    EnterpriseRefused,
    ShareUnknown,
    ShareEnded,
    VisitOver,
    NoCurrentVersion,
    TooMany,
    CopyDecided,
    NotFound,
    Denied,
)
SAID = (
    *("enterprise", "person", "decided", "level", "many", "copy_due", "copy_deleted", "gone"),
    *("mandate", "visit"),
)
"""What the page of a refusal can say."""
_SAID_OF = {
    "enterprise-refused": "enterprise",
    "not-an-employer": "person",
    "denied": "mandate",
    "copy-decided": "decided",
    "level-2-needed": "level",
    "too-many-attempts": "many",
    "visit-over": "visit",
}
ASKED = problems(NotSignedIn, Denied, Unavailable)
SENT = problems(NotSignedIn, NotOurForm, Unavailable)
UPLOADED = SENT | problems(Invalid)


class NotAnEmployer(Denied):
    """Whoever is signed in acts for no enterprise."""

    slug = "not-an-employer"
    title = "Sign in with your organisation's account"
    title_vi = "Hãy đăng nhập bằng tài khoản định danh của tổ chức"


@dataclass(frozen=True, slots=True)
class Desk(Seat):
    """One request of an employer's agent."""

    @property
    def visit(self) -> Visit:
        """Who opens a share, and from where."""
        client = self.request.client
        return Visit(self.caller, None if client is None else client.host)

    def page(self, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
        return page(
            self.request,
            template,
            status=status,
            headers=None,
            browser=self.browser,
            now=self.now,
            here=self.request.url.path,
            **values,
        )

    def led(self, path: str) -> RedirectResponse:
        """Lead on to a page, in the language of this one."""
        asked = self.request.query_params.get("lang")
        language = f"?lang={asked}" if asked in texts.LANGUAGES else ""
        return RedirectResponse(f"{path}{language}", SEE_OTHER)


def _agent(request: Request, inst: Inst, now: Now, browser: Signed) -> Desk:
    return Desk(request, inst, now, browser)


def _sender(request: Request, inst: Inst, now: Now, browser: Posted) -> Desk:
    return Desk(request, inst, now, browser)


Asking = Annotated[Desk, Depends(_agent)]
"""An agent who looks at something."""
Sending = Annotated[Desk, Depends(_sender)]
"""An agent who has sent a form of ours."""


def told(desk: Desk, show: Callable[[], Response]) -> Response:
    """Show a page, or why it cannot be shown."""
    try:
        if desk.caller.kind != "employer":
            raise NotAnEmployer
        return show()
    except REFUSALS as error:
        return refused(desk, error)


def refused(desk: Desk, error: LabourBookError) -> HTMLResponse:
    """Say why something cannot be done, and what to do."""
    state = str(error.facts.get("enterprise_status") or error.facts.get("state") or "")
    said = state if state in SAID else _SAID_OF.get(error.slug, "gone")
    return desk.page("employer_refused.html", status=status_of(type(error)), said=said, ended=state)
