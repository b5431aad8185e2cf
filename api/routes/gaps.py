"""What a worker does about missing months: ask the employer, complain, bridge."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.dependencies import Admitted, Calling, Db, Inst, Now
from api.problems import problems
from api.routes.gap_forms import GapAsk, GapAsked, GapBridge, GapComplaint
from api.routes.portal import Dossier
from labour_book.errors import Conflict, Denied, Invalid, NotFound, Unavailable
from labour_book.services import acting_on_gaps
from labour_book.services.access import NotSignedIn

router = APIRouter(tags=["rights"])

Entry = Annotated[int, Path(ge=1, le=10_000, description="Number of the job in the book.")]
DOING = problems(NotSignedIn, Denied, NotFound, Conflict, Invalid, Unavailable)


@router.post("/me/gaps/{entry}/question", status_code=201, responses=DOING)
def ask_employer(
    entry: Entry, body: GapAsk, *, calling: Calling, db: Db, inst: Inst, now: Now
) -> GapAsked:
    """Ask the employer about the months that are missing; it is told by when to answer."""
    step_id = acting_on_gaps.ask_employer(db, inst, calling, entry, body.words, now=now)
    return GapAsked(step_id=step_id)


@router.post("/me/gaps/{entry}/complaint", status_code=201, responses=DOING)
def complain(entry: Entry, body: GapComplaint, admitted: Admitted) -> Dossier:
    """Hand a complaint over to the service portal, with the signed months as evidence."""
    with admitted() as (_, calling):
        pass  # who calls; the portal is asked with no transaction open
    found = acting_on_gaps.complain(admitted.inst, calling, entry, body.request, now=admitted.now)
    return Dossier.of(found)


@router.post("/me/gaps/{entry}/bridge", status_code=201, responses=DOING)
def bridge(entry: Entry, body: GapBridge, admitted: Admitted) -> Dossier:
    """Hand a registration for voluntary insurance over to the service portal."""
    with admitted() as (_, calling):
        pass
    found = acting_on_gaps.bridge(admitted.inst, calling, entry, body.group, now=admitted.now)
    return Dossier.of(found)
