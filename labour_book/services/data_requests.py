"""What people ask about their own data: they ask, and read by when and how it is answered.

Source: Law 91/2025/QH15 and the clocks of ND 356/2025/ND-CP (``law.data_subject_deadlines``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.data_requests import (
    LONGEST_WORDS,
    DataRequestKind,
    DataRequestState,
    is_late,
)
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.notices import NoticeKind, Recipient
from labour_book.errors import Conflict, Invalid
from labour_book.law.data_subject_deadlines import acknowledge_by, answer_by
from labour_book.queries import accounts, books, units
from labour_book.queries import data_requests as stored
from labour_book.queries.data_requests import StoredRequest
from labour_book.queries.vault import Vault
from labour_book.services.callers import Action, Caller
from labour_book.services.installation import Installation
from labour_book.services.notifying import notify
from labour_book.services.ownership import owner, trace_own

__all__ = [
    "DataRequestKind",
    "DataRequestState",
    "OwnRequest",
    "as_read",
    "ask",
    "checked_words",
    "communes_served",
    "office_of",
    "own_requests",
    "sealed_words",
]


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """A request with the days by which it is dealt with, as both sides read it."""

    id: UUID
    kind: DataRequestKind
    words: str
    created_at: datetime
    acknowledge_by: date
    due_on: date
    third_party: bool
    state: DataRequestState
    is_late: bool
    acknowledged_at: datetime | None
    answer: str
    answered_at: datetime | None
    office: str
    """Who dealt with it last; empty while nobody did."""


def ask(
    db: Db, inst: Installation, caller: Caller, kind: DataRequestKind, words: str, *, now: datetime
) -> OwnRequest:
    """Ask something about the own data; the office of the commune is told.

    Raises:
        Invalid: nothing is said, or too much.
        Conflict: another request of this kind waits for its answer.
        NotFoundForCaller, DeniedToRole, LevelTooLow: as ``check_may``.
    """
    person_id = owner(db, caller, Action.DATA_REQUEST_MAKE, now=now)
    said = checked_words(words)
    today, request_id = vietnam_day(now), UUID(bytes=inst.entropy(16), version=4)
    row = {
        "id": request_id,
        "person_id": person_id,
        "kind": str(kind),
        "words": sealed_words(inst.vault, "words", request_id, said),
        "created_at": now,
        "acknowledge_by": acknowledge_by(today, inst.calendar),
        "due_on": answer_by(kind, today, third_party=False),
        "third_party": False,
        "state": str(DataRequestState.RECEIVED),
    }
    if not stored.add_request(db, row):
        raise Conflict("another request of this kind waits for its answer")
    found = stored.request(db, request_id)
    assert found is not None
    _tell_office(db, found, now)
    trace_own(
        db,
        caller,
        Action.DATA_REQUEST_MAKE,
        person_id,
        now=now,
        request=str(request_id),
        kind=str(kind),
    )
    return as_read(inst.vault, found, {}, today)


def own_requests(db: Db, inst: Installation, caller: Caller, *, now: datetime) -> list[OwnRequest]:
    """Return what the caller has asked, the newest first, with the answers.

    Raises:
        NotFoundForCaller, DeniedToRole: as ``check_may``.
    """
    person_id = owner(db, caller, Action.DATA_REQUEST_OWN, now=now)
    found = stored.requests_of(db, person_id)
    names = units.names_of(db, {each.unit_code for each in found if each.unit_code})
    trace_own(db, caller, Action.DATA_REQUEST_OWN, person_id, now=now, listed=len(found))
    return [as_read(inst.vault, each, names, vietnam_day(now)) for each in found]


def as_read(
    vault: Vault, found: StoredRequest, names: Mapping[str, str], today: date
) -> OwnRequest:
    """Return a stored request with its words opened."""
    unit = found.unit_code or ""
    return OwnRequest(
        id=found.id,
        kind=found.kind,
        words=_opened(vault, "words", found.id, found.words),
        created_at=found.created_at,
        acknowledge_by=found.acknowledge_by,
        due_on=found.due_on,
        third_party=found.third_party,
        state=found.state,
        is_late=is_late(
            found.state, acknowledge_by=found.acknowledge_by, due_on=found.due_on, today=today
        ),
        acknowledged_at=found.acknowledged_at,
        answer=_opened(vault, "answer", found.id, found.answer),
        answered_at=found.answered_at,
        office=names.get(unit, unit),
    )


def sealed_words(vault: Vault, column: str, request_id: UUID, words: str) -> bytes:
    """Seal words for the column and row they stand in."""
    return vault.sealer.seal(words.encode(), bound_to=_place_of(column, request_id))


def _opened(vault: Vault, column: str, request_id: UUID, sealed: bytes | None) -> str:
    if sealed is None:
        return ""
    return vault.sealer.open(sealed, bound_to=_place_of(column, request_id)).decode()


def _place_of(column: str, request_id: UUID) -> bytes:
    return f"data_request.{column}:".encode() + request_id.bytes


def checked_words(words: str) -> str:
    """Return what somebody wrote, without what surrounds it.

    Raises:
        Invalid: nothing is said, or too much.
    """
    said = words.strip()
    if not said:
        raise Invalid("say it in words", field="words", cause="EMPTY")
    if len(said) > LONGEST_WORDS or not all(c.isprintable() or c in "\r\n\t" for c in said):
        raise Invalid("say it in fewer words", field="words", cause="TOO_LONG", most=LONGEST_WORDS)
    return said


def communes_served(db: Db, caller: Caller, today: date) -> list[str] | None:
    """Return the communes a caller serves, as far as somebody waits there; None for all."""
    unit = caller.unit_code or ""
    if accounts.unit_serves(db, unit, None, today):
        return None
    return [c for c in stored.communes_waiting(db) if accounts.unit_serves(db, unit, c, today)]


def office_of(db: Db, person_id: UUID, today: date) -> str | None:
    """Return the unit that deals with what a person asks: the commune's, else the ministry."""
    subject = books.subject(db, person_id)
    commune = None if subject is None else subject.residence_commune
    return units.unit_of(db, "commune", commune, today) or (
        units.unit_of(db, "ministry", commune, today)
    )


def _tell_office(db: Db, found: StoredRequest, now: datetime) -> None:
    unit = office_of(db, found.person_id, vietnam_day(now))
    if unit is None:
        return  # it lies in the list all the same, for whichever unit comes to serve the commune
    facts: dict[str, str | int] = {
        "kind": str(found.kind),
        "acknowledge_by": found.acknowledge_by.isoformat(),
        "due_on": found.due_on.isoformat(),
    }
    office = Recipient("official", unit)
    arrived = NoticeKind.DATA_REQUEST_ARRIVED
    notify(db, office, arrived, about=str(found.id), now=now, facts=facts)
