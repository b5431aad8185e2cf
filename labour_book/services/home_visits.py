"""Visiting homes under a plan of collection: who is still to be seen, and how each visit went."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.names import display_name
from labour_book.domain.visits import BY_HAND, TRANSITIONS, VisitState
from labour_book.errors import Conflict, Invalid, NotFound
from labour_book.queries import plans
from labour_book.queries.plans import PlanOnFile, VisitOnFile
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.permission import check_role
from labour_book.services.planning import PURPOSE, plan_of

PAGE = 50


def worklist(
    db: Db,
    caller: Caller,
    plan_id: UUID,
    states: Collection[VisitState] = tuple(VisitState),
    *,
    after: UUID | None = None,
    now: datetime,
) -> list[VisitOnFile]:
    """Return a page of the visits of a plan, with names; how many were shown is traced.

    Raises:
        DeniedToRole: the role makes no visits.
        NotFound: as ``plan_of``.
    """
    check_role(caller, Action.VISIT_NOTE, now)
    plan_of(db, caller, plan_id, now=now)
    found = plans.visits_of(db, plan_id, list(map(str, states)), after=after, limit=PAGE)
    detail: dict[str, str | int] = {"plan": str(plan_id), "rows": len(found)}
    trace(db, caller, Action.VISIT_NOTE, at=now, purpose=PURPOSE, outcome="listed", detail=detail)
    return [_named(each) for each in found]


def visit_of(
    db: Db, caller: Caller, visit_id: UUID, *, now: datetime
) -> tuple[PlanOnFile, VisitOnFile]:
    """Return a visit and its plan.

    Raises:
        DeniedToRole: the role makes no visits.
        NotFound: no such visit, or of a commune that the unit does not serve.
    """
    check_role(caller, Action.VISIT_NOTE, now)
    visit = plans.visit_by_id(db, visit_id)
    if visit is None:
        raise NotFound("there is no such visit")
    return plan_of(db, caller, visit.plan_id, now=now), _named(visit)


def note_visit(
    db: Db, caller: Caller, visit_id: UUID, state: VisitState, *, now: datetime
) -> PlanOnFile:
    """Note how a visit went, and return its plan; that it is done, a form says.

    Raises:
        DeniedToRole, NotFound: as ``visit_of``.
        Conflict: the plan is closed, the visit stands otherwise by now, or cannot go that way.
    """
    plan, visit = visit_of(db, caller, visit_id, now=now)
    if state not in BY_HAND:
        raise Invalid("only a form says that a visit is done")
    _change(db, caller, plan, visit, state, now=now)
    return plan


def finish_visit(
    db: Db, caller: Caller, visit_id: UUID, person_id: UUID | None, *, now: datetime
) -> PlanOnFile:
    """Note that a form came of a visit, about whom; and return its plan.

    Raises:
        DeniedToRole, NotFound, Conflict: as ``note_visit``.
    """
    plan, visit = visit_of(db, caller, visit_id, now=now)
    if visit.state == VisitState.DONE:
        return plan
    if visit.person_id is not None or person_id is None:
        found = None
    else:
        found = None if plans.is_on_plan(db, plan.id, person_id) else person_id
    _change(db, caller, plan, visit, VisitState.DONE, now=now, person_id=found)
    return plan


def _change(
    db: Db,
    caller: Caller,
    plan: PlanOnFile,
    visit: VisitOnFile,
    state: VisitState,
    *,
    now: datetime,
    person_id: UUID | None = None,
) -> None:
    if plan.closed_at is not None:
        raise Conflict("the plan is closed")
    if state not in TRANSITIONS[VisitState(visit.state)]:
        raise Conflict("this visit cannot go that way", state=visit.state)
    if not plans.change_visit(db, visit, state, by=caller.id, person_id=person_id, now=now):
        raise Conflict("somebody else has noted this visit just now")
    trace(
        db,
        caller,
        Action.VISIT_NOTE,
        at=now,
        purpose=PURPOSE,
        person_id=person_id or visit.person_id,
        outcome=str(state),
        detail={"visit": str(visit.id)},
    )


def _named(visit: VisitOnFile) -> VisitOnFile:
    name = None if visit.full_name is None else display_name(visit.full_name)
    return VisitOnFile(
        visit.id,
        visit.plan_id,
        visit.household_code,
        visit.person_id,
        visit.state,
        visit.changed_at,
        name,
        visit.birth_year,
    )
