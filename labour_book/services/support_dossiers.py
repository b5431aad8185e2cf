"""The dossier of a support, filled in from the book so that one tap is enough, and handed over.

Before that the social-protection register is asked whether the person gets support that excludes
it: a warning, and the person decides all the same.

Source: ND 224/2026/ND-CP, art. 15, 16 (filled in beforehand; prepared for the person).
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.display import show_date
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.months import Month
from labour_book.domain.places import Places
from labour_book.domain.support import Overlap, State, Step
from labour_book.errors import Conflict
from labour_book.law.programmes import programmes
from labour_book.law.provisions import amount
from labour_book.law.voluntary_support import GROUPS
from labour_book.queries import job_losses, portal_dossiers, support
from labour_book.queries.job_losses import StoredLoss
from labour_book.queries.portal_dossiers import BEGUN, StoredDossier
from labour_book.queries.support import StoredProposal
from labour_book.registers.messages.portal import UNEMPLOYMENT, VOLUNTARY
from labour_book.services.asking_registers import Register, is_connected
from labour_book.services.callers import Caller
from labour_book.services.installation import Installation
from labour_book.services.permission import deed
from labour_book.services.portal_dossiers import draw_up, hand_over
from labour_book.services.social_support import support_of

__all__ = ["Overlapping", "Stale", "ask_overlap", "dossier_for", "send"]

_LONGEST = 200
_MONTHS = "12"
"""Months that a registration is filled in with; the person changes them at the portal."""


class Stale(Conflict):
    """Somebody has moved the proposal meanwhile, or it cannot be moved so any more."""

    slug = "support-moved"
    title = "This proposal has been moved since"
    title_vi = "Đề xuất này đã thay đổi, hãy tải lại"


class Overlapping(Conflict):
    """The person gets support that excludes this one, as the social-protection register says."""

    slug = "support-overlaps"
    title = "The social-protection register says that support is drawn that excludes this one"
    title_vi = "Cơ sở dữ liệu an sinh cho biết đang hưởng hỗ trợ trùng với hỗ trợ này"


def dossier_for(
    db: Db,
    inst: Installation,
    proposal: StoredProposal,
    residence: str | None,
    *,
    now: datetime,
) -> StoredDossier:
    """Draw up the dossier of a proposal, or return the one that is drawn up and not taken yet.

    Raises:
        Stale: the proposal cannot be started any more.
        Invalid, TooMany: as ``draw_up``.
    """
    if proposal.state == State.STARTED and proposal.dossier_id is not None:
        return portal_dossiers.dossiers_by_id(db, [proposal.dossier_id])[proposal.dossier_id]
    procedure = programmes()[proposal.policy].procedure
    if procedure is None:
        raise Stale("this support is not asked for at the portal")
    loss = None if proposal.job_loss_id is None else job_losses.loss_by_id(db, proposal.job_loss_id)
    said = _filled_in(procedure, loss, _province(inst.places, residence), vietnam_day(now))
    dossier = draw_up(db, inst, proposal.person_id, procedure, said, now=now)
    if not support.take_step(db, proposal.id, Step.START, {"dossier_id": dossier.id}, now=now):
        raise Stale("the proposal cannot be started any more")
    return dossier


def send(
    inst: Installation,
    caller: Caller,
    proposal_id: UUID,
    dossier: StoredDossier,
    *,
    now: datetime,
) -> None:
    """Hand the dossier of a proposal over, with no transaction open.

    Raises:
        Unavailable: the portal does not take it now; it can be handed over again.
        NotFoundForCaller, DeniedToRole, LevelTooLow: as ``check_may``.
    """
    if dossier.state == BEGUN:
        hand_over(inst, caller, dossier, now=now)
    with deed(inst.engine) as db:
        support.take_step(db, proposal_id, Step.HAND_OVER, {}, now=now)


def ask_overlap(
    inst: Installation, caller: Caller, proposal: StoredProposal, *, purpose: str, now: datetime
) -> Overlap:
    """Ask the social-protection register, keep what it said, and return it.

    Raises:
        DeniedToRole, LevelTooLow, NotFoundForCaller: as ``check_may``.
    """
    if not is_connected(inst, Register.SOCIAL):
        return Overlap(proposal.overlap)
    code = proposal.policy.upper()
    told = support_of(inst, caller, proposal.person_id, code, purpose=purpose, now=now)
    overlap = {True: Overlap.RECEIVES, False: Overlap.NONE, None: Overlap.UNKNOWN}[told.receives]
    values: Mapping[str, Any] = {"overlap": str(overlap), "overlap_on": told.as_of}
    with deed(inst.engine) as db:
        support.revise(db, proposal, values, now=now)
    return overlap


def _filled_in(
    procedure: str, loss: StoredLoss | None, province: str, today: date
) -> Mapping[str, str]:
    """Return what is filled in of a procedure; the person can change it at the portal."""
    if procedure == UNEMPLOYMENT:
        assert loss is not None
        ended = loss.ended_on or Month.parse(loss.month).last_day
        return {
            "employer": loss.employer_name[:_LONGEST],
            "last_day": show_date(ended),
            "receive_at": province,
        }
    assert procedure == VOLUNTARY
    return {
        "from_month": str(Month.of_day(today).plus(1)),
        "months": _MONTHS,
        "income": str(amount("voluntary.rural_poverty_line", on=today)),
        "group": GROUPS[-1],
    }


def _province(places: Places, commune: str | None) -> str:
    found = None if commune is None else places.communes.get(commune)
    return "…" if found is None else places.provinces[found.province_code]
