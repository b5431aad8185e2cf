"""What is to be expected of a correction before it is handed in."""

from fastapi import APIRouter

from api.dependencies import Calling, Db, Inst, Now
from api.problems import problems
from api.routes.correction_forms import CaseId
from labour_book.errors import Conflict, Denied, Invalid, NotFound, Unavailable
from labour_book.services import foreseeing
from labour_book.services.access import NotSignedIn
from labour_book.services.foreseeing import Foreseen
from labour_book.services.routing import NoOwner

router = APIRouter(tags=["corrections"])


@router.get(
    "/me/corrections/{case_id}/foreseen",
    responses=problems(NotSignedIn, Denied, NotFound, Conflict, Invalid, NoOwner, Unavailable),
)
def foresee_correction(case_id: CaseId, calling: Calling, db: Db, inst: Inst, now: Now) -> Foreseen:
    """Say who would decide a draft, and by when, if it were handed in now."""
    return foreseeing.foreseen(db, inst, calling, case_id, now=now)
