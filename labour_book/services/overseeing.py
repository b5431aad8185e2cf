"""Seeing that corrections are handled in time and rightly: ageing, overdue ones, samples."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.correction_claims import read_words
from labour_book.domain.corrections import CaseState, Outcome, Owner, Step
from labour_book.domain.evidence import start_of, vietnam_day
from labour_book.errors import Conflict, Invalid
from labour_book.queries import (
    correction_decisions,
    correction_numbers,
    correction_queue,
    corrections,
    units,
)
from labour_book.queries.correction_numbers import Decided, Waiting
from labour_book.queries.correction_queue import Wanted
from labour_book.queries.corrections import queue_of
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.case_access import seen_case, trace_case
from labour_book.services.case_moves import Said, take_step
from labour_book.services.case_reading import lines_of
from labour_book.services.case_views import CaseLine
from labour_book.services.installation import Installation
from labour_book.services.permission import check_role
from labour_book.services.routing import owner_kind_of

SPANS = ("late", "today", "1-2", "3-5", "6+")
"""Working days that are left, as ageing tells them."""
_ONE_DAY = timedelta(days=1)
_PROPOSED_BACK = frozenset({CaseState.DECIDED, CaseState.CLOSED})
"""Cases in these states lie in a queue only while taking the decision back is proposed."""


class ReviewedBefore(Conflict):
    """The decision was not drawn for review, or somebody has looked at it already."""

    slug = "reviewed-before"
    title = "This decision is not waiting for review"
    title_vi = "Quyết định này không chờ hậu kiểm"


@dataclass(frozen=True, slots=True)
class Ageing:
    """How many cases wait at a unit, and for how long."""

    owner: Owner
    code: str
    name: str
    waiting: int
    overdue: int
    oldest_submitted_at: datetime | None
    by_days: Mapping[str, int]
    """Working days left or late: ``late``, ``today``, ``1-2``, ``3-5``, ``6+``, to cases."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How cases were decided in a span of days (both included)."""

    first_day: date
    last_day: date
    decided: int
    by_outcome: Mapping[str, int]
    automatic: int
    in_time: int
    appealed: int
    changed_on_appeal: int
    reversed: int
    escalated: int
    rated: int
    rating_sum: int
    """Sum of the ratings, 1 to 5 each: divide by ``rated``."""


@dataclass(frozen=True, slots=True)
class Sample:
    """An automatic decision drawn for review."""

    case: CaseLine
    decision_id: UUID
    decided_at: datetime
    outcome: Outcome
    reviewed_at: datetime | None
    was_right: bool | None


def ageing(db: Db, inst: Installation, caller: Caller, *, now: datetime) -> list[Ageing]:
    """Return how the queues of the caller's unit and those below it stand, worst first.

    Raises:
        DeniedToRole: the caller oversees nothing.
    """
    check_role(caller, Action.CASE_OVERSEE, now)
    kinds = _units(db, caller, now)
    found = correction_numbers.waiting(db, _queues(kinds))
    names = units.names_of(db, kinds)
    by_owner: dict[tuple[str, str], list[Waiting]] = {}
    for each in found:
        by_owner.setdefault((each.owner_kind, each.owner_code), []).append(each)
    told = [_ageing(inst, rows, names, vietnam_day(now)) for rows in by_owner.values()]
    detail = {"queues": len(told)}
    trace(db, caller, Action.CASE_OVERSEE, at=now, purpose="ageing", detail=detail)
    return sorted(told, key=lambda each: (-each.overdue, -each.waiting, each.code))


def overdue(
    db: Db, inst: Installation, caller: Caller, *, now: datetime, limit: int = 100
) -> list[CaseLine]:
    """Return the cases that are overdue there, the oldest deadline first.

    Raises:
        DeniedToRole: the caller oversees nothing, or only numbers.
    """
    del inst  # every deed of an overseer is called alike
    check_role(caller, Action.CASE_QUEUE, now)
    queues = _queues(_units(db, caller, now))
    wanted = Wanted(queues, due_before=vietnam_day(now))
    return _listed(db, caller, wanted, "overdue", limit=limit, now=now)


def reversals(
    db: Db, inst: Installation, caller: Caller, *, now: datetime, limit: int = 100
) -> list[CaseLine]:
    """Return decided cases there of which a reversal is proposed, for another one to confirm.

    Raises:
        DeniedToRole: the caller oversees nothing, or only numbers.
    """
    del inst  # every deed of an overseer is called alike
    check_role(caller, Action.CASE_QUEUE, now)
    wanted = Wanted(_queues(_units(db, caller, now)), states=_PROPOSED_BACK)
    return _listed(db, caller, wanted, "reversals", limit=limit, now=now)


def _listed(
    db: Db, caller: Caller, wanted: Wanted, what: str, *, limit: int, now: datetime
) -> list[CaseLine]:
    """Return the cases of a list, and trace that it was looked at."""
    found = correction_queue.queued(db, wanted, limit=limit)
    detail = {"listed": len(found)}
    trace(db, caller, Action.CASE_OVERSEE, at=now, purpose=what, detail=detail)
    return lines_of(db, found, now=now)


def quality(
    db: Db, inst: Installation, caller: Caller, *, first_day: date, last_day: date, now: datetime
) -> Quality:
    """Return how cases were decided there; never about a single official.

    Raises:
        DeniedToRole: the caller oversees nothing.
        Invalid: the last day lies before the first, or a day is too far away.
    """
    del inst  # every deed of an overseer is called alike
    check_role(caller, Action.CASE_OVERSEE, now)
    if last_day < first_day:
        raise Invalid("it ends before it begins", cause="WRONG_ORDER")
    since, until = start_of(first_day), start_of(last_day) + _ONE_DAY
    found = correction_numbers.decided(db, sorted(_units(db, caller, now)), since, until)
    trace(db, caller, Action.CASE_OVERSEE, at=now, purpose="quality")
    return _quality(found, first_day, last_day)


def samples(
    db: Db, inst: Installation, caller: Caller, *, now: datetime, limit: int = 100
) -> list[Sample]:
    """Return automatic decisions drawn for review, those not looked at first.

    Raises:
        DeniedToRole: the caller oversees nothing, or only numbers.
    """
    del inst  # every deed of an overseer is called alike
    check_role(caller, Action.CASE_QUEUE, now)
    found = correction_numbers.sampled(db, sorted(_units(db, caller, now)), limit=limit)
    detail = {"listed": len(found)}
    trace(db, caller, Action.CASE_OVERSEE, at=now, purpose="samples", detail=detail)
    return [
        Sample(line, made[0].id, made[0].at, made[0].outcome, each.reviewed_at, each.was_right)
        for each, line in zip(found, lines_of(db, found, now=now), strict=True)
        if (made := correction_decisions.decisions_of(db, each.id))
    ]


def review(
    db: Db,
    inst: Installation,
    caller: Caller,
    case_id: UUID,
    *,
    was_right: bool,
    words: str,
    now: datetime,
) -> None:
    """Note what an inspector found of a sampled decision; a wrong one is then reversed apart.

    Raises:
        NotFoundForCaller, CaseMoved, Invalid: wrong, and no words.
        ReviewedBefore: it was reviewed before, or not drawn.
    """
    stored = corrections.case_by_id(db, case_id)
    case = seen_case(db, caller, Action.CASE_REVIEW, stored, now=now)
    said = Said(read_words(words, needed=not was_right))
    if case.sampled_at is None or case.reviewed_at is not None:
        raise ReviewedBefore
    values = {"was_right": was_right, "reviewed_at": now}
    moved = take_step(db, inst, case, Step.REVIEW, caller, said=said, values=values, now=now)
    trace_case(db, caller, Action.CASE_REVIEW, moved, now=now)


def _units(db: Db, caller: Caller, now: datetime) -> dict[str, str]:
    """Return the units the caller oversees, with their kinds: the own one and all below it."""
    today = vietnam_day(now)
    if caller.kind == "system":
        return {
            code: kind
            for top in units.children_of(db, None)
            for code, kind in units.kinds_below(db, top.code, today).items()
        }
    return units.kinds_below(db, caller.unit_code or "", today)


def _queues(kinds: Mapping[str, str]) -> list[str]:
    return sorted(
        queue_of(kind, code)
        for code, unit_kind in kinds.items()
        if (kind := owner_kind_of(unit_kind)) is not None
    )


def _ageing(
    inst: Installation, rows: Sequence[Waiting], names: Mapping[str, str], today: date
) -> Ageing:
    code = rows[0].owner_code
    by_days = dict.fromkeys(SPANS, 0)
    for each in rows:
        by_days[_span(inst, each.due_on, today)] += each.cases
    return Ageing(
        owner=Owner(rows[0].owner_kind),
        code=code,
        name=names.get(code, code),
        waiting=sum(each.cases for each in rows),
        overdue=by_days["late"],
        oldest_submitted_at=min((each.oldest for each in rows if each.oldest), default=None),
        by_days=by_days,
    )


def _span(inst: Installation, due_on: date | None, today: date) -> str:
    if due_on is None:
        return SPANS[-1]
    left = inst.calendar.between(today, due_on) if due_on >= today else -1
    if left < 0:
        return "late"
    return next(
        name for most, name in ((0, "today"), (2, "1-2"), (5, "3-5"), (left, "6+")) if left <= most
    )


def _quality(found: Sequence[Decided], first_day: date, last_day: date) -> Quality:
    by_outcome = {str(each.outcome): each.decisions for each in found}
    return Quality(
        first_day=first_day,
        last_day=last_day,
        decided=sum(by_outcome.values()),
        by_outcome=by_outcome,
        automatic=sum(each.automatic for each in found),
        in_time=sum(each.in_time for each in found),
        appealed=sum(each.appealed for each in found),
        changed_on_appeal=sum(each.changed for each in found),
        reversed=by_outcome.get(str(Outcome.REVERSED), 0),
        escalated=sum(each.escalated for each in found),
        rated=sum(each.rated for each in found),
        rating_sum=sum(each.rating_sum for each in found),
    )
