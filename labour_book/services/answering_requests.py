"""Offices deal with what people ask about their own data: acknowledge, answer or refuse in time.

Source: the clocks of ND 356/2025/ND-CP (``law.data_subject_deadlines``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.data_requests import DataRequestState
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.names import display_name
from labour_book.domain.notices import NoticeKind, Recipient
from labour_book.errors import Conflict
from labour_book.law.data_subject_deadlines import answer_by
from labour_book.queries import books, units
from labour_book.queries import data_requests as stored
from labour_book.queries.data_requests import StoredRequest
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.data_requests import (
    OwnRequest,
    as_read,
    checked_words,
    communes_served,
    sealed_words,
)
from labour_book.services.installation import Installation
from labour_book.services.likeness import check_not_own
from labour_book.services.notifying import notify
from labour_book.services.permission import check_may, check_role

AT_ONCE = 100
"""Requests in one list; those due first are on it."""
PURPOSE = "Giải quyết yêu cầu về dữ liệu cá nhân"
"""The purpose of whoever deals with a request, as it stands in the trace."""


@dataclass(frozen=True, slots=True)
class _End:
    action: Action
    state: DataRequestState
    told: NoticeKind


_ANSWERED = _End(
    Action.DATA_REQUEST_ANSWER, DataRequestState.ANSWERED, NoticeKind.DATA_REQUEST_ANSWERED
)
_REFUSED = _End(
    Action.DATA_REQUEST_REFUSE, DataRequestState.REFUSED, NoticeKind.DATA_REQUEST_REFUSED
)


class RequestDecided(Conflict):
    """Somebody dealt with the request before."""

    slug = "data-request-decided"
    title = "This request was dealt with already"
    title_vi = "Yêu cầu này đã được xử lý"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that an office has to deal with, and who asked."""

    request: OwnRequest
    full_name: str
    birth_date: str


def waiting(db: Db, inst: Installation, caller: Caller, *, now: datetime) -> list[Waiting]:
    """Return what people of the caller's area wait for, due first first; each can read that.

    Raises:
        DeniedToRole: the caller deals with no such requests.
    """
    check_role(caller, Action.DATA_REQUEST_LIST, now)
    today = vietnam_day(now)
    found = stored.waiting(db, communes_served(db, caller, today), limit=AT_ONCE)
    names = units.names_of(db, {e.request.unit_code for e in found if e.request.unit_code})
    for person_id in dict.fromkeys(each.request.person_id for each in found):
        _trace(db, caller, Action.DATA_REQUEST_LIST, person_id, now)
    return [
        Waiting(
            as_read(inst.vault, each.request, names, today),
            display_name(each.full_name),
            each.birth_date,
        )
        for each in found
    ]


def acknowledge(
    db: Db, caller: Caller, request_id: UUID, *, third_party: bool, now: datetime
) -> date:
    """Say that a request has arrived; return the last day to answer, which may be a later one now.

    With a processor or third party that has to do its part, the law gives more days.

    Raises:
        RequestDecided: it was acknowledged or answered before.
        OwnRecord: it is the caller's own.
        NotFoundForCaller, DeniedToRole, LevelTooLow: as ``check_may``.
    """
    found = _theirs(db, caller, Action.DATA_REQUEST_ACKNOWLEDGE, request_id, now)
    due_on = answer_by(found.kind, vietnam_day(found.created_at), third_party=third_party)
    values = {
        "state": str(DataRequestState.ACKNOWLEDGED),
        "third_party": third_party,
        "due_on": due_on,
        "acknowledged_at": now,
        "acknowledged_by": caller.id,
        "unit_code": caller.unit_code,
    }
    given = {DataRequestState.RECEIVED}
    if not stored.move_request(db, request_id, given=given, values=values):
        raise RequestDecided
    facts: dict[str, str | int] = {"kind": str(found.kind), "due_on": due_on.isoformat()}
    _tell_worker(db, found, NoticeKind.DATA_REQUEST_ACKNOWLEDGED, facts, now)
    _trace_request(db, caller, Action.DATA_REQUEST_ACKNOWLEDGE, found, now)
    return due_on


def answer(
    db: Db, inst: Installation, caller: Caller, request_id: UUID, words: str, *, now: datetime
) -> None:
    """Answer a request: what was done about it.

    Raises:
        Invalid: nothing is said, or too much.
        RequestDecided: it was answered before.
        OwnRecord: it is the caller's own.
        NotFoundForCaller, DeniedToRole, LevelTooLow: as ``check_may``.
    """
    _close(db, inst, caller, request_id, words, end=_ANSWERED, now=now)


def refuse(
    db: Db, inst: Installation, caller: Caller, request_id: UUID, reason: str, *, now: datetime
) -> None:
    """Refuse a request, and say why.

    Raises:
        Invalid: no reason is given, or too long a one.
        RequestDecided: it was answered before.
        OwnRecord: it is the caller's own.
        NotFoundForCaller, DeniedToRole, LevelTooLow: as ``check_may``.
    """
    _close(db, inst, caller, request_id, reason, end=_REFUSED, now=now)


def _theirs(
    db: Db, caller: Caller, action: Action, request_id: UUID, now: datetime
) -> StoredRequest:
    """Return a request that the caller may deal with."""
    found = stored.request(db, request_id)
    person_id = None if found is None else found.person_id
    subject = None if person_id is None else books.subject(db, person_id)
    check_may(db, caller, action, person_id, subject, purpose=PURPOSE, now=now)
    assert found is not None
    check_not_own(caller, found.person_id)
    return found


def _close(
    db: Db,
    inst: Installation,
    caller: Caller,
    request_id: UUID,
    words: str,
    *,
    end: _End,
    now: datetime,
) -> None:
    found = _theirs(db, caller, end.action, request_id, now)
    said = checked_words(words)
    values: dict[str, Any] = {
        "state": str(end.state),
        "answer": sealed_words(inst.vault, "answer", found.id, said),
        "answered_at": now,
        "answered_by": caller.id,
        "unit_code": caller.unit_code,
    }
    if not stored.move_request(db, found.id, values=values):
        raise RequestDecided
    _tell_worker(db, found, end.told, {"kind": str(found.kind)}, now)
    _trace_request(db, caller, end.action, found, now)


def _tell_worker(
    db: Db, found: StoredRequest, kind: NoticeKind, facts: Mapping[str, str | int], now: datetime
) -> None:
    worker = Recipient("worker", str(found.person_id))
    notify(db, worker, kind, about=str(found.id), now=now, facts=facts)


def _trace_request(
    db: Db, caller: Caller, action: Action, found: StoredRequest, now: datetime
) -> None:
    _trace(db, caller, action, found.person_id, now, request=str(found.id))


def _trace(
    db: Db, caller: Caller, action: Action, person_id: UUID, now: datetime, **detail: str
) -> None:
    trace(db, caller, action, at=now, purpose=PURPOSE, person_id=person_id, detail=detail)
