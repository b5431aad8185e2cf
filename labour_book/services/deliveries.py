"""What officials may see of imports: numbers and causes, nothing of the people in the rows."""

from datetime import datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.services.callers import Action, Caller
from labour_book.services.permission import check_role
from labour_book.services.receipts import RunSummary, run_of


def open_run(db: Db, caller: Caller, run_id: UUID, *, now: datetime) -> RunSummary:
    """Return what became of the rows of one import.

    Raises:
        DeniedToRole: the caller is no official.
        NotFound: there is no such import.
    """
    check_role(caller, Action.IMPORT_READ, now)
    return run_of(db, run_id)
