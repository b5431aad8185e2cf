"""Collection of Form 03: the plans of a year, the worklist of each, and how far all has come."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Form, Query
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse

from api.pages.desk.frame import ASKED, SENT, Asking, Desk, Sending, desk_router
from labour_book.domain.visits import BY_HAND, TRANSITIONS, VisitState
from labour_book.services import home_visits, planning
from labour_book.services.access import Action
from labour_book.services.planning import NewPlan

router = desk_router()

ADDRESS = "/desk/collection"
Word = Annotated[str, Query(max_length=40)]


@router.get("/collection", responses=ASKED)
def collection(
    desk: Asking, year: Annotated[int | None, Query(ge=2022, le=2100)] = None
) -> HTMLResponse:
    """Show the plans of a year, what is due, and how far collection has come below."""
    with desk.deed() as db:
        found = planning.round_of(
            db, desk.inst, desk.caller, year=year or desk.today.year, now=desk.now
        )
        communes = planning.communes_of(db, desk.caller, now=desk.now)
    return desk.page(
        "collection.html",
        round=found,
        states=VisitState,
        communes=named_communes(desk, communes),
        today=desk.today,
        may_plan=desk.caller.may(Action.PLAN_KEEP),
    )


@router.post("/collection/plans", responses=SENT)
def make_plan(
    desk: Sending,
    *,
    commune_code: Annotated[str, Form(max_length=5)],
    first_day: Annotated[date, Form()],
    last_day: Annotated[date, Form()],
    collector: Annotated[str, Form(max_length=120)],
    round_number: Annotated[int, Form(ge=1, le=12)] = 1,
    hamlet: Annotated[str, Form(max_length=120)] = "",
) -> RedirectResponse:
    """Make a plan, and put on its worklist whoever is known to live there."""
    new = NewPlan(commune_code, hamlet, round_number, first_day, last_day, collector)
    with desk.deed() as db:
        plan_id = planning.make_plan(db, desk.caller, new, now=desk.now)
        planning.fill(db, desk.caller, plan_id, now=desk.now)
    return desk.go(f"{ADDRESS}/plans/{plan_id}", done="planned")


@router.get("/collection/plans/{plan_id}", responses=ASKED)
def plan(desk: Asking, plan_id: UUID, state: Word = "", after: UUID | None = None) -> HTMLResponse:
    """Show the worklist of a plan, a page at a time."""
    chosen = [each for each in VisitState if each.value == state] or list(VisitState)
    with desk.deed() as db:
        found = planning.plan_of(db, desk.caller, plan_id, now=desk.now)
        visits = home_visits.worklist(db, desk.caller, plan_id, chosen, after=after, now=desk.now)
    return desk.page(
        "plan.html",
        plan=found,
        visits=visits,
        chosen=state,
        states=VisitState,
        ways={each.value: [to for to in BY_HAND if to in TRANSITIONS[each]] for each in VisitState},
        is_first=after is None,
        more=visits[-1].id if len(visits) == home_visits.PAGE else None,
        commune=named_communes(desk, [found.commune_code])[0][1],
    )


@router.post("/collection/plans/{plan_id}/fill", responses=SENT)
def fill(desk: Sending, plan_id: UUID) -> RedirectResponse:
    """Put on the worklist who has come to be known to live there since."""
    with desk.deed() as db:
        planning.fill(db, desk.caller, plan_id, now=desk.now)
    return desk.go(f"{ADDRESS}/plans/{plan_id}", done="filled")


@router.post("/collection/plans/{plan_id}/households", responses=SENT)
def add_household(
    desk: Sending, plan_id: UUID, household_code: Annotated[str, Form(max_length=60)]
) -> RedirectResponse:
    """Add a household of which nobody is known."""
    with desk.deed() as db:
        planning.add_household(db, desk.caller, plan_id, household_code, now=desk.now)
    return desk.go(f"{ADDRESS}/plans/{plan_id}", done="household")


@router.post("/collection/plans/{plan_id}/close", responses=SENT)
def close(desk: Sending, plan_id: UUID) -> RedirectResponse:
    """Close a plan."""
    with desk.deed() as db:
        planning.close_plan(db, desk.caller, plan_id, now=desk.now)
    return desk.go(f"{ADDRESS}/plans/{plan_id}", done="closed")


@router.post("/collection/visits/{visit_id}", responses=SENT)
def note_visit(
    desk: Sending, visit_id: UUID, state: Annotated[VisitState, Form()]
) -> RedirectResponse:
    """Note how a visit went."""
    with desk.deed() as db:
        found = home_visits.note_visit(db, desk.caller, visit_id, state, now=desk.now)
    return desk.go(f"{ADDRESS}/plans/{found.id}", done="noted")


def named_communes(desk: Desk, codes: list[str] | None) -> list[tuple[str, str]]:
    """Return communes with their names, in order of name; nothing where there are too many."""
    known = desk.inst.places.communes
    found = [(each, known[each].full_name if each in known else each) for each in codes or ()]
    return sorted(found, key=lambda each: each[1])
