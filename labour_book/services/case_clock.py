"""What the clock does with corrections: routes what was cut off, escalates, lapses, closes.

Each call takes some cases; the daily run calls again until nothing is left. What is done is a step
in the case's history like any other. Whoever moves a case at that moment is quicker than the clock:
it goes on with the others.
"""

from datetime import datetime

from labour_book.database import Db
from labour_book.domain.corrections import WAITING_FOR_OWNER, CaseState, CaseTaken, Step
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.notices import NoticeKind
from labour_book.law.correction_deadlines import due_in
from labour_book.queries import correction_queue
from labour_book.queries.corrections import StoredCase
from labour_book.services import routing
from labour_book.services.callers import Action, Caller
from labour_book.services.case_access import trace_case
from labour_book.services.case_moves import Said, take_step
from labour_book.services.case_notices import tell_askers, tell_owner
from labour_book.services.installation import Installation
from labour_book.services.permission import check_role

AT_ONCE = 200


def escalate_overdue(db: Db, inst: Installation, by: Caller, *, now: datetime) -> int:
    """Give cases whose owner's time is over to the next unit up; return how many.

    Where nobody stands above, the same unit is reminded and its clock begins anew.

    Raises:
        DeniedToRole: the caller is not the installation itself.
    """
    check_role(by, Action.CASE_CLOCK, now)
    late = _overdue(db, WAITING_FOR_OWNER, now)
    return sum(_escalate(db, inst, by, each, now) for each in late)


def lapse_unanswered(db: Db, inst: Installation, by: Caller, *, now: datetime) -> int:
    """Give cases back to their owner when no answer came in time; return how many.

    Raises:
        DeniedToRole: the caller is not the installation itself.
    """
    check_role(by, Action.CASE_CLOCK, now)
    late = _overdue(db, {CaseState.MORE_NEEDED}, now)
    return sum(_lapse(db, inst, by, each, now) for each in late)


def close_settled(db: Db, inst: Installation, by: Caller, *, now: datetime) -> int:
    """Close decided cases that can be appealed no more, and ask how it was; return how many.

    Raises:
        DeniedToRole: the caller is not the installation itself.
    """
    check_role(by, Action.CASE_CLOCK, now)
    over = _overdue(db, {CaseState.DECIDED}, now)
    return sum(_close(db, inst, by, each, now) for each in over)


def _overdue(
    db: Db, states: frozenset[CaseState] | set[CaseState], now: datetime
) -> list[StoredCase]:
    return correction_queue.overdue_cases(db, vietnam_day(now), states, limit=AT_ONCE)


def _escalate(db: Db, inst: Installation, by: Caller, case: StoredCase, now: datetime) -> int:
    today = vietnam_day(now)
    above = routing.next_up(db, case, today)
    owner = (above or (case.owner_kind, case.owner_code))[0]
    assert owner is not None
    try:
        moved = take_step(
            db,
            inst,
            case,
            Step.ESCALATE,
            by,
            said=Said(owner=above),
            values={"escalations": case.escalations + 1},
            due_on=due_in(case.state, owner, today, inst.calendar),
            now=now,
        )
    except CaseTaken:
        return 0  # its owner was quicker
    if above is not None:
        tell_owner(db, case, NoticeKind.CASE_OVERDUE, now=now)
    tell_owner(db, moved, NoticeKind.CASE_OVERDUE, now=now)
    tell_askers(db, moved, NoticeKind.CASE_MOVED, now=now)
    trace_case(db, by, Action.CASE_CLOCK, moved, now=now)
    return 1


def _lapse(db: Db, inst: Installation, by: Caller, case: StoredCase, now: datetime) -> int:
    try:
        moved = take_step(db, inst, case, Step.LAPSE, by, now=now)
    except CaseTaken:
        return 0  # the answer came just now
    tell_askers(db, moved, NoticeKind.CASE_MOVED, now=now)
    tell_owner(db, moved, NoticeKind.CASE_ANSWERED, now=now)
    trace_case(db, by, Action.CASE_CLOCK, moved, now=now)
    return 1


def _close(db: Db, inst: Installation, by: Caller, case: StoredCase, now: datetime) -> int:
    try:
        moved = take_step(db, inst, case, Step.CLOSE, by, now=now)
    except CaseTaken:
        return 0  # it was appealed, reviewed or rated just now
    if moved.rating is None:
        tell_askers(db, moved, NoticeKind.CASE_RATE, now=now)
    trace_case(db, by, Action.CASE_CLOCK, moved, now=now)
    return 1
