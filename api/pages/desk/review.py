"""The review rooms: rows that no rule could place, and people who may be on file twice."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Form, Path, Query
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse

from api.dependencies import MOST
from api.pages.desk.fields import field_names
from api.pages.desk.frame import ASKED, SENT, Asking, Desk, Sending, desk_router
from labour_book.domain.findings import Finding
from labour_book.domain.people import mask
from labour_book.errors import Invalid
from labour_book.services import merging, reviewing
from labour_book.services.access import Action
from labour_book.services.merging import KNOWN_TO_REGISTER, MergeOnFile, Side
from labour_book.services.receipts import told
from labour_book.services.reviewing import Decision, Ruled

router = desk_router()

ADDRESS = "/desk/review"
MERGES = f"{ADDRESS}/merges"
Reason = Annotated[str, Form(max_length=200)]
_DECIDED = ("declined", "done", "undone")


@dataclass(frozen=True, slots=True)
class Twice:
    """People who may be one, as the list names them."""

    sides: list[Side]


@dataclass(frozen=True, slots=True)
class May:
    """What an official can do about two people."""

    propose: bool
    register_knows: bool
    """The population register says that they are two."""
    decide: bool
    is_own: bool
    """The proposal is their own."""
    undo: bool


@router.get("/review", responses=ASKED)
def review(desk: Asking) -> HTMLResponse:
    """Show how many rows wait for which cause, and what waits of merges."""
    with desk.deed() as db:
        rooms = reviewing.rooms(db, desk.caller, now=desk.now)
        waiting = merging.proposals(db, desk.caller, now=desk.now)
    rooms.sort(key=lambda each: (-each.rows, each.told.cause))
    return desk.page("review.html", rooms=rooms, waiting=waiting)


Ordinal = Annotated[int, Path(ge=0, le=MOST)]
"""Which row of a file: 1, 2, ... as it was read."""


@router.get("/review/rows", responses=ASKED)
def rows(
    desk: Asking,
    cause: Annotated[str, Query(max_length=40)],
    run: UUID | None = None,
    row: Annotated[int, Query(ge=0, le=MOST)] = 0,
) -> HTMLResponse:
    """Show the rows that wait for one cause, the oldest first; nothing that stands in them."""
    after = None if run is None else (run, row)
    with desk.deed() as db:
        found = reviewing.waiting(db, desk.caller, cause, after=after, now=desk.now)
    return desk.page(
        "review_rows.html",
        rows=found,
        cause=cause,
        told=told(Finding(cause)) if found else None,
        is_first=after is None,
        more=found[-1] if len(found) == reviewing.PAGE else None,
    )


@router.get("/review/rows/{run_id}/{ordinal}", responses=ASKED)
def row(desk: Asking, run_id: UUID, ordinal: Ordinal) -> HTMLResponse:
    """Open a row: all that stands in it, and who may be meant."""
    return _row(desk, (run_id, ordinal), "")


@router.post("/review/rows/{run_id}/{ordinal}", responses=SENT)
def row_with(
    desk: Sending, run_id: UUID, ordinal: Ordinal, number: Annotated[str, Form(max_length=20)] = ""
) -> HTMLResponse:
    """Open a row, and somebody else beside it, by a number."""
    return _row(desk, (run_id, ordinal), number)


@router.post("/review/rows/{run_id}/{ordinal}/decide", responses=SENT)
def decide(
    desk: Sending,
    run_id: UUID,
    ordinal: Ordinal,
    *,
    decision: Annotated[str, Form(max_length=60)],
    reason: Reason = "",
) -> RedirectResponse:
    """Decide a row; ``decision`` is the word, and behind a colon the person of a link."""
    word, _, person = decision.partition(":")
    try:
        ruled = Ruled(Decision(word), reason, UUID(person) if person else None)
    except ValueError as error:
        raise Invalid("choose what to decide") from error
    with desk.deed() as db:
        reviewing.decide(db, desk.inst, desk.caller, (run_id, ordinal), ruled, now=desk.now)
    return desk.go(ADDRESS, done="row-refused" if word == Decision.REFUSE else "row-recorded")


@router.get("/review/twice", responses=ASKED)
def twice(
    desk: Asking,
    by: Annotated[str, Query(max_length=8)] = "",
    after: Annotated[str, Query(max_length=64, pattern="^([0-9a-f]{2})*$")] = "",
) -> HTMLResponse:
    """Show people who may be on file twice, a page at a time; each look is traced."""
    start = bytes.fromhex(after) or None
    with desk.deed() as db:
        found = merging.may_be_twice(
            db, desk.caller, by_number=by == "number", after=start, now=desk.now
        )
        groups = [
            Twice(merging.side_by_side(db, desk.inst, desk.caller, each.people, now=desk.now))
            for each in found
        ]
    return desk.page(
        "twice.html",
        groups=groups,
        by=by,
        is_first=start is None,
        more=found[-1].key.hex() if len(found) == merging.PAGE else None,
        mask=mask,
    )


@router.get("/review/compare", responses=ASKED)
def compare(desk: Asking, a: UUID, b: UUID) -> HTMLResponse:
    """Show two people side by side, to propose that they are one."""
    with desk.deed() as db:
        sides = merging.side_by_side(db, desk.inst, desk.caller, [a, b], now=desk.now)
    return desk.page(
        "compare.html", sides=sides, merge=None, mask=mask, may=_may(desk, None, sides)
    )


@router.post("/review/merges", responses=SENT)
def propose(
    desk: Sending,
    kept: Annotated[UUID, Form()],
    pair: Annotated[list[UUID], Form(min_length=2, max_length=2)],
    reason: Reason,
) -> RedirectResponse:
    """Propose that two people are one; ``kept`` is the one of the pair who stays."""
    merged = pair[1] if pair[0] == kept else pair[0]
    with desk.deed() as db:
        merge_id = merging.propose(db, desk.caller, kept, merged, reason, now=desk.now)
    return desk.go(f"{MERGES}/{merge_id}", done="merge-proposed")


@router.get("/review/merges", responses=ASKED)
def merges(desk: Asking) -> HTMLResponse:
    """Show the merges that wait and those that were decided, the newest first."""
    with desk.deed() as db:
        waiting = merging.proposals(db, desk.caller, now=desk.now)
        decided = merging.proposals(db, desk.caller, _DECIDED, now=desk.now)
    return desk.page("merges.html", waiting=waiting, decided=decided)


@router.get("/review/merges/{merge_id}", responses=ASKED)
def merge(desk: Asking, merge_id: UUID) -> HTMLResponse:
    """Show a merge with both people side by side."""
    with desk.deed() as db:
        found = merging.merge_of(db, desk.caller, merge_id, now=desk.now)
        pair = [found.kept_id, found.merged_id]
        sides = merging.side_by_side(db, desk.inst, desk.caller, pair, now=desk.now)
    return desk.page(
        "compare.html", sides=sides, merge=found, mask=mask, may=_may(desk, found, sides)
    )


@router.post("/review/merges/{merge_id}/confirm", responses=SENT)
def confirm(desk: Sending, merge_id: UUID) -> RedirectResponse:
    """Confirm what another official proposed."""
    with desk.deed() as db:
        merging.confirm(db, desk.inst, desk.caller, merge_id, now=desk.now)
    return desk.go(f"{MERGES}/{merge_id}", done="merged")


@router.post("/review/merges/{merge_id}/decline", responses=SENT)
def decline(desk: Sending, merge_id: UUID, reason: Reason) -> RedirectResponse:
    """Decide that they are two people."""
    with desk.deed() as db:
        merging.decline(db, desk.caller, merge_id, reason, now=desk.now)
    return desk.go(f"{MERGES}/{merge_id}", done="merge-declined")


@router.post("/review/merges/{merge_id}/undo", responses=SENT)
def undo(desk: Sending, merge_id: UUID, reason: Reason) -> RedirectResponse:
    """Make two people of one again."""
    with desk.deed() as db:
        merging.undo(db, desk.inst, desk.caller, merge_id, reason, now=desk.now)
    return desk.go(f"{MERGES}/{merge_id}", done="unmerged")


def _row(desk: Desk, place: tuple[UUID, int], number: str) -> HTMLResponse:
    with desk.deed() as db:
        found = reviewing.open_row(db, desk.inst, desk.caller, place, number=number, now=desk.now)
    return desk.page(
        "review_row.html",
        row=found,
        field_name=field_names(desk),
        run_id=place[0],
        ordinal=place[1],
        decisions=[each.value for each in found.decisions],
        places=desk.inst.places.communes,
        nobody_named=bool(number.strip())
        and not any(each.says != "name" for each in found.likeness.people),
    )


def _may(desk: Desk, merge: MergeOnFile | None, sides: list[Side]) -> May:
    """Return what this official can do about a pair of people."""
    is_proposed = merge is not None and merge.state == "proposed"
    is_known = all(each.person.match_state in KNOWN_TO_REGISTER for each in sides)
    decides = desk.caller.may(Action.MERGE_DECIDE)
    return May(
        propose=merge is None and not is_known,
        register_knows=merge is None and is_known,
        decide=is_proposed and decides,
        is_own=is_proposed and merge is not None and merge.proposed_by == desk.caller.id,
        undo=merge is not None and merge.state == "done" and decides,
    )
