"""Requests about the own data whose time is over: offices are reminded, and overseers see it.

Source: the clocks of ND 356/2025/ND-CP (``law.data_subject_deadlines``).
"""

from datetime import date, datetime, timedelta

from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.notices import NoticeKind, Recipient
from labour_book.queries import data_requests as stored
from labour_book.queries import units
from labour_book.queries.data_requests import CountedRequests, StoredRequest
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.data_requests import DataRequestState, communes_served, office_of
from labour_book.services.notifying import notify
from labour_book.services.permission import check_role

__all__ = ["CountedRequests", "remind_late", "waiting_by_commune"]

AT_ONCE = 200
"""Requests in one transaction of the clock."""
REMIND_AGAIN = timedelta(days=3)
PURPOSE = "data requests"


def remind_late(db: Db, by: Caller, *, now: datetime) -> int:
    """Tell offices, and the units right above them, of requests that are late; return how many.

    Each request is told of again after some days, for as long as it is late. The clock calls it
    until it returns 0.

    Raises:
        DeniedToRole: the caller is not the installation itself.
    """
    check_role(by, Action.CASE_CLOCK, now)
    today, before = vietnam_day(now), now - REMIND_AGAIN
    reminded = 0
    for each in stored.late(db, today, reminded_before=before, limit=AT_ONCE):
        if stored.note_reminded(db, each, reminded_before=before, at=now):
            _tell(db, each, today, now)
            reminded += 1
    if reminded:
        detail: dict[str, str | int] = {"reminded": reminded}
        trace(db, by, Action.CASE_CLOCK, at=now, purpose=PURPOSE, detail=detail)
    return reminded


def waiting_by_commune(db: Db, caller: Caller, *, now: datetime) -> list[CountedRequests]:
    """Return how many requests wait in the communes the caller oversees; nobody is named.

    Raises:
        DeniedToRole: the caller oversees nothing.
    """
    check_role(caller, Action.CASE_OVERSEE, now)
    today = vietnam_day(now)
    found = stored.counted(db, communes_served(db, caller, today), today)
    detail: dict[str, str | int] = {"communes": len(found)}
    trace(db, caller, Action.CASE_OVERSEE, at=now, purpose=PURPOSE, detail=detail)
    return found


def _tell(db: Db, found: StoredRequest, today: date, now: datetime) -> None:
    office = office_of(db, found.person_id, today)
    if office is None:
        return  # it is counted all the same, for whoever oversees the country
    received = found.state is DataRequestState.RECEIVED
    due_on = found.acknowledge_by if received else found.due_on
    facts: dict[str, str | int] = {"kind": str(found.kind), "due_on": due_on.isoformat()}
    about = f"{found.id}:{today}"
    for unit in (office, units.parent_of(db, office, today)):
        if unit is not None:
            official = Recipient("official", unit)
            notify(db, official, NoticeKind.DATA_REQUEST_LATE, about=about, facts=facts, now=now)
