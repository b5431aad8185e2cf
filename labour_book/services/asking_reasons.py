"""Asking why: the worker asks who looked for the reason, and gets it from whoever answers for them.

The question lies in the inbox of the office or enterprise, the answer in the worker's; both are in
the trace, by the number of the row that is asked about.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from json import loads
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.notices import NoticeKind, Recipient
from labour_book.errors import Conflict, Invalid, NotFound
from labour_book.queries import actors, notices
from labour_book.queries import trace as stored
from labour_book.queries.actors import Actor
from labour_book.queries.notices import StoredNotice
from labour_book.services.auditing import check_purpose, trace
from labour_book.services.callers import Action, Caller
from labour_book.services.notifying import inbox_of, notify
from labour_book.services.permission import OWN_USE, check_own, check_role

ANSWERING = "Trả lời người lao động hỏi lý do"
"""The purpose of whoever answers, as it stands in the trace."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A reason that was asked for: by the number of the access; ``answer`` once there is one."""

    number: int
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question to an office or enterprise: about which deed, of whom, and the answer so far."""

    number: int
    """Of the access that is asked about."""
    asked_at: datetime
    on: date
    """When somebody looked."""
    deed: str
    purpose: str
    looked: str
    """Name on the account of who looked."""
    person_id: UUID
    """Who asks. An official opens the record with it, for a purpose; never shown."""
    share: UUID | None
    """The share that was opened."""
    answer: str | None


MOST_QUESTIONS = 200


def questions(db: Db, caller: Caller, *, now: datetime) -> list[Question]:
    """Return what workers asked the caller's office or enterprise; what waits stands first.

    It says nothing of who asks, and leaves no trace: the answer does.

    Raises:
        DeniedToRole: the caller answers for nobody.
    """
    check_role(caller, Action.REASON_ANSWER, now)
    asked = notices.notices_of_kind(
        db, inbox_of(caller), NoticeKind.REASON_ASKED, limit=MOST_QUESTIONS
    )
    rows = stored.rows_numbered(db, {int(each.about) for each in asked})
    answers = _answers_to(db, rows)
    names = _names_in(db, rows)
    found = [_question(each, rows[int(each.about)], names, answers) for each in asked]
    return sorted(found, key=lambda each: each.answer is not None)


def count_waiting(db: Db, caller: Caller, *, now: datetime) -> int:
    """Return how many questions wait for an answer.

    Raises:
        DeniedToRole: the caller answers for nobody.
    """
    return sum(each.answer is None for each in questions(db, caller, now=now))


def answerable_by(kind: str, actor: Actor | None) -> Recipient | None:
    """Return whose inbox a question goes to; None where nobody answers for who looked."""
    if actor is None:
        return None
    if kind == "employer" and actor.enterprise_code:
        return Recipient("employer", actor.enterprise_code)
    if kind in {"official", "machine"} and actor.unit_code:
        return Recipient("official", actor.unit_code)
    return None


def ask(db: Db, caller: Caller, number: int, *, now: datetime) -> None:
    """Ask the office or enterprise behind an access to the own data for its reason.

    Raises:
        NotFound: there is no such access to the caller's data, or nobody who answers for it.
        Conflict: it was asked already.
        NotFoundForCaller, DeniedToRole: as ``check_may``.
    """
    person_id = check_own(db, caller, Action.REASON_ASK, now)
    row = stored.row_about(db, number)
    recipient = None if row is None or row.person_id != person_id else _answers_for(db, row)
    if row is None or recipient is None:
        raise NotFound("there is no such access, or nobody who answers for it")
    if notices.notice_about(db, recipient, NoticeKind.REASON_ASKED, str(number)) is not None:
        raise Conflict("the reason was asked for already")
    notify(
        db,
        recipient,
        NoticeKind.REASON_ASKED,
        about=str(number),
        now=now,
        facts={
            "access": number,
            "deed": row.action,
            "on": vietnam_day(row.at).isoformat(),
            "purpose": row.purpose,
        },
    )
    trace(
        db,
        caller,
        Action.REASON_ASK,
        at=now,
        purpose=OWN_USE,
        person_id=person_id,
        detail={"access": number},
    )


def answer(db: Db, caller: Caller, number: int, words: str, *, now: datetime) -> None:
    """Answer a worker who asked the caller's office or enterprise for its reason.

    Raises:
        NotFound: nobody asked them about such an access.
        Invalid: the answer is empty, longer than a purpose, or more than one line.
        Conflict: it was answered already.
        DeniedToRole: the caller answers for nobody.
    """
    check_role(caller, Action.REASON_ANSWER, now)
    said = words.strip()
    check_purpose(said)
    if not said:
        raise Invalid("say the reason")
    question = notices.notice_about(db, inbox_of(caller), NoticeKind.REASON_ASKED, str(number))
    row = None if question is None else stored.row_about(db, number)
    if question is None or row is None or row.person_id is None:
        raise NotFound("nobody asked you about such an access")
    worker = Recipient("worker", str(row.person_id))
    if notices.notice_about(db, worker, NoticeKind.REASON_ANSWERED, str(number)) is not None:
        raise Conflict("it was answered already")
    notify(
        db,
        worker,
        NoticeKind.REASON_ANSWERED,
        about=str(number),
        now=now,
        facts={"access": number, "answer": said},
    )
    trace(
        db,
        caller,
        Action.REASON_ANSWER,
        at=now,
        purpose=ANSWERING,
        person_id=row.person_id,
        detail={"access": number},
    )


def asked_by(db: Db, person_id: UUID, numbers: set[int]) -> dict[int, Asked]:
    """Return what was asked about accesses of these numbers, with the answers, by number."""
    if not numbers:
        return {}
    worker = Recipient("worker", str(person_id))
    about = {str(each) for each in numbers}
    answered = notices.notices_about(db, worker, NoticeKind.REASON_ANSWERED, about)
    answers = {int(each.about): str(each.facts["answer"]) for each in answered}
    return {number: Asked(number, answers.get(number)) for number in numbers}


def _question(
    asked: StoredNotice,
    row: stored.TraceRow,
    names: Mapping[str, str],
    answers: Mapping[int, str],
) -> Question:
    assert row.person_id is not None
    share = loads(row.detail).get("share")
    return Question(
        number=row.seq,
        asked_at=asked.created_at,
        on=vietnam_day(row.at),
        deed=row.action,
        purpose=row.purpose,
        looked=names.get(row.actor, ""),
        person_id=row.person_id,
        share=None if share is None else UUID(share),
        answer=answers.get(row.seq),
    )


def _answers_to(db: Db, rows: Mapping[int, stored.TraceRow]) -> dict[int, str]:
    people = {str(row.person_id) for row in rows.values()}
    about = {str(number) for number in rows}
    told = notices.notices_to_many(db, "worker", people, NoticeKind.REASON_ANSWERED, about)
    return {int(each.about): str(each.facts["answer"]) for each in told}


def _names_in(db: Db, rows: Mapping[int, stored.TraceRow]) -> dict[str, str]:
    accounts = {UUID(row.actor) for row in rows.values()}
    return {str(each): actor.name for each, actor in actors.actors_by_id(db, accounts).items()}


def _answers_for(db: Db, row: stored.TraceRow) -> Recipient | None:
    try:
        account_id = UUID(row.actor)
    except ValueError:
        return None
    return answerable_by(row.actor_kind, actors.actors_by_id(db, {account_id}).get(account_id))
