"""Who would have a correction on the desk, and until when, if it were handed in now."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.correction_routing import is_high_impact
from labour_book.domain.corrections import CaseState
from labour_book.domain.evidence import vietnam_day
from labour_book.errors import Conflict
from labour_book.law.correction_deadlines import due_in
from labour_book.services.callers import Action, Caller
from labour_book.services.case_access import askers_case, trace_case
from labour_book.services.case_reading import lines_of
from labour_book.services.case_views import OwnerTold
from labour_book.services.installation import Installation
from labour_book.services.routing import owner_of


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What is to be expected of a draft."""

    owner: OwnerTold
    due_on: date | None
    """By when its first owner has to act; where that is an employer, an agency decides after it."""
    is_high_impact: bool
    """Two officials have to agree."""
    is_alternative: bool
    """The employer cannot be asked any more: other evidence counts."""


def foreseen(
    db: Db, inst: Installation, caller: Caller, case_id: UUID, *, now: datetime
) -> Foreseen:
    """Say where a draft of the caller's would go; nothing is changed by it.

    Raises:
        NotFoundForCaller, DeniedToRole, LevelTooLow: as ``own_case``.
        Conflict: it was handed in already, and says itself who has it.
        NoOwner: no agency is on file for it.
    """
    case = askers_case(db, caller, Action.CASE_OWN, case_id, now=now)
    if case.state is not CaseState.DRAFT:
        raise Conflict("it was handed in already", state=str(case.state))
    (kind, code), route = owner_of(db, case, now=now)
    routed = replace(case, owner_kind=kind, owner_code=code)
    owner = lines_of(db, [routed], now=now)[0].owner
    assert owner is not None
    trace_case(db, caller, Action.CASE_OWN, case, now=now)
    return Foreseen(
        owner=owner,
        due_on=due_in(CaseState.ROUTED, kind, vietnam_day(now), inst.calendar),
        is_high_impact=is_high_impact(case.kind, case.ask, case.changes),
        is_alternative=route.alternative,
    )
