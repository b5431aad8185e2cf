"""Putting a decision into force: facts, version, notices and trace, in one transaction.

The guarded step comes first: whoever does not get through it has changed nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.correction_fields import FieldChange
from labour_book.domain.corrections import Outcome, Owner, Step
from labour_book.domain.evidence import vietnam_day
from labour_book.errors import Conflict
from labour_book.queries import correction_decisions, merges, versions
from labour_book.queries.correction_decisions import StoredDecision
from labour_book.queries.corrections import StoredCase, changes_text
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.case_effects import effects_of
from labour_book.services.case_lines import StaleLine
from labour_book.services.case_moves import (
    NO_PROPOSAL,
    SYSTEM,
    Said,
    decision_place,
    sealed_words,
    take_step,
)
from labour_book.services.case_notices import tell_decided
from labour_book.services.fact_decisions import (
    LineRestated,
    NothingToReverse,
    Writing,
    put_into_force,
    restore,
)
from labour_book.services.installation import Installation
from labour_book.services.issuing import Issued, issue_book
from labour_book.services.recording import new_id

__all__ = ["KeyTaken", "LineRestated", "NothingToReverse", "Ruling", "settle", "take_back"]

_CHANGING = frozenset({Outcome.APPROVED, Outcome.PARTLY})


class KeyTaken(Conflict):
    """The key was used for something else before."""

    slug = "key-used-before"
    title = "This idempotency key was used for something else"
    title_vi = "Khóa chống lặp này đã dùng cho việc khác"


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision as it is made."""

    outcome: Outcome
    accepted: tuple[str, ...]
    """Names of the fields that are accepted; none where a whole line is."""
    reason_code: str
    words: str
    by: Caller
    proposer: tuple[str, str] | None = None
    """Account and name of who proposed it, where ``by`` only confirms."""
    automatic: bool = False
    key: str | None = None
    owner: tuple[Owner, str] | None = None
    """Who has the case from then on, where nobody had it before: whose sample it is."""


def settle(
    db: Db, inst: Installation, case: StoredCase, step: Step, ruling: Ruling, *, now: datetime
) -> StoredCase:
    """Decide a case by a step that leads to it; all that follows is in the same transaction.

    Raises:
        CaseMoved, CaseTaken: as ``take_step``.
        LineRestated, StaleLine: the line is not as it was.
        KeyTaken: the key belongs to another decision.
        Unavailable: there is no key to sign the book with.
    """
    versions.lock_books(db, [case.person_id])
    before = correction_decisions.decisions_of(db, case.id)
    changes = _judged(case, ruling)
    moved = take_step(
        db,
        inst,
        case,
        step,
        ruling.by,
        now=now,
        said=Said(ruling.words, ruling.reason_code, ruling.owner),
        values=_columns(inst, ruling, changes, case, now=now),
        anyones=False,
    )
    in_time = case.escalations == 0 and (case.due_on is None or case.due_on >= vietnam_day(now))
    decision = _row(db, inst, moved, ruling, number=len(before) + 1, now=now)
    _add(db, decision | {"in_time": in_time})
    if _differs(before, changes, ruling.outcome):
        _apply(db, inst, moved, ruling, before, decision=decision["id"], now=now)
    _finish(db, inst, moved, ruling, decision["id"], now=now)
    return moved


def take_back(
    db: Db,
    inst: Installation,
    case: StoredCase,
    ruling: Ruling,
    before: Sequence[StoredDecision],
    *,
    now: datetime,
) -> StoredCase:
    """Reverse what is in force of a case's decisions so far; the facts stand as before them.

    Raises:
        NothingToReverse: nothing is in force, or a later decision stands on it.
        CaseMoved, CaseTaken, KeyTaken.
    """
    versions.lock_books(db, [case.person_id])
    in_force = [each for each in before if is_in_force(each)]
    if not in_force:
        raise NothingToReverse
    changes = tuple(replace(each, accepted=False) for each in case.changes)
    values = {
        "outcome": str(Outcome.REVERSED),
        "decided_at": now,
        "changes": changes_text(changes),
        **NO_PROPOSAL,
    }
    said = Said(ruling.words, ruling.reason_code)
    moved = take_step(db, inst, case, Step.REVERSE, ruling.by, now=now, said=said, values=values)
    decision = _row(db, inst, moved, ruling, number=len(before) + 1, now=now)
    _add(db, decision | {"in_time": True})
    writing = Writing(decision["id"], case.person_id, case.number, ruling.by.id, now)
    for earlier in reversed(in_force):
        restore(db, writing, earlier.id)
    _finish(db, inst, moved, ruling, decision["id"], now=now)
    return moved


def _judged(case: StoredCase, ruling: Ruling) -> tuple[FieldChange, ...]:
    whole = ruling.outcome is Outcome.APPROVED
    return tuple(
        replace(each, accepted=whole or each.field in ruling.accepted) for each in case.changes
    )


def _columns(
    inst: Installation,
    ruling: Ruling,
    changes: Sequence[FieldChange],
    case: StoredCase,
    *,
    now: datetime,
) -> dict[str, object]:
    drawn = ruling.automatic and (case.high_impact or _is_drawn(inst))
    return {
        "outcome": str(ruling.outcome),
        "decided_at": now,
        "changes": changes_text(changes),
        **NO_PROPOSAL,
        **({"sampled_at": now} if drawn else {}),
    }


def _is_drawn(inst: Installation) -> bool:
    """Draw an automatic decision for review: unpredictable, so that nobody can count on it."""
    return int.from_bytes(inst.entropy(4)) % 1000 < inst.corrections.sample_permille


def _row(
    db: Db, inst: Installation, case: StoredCase, ruling: Ruling, *, number: int, now: datetime
) -> dict[str, Any]:
    decision_id = new_id(now)
    made_by = ruling.proposer or (ruling.by.id, ruling.by.name)
    confirmed = ruling.by if ruling.proposer is not None else None
    standing = versions.standings(db, [case.person_id]).get(case.person_id)
    return {
        "id": decision_id,
        "case_id": case.id,
        "person_id": case.person_id,
        "ordinal": number,
        "key": ruling.key,
        "at": now,
        "outcome": str(ruling.outcome),
        "automatic": ruling.automatic,
        "appeal": case.appealed_at is not None,
        "high_impact": case.high_impact,
        "unit_code": ruling.by.unit_code or case.owner_code,
        "decided_by": made_by[0],
        "decided_name": made_by[1],
        "confirmed_by": None if confirmed is None else confirmed.id,
        "confirmed_name": None if confirmed is None else confirmed.name,
        "reason_code": ruling.reason_code,
        "words": sealed_words(inst.vault, decision_place(decision_id), ruling.words),
        "changes": changes_text(case.changes),
        "version_before": None if standing is None else standing.version,
    }


def _add(db: Db, row: dict[str, Any]) -> None:
    if not correction_decisions.add_decision(db, row):
        raise KeyTaken


def is_in_force(decision: StoredDecision) -> bool:
    """Say whether a decision has changed the record and was not taken back."""
    return decision.reversed_by is None and decision.outcome in _CHANGING


def _differs(
    before: Sequence[StoredDecision], changes: Sequence[FieldChange], outcome: Outcome
) -> bool:
    """Say whether a decision is another than what is in force: on appeal it often is not."""
    in_force = [each for each in before if is_in_force(each)]
    if not in_force:
        return True
    same = [each.accepted for each in in_force[-1].changes] == [each.accepted for each in changes]
    return not same or outcome not in _CHANGING


def _apply(
    db: Db,
    inst: Installation,
    case: StoredCase,
    ruling: Ruling,
    before: Sequence[StoredDecision],
    *,
    decision: UUID,
    now: datetime,
) -> None:
    """Undo what an earlier decision on the case did, then do what this one says."""
    writing = Writing(decision, case.person_id, case.number, ruling.by.id, now)
    for earlier in reversed([each for each in before if is_in_force(each)]):
        restore(db, writing, earlier.id)
    if ruling.outcome in _CHANGING:
        if merges.merged_among(db, [case.person_id]):
            raise StaleLine  # the facts are another person's now
        accepted = {each.field: each.after for each in case.changes if each.accepted}
        put_into_force(db, inst.vault, writing, effects_of(db, inst, case, accepted, now=now))


def _finish(
    db: Db,
    inst: Installation,
    case: StoredCase,
    ruling: Ruling,
    decision: UUID,
    *,
    now: datetime,
) -> None:
    """Issue the new version, tell those whom it concerns, and leave the trace."""
    purpose = f"Đề nghị điều chỉnh {case.number}"
    issued = issue_book(db, inst, case.person_id, by=SYSTEM, now=now, purpose=purpose)
    if isinstance(issued, Issued):
        correction_decisions.note_version(db, decision, issued.version)
    tell_decided(db, case, now=now)
    action = Action.CASE_REVERSE if ruling.outcome is Outcome.REVERSED else Action.CASE_DECIDE
    detail: dict[str, str | int] = {
        "case": case.number,
        "outcome": str(ruling.outcome),
        "automatic": int(ruling.automatic),
        "decision": str(decision),
    }
    trace(db, ruling.by, action, at=now, purpose=purpose, person_id=case.person_id, detail=detail)
