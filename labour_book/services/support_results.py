"""What the service portal has decided of a support, put where the person and the commune see it."""

from datetime import datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.notices import NoticeKind, Recipient
from labour_book.domain.support import Step
from labour_book.queries import support
from labour_book.queries.support import StoredProposal
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, operator
from labour_book.services.notifying import notify
from labour_book.services.proposing import propose_after_grant

PORTAL = operator("portal")
PURPOSE = "Kết quả hỗ trợ từ Cổng Dịch vụ công quốc gia"
BENEFIT = "unemployment-benefit"
_LONGEST = 80
_STEPS = {"granted": Step.GRANT, "refused": Step.REFUSE}


def settle_support(
    db: Db, dossier_id: UUID, state: str, reason: str | None, *, now: datetime
) -> None:
    """Note the result of a dossier with the proposal it was begun for, if it was for one.

    What follows from a benefit by itself is done at once, and can be undone.
    """
    proposal = support.proposal_of_dossier(db, dossier_id)
    if proposal is None:
        return
    values = {"reason": None if reason is None else reason[:_LONGEST]}
    if not support.take_step(db, proposal.id, _STEPS[state], values, now=now):
        return  # it was settled before
    worker = Recipient("worker", str(proposal.person_id))
    facts = {"policy": proposal.policy, "state": state}
    notify(db, worker, NoticeKind.SUPPORT_ENDED, about=str(proposal.id), facts=facts, now=now)
    _trace(db, proposal, state, now)
    if proposal.policy == BENEFIT and state == "granted":
        propose_after_grant(db, proposal, now=now)


def _trace(db: Db, proposal: StoredProposal, state: str, now: datetime) -> None:
    trace(
        db,
        PORTAL,
        Action.SUPPORT_RESULT,
        at=now,
        purpose=PURPOSE,
        person_id=proposal.person_id,
        detail={"policy": proposal.policy, "state": state},
    )
