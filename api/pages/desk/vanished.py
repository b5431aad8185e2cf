"""What full files of registers no longer name: the list, one of them, and what is decided of it."""

from typing import Annotated
from uuid import UUID

from fastapi import Form, Path, Query
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse

from api.dependencies import MOST
from api.pages.desk.frame import ASKED, SENT, Asking, Sending, desk_router
from labour_book.domain.names import display_name
from labour_book.services import vanished
from labour_book.services.vanished import Ruled, Way

router = desk_router()

ADDRESS = "/desk/review/vanished"
_DONE = {Way.ASK: "vanished-ask", Way.KEEP: "vanished-keep", Way.END: "vanished-end"}
Ordinal = Annotated[int, Path(ge=0, le=MOST)]


@router.get("/review/vanished", responses=ASKED)
def listed(
    desk: Asking,
    *,
    decided: bool = False,
    run: UUID | None = None,
    row: Annotated[int, Query(ge=0, le=MOST)] = 0,
) -> HTMLResponse:
    """List what the newest full files no longer name, or what was decided of it. No names."""
    after = None if run is None else (run, row)
    with desk.deed() as db:
        found = vanished.listed(db, desk.caller, decided=decided, after=after, now=desk.now)
    return desk.page(
        "vanished.html",
        rows=found,
        decided=decided,
        places=desk.inst.places.communes,
        is_first=after is None,
        more=found[-1] if len(found) == vanished.PAGE else None,
    )


@router.get("/review/vanished/{run_id}/{ordinal}", responses=ASKED)
def opened(desk: Asking, run_id: UUID, ordinal: Ordinal) -> HTMLResponse:
    """Open one of them: what was stated, of whom, and what can be decided."""
    with desk.deed() as db:
        found = vanished.opened(db, desk.caller, (run_id, ordinal), now=desk.now)
    return desk.page(
        "vanished_row.html",
        found=found,
        way=f"{ADDRESS}/{run_id}/{ordinal}",
        places=desk.inst.places.communes,
        display_name=display_name,
    )


@router.post("/review/vanished/{run_id}/{ordinal}/decide", responses=SENT)
def decide(
    desk: Sending,
    run_id: UUID,
    ordinal: Ordinal,
    *,
    decision: Annotated[Way, Form()],
    reason: Annotated[str, Form(max_length=200)] = "",
) -> RedirectResponse:
    """Decide one of them; one that was ended can be kept after all."""
    ruled = Ruled(decision, reason)
    with desk.deed() as db:
        vanished.decide(db, desk.inst, desk.caller, (run_id, ordinal), ruled, now=desk.now)
    return desk.go(f"{ADDRESS}/{run_id}/{ordinal}", done=_DONE[decision])
