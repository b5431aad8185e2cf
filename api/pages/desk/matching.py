"""Who does not match the population register, by cause, and what was proposed in bulk."""

import json
from typing import Annotated
from uuid import UUID

from fastapi import Query
from fastapi.responses import HTMLResponse

from api.pages.desk.frame import ASKED, Asking, desk_router
from labour_book.domain.names import display_name
from labour_book.services import match_lists
from labour_book.services.identity_checks import way_out

router = desk_router()


@router.get("/matching", responses=ASKED)
def matching(desk: Asking) -> HTMLResponse:
    """Show how many people do not match, by cause, with who puts that right; nobody's name."""
    with desk.deed() as db:
        rooms = match_lists.rooms(db, desk.caller, now=desk.now)
        runs = match_lists.last_runs(db, desk.caller, now=desk.now)
    return desk.page(
        "matching.html",
        rooms=rooms,
        runs=[(run, json.loads(run.counts)) for run in runs],
        kinds=match_lists.KINDS,
    )


@router.get("/matching/people", responses=ASKED)
def people(
    desk: Asking,
    state: Annotated[str, Query(max_length=12)],
    cause: Annotated[str, Query(max_length=40)] = "",
    after: UUID | None = None,
) -> HTMLResponse:
    """Show the people in a state for a cause; the list is traced with its length."""
    with desk.deed() as db:
        found = match_lists.people_in(db, desk.caller, state, cause, after=after, now=desk.now)
    return desk.page(
        "matching_people.html",
        people=found,
        match_state=state,
        cause=cause,
        way_out=way_out(cause) if cause else None,
        places=desk.inst.places.communes,
        display_name=display_name,
        is_first=after is None,
        more=found[-1].id if len(found) == match_lists.PAGE else None,
    )


@router.get("/matching/proposals", responses=ASKED)
def proposals(
    desk: Asking,
    kind: Annotated[str, Query(max_length=12)] = "held",
    likely: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    after: UUID | None = None,
) -> HTMLResponse:
    """Show what was proposed, the likeliest first; nothing of the people themselves."""
    start = None if after is None else (likely, after)
    with desk.deed() as db:
        found = match_lists.proposals(db, desk.caller, kind, after=start, now=desk.now)
    return desk.page(
        "matching_proposals.html",
        proposals=found,
        kind=kind,
        kinds=match_lists.KINDS,
        is_first=after is None,
        more=found[-1] if len(found) == match_lists.PAGE else None,
    )
