"""What the asking side does with a correction: the worker, who acts for them, their employer.

Also an official at the desk while the person is present. Nobody else sees a draft.
"""

from datetime import datetime, timedelta
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.correction_claims import read_words
from labour_book.domain.corrections import CaseState, Step
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.limits import Limit
from labour_book.domain.notices import NoticeKind
from labour_book.errors import Conflict, Invalid
from labour_book.queries import corrections
from labour_book.queries.corrections import StoredCase
from labour_book.services import routing
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.case_access import (
    ASKING,
    OF_THE_PERSON,
    asker_id,
    askers_case,
    check_asks,
    trace_case,
)
from labour_book.services.case_forwarding import forward
from labour_book.services.case_moves import (
    NO_PROPOSAL,
    Said,
    case_place,
    sealed_words,
    take_step,
)
from labour_book.services.case_notices import tell_askers, tell_owner
from labour_book.services.case_reading import file_of, lines_of
from labour_book.services.case_settling import KeyTaken
from labour_book.services.case_views import CaseFile, CaseLine
from labour_book.services.drafting_cases import Request, begun_case, rewritten
from labour_book.services.installation import Installation
from labour_book.services.limiting import TooMany
from labour_book.services.noting_satisfaction import case_finished, note_answer
from labour_book.services.permission import deed

__all__ = [
    "AppealOver",
    "Request",
    "TooManyCases",
    "answer_more",
    "appeal",
    "change_draft",
    "draft",
    "own_case",
    "own_cases",
    "rate",
    "submit",
    "withdraw",
]

MOST_LISTED = 100
_WINDOW = timedelta(days=30)
_STARS = range(1, 6)
_LONGEST_KEY = 36


class TooManyCases(TooMany):
    """The person has as many cases as the settings allow for 30 days."""

    slug = "too-many-cases"
    title = "Too many requests for one person; wait, or go to the commune's desk"
    title_vi = "Quá nhiều đề nghị cho một người; hãy đợi hoặc đến bộ phận một cửa cấp xã"


class AppealOver(Conflict):
    """It was appealed before, or the time to do so is over."""

    slug = "appeal-over"
    title = "This decision cannot be appealed any more"
    title_vi = "Không còn khiếu nại được quyết định này"


class RatedBefore(Conflict):
    """The asking side has said already how satisfied it is."""

    slug = "rated-before"
    title = "This was rated before"
    title_vi = "Đã đánh giá trước đó"


def draft(
    db: Db,
    inst: Installation,
    caller: Caller,
    request: Request,
    *,
    person_id: UUID | None = None,
    present: bool = False,
    now: datetime,
) -> CaseFile:
    """Begin a case. A worker asks for the own book; others say whose, as ``person_id``.

    ``present``: an official at the desk says that the person is there and has confirmed it.

    Raises:
        Invalid: a field or value that cannot be; nothing is asked for; nobody is present.
        StaleLine: the line is not that of the newest version any more.
        NotFoundForCaller, DeniedToRole, LevelTooLow: as ``check_may``.
        TooManyCases: the person has as many cases in 30 days as the settings allow.
    """
    whose = person_id or caller.person_id
    if whose is None:
        raise Invalid("say whose book it is about", cause="PERSON_MISSING")
    check_asks(db, caller, Action.CASE_DRAFT, whose, now=now)
    if caller.kind == "official" and not present:
        raise Invalid("the person has to be present and confirm it", cause="NOT_PRESENT")
    begun = corrections.count_begun(db, whose, now - _WINDOW)
    if begun >= inst.corrections.cases_per_person:
        most = inst.corrections.cases_per_person
        raise TooManyCases(Limit("case.begin", most, int(_WINDOW.total_seconds())))
    case = begun_case(db, inst, caller, whose, request, now=now)
    trace_case(db, caller, Action.CASE_DRAFT, case, now=now)
    return file_of(db, inst, case, caller, now=now)


def change_draft(
    db: Db, inst: Installation, caller: Caller, case_id: UUID, request: Request, *, now: datetime
) -> CaseFile:
    """Replace what a draft asks for; its evidence stays.

    Raises:
        NotFoundForCaller, CaseMoved, and as ``draft``.
    """
    case = askers_case(db, caller, Action.CASE_DRAFT, case_id, now=now)
    values = rewritten(db, inst, caller, case.person_id, request, now=now)
    values["words"] = sealed_words(inst.vault, case_place(case.id), read_words(request.words))
    moved = take_step(db, inst, case, Step.CHANGE, caller, values=values, now=now)
    trace_case(db, caller, Action.CASE_DRAFT, moved, now=now)
    return file_of(db, inst, moved, caller, now=now)


def submit(
    inst: Installation, caller: Caller, case_id: UUID, *, key: str, now: datetime
) -> CaseFile:
    """Hand a case in; it goes to its owner, or is decided at once if a register confirms it.

    In two transactions: handed in, then routed; what is cut off between them, the clock routes.
    ``key`` is the caller's own name for this deed (idempotency key): said twice, it is done once
    and answered alike.

    Raises:
        NotFoundForCaller, CaseMoved, Invalid.
        KeyTaken: the key belongs to another case.
        NoOwner: no agency is on file; the case stays handed in and is routed once there is one.
    """
    whole_key = key_of(caller, key)
    with deed(inst.engine) as db:
        case = askers_case(db, caller, Action.CASE_SUBMIT, case_id, now=now)
        if case.submit_key != whole_key:
            case = _handed_in(db, inst, caller, case, whole_key, now=now)
    if case.state is CaseState.SUBMITTED:
        forward(inst, case.id, now=now)
    with deed(inst.engine) as db:
        found = corrections.case_by_id(db, case_id)
        assert found is not None
        return file_of(db, inst, found, caller, now=now)


def answer_more(
    db: Db, inst: Installation, caller: Caller, case_id: UUID, words: str, *, now: datetime
) -> CaseFile:
    """Answer what the owner asked for; files are attached before, by ``case_files.attach``.

    A worker also answers for what was asked for on the worker's behalf. After an appeal it goes
    back to those who decide on that.

    Raises:
        NotFoundForCaller: also for what an employer has asked for in its own name.
        CaseMoved, Invalid: no words.
    """
    case = askers_case(db, caller, Action.CASE_ANSWER, case_id, now=now)
    said = Said(read_words(words, needed=True))
    moved = take_step(db, inst, case, Step.ANSWER, caller, said=said, now=now)
    tell_owner(db, moved, NoticeKind.CASE_ANSWERED, now=now)
    trace_case(db, caller, Action.CASE_ANSWER, moved, now=now)
    return file_of(db, inst, moved, caller, now=now)


def withdraw(
    db: Db, inst: Installation, caller: Caller, case_id: UUID, *, now: datetime
) -> CaseFile:
    """Take a case back while it is undecided; an appeal taken back leaves the decision.

    A worker also takes back what was asked for on the worker's behalf.

    Raises:
        NotFoundForCaller: also for what an employer has asked for in its own name.
        CaseMoved.
    """
    case = askers_case(db, caller, Action.CASE_WITHDRAW, case_id, now=now)
    moved = take_step(db, inst, case, Step.WITHDRAW, caller, values=NO_PROPOSAL, now=now)
    if case.state is not CaseState.DRAFT:
        tell_owner(db, moved, NoticeKind.CASE_MOVED, now=now)
    trace_case(db, caller, Action.CASE_WITHDRAW, moved, now=now)
    return file_of(db, inst, moved, caller, now=now)


def appeal(
    db: Db, inst: Installation, caller: Caller, case_id: UUID, words: str, *, now: datetime
) -> CaseFile:
    """Ask the next unit up to decide anew: once, and before the clock has run out.

    Raises:
        NotFoundForCaller, CaseMoved, Invalid: no words.
        AppealOver: it was appealed before, or the time is over.
        NoOwner: nobody stands above who decided.
    """
    case = askers_case(db, caller, Action.CASE_APPEAL, case_id, now=now)
    said_words = read_words(words, needed=True)
    today = vietnam_day(now)
    if case.state is CaseState.DECIDED and (
        case.appealed_at is not None or case.due_on is None or case.due_on < today
    ):
        raise AppealOver
    above = routing.next_up(db, case, today) if case.owner_code is not None else None
    if case.state is CaseState.DECIDED and above is None:
        raise routing.NoOwner
    moved = take_step(
        db,
        inst,
        case,
        Step.APPEAL,
        caller,
        said=Said(said_words, owner=above),
        values={"appealed_at": now, **NO_PROPOSAL},
        now=now,
    )
    tell_askers(db, moved, NoticeKind.CASE_SUBMITTED, now=now)
    tell_owner(db, moved, NoticeKind.CASE_ARRIVED, now=now)
    trace_case(db, caller, Action.CASE_APPEAL, moved, now=now)
    return file_of(db, inst, moved, caller, now=now)


def rate(
    db: Db,
    inst: Installation,
    caller: Caller,
    case_id: UUID,
    *,
    stars: int,
    words: str = "",
    now: datetime,
) -> CaseFile:
    """Say how satisfied the asking side is with how it was handled: 1 to 5, once.

    Raises:
        NotFoundForCaller, CaseMoved, Invalid: not 1 to 5.
        RatedBefore.
    """
    case = askers_case(db, caller, Action.CASE_RATE, case_id, now=now)
    if stars not in _STARS:
        raise Invalid("from 1 to 5", cause="STARS")
    if case.rating is not None:
        raise RatedBefore
    said = Said(read_words(words))
    moved = take_step(
        db, inst, case, Step.RATE, caller, said=said, values={"rating": stars}, now=now
    )
    finished = case_finished(moved)
    note_answer(db, inst, finished, moved.person_id, score=stars, words=said.words, now=now)
    trace_case(db, caller, Action.CASE_RATE, moved, now=now)
    return file_of(db, inst, moved, caller, now=now)


def own_cases(
    db: Db, inst: Installation, caller: Caller, *, now: datetime, person_id: UUID | None = None
) -> list[CaseLine]:
    """Return the caller's cases, newest first: about the worker; what others have declared.

    ``person_id``: of those that were declared, only the ones about a person.

    Raises:
        NotFoundForCaller, DeniedToRole, LevelTooLow: as ``check_may``.
    """
    del inst  # every deed of the asking side is called alike
    whose = caller.person_id if caller.kind in OF_THE_PERSON else person_id
    if caller.kind in OF_THE_PERSON and whose is not None:
        check_asks(db, caller, Action.CASE_OWN, whose, now=now)
        found = corrections.cases_of_person(db, whose, limit=MOST_LISTED)
        mine = asker_id(caller)
        found = [
            each for each in found if each.state is not CaseState.DRAFT or each.declared_by == mine
        ]
    else:
        if whose is not None:
            check_asks(db, caller, Action.CASE_OWN, whose, now=now)
        found = corrections.cases_declared_by(db, asker_id(caller), whose, limit=MOST_LISTED)
    trace(
        db,
        caller,
        Action.CASE_OWN,
        at=now,
        purpose=ASKING,
        person_id=whose,
        detail={"listed": len(found)},
    )
    return lines_of(db, found, now=now)


def own_case(
    db: Db, inst: Installation, caller: Caller, case_id: UUID, *, now: datetime
) -> CaseFile:
    """Return one of the caller's cases with its history, evidence and decisions.

    Raises:
        NotFoundForCaller: it is none of the caller's.
    """
    case = askers_case(db, caller, Action.CASE_OWN, case_id, now=now)
    trace_case(db, caller, Action.CASE_OWN, case, now=now)
    return file_of(db, inst, case, caller, now=now)


def key_of(caller: Caller, key: str) -> str:
    """Return an idempotency key as it is stored: nobody meets another one's.

    Raises:
        Invalid: it is empty, too long, or no plain text.
    """
    if not 1 <= len(key) <= _LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Invalid("an idempotency key has 1 to 36 plain characters", cause="KEY")
    return f"{caller.id}:{key}"


def _handed_in(
    db: Db, inst: Installation, caller: Caller, case: StoredCase, key: str, *, now: datetime
) -> StoredCase:
    if corrections.case_with_key(db, key) is not None:
        raise KeyTaken
    values = {"submitted_at": now, "submit_key": key}
    moved = take_step(db, inst, case, Step.SUBMIT, caller, values=values, now=now)
    trace_case(db, caller, Action.CASE_SUBMIT, moved, now=now)
    return moved
