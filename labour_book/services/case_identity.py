"""Comparing the person a case is about with the population register, before it is decided.

When an official takes the case, so that it is seen how the person compares, and at the decision.
"""

from datetime import datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.errors import NotFound
from labour_book.queries import identity_checks
from labour_book.services.asking_registers import Register, is_connected
from labour_book.services.callers import Action, Caller
from labour_book.services.case_access import owners_case
from labour_book.services.case_views import CaseFile
from labour_book.services.identity_checks import CheckOnFile, Occasion, check_if_due
from labour_book.services.installation import Installation
from labour_book.services.permission import deed

__all__ = ["compare_before_deciding", "identity_on_file"]


def compare_before_deciding(
    inst: Installation, caller: Caller, case_id: UUID, *, now: datetime
) -> None:
    """Compare the person unless that was done lately; no transaction is open meanwhile.

    A register that does not answer keeps nobody from deciding; that it was asked is noted.

    Raises:
        NotFoundForCaller, DeniedToRole, LevelTooLow: as deciding would.
    """
    if not is_connected(inst, Register.POPULATION):
        return
    with deed(inst.engine) as db:
        case = owners_case(db, caller, Action.CASE_DECIDE, case_id, now=now)
    check_if_due(inst, case.person_id, occasion=Occasion.DECISION, now=now)


def identity_on_file(db: Db, file: CaseFile) -> CheckOnFile:
    """Return how the person compared last, for who looks at the case; that look is traced."""
    found = identity_checks.check_of(db, file.person_id)
    if found is None:
        raise NotFound("there is no such person")
    return found
