"""Whether whoever sent a file may still have it recorded, once its turn has come.

Hours may lie between sending and recording: an account is closed, an official moves to another
unit, an enterprise revokes the mandate. Who may not send it now has not sent it.
"""

from datetime import datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.errors import Denied
from labour_book.queries import sessions
from labour_book.queries.received_files import FileOnRecord
from labour_book.services import filing_files
from labour_book.services.accounts import caller_from
from labour_book.services.auditing import trace
from labour_book.services.callers import FULL_LEVEL, Action, Caller, Role
from labour_book.services.uploading import PURPOSE, kinds_for

CAUSE = "SENDER_MAY_NOT"


def sender_of(db: Db, file: FileOnRecord, *, now: datetime) -> Caller:
    """Return who sent a file, as the account stands today.

    Raises:
        Denied: the account is closed, or may not send such a file for that unit or enterprise.
    """
    holder = sessions.open_holder(db, UUID(file.sent_by), FULL_LEVEL, now)
    if holder is None:
        raise Denied("the account that sent the file is closed", cause=CAUSE)
    caller = caller_from(holder)
    if not _may_send(db, caller, file):
        raise Denied("whoever sent the file may not do so any more", cause=CAUSE)
    return caller


def trace_refusal(db: Db, file: FileOnRecord, *, now: datetime) -> None:
    """Trace that a file was not recorded, since its sender may not send it any more."""
    action, kind = Action.IMPORT_SEND, "official"
    if file.kind == filing_files.KIND:
        action, kind = Action.FILING_MAKE, "employer"
    sender = Caller(kind, file.sent_by, "", Role.PUBLIC)
    detail: dict[str, str | int] = {"file": str(file.id), "kind": file.kind, "cause": CAUSE}
    trace(db, sender, action, at=now, purpose=PURPOSE, outcome="refused", detail=detail)


def _may_send(db: Db, caller: Caller, file: FileOnRecord) -> bool:
    if file.kind == filing_files.KIND:
        return caller.may(Action.FILING_MAKE) and caller.enterprise_code == file.unit_code
    is_theirs = caller.may(Action.IMPORT_SEND) and caller.unit_code == file.unit_code
    return is_theirs and file.kind in kinds_for(db, caller)
