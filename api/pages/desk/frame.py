"""What all pages of the officials' desk share: who asks, the way around, and how a refusal reads.

A module of the desk makes its router with ``desk_router``, asks for ``Asking`` or ``Sending``, and
answers with ``desk.page(...)`` or, after a change, ``desk.go(...)``. It lets anticipated errors
rise: they are told on a page of the desk with the navigation on it.
"""

import re
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from starlette.responses import RedirectResponse, Response

from api.dependencies import Inst, Now
from api.login_session import SEE_OTHER, Browser, NotOurForm, Posted, Signed, SignInFirst
from api.pages import STYLE_SOURCE, page, texts
from api.pages.desk.files import files
from api.pages.seat import Seat
from api.problems import problems, status_of
from labour_book.domain.evidence import vietnam_day
from labour_book.errors import Conflict, Denied, Invalid, LabourBookError, NotFound, Unavailable
from labour_book.services.access import Action, Caller, NotSignedIn, Role
from labour_book.services.callers import PERMITTED
from labour_book.services.installation import Installation

HOME = "/desk"
POLICY = (
    f"default-src 'none'; script-src 'self'; style-src 'self' {STYLE_SOURCE}; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""The desk brings one script and one style sheet of its own, and shows previews of evidence."""
ASKED = problems(NotSignedIn, Denied, NotFound, Invalid, Unavailable)
SENT = problems(NotSignedIn, NotOurForm, NotFound, Conflict, Invalid, Unavailable)
"""What pages and forms of the desk declare that can go wrong."""
SAID = "desk.said."
DONE = "desk.done."
"""How the keys of sentences begin that tell a refusal (by its slug), and what was done."""

_CLERKS = frozenset({Role.COLLECTOR, Role.APPROVER})


class NotAnOfficial(Denied):
    """Whoever is signed in has no seat at the desk."""

    slug = "not-an-official"
    title = "The desk is for officials"
    title_vi = "Bàn làm việc dành cho công chức"


@dataclass(frozen=True, slots=True)
class Entry:
    """A place at the desk, and who has business there."""

    name: str
    path: str
    key: str
    """Access key (phím tắt) of its link."""
    roles: frozenset[Role]
    also: tuple[str, ...] = ()
    """Where else its pages are."""

    def holds(self, path: str) -> bool:
        """Say whether a page is one of those under this entry."""
        return any(path == each or path.startswith(f"{each}/") for each in (self.path, *self.also))


ENTRIES = (
    Entry("queue", "/desk/queue", "1", PERMITTED[Action.CASE_QUEUE], ("/desk/cases",)),
    Entry("people", "/desk/people", "2", PERMITTED[Action.PERSON_FIND]),
    Entry(
        *("collection", "/desk/collection", "3", _CLERKS | {Role.STATISTICIAN}),
        also=("/desk/uploads", "/desk/paper"),
    ),
    Entry("review", "/desk/review", "4", _CLERKS, ("/desk/matching",)),
    Entry(
        "oversight",
        "/desk/oversight",
        "5",
        PERMITTED[Action.CASE_OVERSEE] | PERMITTED[Action.TRACE_READ],
    ),
    Entry("admin", "/desk/admin", "6", frozenset({Role.ADMIN})),
    Entry("data-requests", "/desk/data-requests", "7", PERMITTED[Action.DATA_REQUEST_LIST]),
    Entry("support", "/desk/support", "p", PERMITTED[Action.SUPPORT_LIST] | {Role.AUDITOR}),
    Entry("quality", "/desk/quality", "8", PERMITTED[Action.QUALITY_READ]),
    Entry("statistics", "/desk/statistics", "t", PERMITTED[Action.STATISTICS_READ]),
    Entry("union", "/desk/union", "u", PERMITTED[Action.UNION_FIRMS]),
)
"""The navigation. What a role may do on a page, the deeds themselves decide."""


@dataclass(frozen=True, slots=True)
class Desk(Seat):
    """One request of an official."""

    @property
    def today(self) -> date:
        return vietnam_day(self.now)

    def say(self, key: str, **values: str | int) -> str:
        return texts.say(self.language, key, **values)

    def page(
        self,
        template: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: object,
    ) -> HTMLResponse:
        """Render a page of the desk; templates stand in ``desk/`` and extend ``desk/base.html``."""
        path = self.request.url.path
        done = self.request.query_params.get("done", "")
        return page(
            self.request,
            f"desk/{template}",
            status=status,
            headers={"Content-Security-Policy": POLICY, **(headers or {})},
            desk=self,
            desk_file=lambda name: files()[name].address,
            browser=self.browser,
            entries=entries_of(self.caller),
            here=path,
            in_other_language=self._in_other_language(),
            done=f"{DONE}{done}" if f"{DONE}{done}" in texts.catalogue() else "",
            **values,
        )

    def go(self, path: str, *, done: str = "", **query: str) -> RedirectResponse:
        """Go to a page of the desk after a change, in the same language.

        ``done`` names what was done: the page says the sentence ``desk.done.<done>``. Nothing of a
        person goes into the address.
        """
        asked = self.request.query_params.get("lang")
        if asked in texts.LANGUAGES:
            query["lang"] = asked
        if done:
            query["done"] = done
        return RedirectResponse(f"{path}?{urlencode(query)}" if query else path, SEE_OTHER)

    def _in_other_language(self) -> str:
        other = "en" if self.language == "vi" else "vi"
        kept = [
            (name, value)
            for name, value in self.request.query_params.multi_items()
            if name not in {"lang", "done"}
        ]
        return "?" + urlencode([*kept, ("lang", other)])


def entries_of(caller: Caller) -> tuple[Entry, ...]:
    """Return the places at the desk where this caller has business."""
    return tuple(each for each in ENTRIES if caller.role in each.roles)


def _official(request: Request, inst: Inst, now: Now, browser: Signed) -> Desk:
    return seated(request, inst, now, browser)


def _sender(request: Request, inst: Inst, now: Now, browser: Posted) -> Desk:
    return seated(request, inst, now, browser)


def seated(request: Request, inst: Installation, now: datetime, browser: Browser) -> Desk:
    """Return the desk of whoever is signed in.

    Raises:
        NotAnOfficial: who has none.
    """
    if browser.caller.kind != "official":
        raise NotAnOfficial
    desk = Desk(request, inst, now, browser)
    request.state.desk = desk  # where a refusal finds it
    return desk


Asking = Annotated[Desk, Depends(_official)]
"""An official who looks at something."""
Sending = Annotated[Desk, Depends(_sender)]
"""An official who has sent a form of ours."""


class DeskRoute(APIRoute):
    """A route of the desk: what is refused there is told on a page of the desk."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        inner = super().get_route_handler()

        async def answered(request: Request) -> Response:
            try:
                return await inner(request)
            except SignInFirst:
                raise
            except LabourBookError as error:
                return refused(request, error)
            except RequestValidationError as error:
                return refused(request, Invalid(_fields(error)))

        return answered


def desk_router() -> APIRouter:
    """Return a router for a module of the desk."""
    return APIRouter(
        prefix=HOME,
        include_in_schema=False,
        default_response_class=HTMLResponse,
        route_class=DeskRoute,
    )


def refused(request: Request, error: LabourBookError) -> Response:
    """Tell an official what was refused and why, with the way around on the page.

    Raises:
        LabourBookError: the same again, where nobody is seated: then it is told as to anybody.
    """
    desk = getattr(request.state, "desk", None)
    if not isinstance(desk, Desk):
        raise error
    return desk.page(
        "refused.html",
        status=status_of(type(error)),
        title=error.title_vi if desk.language == "vi" else error.title,
        said=refusal_in_words(error, desk.language),
        code=error.slug.upper().replace("-", "_"),
    )


def refusal_in_words(error: LabourBookError, language: texts.Language) -> str:
    """Return why a deed was refused and what to do: by its cause or kind, else as it was said."""
    detail = str(error)
    if type(error).slug == error.slug and _in_vietnamese(detail):
        return _in_vietnamese(detail) if language == "vi" else detail
    keys = (f"{SAID}{error.slug}.{error.facts.get('cause')}", f"{SAID}{error.slug}")
    key = next((each for each in keys if each in texts.catalogue()), "")
    if key:
        return texts.say(language, key)
    return texts.say(language, "desk.said.look_again") if language == "vi" else detail


def _in_vietnamese(detail: str) -> str:
    """Return what a refusal says, in Vietnamese; nothing where nobody has put it into words."""
    known = texts.vietnamese("refusals")
    if detail in known:
        return known[detail]
    numbers = re.findall("[0-9]+", detail)
    found = known.get(re.sub("[0-9]+(?=[^0-9]*$)", "{n}", detail), "")
    return found.replace("{n}", numbers[-1]) if found else ""


def _fields(error: RequestValidationError) -> str:
    names = [str(each["loc"][1]) for each in error.errors() if len(each["loc"]) > 1]
    return "missing or not valid: " + ", ".join(dict.fromkeys(names))
