"""Closing the book of somebody who has died: shares end, mandates end. The book itself stays.

Heirs and the insurance need the book; who may see it, is decided as for every book. Nobody is told
of the death: recipients of shares hear that these have ended, as whenever they end.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.queries import mandates, shares
from labour_book.services.acting import end_access
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.permission import check_role
from labour_book.services.withdrawing import end_share

PURPOSE = "register-events"


def close_books(db: Db, people: Sequence[UUID], *, by: Caller, now: datetime) -> int:
    """End the shares and mandates of people who have died; return how many shares ended.

    Doing it again does nothing.

    Raises:
        DeniedToRole: the caller is not the installation itself.
    """
    if not people:
        return 0
    check_role(by, Action.BOOK_CLOSE, now)
    return sum(_close(db, each, by, now) for each in people)


def _close(db: Db, person_id: UUID, by: Caller, now: datetime) -> int:
    ended = [each for each in shares.shares_of(db, person_id) if end_share(db, each, now=now)]
    revoked = 0
    for each in mandates.of_worker(db, person_id):
        account = mandates.revoke(db, each.id, at=now, by=by.id)
        if account is not None:
            end_access(db, account, now)
            revoked += 1
    if ended or revoked:
        detail = {"shares": len(ended), "mandates": revoked}
        trace(
            db,
            by,
            Action.BOOK_CLOSE,
            at=now,
            purpose=PURPOSE,
            person_id=person_id,
            detail=detail,
        )
    return len(ended)
