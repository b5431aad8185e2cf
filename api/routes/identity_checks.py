"""How the worker compares with the population register."""

from fastapi import APIRouter

from api.dependencies import Calling, Db, Now
from api.problems import problems
from labour_book.errors import Denied, NotFound, Unavailable
from labour_book.services import identity_checks
from labour_book.services.access import NotSignedIn
from labour_book.services.identity_checks import OwnCheck

router = APIRouter(tags=["books"])


@router.get("/me/identity-check", responses=problems(NotSignedIn, Denied, NotFound, Unavailable))
def own_identity_check(calling: Calling, db: Db, now: Now) -> OwnCheck:
    """Tell how you compare with the population register, why, and who puts that right."""
    return identity_checks.own_check(db, calling, now=now)
