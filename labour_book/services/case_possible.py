"""What a reader can do with a case now, and why an official may not decide it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from labour_book.database import Db
from labour_book.domain.corrections import Actor, Outcome, Owner, Step, steps_in
from labour_book.queries.correction_decisions import StoredDecision
from labour_book.queries.corrections import StoredCase
from labour_book.services.callers import Caller
from labour_book.services.case_access import has_decided, is_anothers_own, is_twice, own_cause

_REVERSALS = frozenset({Step.REVERSE, Step.LET_STAND})
_DECIDING = frozenset({Step.PROPOSE, Step.DECIDE, Step.CONFIRM, Step.PROPOSE_BACK, Step.REVERSE})
"""What nobody does on a matter of their own, or on what they have decided themselves."""
_RETURNING = frozenset({Step.SEND_BACK, Step.LET_STAND})
"""What nobody does on a matter of their own either; whoever has proposed it may."""
_IN_FORCE = frozenset({Outcome.APPROVED, Outcome.PARTLY})


@dataclass(frozen=True, slots=True)
class Possible:
    """The steps that a reader can take, and why some others are not among them."""

    steps: tuple[Step, ...]
    barred: str = ""
    """The ``cause`` of ``OwnMatter`` for what the state would allow; empty where nothing is."""


def possible_for(
    db: Db, case: StoredCase, reader: Caller, made: Sequence[StoredDecision]
) -> Possible:
    """Return what a reader can do with a case now, of which ``made`` are the decisions so far."""
    if reader.kind == "employer" and case.declared_kind != "employer":
        owns = case.owner_kind is Owner.EMPLOYER
        return Possible(steps_in(case.state, Actor.EMPLOYER) if owns else ())
    if reader.kind == "official":
        return _without_own_matters(db, case, reader, made)
    return Possible(_for_asker(case, reader))


def _for_asker(case: StoredCase, reader: Caller) -> tuple[Step, ...]:
    found = steps_in(case.state, Actor.ASKER)
    if is_anothers_own(reader, case):
        found = tuple(each for each in found if each is Step.APPEAL)
    without = {Step.APPEAL} if case.appealed_at is not None else set()
    without |= {Step.RATE} if case.rating is not None else set()
    return tuple(each for each in found if each not in without)


def _for_official(case: StoredCase, reader: Caller) -> tuple[Step, ...]:
    found = steps_in(case.state, Actor.OFFICIAL) if case.owner_code == reader.unit_code else ()
    if case.declared_kind == "official" and case.declared_by == reader.unit_code:
        found += _for_asker(case, reader)
    overseen = steps_in(case.state, Actor.OVERSEER)
    is_proposed = case.proposed_by is not None
    if is_proposed or case.outcome not in _IN_FORCE:
        overseen = tuple(each for each in overseen if each is not Step.PROPOSE_BACK)
    if not is_proposed:
        overseen = tuple(each for each in overseen if each not in _REVERSALS)
    if case.sampled_at is None or case.reviewed_at is not None:
        overseen = tuple(each for each in overseen if each is not Step.REVIEW)
    return found + overseen


def _without_own_matters(
    db: Db, case: StoredCase, reader: Caller, made: Sequence[StoredDecision]
) -> Possible:
    found = _for_official(case, reader)
    if not found:
        return Possible(found)
    if cause := own_cause(db, reader, case):
        return _without(found, _DECIDING | _RETURNING, cause)
    if has_decided(reader, made):
        return _without(found, _DECIDING, "OWN_DECISION")
    if case.proposed_by == reader.id:
        return _without(found, {Step.CONFIRM, Step.REVERSE}, "OWN_PROPOSAL")
    if is_twice(db, reader, case):
        return _without(found, {Step.PROPOSE}, "TWICE_IN_A_ROW")
    return Possible(found)


def _without(found: tuple[Step, ...], barred: Collection[Step], cause: str) -> Possible:
    left = tuple(each for each in found if each not in barred)
    return Possible(left, cause if left != found else "")
