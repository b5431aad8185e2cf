"""Proposals of support as people read them: what, how much, until when, what is missing, what next.

Information for a decision somebody else takes; nothing here grants or refuses.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from json import loads
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.support import TRANSITIONS, State, Step
from labour_book.law.guidance import Condition
from labour_book.law.programmes import Programme, programmes
from labour_book.queries import job_losses, portal_dossiers
from labour_book.queries.job_losses import StoredLoss
from labour_book.queries.portal_dossiers import StoredDossier
from labour_book.queries.support import StoredProposal

__all__ = ["OWN_STEPS", "Need", "ProposalView", "views_of"]

OWN_STEPS = (Step.START, Step.DECLINE, Step.UNDO, Step.REOPEN)
"""What the worker can do."""
_IN_THE_BOOK = "termination_proof"
_FILLED_IN_HERE = "form_10"


@dataclass(frozen=True, slots=True)
class Need:
    """A paper that is asked for, and whether it is there already."""

    name: str
    is_there: bool


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal with what it is about."""

    id: UUID
    person_id: UUID
    programme: Programme
    level: int
    state: State
    holds: bool | None
    sum_value: str | None
    sum_unit: str | None
    sum_most: str | None
    due_on: date | None
    conditions: tuple[Condition, ...]
    needs: tuple[Need, ...]
    overlap: str
    overlap_on: date | None
    reason: str | None
    loss: StoredLoss | None
    dossier: StoredDossier | None
    steps: tuple[Step, ...]
    """What the worker can do now."""
    created_at: datetime
    changed_at: datetime


def views_of(db: Db, stored: Sequence[StoredProposal]) -> list[ProposalView]:
    """Return proposals as they are read, in their order."""
    losses = job_losses.losses_by_id(db, {each.job_loss_id for each in stored if each.job_loss_id})
    ids = {each.dossier_id for each in stored if each.dossier_id}
    dossiers = portal_dossiers.dossiers_by_id(db, ids)
    return [_view(each, losses, dossiers) for each in stored]


def _view(
    stored: StoredProposal,
    losses: Mapping[UUID, StoredLoss],
    dossiers: Mapping[UUID, StoredDossier],
) -> ProposalView:
    programme = programmes()[stored.policy]
    loss = None if stored.job_loss_id is None else losses.get(stored.job_loss_id)
    return ProposalView(
        id=stored.id,
        person_id=stored.person_id,
        programme=programme,
        level=stored.level,
        state=State(stored.state),
        holds=stored.holds,
        sum_value=stored.sum_value,
        sum_unit=stored.sum_unit,
        sum_most=stored.sum_most,
        due_on=stored.due_on,
        conditions=tuple(Condition(**each) for each in loads(stored.findings)),
        needs=tuple(Need(each, _is_there(each, loss)) for each in programme.evidence),
        overlap=stored.overlap,
        overlap_on=stored.overlap_on,
        reason=stored.reason,
        loss=loss,
        dossier=None if stored.dossier_id is None else dossiers.get(stored.dossier_id),
        steps=tuple(each for each in OWN_STEPS if _can(each, stored, programme)),
        created_at=stored.created_at,
        changed_at=stored.changed_at,
    )


def _can(step: Step, stored: StoredProposal, programme: Programme) -> bool:
    if step is Step.START:
        is_again = stored.state == State.STARTED
        return programme.procedure is not None and (
            is_again or stored.state in TRANSITIONS[step][0]
        )
    return stored.state in TRANSITIONS[step][0]


def _is_there(paper: str, loss: StoredLoss | None) -> bool:
    """Say whether a paper need not be brought: the book proves it, or it is filled in here."""
    if paper == _IN_THE_BOOK:
        return loss is not None and loss.clause is not None
    return paper == _FILLED_IN_HERE
