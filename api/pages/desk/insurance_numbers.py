"""People with several insurance numbers: the list, the numbers side by side, joining them."""

from typing import Annotated
from uuid import UUID

from fastapi import Form, Query
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse

from api.pages.desk.frame import ASKED, SENT, Asking, Sending, desk_router
from labour_book.domain.names import display_name
from labour_book.services import joining_numbers
from labour_book.services.access import Action
from labour_book.services.joining_numbers import Proposed

router = desk_router()

ADDRESS = "/desk/review/numbers"
Reason = Annotated[str, Form(max_length=200)]


@router.get("/review/numbers", responses=ASKED)
def several(desk: Asking, after: Annotated[UUID | None, Query()] = None) -> HTMLResponse:
    """List who has several insurance numbers, and what waits for a second official."""
    with desk.deed() as db:
        found, waiting = joining_numbers.listed(db, desk.caller, after=after, now=desk.now)
    return desk.page(
        "several_numbers.html",
        found=found,
        waiting=waiting,
        display_name=display_name,
        is_first=after is None,
        more=found[-1].person.id if len(found) == joining_numbers.PAGE else None,
    )


@router.get("/review/numbers/{person_id}", responses=ASKED)
def numbers(desk: Asking, person_id: UUID) -> HTMLResponse:
    """Show the insurance numbers of somebody side by side, masked, and what can be done."""
    with desk.deed() as db:
        found = joining_numbers.numbers_of(db, desk.inst, desk.caller, person_id, now=desk.now)
    merge = found.merge
    stage = "" if merge is None else merge.state.removeprefix("num-")
    decides = desk.caller.may(Action.MERGE_DECIDE)
    return desk.page(
        "insurance_numbers.html",
        found=found,
        merge=merge,
        stage=stage,
        may_decide=stage == "proposed" and decides,
        is_own=merge is not None and merge.proposed_by == desk.caller.id,
        may_undo=stage == "done" and decides,
        display_name=display_name,
    )


@router.post("/review/numbers/{person_id}", responses=SENT)
def propose(
    desk: Sending,
    person_id: UUID,
    kept: Annotated[UUID, Form()],
    reason: Reason,
    added: Annotated[str, Form(max_length=20)] = "",
) -> RedirectResponse:
    """Propose which number stays; ``added`` is one that nobody has on file and is theirs too."""
    proposed = Proposed(kept, reason, added)
    with desk.deed() as db:
        joining_numbers.propose(db, desk.inst, desk.caller, person_id, proposed, now=desk.now)
    return desk.go(f"{ADDRESS}/{person_id}", done="numbers-proposed")


@router.post("/review/number-merges/{merge_id}/confirm", responses=SENT)
def confirm(desk: Sending, merge_id: UUID) -> RedirectResponse:
    """Confirm what another official proposed."""
    with desk.deed() as db:
        person_id = joining_numbers.confirm(db, desk.inst, desk.caller, merge_id, now=desk.now)
    return desk.go(f"{ADDRESS}/{person_id}", done="numbers-joined")


@router.post("/review/number-merges/{merge_id}/decline", responses=SENT)
def decline(desk: Sending, merge_id: UUID, reason: Reason) -> RedirectResponse:
    """Leave the numbers as they are."""
    with desk.deed() as db:
        person_id = joining_numbers.decline(db, desk.caller, merge_id, reason, now=desk.now)
    return desk.go(f"{ADDRESS}/{person_id}", done="numbers-declined")


@router.post("/review/number-merges/{merge_id}/undo", responses=SENT)
def undo(desk: Sending, merge_id: UUID, reason: Reason) -> RedirectResponse:
    """Part the numbers again."""
    with desk.deed() as db:
        person_id = joining_numbers.undo(db, desk.inst, desk.caller, merge_id, reason, now=desk.now)
    return desk.go(f"{ADDRESS}/{person_id}", done="numbers-parted")
