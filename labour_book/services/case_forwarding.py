"""From handed in to its owner: registers are asked first, and what they confirm is decided so."""

from datetime import datetime, timedelta
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.correction_fields import Ask, CaseKind
from labour_book.domain.correction_routing import is_high_impact
from labour_book.domain.corrections import CaseState, CaseTaken, Outcome, Owner, Step
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.notices import NoticeKind
from labour_book.queries import correction_queue, corrections
from labour_book.queries.corrections import StoredCase
from labour_book.services.auditing import trace
from labour_book.services.callers import Action
from labour_book.services.case_moves import SYSTEM, Said, take_step
from labour_book.services.case_notices import tell_askers, tell_owner
from labour_book.services.case_registers import ask_registers, confirmed_by
from labour_book.services.case_settling import Ruling, settle
from labour_book.services.installation import Installation
from labour_book.services.permission import deed
from labour_book.services.routing import NoOwner, owner_of, unit_for

REGISTER_CONFIRMS = "REGISTER_CONFIRMS"
"""The reason of what is decided without an official."""
LEFT_FOR = timedelta(minutes=2)
"""A case that was handed in for so long and not routed was cut off."""


def forward(inst: Installation, case_id: UUID, *, now: datetime) -> None:
    """Route a case that was handed in, or decide it if a register confirms all that it claims.

    Two who do it at once do it once. Registers are asked with no transaction open.

    Raises:
        NoOwner: no agency is on file; the case stays as it is.
    """
    with deed(inst.engine) as db:
        case = corrections.case_by_id(db, case_id)
    if case is None or case.state is not CaseState.SUBMITTED:
        return
    answers = ask_registers(inst, SYSTEM, case, now=now) if may_go_straight(case) else []
    try:
        with deed(inst.engine) as db:
            register = None
            if may_go_straight(case):
                register = confirmed_by(db, inst, case, answers, now=now)
            if register is not None:
                settle(db, inst, case, Step.SETTLE, _automatic(db, case, now), now=now)
            else:
                _route(db, inst, case, now)
    except CaseTaken:
        return  # somebody else has done it, or the asking side has taken it back


def forward_left(inst: Installation, *, now: datetime, limit: int = 100) -> int:
    """Route what was handed in and then cut off; return how many were moved."""
    with deed(inst.engine) as db:
        left = correction_queue.left_submitted(db, now - LEFT_FOR, limit=limit)
    moved = 0
    for case in left:
        try:
            forward(inst, case.id, now=now)
        except NoOwner:
            continue
        moved += 1
    return moved


def may_go_straight(case: StoredCase) -> bool:
    """Say whether a register may decide: not that a line goes, nor a first day far away."""
    if case.kind is CaseKind.IDENTITY or case.ask is Ask.REMOVE:
        return False
    moves_far = (
        case.ask is Ask.CHANGE
        and case.kind is CaseKind.EMPLOYMENT
        and is_high_impact(case.kind, case.ask, case.changes)
    )
    return not moves_far


def _automatic(db: Db, case: StoredCase, now: datetime) -> Ruling:
    """Return the decision that a register makes; the unit that would have decided oversees it."""
    fields = tuple(each.field for each in case.changes)
    owner, _ = owner_of(db, case, now=now)
    if owner[0] is Owner.EMPLOYER:
        owner = unit_for(db, case, Owner.COMMUNE, vietnam_day(now))
    return Ruling(
        Outcome.APPROVED, fields, REGISTER_CONFIRMS, "", SYSTEM, automatic=True, owner=owner
    )


def _route(db: Db, inst: Installation, case: StoredCase, now: datetime) -> None:
    (kind, code), route = owner_of(db, case, now=now)
    moved = take_step(
        db,
        inst,
        case,
        Step.ROUTE,
        SYSTEM,
        said=Said(owner=(kind, code)),
        values={"alternative": route.alternative},
        now=now,
    )
    if kind is Owner.POPULATION:
        moved = take_step(db, inst, moved, Step.HAND_OVER, SYSTEM, now=now)
        tell_askers(db, moved, NoticeKind.CASE_HANDED_OVER, now=now)
    else:
        tell_askers(db, moved, NoticeKind.CASE_SUBMITTED, now=now)
        tell_owner(db, moved, NoticeKind.CASE_ARRIVED, now=now)
    trace(
        db,
        SYSTEM,
        Action.CASE_CLOCK,
        at=now,
        purpose="Đề nghị điều chỉnh",
        person_id=case.person_id,
        detail={"case": case.number, "step": "route", "owner": str(kind)},
    )
