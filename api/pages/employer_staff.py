"""The enterprise's own workers, and what it last declared of each."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.pages.employer_frame import ASKED, SENT, Asking, Desk, Sending, told
from labour_book.domain.names import display_name
from labour_book.services import access
from labour_book.services.access import Action
from labour_book.services.filing import StoredFiling, newest_of
from labour_book.services.received import OwnWorker, own_workers

router = APIRouter(prefix="/employer", include_in_schema=False, default_response_class=HTMLResponse)

PAGE = 50
"""Workers on one page; fewer mean that it is the last one."""
Purpose = Annotated[str, Form(max_length=200)]


@dataclass(frozen=True, slots=True)
class Listed:
    """A worker in the list, with the last declaration about them."""

    worker: OwnWorker
    full_name: str
    last: StoredFiling | None


@router.get("/staff", responses=ASKED)
def workers(desk: Asking) -> Response:
    """Ask what the list of the enterprise's own workers is wanted for."""
    return told(desk, lambda: _page(desk, None, ""))


@router.post("/staff", responses=SENT)
def workers_for(
    desk: Sending, purpose: Purpose = "", after: Annotated[UUID | None, Form()] = None
) -> Response:
    """Show a page of the enterprise's own workers; each of them can see that, and what for."""
    return told(desk, lambda: _page(desk, after, purpose.strip()))


def _page(desk: Desk, after: UUID | None, purpose: str) -> HTMLResponse:
    if not purpose:
        is_empty = desk.request.method == "POST"
        status = 422 if is_empty else 200
        return desk.page("employer_workers.html", status=status, listed=None, is_empty=is_empty)
    with access.deed(desk.inst.engine) as db:
        found = own_workers(db, desk.caller, purpose=purpose, after=after, now=desk.now)
        ids = [each.person_id for each in found]
        sees = desk.caller.may(Action.FILING_LIST)  # a mandate may be for the workers alone
        last = newest_of(db, desk.caller, ids, now=desk.now) if sees else {}
    more = found[-1].person_id if len(found) == PAGE else None
    listed = [
        Listed(each, display_name(each.full_name), last.get(each.person_id)) for each in found
    ]
    return desk.page("employer_workers.html", listed=listed, more=more, purpose=purpose)
