"""Kiểm tra sổ: once a year everybody is asked to look through the own book.

Errors are found when a benefit is claimed, years too late to mend them; a look once a year is not.
Whoever has a new book is asked at once, then every year.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.notices import NoticeKind, Recipient
from labour_book.queries import confirmations
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.notifying import notify_all
from labour_book.services.permission import check_role

AT_ONCE = 500
ASK_AGAIN = timedelta(days=365)
_NO_FACTS: Mapping[str, str | int] = {}
PURPOSE = "Mời người lao động kiểm tra sổ hằng năm"


def ask_to_check(db: Db, by: Caller, *, now: datetime) -> int:
    """Ask some of those whose year is over to look through their book; return how many.

    The clock calls it until it returns 0. The trace tells how many were asked: nothing of anybody
    was seen for it.

    Raises:
        DeniedToRole: the caller is not the installation itself.
    """
    check_role(by, Action.YEARLY_CHECK, now)
    before = now - ASK_AGAIN
    asked = [
        person_id
        for person_id in confirmations.unchecked_since(db, before, limit=AT_ONCE)
        if confirmations.note_asked(db, person_id, at=now, before=before)
    ]
    day = vietnam_day(now).isoformat()
    told = ((Recipient("worker", str(each)), day, _NO_FACTS) for each in asked)
    notify_all(db, NoticeKind.YEARLY_CHECK, told, now=now)
    if asked:
        detail = {"asked": len(asked)}
        trace(db, by, Action.YEARLY_CHECK, at=now, purpose=PURPOSE, detail=detail)
    return len(asked)
