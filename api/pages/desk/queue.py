"""My queue: the corrections that wait for the unit, due first; filter, take, give back, next."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, TypeVar
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from fastapi import Depends, Form, Query
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse, Response

from api.pages import texts
from api.pages.desk.case import case_page
from api.pages.desk.frame import ASKED, SENT, Asking, Desk, Sending, desk_router
from labour_book.domain.correction_fields import CaseKind
from labour_book.domain.corrections import CaseMoved, CaseState, CaseTaken, Owner
from labour_book.services import deciding
from labour_book.services.callers import Action
from labour_book.services.case_identity import compare_before_deciding
from labour_book.services.deciding import QueueFilter

router = desk_router()

ADDRESS = "/desk/queue"
STATES = (CaseState.ROUTED, CaseState.PROPOSED, CaseState.APPEALED, CaseState.MORE_NEEDED)
OWNERS = (Owner.COMMUNE, Owner.PROVINCE, Owner.INSURANCE, Owner.EMPLOYER, Owner.MINISTRY)
CLAIMED = ("me", "nobody", "others")
Word = Annotated[str, Query(max_length=40)]
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The filter as it stands in the address; it says nothing of a person."""

    state: str = ""
    kind: str = ""
    owner: str = ""
    claimed: str = ""
    overdue: str = ""
    below: str = ""

    @property
    def wanted(self) -> QueueFilter:
        return QueueFilter(
            states=_one(CaseState, self.state),
            owner_kinds=_one(Owner, self.owner),
            kinds=_one(CaseKind, self.kind),
            overdue=True if self.overdue == "yes" else None,
            claimed=self.claimed if self.claimed in CLAIMED else "",
            below=self.below == "yes",
        )

    def query(self, **more: str) -> str:
        """Return the filter as the query of an address."""
        kept = {name: getattr(self, name) for name in Chosen.__slots__} | more
        return urlencode({name: value for name, value in kept.items() if value})


def _chosen(
    *,
    state: Word = "",
    kind: Word = "",
    owner: Word = "",
    claimed: Word = "",
    overdue: Word = "",
    below: Word = "",
) -> Chosen:
    return Chosen(state, kind, owner, claimed, overdue, below)


@router.get("/queue", responses=ASKED)
def queue(
    desk: Asking,
    chosen: Annotated[Chosen, Depends(_chosen)],
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> HTMLResponse:
    """Show the cases that wait for the unit, due first, a page at a time."""
    with desk.deed() as db:
        page = deciding.queue(
            db, desk.inst, desk.caller, chosen.wanted, cursor=cursor, now=desk.now
        )
    asked = desk.request.query_params.get("lang")
    language = {"lang": asked} if asked in texts.LANGUAGES else {}
    return desk.page(
        "queue.html",
        cases=page.cases,
        next_page=chosen.query(cursor=page.next_cursor or "", **language),
        has_next=page.next_cursor is not None,
        is_first=cursor is None,
        chosen=chosen,
        back=f"queue?{chosen.query()}",
        states=STATES,
        owners=OWNERS,
        kinds=CaseKind,
        claims=CLAIMED,
        today=desk.today,
        may_claim=desk.caller.may(Action.CASE_CLAIM),
    )


@router.get("/cases", responses=ASKED)
def by_number(desk: Asking, number: Word = "") -> RedirectResponse:
    """Go to the case with a number; it says nothing of the person."""
    with desk.deed() as db:
        file = deciding.case_by_number(db, desk.inst, desk.caller, number, now=desk.now)
    return desk.go(f"/desk/cases/{file.line.case_id}")


@router.post("/queue/next", responses=SENT)
def take_next(desk: Sending) -> RedirectResponse:
    """Take the case that is due first and that nobody has, and go to it."""
    with desk.deed() as db:
        file = deciding.next_case(db, desk.inst, desk.caller, now=desk.now)
    if file is None:
        return desk.go(ADDRESS, done="nothing-next")
    compare_before_deciding(desk.inst, desk.caller, file.line.case_id, now=desk.now)
    return desk.go(f"/desk/cases/{file.line.case_id}", done="claimed")


@router.post("/cases/{case_id}/claim", responses=SENT)
def claim(
    desk: Sending, case_id: UUID, back: Annotated[str, Form(max_length=300)] = ""
) -> Response:
    """Take a case, so that others see who handles it."""
    try:
        with desk.deed() as db:
            deciding.claim(db, desk.inst, desk.caller, case_id, now=desk.now)
    except (CaseTaken, CaseMoved) as error:
        return case_page(desk, case_id, conflict=error)
    compare_before_deciding(desk.inst, desk.caller, case_id, now=desk.now)
    return _back(desk, case_id, back, done="claimed")


@router.post("/cases/{case_id}/release", responses=SENT)
def release(
    desk: Sending, case_id: UUID, back: Annotated[str, Form(max_length=300)] = ""
) -> RedirectResponse:
    """Give a case back to the queue."""
    with desk.deed() as db:
        deciding.release(db, desk.inst, desk.caller, case_id, now=desk.now)
    return _back(desk, case_id, back, done="released")


def _back(desk: Desk, case_id: UUID, back: str, *, done: str) -> RedirectResponse:
    """Go back to where the button was: the list with its filter, or the case."""
    place, _, query = back.partition("?")
    if place != "queue":
        return desk.go(f"/desk/cases/{case_id}", done=done)
    kept = {name: value for name, value in parse_qsl(query) if name in Chosen.__slots__}
    return desk.go(ADDRESS, done=done, **kept)


def _one(kind: type[E], word: str) -> frozenset[E]:
    """Return what a word of the address means; what is no such word means no filter."""
    known: Iterable[E] = kind
    return frozenset(each for each in known if each.value == word)
