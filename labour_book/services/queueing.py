"""Looking at a queue: its pages, one case, what registers say of it, and cases like it."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.correction_fields import CaseKind
from labour_book.domain.corrections import WAITING_FOR_OWNER, CaseState, Owner
from labour_book.domain.evidence import vietnam_day
from labour_book.errors import Invalid
from labour_book.queries import books, correction_queue, corrections, units
from labour_book.queries.correction_queue import Wanted
from labour_book.queries.corrections import StoredCase, queue_of
from labour_book.services import routing
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.case_access import own_queue, seen_case, trace_case
from labour_book.services.case_reading import file_of, lines_of
from labour_book.services.case_registers import ask_registers, says
from labour_book.services.case_views import CaseFile, CaseLine, RegisterAnswer, SimilarCase
from labour_book.services.installation import Installation
from labour_book.services.permission import (
    NotFoundForCaller,
    Refusal,
    check_may,
    check_role,
    deed,
)
from labour_book.services.register_claims import Says
from labour_book.services.register_facts import told_fields

QUEUE_PAGE = 50
MOST_AT_ONCE = 200
MOST_SIMILAR = 10
OF_UNITS = (Owner.COMMUNE, Owner.INSURANCE, Owner.PROVINCE, Owner.MINISTRY)
"""The kinds of owners that are agencies."""


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which cases of the queue; empty: all that wait for the owner."""

    states: frozenset[CaseState] = frozenset()
    owner_kinds: frozenset[Owner] = frozenset()
    kinds: frozenset[CaseKind] = frozenset()
    overdue: bool | None = None
    claimed: str = ""
    """``me``, ``nobody``, ``others``, or empty."""
    below: bool = False
    """Also those of the units under the own one."""


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some cases of a queue, due first."""

    cases: tuple[CaseLine, ...]
    next_cursor: str | None
    """Say it to get the next ones; None at the end."""


ALL_WAITING = QueueFilter()


def queue(
    db: Db,
    inst: Installation,
    caller: Caller,
    wanted: QueueFilter = ALL_WAITING,
    *,
    cursor: str | None = None,
    limit: int = QUEUE_PAGE,
    now: datetime,
) -> QueuePage:
    """Return cases that lie with the caller's unit or units below it (or enterprise), due first.

    Raises:
        DeniedToRole: the caller has no queue.
        Invalid: not a cursor of ours.
    """
    del inst  # every deed of an owner is called alike
    check_role(caller, Action.CASE_QUEUE, now)
    limit = max(1, min(limit, MOST_AT_ONCE))
    today = vietnam_day(now)
    asked = _wanted(db, caller, wanted, today, None if cursor is None else _read(cursor))
    found = correction_queue.queued(db, asked, limit=limit + 1)
    page, more = found[:limit], found[limit:]
    trace(
        db,
        caller,
        Action.CASE_QUEUE,
        at=now,
        purpose="queue",
        detail={"listed": len(page)},
    )
    cursor_after = _cursor(page[-1]) if more else None
    return QueuePage(tuple(lines_of(db, page, now=now)), cursor_after)


def case(db: Db, inst: Installation, caller: Caller, case_id: UUID, *, now: datetime) -> CaseFile:
    """Return a case to its owner, or who stands above; traced. To an employer without files.

    Raises:
        NotFoundForCaller: there is no such case for this caller.
    """
    return _opened(db, inst, caller, corrections.case_by_id(db, case_id), now)


def case_by_number(
    db: Db, inst: Installation, caller: Caller, number: str, *, now: datetime
) -> CaseFile:
    """Return the same by the number shown to people (upper or lower case, with or without YC-)."""
    plain = number.strip().upper()
    whole = plain if plain.startswith("YC-") else f"YC-{plain}"
    return _opened(db, inst, caller, corrections.case_numbered(db, whole), now)


def cases_about(
    db: Db, caller: Caller, person_id: UUID, *, purpose: str, now: datetime
) -> list[CaseLine]:
    """Return a person's newest cases, newest first, to an official who serves them; traced.

    Raises:
        Invalid, DeniedToRole, LevelTooLow, NotFoundForCaller: as ``check_may``.
    """
    subject = books.subject(db, person_id)
    stated = check_may(db, caller, Action.CASE_QUEUE, person_id, subject, purpose=purpose, now=now)
    newest = corrections.cases_of_person(db, person_id, limit=QUEUE_PAGE)
    found = [each for each in newest if each.state is not CaseState.DRAFT]
    trace(
        db,
        caller,
        Action.CASE_QUEUE,
        at=now,
        purpose=stated,
        person_id=person_id,
        detail={"listed": len(found)},
    )
    return lines_of(db, found, now=now)


def register_answers(
    inst: Installation, caller: Caller, case_id: UUID, *, now: datetime
) -> list[RegisterAnswer]:
    """Ask the registers now what they say of the line; not in a transaction that others wait for.

    Raises:
        NotFoundForCaller: there is no such case for this caller; what registers say of a worker is
            not for the enterprise that is asked.
    """
    with deed(inst.engine) as db:
        stored = corrections.case_by_id(db, case_id)
        found = seen_case(db, caller, Action.CASE_OPEN, stored, now=now)
        if caller.kind != "official":
            refusal = Refusal(caller, Action.CASE_OPEN, found.person_id, "case", now, "NOT_THEIRS")
            raise NotFoundForCaller(refusal)
    meaning = {Says.CONFIRMS: True, Says.DENIES: False, Says.SAYS_NOTHING: None}
    return [
        RegisterAnswer(
            register=str(each.register),
            confirms=meaning[says(found, each)],
            fields=told_fields(found, each),
            asked_at=each.asked_at,
            problem=each.cause or "",
        )
        for each in ask_registers(inst, caller, found, now=now)
    ]


def similar_cases(
    db: Db, inst: Installation, caller: Caller, case_id: UUID, *, now: datetime
) -> list[SimilarCase]:
    """Return the latest other cases about the same employer and kind that the caller may see."""
    del inst  # every deed of an owner is called alike
    stored = corrections.case_by_id(db, case_id)
    found = seen_case(db, caller, Action.CASE_OPEN, stored, now=now)
    if found.employer_code is None or caller.kind != "official":
        return []
    below = units.codes_below(db, caller.unit_code or "", vietnam_day(now))
    return [
        SimilarCase(
            number=each.number,
            case_id=each.id,
            fields=tuple(change.field for change in each.changes),
            state=each.state,
            outcome=each.outcome,
            submitted_at=each.submitted_at,
        )
        for each in corrections.similar_cases(db, found, limit=MOST_SIMILAR)
        if each.owner_code in below
    ]


def _opened(
    db: Db, inst: Installation, caller: Caller, stored: StoredCase | None, now: datetime
) -> CaseFile:
    found = seen_case(db, caller, Action.CASE_OPEN, stored, now=now)
    trace_case(db, caller, Action.CASE_OPEN, found, now=now)
    return file_of(db, inst, found, caller, now=now)


def _wanted(
    db: Db,
    caller: Caller,
    wanted: QueueFilter,
    today: date,
    after: tuple[date, UUID] | None,
) -> Wanted:
    return Wanted(
        queues=_queues(db, caller, wanted, today),
        states=wanted.states or WAITING_FOR_OWNER,
        kinds=wanted.kinds,
        due_before=today if wanted.overdue is True else None,
        due_from=today if wanted.overdue is False else None,
        claimed_by=caller.id if wanted.claimed == "me" else None,
        not_claimed_by=caller.id if wanted.claimed == "others" else None,
        unclaimed=wanted.claimed == "nobody",
        after=after,
    )


def _queues(db: Db, caller: Caller, wanted: QueueFilter, today: date) -> list[str]:
    if caller.kind == "employer":
        return [own_queue(caller) or ""]
    kinds = [each for each in OF_UNITS if each in (wanted.owner_kinds or set(OF_UNITS))]
    own = units.unit(db, caller.unit_code or "")
    if own is None:
        return []
    if not wanted.below:
        of_own = routing.owner_kind_of(own.kind)
        return [queue_of(of_own, own.code)] if of_own in kinds else []
    found = units.kinds_below(db, own.code, today)
    return sorted(
        queue_of(kind, code)
        for code, unit_kind in found.items()
        if (kind := routing.owner_kind_of(unit_kind)) in kinds and kind is not None
    )


def _cursor(last: StoredCase) -> str:
    assert last.due_on is not None
    return urlsafe_b64encode(f"{last.due_on}|{last.id}".encode()).decode()


def _read(cursor: str) -> tuple[date, UUID]:
    try:
        due_on, case_id = urlsafe_b64decode(cursor.encode()).decode().split("|")
        return date.fromisoformat(due_on), UUID(case_id)
    except ValueError as error:
        raise Invalid("this is no cursor of ours", cause="CURSOR") from error
