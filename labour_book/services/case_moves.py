"""Taking a step with a case: one guarded update, one row of history, one deadline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.corrections import (
    OVER,
    CaseMoved,
    CaseState,
    CaseTaken,
    Owner,
    Step,
    transition,
)
from labour_book.domain.evidence import vietnam_day
from labour_book.law.correction_deadlines import due_in
from labour_book.queries import corrections
from labour_book.queries.corrections import StoredCase, queue_of
from labour_book.queries.vault import Vault
from labour_book.services.callers import Caller, operator
from labour_book.services.case_access import asking_kind
from labour_book.services.installation import Installation

SYSTEM = operator("corrections")
"""The installation itself: routes, settles what registers confirm, and watches the clock."""
NO_PROPOSAL: Mapping[str, Any] = {"proposal": None, "proposed_by": None}
"""The columns of a case for which nothing is proposed, or no more."""
_NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Said:
    """What goes with a step: words, the code of a reason, and who has the case from then on."""

    words: str = ""
    reason_code: str = ""
    owner: tuple[Owner, str] | None = None
    """None where the owner stays."""


SILENT = Said()


def take_step(
    db: Db,
    inst: Installation,
    case: StoredCase,
    step: Step,
    by: Caller,
    *,
    now: datetime,
    said: Said = SILENT,
    values: Mapping[str, Any] = _NOTHING,
    anyones: bool = True,
    due_on: date | None = None,
) -> StoredCase:
    """Take a step and return the case as it is then; writes its history in the same transaction.

    ``values`` are further columns. Not ``anyones``: refused while another one has claimed it. A
    step into another state, or to another owner, begins that deadline; ``due_on`` sets one apart.

    Raises:
        CaseMoved: it cannot be taken from the case's state.
        CaseTaken: somebody else has the case or was quicker; says who and when.
    """
    after = _after(db, case, step)
    if not anyones and case.claimed_by not in {None, by.id}:
        raise _claimed(case)
    owner_kind, owner_code = said.owner or (case.owner_kind, case.owner_code)
    begins = after is not case.state or said.owner is not None
    due = due_on or (_due(inst, after, owner_kind, now) if begins else case.due_on)
    is_proposed = values.get("proposed_by", case.proposed_by) is not None
    changed = {
        "state": str(after),
        "state_since": now if after is not case.state else case.state_since,
        "due_on": due,
        "owner_kind": owner_kind,
        "owner_code": owner_code,
        "queue": _queue(after, owner_kind, owner_code, is_proposed=is_proposed),
        **(_released() if _lets_go(case, after, said) else {}),
        **values,
    }
    if not corrections.change_case(db, case, changed, held_by=None if anyones else by.id):
        raise _was_quicker(db, case)
    moved = corrections.case_by_id(db, case.id)
    assert moved is not None
    write_step(db, inst.vault, moved, step, by, before=case.state, said=said, now=now)
    return moved


def write_step(
    db: Db,
    vault: Vault,
    case: StoredCase,
    step: Step,
    by: Caller,
    *,
    before: CaseState | None,
    said: Said,
    now: datetime,
) -> None:
    """Write a step into the history of a case that has taken it."""
    owner = case.owner_kind
    corrections.add_step(
        db,
        {
            "case_id": case.id,
            "ordinal": case.revision,
            "at": now,
            "step": str(step),
            "before": None if before is None else str(before),
            "after": str(case.state),
            "by_kind": asking_kind(by),
            "by": by.id,
            "by_name": by.name,
            "place": by.unit_code or by.enterprise_code or "",
            "owner": None if owner is None else queue_of(owner, case.owner_code or ""),
            "reason_code": said.reason_code,
            "words": sealed_words(vault, step_place(case.id, case.revision), said.words),
            "due_on": case.due_on,
        },
    )


def sealed_words(vault: Vault, place: bytes, words: str) -> bytes | None:
    """Seal words for the row they stand in; None where there are none."""
    return vault.sealer.seal(words.encode(), bound_to=place) if words else None


def opened_words(vault: Vault, place: bytes, sealed: bytes | None) -> str:
    """Return the words of a row."""
    return "" if sealed is None else vault.sealer.open(sealed, bound_to=place).decode()


def case_place(case_id: UUID) -> bytes:
    """Return the place of what the asking side wrote."""
    return b"correction_case.words:" + case_id.bytes


def proposal_place(case_id: UUID) -> bytes:
    """Return the place of what the first official proposed."""
    return b"correction_case.proposal:" + case_id.bytes


def step_place(case_id: UUID, ordinal: int) -> bytes:
    """Return the place of the words of a step."""
    return b"correction_step.words:" + case_id.bytes + ordinal.to_bytes(4)


def decision_place(decision_id: UUID) -> bytes:
    """Return the place of the words of a decision."""
    return b"correction_decision.words:" + decision_id.bytes


def _after(db: Db, case: StoredCase, step: Step) -> CaseState:
    try:
        found = transition(case.state, step)
    except CaseMoved as error:
        raise CaseMoved(str(error), **error.facts, **_last_of(db, case)) from None
    return found.leads_to(appealed=case.appealed_at is not None)


def _due(inst: Installation, after: CaseState, owner: Owner | None, now: datetime) -> date | None:
    if after is CaseState.DRAFT or owner is None:
        return None
    return due_in(after, owner, vietnam_day(now), inst.calendar)


def _queue(
    after: CaseState, owner: Owner | None, code: str | None, *, is_proposed: bool
) -> str | None:
    """Return in whose queue a case lies; decided ones only while taking that back is proposed."""
    open_still = after not in OVER and after not in {CaseState.DECIDED, CaseState.DRAFT}
    is_listed = open_still or is_proposed
    return queue_of(owner, code) if is_listed and owner is not None and code else None


def _lets_go(case: StoredCase, after: CaseState, said: Said) -> bool:
    """Say whether whoever has claimed the case has done with it."""
    return case.claimed_by is not None and (
        said.owner is not None or after not in {case.state, CaseState.MORE_NEEDED}
    )


def _released() -> dict[str, Any]:
    return {"claimed_by": None, "claimed_name": None, "claimed_at": None}


def _claimed(case: StoredCase) -> CaseTaken:
    assert case.claimed_by is not None
    assert case.claimed_at is not None
    return CaseTaken(
        "another official has taken this request",
        cause="CLAIMED",
        by=case.claimed_by,
        at=case.claimed_at.isoformat(),
    )


def _was_quicker(db: Db, case: StoredCase) -> CaseTaken:
    return CaseTaken(
        "somebody else was quicker; look at the request again",
        cause="QUICKER",
        **_last_of(db, case),
    )


def _last_of(db: Db, case: StoredCase) -> dict[str, str]:
    """Return who moved a case last, and when: account and unit, no names."""
    last = corrections.last_step(db, case.id)
    if last is None:
        return {}
    return {"last_step": str(last.step), "by": last.by, "by_unit": last.place} | {
        "at": last.at.isoformat()
    }
