"""The worker and the support that was proposed: looks at it, starts it, declines it, undoes it."""

from datetime import datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.findings import Language
from labour_book.domain.support import Decline, Overlap, State, Step
from labour_book.errors import NotFound
from labour_book.queries import books, support
from labour_book.queries.support import StoredProposal
from labour_book.services.callers import Action, Caller
from labour_book.services.explaining_support import Explained, explained_as
from labour_book.services.installation import Installation
from labour_book.services.ownership import owner, trace_own
from labour_book.services.permission import deed
from labour_book.services.support_dossiers import (
    Overlapping,
    Stale,
    ask_overlap,
    dossier_for,
    send,
)
from labour_book.services.support_views import ProposalView, views_of

__all__ = ["Decline", "Overlapping", "ProposalView", "Stale", "move", "own_support", "see", "start"]

PURPOSE = "Kiểm tra hỗ trợ trùng lặp trước khi nộp hồ sơ"
_MOVES = frozenset({Step.DECLINE, Step.UNDO, Step.REOPEN})


def own_support(db: Db, caller: Caller, *, now: datetime) -> list[ProposalView]:
    """Return what was proposed to the caller, the newest first; nothing that was withdrawn.

    Raises:
        NotFoundForCaller, DeniedToRole: as ``check_may``.
    """
    person_id = owner(db, caller, Action.SUPPORT_OWN, now=now)
    stored = support.proposals_of_people(db, [person_id])[person_id]
    shown = [each for each in stored if each.state != State.WITHDRAWN]
    trace_own(db, caller, Action.SUPPORT_OWN, person_id, now=now, listed=len(shown))
    return views_of(db, shown)


def see(
    db: Db,
    inst: Installation,
    caller: Caller,
    proposal_id: UUID,
    *,
    now: datetime,
    language: Language,
) -> tuple[ProposalView, Explained]:
    """Return one of the caller's proposals with how it was come to, and note that it was seen.

    Raises:
        NotFound: nothing such was proposed to the caller.
        NotFoundForCaller, DeniedToRole: as ``check_may``.
    """
    person_id, found = _own(db, caller, Action.SUPPORT_OWN, proposal_id, now)
    support.take_step(db, found.id, Step.SEE, {}, now=now)
    trace_own(db, caller, Action.SUPPORT_OWN, person_id, now=now, policy=found.policy)
    view = _again(db, found.id)
    return view, explained_as(db, inst, view, now=now, language=language)


def start(
    inst: Installation,
    caller: Caller,
    proposal_id: UUID,
    *,
    in_spite_of_overlap: bool,
    now: datetime,
) -> ProposalView:
    """Draw the dossier up and hand it over to the portal; one that it did not take goes again.

    Raises:
        NotFound: nothing such was proposed to the caller.
        Overlapping: support is drawn that excludes it; it can be started in spite of that.
        Stale: it cannot be started any more.
        TooMany: too many dossiers were begun today.
        Unavailable: the portal does not take it now; start it again.
        NotFoundForCaller, DeniedToRole, LevelTooLow: as ``check_may``.
    """
    with deed(inst.engine) as db:
        person_id, found = _own(db, caller, Action.SUPPORT_TAKE, proposal_id, now)
    overlap = Overlap(found.overlap)
    if not in_spite_of_overlap and found.state != State.STARTED:
        overlap = ask_overlap(inst, caller, found, purpose=PURPOSE, now=now)
    if overlap is Overlap.RECEIVES and not in_spite_of_overlap:
        raise Overlapping("support is drawn that excludes this one", policy=found.policy)
    with deed(inst.engine) as db:
        _, found = _own(db, caller, Action.SUPPORT_TAKE, proposal_id, now)
        subject = books.subject(db, person_id)
        residence = None if subject is None else subject.residence_commune
        dossier = dossier_for(db, inst, found, residence, now=now)
        detail = {"policy": found.policy, "step": str(Step.START), "dossier": dossier.code}
        trace_own(db, caller, Action.SUPPORT_TAKE, person_id, now=now, **detail)
    send(inst, caller, found.id, dossier, now=now)
    with deed(inst.engine) as db:
        return _again(db, found.id)


def move(
    db: Db,
    caller: Caller,
    proposal_id: UUID,
    step: Step,
    *,
    reason: Decline | None = None,
    now: datetime,
) -> ProposalView:
    """Decline a support, undo what was done by itself, or take a refusal of one's own back.

    Raises:
        NotFound: nothing such was proposed to the caller.
        Stale: it is not in a state for that.
        NotFoundForCaller, DeniedToRole, LevelTooLow: as ``check_may``.
    """
    assert step in _MOVES
    person_id, found = _own(db, caller, Action.SUPPORT_TAKE, proposal_id, now)
    if step is Step.REOPEN and _is_taken(db, found):
        raise Stale("another proposal of the same support is open", state=found.state)
    values = {"reason": None if reason is None else str(reason)}
    if not support.take_step(db, found.id, step, values, now=now):
        raise Stale("it is not in a state for that", state=found.state)
    detail = {"policy": found.policy, "step": str(step)}
    trace_own(db, caller, Action.SUPPORT_TAKE, person_id, now=now, **detail)
    return _again(db, found.id)


def _own(
    db: Db, caller: Caller, action: Action, proposal_id: UUID, now: datetime
) -> tuple[UUID, StoredProposal]:
    person_id = owner(db, caller, action, now=now)
    found = support.proposal_by_id(db, proposal_id)
    if found is None or found.person_id != person_id or found.state == State.WITHDRAWN:
        raise NotFound("nothing such was proposed to you")
    return person_id, found


def _is_taken(db: Db, found: StoredProposal) -> bool:
    """Say whether a newer proposal of the same support is open."""
    stored = support.proposals_of_people(db, [found.person_id])[found.person_id]
    return any(each.policy == found.policy and each.closed_at is None for each in stored)


def _again(db: Db, proposal_id: UUID) -> ProposalView:
    found = support.proposal_by_id(db, proposal_id)
    assert found is not None
    return views_of(db, [found])[0]
