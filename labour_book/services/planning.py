"""Planning a round of collection: who visits which hamlet, and how far it has come."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.collection_calendar import Deadline, deadlines
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.people import fold
from labour_book.domain.visits import VisitState
from labour_book.errors import Conflict, Invalid, NotFound
from labour_book.queries import plans, units
from labour_book.queries.accounts import unit_serves
from labour_book.queries.plans import PlanOnFile
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.installation import Installation
from labour_book.services.permission import check_role
from labour_book.services.recording import new_id

PURPOSE = "Thu thập Mẫu số 03"
MOST_PLANS = 500
WHOLE_COMMUNE = ""
"""As the hamlet of a plan: everybody of the commune."""
LONGEST_HAMLET, LONGEST_COLLECTOR, LONGEST_CODE = 120, 120, 60
FIRST_YEAR, LAST_YEAR = 2022, 2100
"""TT 11/2022 brought the form."""


@dataclass(frozen=True, slots=True)
class NewPlan:
    """A plan to be; days are inclusive."""

    commune_code: str
    hamlet: str
    round: int
    first_day: date
    last_day: date
    collector: str


@dataclass(slots=True)
class Counted:
    """Visits by state."""

    visits: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def total(self) -> int:
        return sum(self.visits.values())

    @property
    def done(self) -> int:
        return self.visits[VisitState.DONE]

    @property
    def percent(self) -> int:
        """How much of it is done, rounded down."""
        return self.done * 100 // self.total if self.total else 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a place, or one plan, has come."""

    code: str
    """Of the province or commune; empty for the sum."""
    name: str
    counted: Counted


@dataclass(frozen=True, slots=True)
class Round:
    """The plans of a year that a unit sees, how far they have come, and what is due."""

    year: int
    plans: Sequence[tuple[PlanOnFile, Counted]]
    below: Sequence[Progress]
    total: Counted
    deadlines: Sequence[Deadline]


def round_of(db: Db, inst: Installation, caller: Caller, *, year: int, now: datetime) -> Round:
    """Return how collection stands in a year where the caller's unit is responsible.

    By province for the ministry, by commune for a province; numbers, and nobody's name.

    Raises:
        DeniedToRole: the caller is no official.
        NotFound: its unit does not exist any more.
    """
    check_role(caller, Action.PLAN_READ, now)
    communes = _communes(db, caller, now)
    found = []
    if caller.may(Action.VISIT_NOTE):  # the plans name who visits; others see how far all has come
        found = plans.plans_in(db, communes, year=year, limit=MOST_PLANS)
    by_plan: dict[UUID, Counted] = defaultdict(Counted)
    by_commune: dict[str, Counted] = defaultdict(Counted)
    for commune, plan_id, state, visits in plans.visits_counted(db, communes, year=year):
        by_plan[plan_id].visits[state] += visits
        by_commune[commune].visits[state] += visits
    return Round(
        year=year,
        plans=[(each, by_plan[each.id]) for each in found],
        below=_below(inst, by_commune, by_province=communes is None),
        total=_sum(by_commune.values()),
        deadlines=deadlines(vietnam_day(now), at_most=4),
    )


def make_plan(db: Db, caller: Caller, new: NewPlan, *, now: datetime) -> UUID:
    """Make a plan and return its id.

    Raises:
        DeniedToRole: the role makes no plans.
        Invalid: a value cannot be, or the commune is not the unit's.
        Conflict: there is such a plan.
    """
    check_role(caller, Action.PLAN_KEEP, now)
    year, hamlet = new.first_day.year, " ".join(new.hamlet.split())
    _check(db, caller, new, now)
    if plans.plan_exists(db, new.commune_code, year, new.round, hamlet):
        raise Conflict("there is a plan for this hamlet and round")
    assert caller.unit_code is not None
    plan_id = new_id(now)
    row = {
        "id": plan_id,
        "commune_code": new.commune_code,
        "hamlet": hamlet,
        "year": year,
        "round": new.round,
        "first_day": new.first_day,
        "last_day": new.last_day,
        "collector": " ".join(new.collector.split()),
        "unit_code": caller.unit_code,
        "created_by": caller.id,
        "created_at": now,
    }
    plans.add_plan(db, row)
    trace(db, caller, Action.PLAN_KEEP, at=now, purpose=PURPOSE, detail={"plan": str(plan_id)})
    return plan_id


def plan_of(db: Db, caller: Caller, plan_id: UUID, *, now: datetime) -> PlanOnFile:
    """Return a plan.

    Raises:
        DeniedToRole: the caller is no official.
        NotFound: no such plan, or of a commune that the unit does not serve.
    """
    check_role(caller, Action.PLAN_READ, now)
    plan = plans.plan_by_id(db, plan_id)
    if plan is None or not _serves(db, caller, plan.commune_code, now):
        raise NotFound("there is no such plan")
    return plan


def fill(db: Db, caller: Caller, plan_id: UUID, *, now: datetime) -> int:
    """Put everybody on the worklist who is known to live in the hamlet; return how many look so.

    Where somebody lives in a commune, they said on their last form; a plan for the whole commune
    takes everybody. Who is on the list already is not added again.

    Raises:
        DeniedToRole, NotFound: as ``plan_of``; the role keeps no plans.
        Conflict: the plan is closed.
    """
    check_role(caller, Action.PLAN_KEEP, now)
    plan = _open_plan(db, caller, plan_id, now)
    found = list(_residents(db, plan))
    plans.add_visits(db, [_visit(plan.id, caller, now, *each) for each in found])
    detail: dict[str, str | int] = {"plan": str(plan_id), "people": len(found)}
    trace(db, caller, Action.PLAN_KEEP, at=now, purpose=PURPOSE, detail=detail)
    return len(found)


def add_household(
    db: Db, caller: Caller, plan_id: UUID, household_code: str, *, now: datetime
) -> UUID:
    """Add a household of which nobody is known, and return the visit.

    Raises:
        DeniedToRole, NotFound, Conflict: as ``fill``.
        Invalid: no code, or one that is too long.
    """
    check_role(caller, Action.PLAN_KEEP, now)
    plan, code = _open_plan(db, caller, plan_id, now), " ".join(household_code.split())
    if not code or len(code) > LONGEST_CODE:
        raise Invalid(f"a household's code has 1 to {LONGEST_CODE} characters")
    row = _visit(plan.id, caller, now, None, code)
    plans.add_visit(db, row)
    trace(db, caller, Action.PLAN_KEEP, at=now, purpose=PURPOSE, detail={"plan": str(plan_id)})
    added: UUID = row["id"]  # type: ignore[assignment]  # the row made just above
    return added


def close_plan(db: Db, caller: Caller, plan_id: UUID, *, now: datetime) -> None:
    """Close a plan: nothing is noted under it any more.

    Raises:
        DeniedToRole, NotFound, Conflict: as ``fill``.
    """
    check_role(caller, Action.PLAN_KEEP, now)
    _open_plan(db, caller, plan_id, now)
    if not plans.close_plan(db, plan_id, now):
        raise Conflict("the plan is closed")
    trace(db, caller, Action.PLAN_KEEP, at=now, purpose=PURPOSE, detail={"plan": str(plan_id)})


def communes_of(db: Db, caller: Caller, *, now: datetime) -> list[str] | None:
    """Return the communes that the caller's unit serves; None for all of the country.

    Raises:
        NotFound: its unit does not exist any more.
    """
    return _communes(db, caller, now)


def _communes(db: Db, caller: Caller, now: datetime) -> list[str] | None:
    unit = units.unit(db, caller.unit_code or "")
    if unit is None:
        raise NotFound("your unit does not exist")
    return plans.communes_served(db, unit.place_code, unit.kind, vietnam_day(now))


def _serves(db: Db, caller: Caller, commune_code: str, now: datetime) -> bool:
    return unit_serves(db, caller.unit_code or "", commune_code, vietnam_day(now))


def _open_plan(db: Db, caller: Caller, plan_id: UUID, now: datetime) -> PlanOnFile:
    plan = plan_of(db, caller, plan_id, now=now)
    if plan.closed_at is not None:
        raise Conflict("the plan is closed")
    return plan


def _check(db: Db, caller: Caller, new: NewPlan, now: datetime) -> None:
    if not FIRST_YEAR <= new.first_day.year <= LAST_YEAR or new.last_day < new.first_day:
        raise Invalid("a round ends after it begins")
    if not 1 <= new.round <= 12:  # noqa: PLR2004 - at most one each month
        raise Invalid("rounds are numbered 1 to 12")
    if len(new.hamlet) > LONGEST_HAMLET or not 0 < len(new.collector) <= LONGEST_COLLECTOR:
        raise Invalid("name the hamlet and who collects there, each on one line")
    if not _serves(db, caller, new.commune_code, now):
        raise Invalid("your unit does not serve this commune")


def _residents(db: Db, plan: PlanOnFile) -> Iterator[tuple[UUID, str]]:
    wanted, after = fold(plan.hamlet), None
    while page := plans.people_and_answers(db, plan.commune_code, after=after):
        for person_id, body in page:
            answers: Mapping[str, str] = json.loads(body or "{}")
            if wanted in ("", fold(answers.get("village", ""))):
                yield person_id, answers.get("household_code", "")[:LONGEST_CODE]
        after = page[-1][0]


def _visit(
    plan_id: UUID, caller: Caller, now: datetime, person_id: UUID | None, household_code: str
) -> dict[str, object]:
    return {
        "id": new_id(now),
        "plan_id": plan_id,
        "household_code": household_code,
        "person_id": person_id,
        "state": VisitState.NOT_VISITED.value,
        "changed_at": now,
        "changed_by": caller.id,
    }


def _below(
    inst: Installation, by_commune: Mapping[str, Counted], *, by_province: bool
) -> list[Progress]:
    grouped: dict[str, list[Counted]] = defaultdict(list)
    names: dict[str, str] = {}
    for code, counted in by_commune.items():
        commune = inst.places.communes.get(code)
        if by_province and commune is not None:
            names[commune.province_code] = inst.places.provinces[commune.province_code]
            grouped[commune.province_code].append(counted)
        else:
            names[code] = code if commune is None else commune.full_name
            grouped[code].append(counted)
    return [Progress(code, names[code], _sum(some)) for code, some in sorted(grouped.items())]


def _sum(some: Collection[Counted]) -> Counted:
    total = Counted()
    for each in some:
        for state, visits in each.visits.items():
            total.visits[state] += visits
    return total
