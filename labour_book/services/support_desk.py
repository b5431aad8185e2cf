"""The commune's list: who has no insurance, who has lost work, what was proposed; and one of them.

The list names people of the own communes; each look at one, and each deed, is traced.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.findings import Language
from labour_book.domain.job_loss import LossState
from labour_book.domain.notices import NoticeKind, Recipient
from labour_book.domain.support import OPEN, Level, Overlap, State, Step
from labour_book.errors import NotFound
from labour_book.queries import books, job_losses, people, plans, support, support_lists, units
from labour_book.queries.job_losses import StoredLoss
from labour_book.queries.people import PersonOnFile
from labour_book.queries.support import StoredProposal
from labour_book.queries.support_lists import Lost, Offered, Uninsured
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.explaining_support import Explained, explained_of
from labour_book.services.installation import Installation
from labour_book.services.notifying import notify
from labour_book.services.permission import check_may, check_role, deed
from labour_book.services.support_dossiers import Stale, ask_overlap, dossier_for, send
from labour_book.services.support_views import ProposalView, views_of

__all__ = ["PAGE", "Listed", "Opened", "Which", "listed", "opened"]

PAGE = 50
MOST_EXPORTED = 5_000
PURPOSE = "Hỗ trợ người lao động mất việc làm"


class Which(StrEnum):
    """Which list; the most urgent first."""

    UNINSURED = "uninsured"
    LOST = "lost"
    PROPOSED = "proposed"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which list, narrowed to a state and a policy."""

    which: Which = Which.UNINSURED
    state: str = ""
    policy: str = ""


Listed = Sequence[Uninsured] | Sequence[Lost] | Sequence[Offered]


@dataclass(frozen=True, slots=True)
class Opened:
    """A person with the losses of work, what was proposed, and why."""

    person: PersonOnFile
    commune_code: str | None
    losses: Sequence[StoredLoss]
    proposals: Sequence[ProposalView]
    explained: Sequence[Explained]


def listed(
    db: Db,
    caller: Caller,
    wanted: Wanted,
    *,
    after: UUID | None = None,
    limit: int = PAGE,
    now: datetime,
) -> Listed:
    """Return a page of one of the lists, of the communes that the caller's unit serves.

    Raises:
        DeniedToRole: the role has no business here.
    """
    check_role(caller, Action.SUPPORT_LIST, now)
    communes = communes_of(db, caller, now)
    found: Listed
    if wanted.which is Which.UNINSURED:
        on = vietnam_day(now)
        reported = books.insurance_counted_through(db, now)
        found = support_lists.uninsured(db, communes, reported, on, after=after, limit=limit)
    elif wanted.which is Which.LOST:
        state = wanted.state or LossState.CONFIRMED
        found = support_lists.lost(db, communes, state=state, after=after, limit=limit)
    else:
        found = support_lists.offered(
            db,
            communes,
            state=wanted.state or State.PROPOSED,
            policy=wanted.policy,
            after=after,
            limit=limit,
        )
    detail: dict[str, str | int] = {"list": str(wanted.which), "rows": len(found)}
    trace(db, caller, Action.SUPPORT_LIST, at=now, purpose=PURPOSE, detail=detail)
    return found


def opened(
    db: Db,
    inst: Installation,
    caller: Caller,
    person_id: UUID,
    *,
    now: datetime,
    language: Language,
) -> Opened:
    """Open one person: losses of work, proposals, and how each support is come to.

    Raises:
        NotFoundForCaller, DeniedToRole, LevelTooLow: as ``check_may``.
    """
    commune = _check(db, caller, Action.SUPPORT_OPEN, person_id, now)
    stored = support.proposals_of_people(db, [person_id])[person_id]
    found = Opened(
        person=people.people_by_ids(db, [person_id])[person_id],
        commune_code=commune,
        losses=job_losses.losses_of_people(db, [person_id])[person_id],
        proposals=views_of(db, stored),
        explained=explained_of(db, inst, person_id, now=now, language=language),
    )
    trace(
        db,
        caller,
        Action.SUPPORT_OPEN,
        at=now,
        purpose=PURPOSE,
        person_id=person_id,
        detail={"proposals": len(stored)},
    )
    return found


def remind(db: Db, caller: Caller, proposal_id: UUID, *, now: datetime) -> UUID:
    """Remind somebody of what was proposed, once a day at most; return whom.

    Raises:
        NotFound: there is no such proposal.
        Stale: nobody has anything to do with it any more.
        NotFoundForCaller, DeniedToRole, LevelTooLow: as ``check_may``.
    """
    found = _proposal(db, caller, Action.SUPPORT_REMIND, proposal_id, now)
    if found.state not in OPEN:
        raise Stale("there is nothing to be reminded of", state=found.state)
    facts = {"policy": found.policy}
    if found.due_on is not None:
        facts["due_on"] = found.due_on.isoformat()
    worker = Recipient("worker", str(found.person_id))
    about = f"{found.id}/{vietnam_day(now)}"
    notify(db, worker, NoticeKind.SUPPORT_REMINDED, about=about, facts=facts, now=now)
    _trace(db, caller, Action.SUPPORT_REMIND, found, now)
    return found.person_id


def ask(inst: Installation, caller: Caller, proposal_id: UUID, *, now: datetime) -> UUID:
    """Ask the social-protection register about support that overlaps; return about whom.

    Raises:
        NotFound: there is no such proposal.
        NotFoundForCaller, DeniedToRole, LevelTooLow: as ``check_may``.
    """
    with deed(inst.engine) as db:
        found = _proposal(db, caller, Action.SUPPORT_PREPARE, proposal_id, now)
    ask_overlap(inst, caller, found, purpose=PURPOSE, now=now)
    return found.person_id


def prepare(inst: Installation, caller: Caller, proposal_id: UUID, *, now: datetime) -> UUID:
    """Draw up the dossier and hand it over for a person who sits at the counter; return whom.

    The person is told, and sees it among the own dossiers.

    Raises:
        NotFound: there is no such proposal.
        Stale: it cannot be started any more, or support is drawn that excludes it.
        TooMany: too many dossiers were begun for the person today.
        Unavailable: the portal does not take it now; do it again.
        NotFoundForCaller, DeniedToRole, LevelTooLow: as ``check_may``.
    """
    with deed(inst.engine) as db:
        found = _proposal(db, caller, Action.SUPPORT_PREPARE, proposal_id, now)
        if found.overlap == Overlap.RECEIVES:
            raise Stale("support is drawn that excludes it: the person has to decide")
        subject = books.subject(db, found.person_id)
        residence = None if subject is None else subject.residence_commune
        dossier = dossier_for(db, inst, found, residence, now=now)
        worker = Recipient("worker", str(found.person_id))
        facts = {"policy": found.policy, "dossier": dossier.code}
        kind = NoticeKind.SUPPORT_PREPARED
        notify(db, worker, kind, about=str(dossier.id), facts=facts, now=now)
        _trace(db, caller, Action.SUPPORT_PREPARE, found, now)
    send(inst, caller, found.id, dossier, now=now)
    return found.person_id


def mark_done(db: Db, caller: Caller, proposal_id: UUID, reason: str, *, now: datetime) -> UUID:
    """Note that a support that only reminds is dealt with; return whose.

    Raises:
        NotFound: there is no such proposal.
        Stale: it is not one of those, or not open any more.
        NotFoundForCaller, DeniedToRole, LevelTooLow: as ``check_may``.
    """
    found = _proposal(db, caller, Action.SUPPORT_DO, proposal_id, now)
    if found.level != Level.REMIND or not support.take_step(
        db, found.id, Step.DO, {"reason": reason.strip()[:80] or None}, now=now
    ):
        raise Stale("this cannot be noted as done", state=found.state)
    _trace(db, caller, Action.SUPPORT_DO, found, now)
    return found.person_id


def communes_of(db: Db, caller: Caller, now: datetime) -> list[str] | None:
    """Return the communes that the caller's unit serves; None for all.

    Raises:
        NotFound: the caller has no unit.
    """
    unit = units.unit(db, caller.unit_code or "")
    if unit is None:
        raise NotFound("your unit does not exist")
    return plans.communes_served(db, unit.place_code, unit.kind, vietnam_day(now))


def _proposal(
    db: Db, caller: Caller, action: Action, proposal_id: UUID, now: datetime
) -> StoredProposal:
    found = support.proposal_by_id(db, proposal_id)
    check_role(caller, action, now)
    if found is None:
        raise NotFound("there is no such proposal")
    _check(db, caller, action, found.person_id, now)
    return found


def _check(db: Db, caller: Caller, action: Action, person_id: UUID, now: datetime) -> str | None:
    """Refuse who may not do it; return where the person lives."""
    subject = books.subject(db, person_id)
    check_may(db, caller, action, person_id, subject, purpose=PURPOSE, now=now)
    return None if subject is None else subject.residence_commune


def _trace(db: Db, caller: Caller, action: Action, found: StoredProposal, now: datetime) -> None:
    trace(
        db,
        caller,
        action,
        at=now,
        purpose=PURPOSE,
        person_id=found.person_id,
        detail={"policy": found.policy},
    )
