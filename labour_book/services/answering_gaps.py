"""Employers answer workers who ask about missing months; when the time is over, both are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.correction_claims import read_words
from labour_book.domain.correction_fields import Ask, CaseKind
from labour_book.domain.employers import root_of
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.gap_advice import Answer, Way, ranges_in
from labour_book.domain.months import MonthRange
from labour_book.domain.names import display_name
from labour_book.domain.notices import NoticeKind, Recipient
from labour_book.errors import Conflict, Invalid
from labour_book.queries import gap_steps
from labour_book.queries.gap_steps import AskedEmployer, StoredStep
from labour_book.services import correcting
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.correcting import Request
from labour_book.services.installation import Installation
from labour_book.services.missing_months import opened, sealed
from labour_book.services.notifying import notify
from labour_book.services.permission import NotFoundForCaller, Refusal, check_role, deed

__all__ = ["Answer", "GapAnswered", "Question", "Said", "answer", "questions", "remind"]

PURPOSE = "Trả lời người lao động về tháng chưa đóng bảo hiểm"
MOST_LISTED = 200
AT_ONCE = 200
MONTH_STATUSES = ("contributed", "arrears")
"""What an employer that agrees says of the months: paid since, or still owed."""


class GapAnswered(Conflict):
    """Somebody of the enterprise has answered before."""

    slug = "gap-answered"
    title = "This question was answered before"
    title_vi = "Câu hỏi này đã được trả lời"


@dataclass(frozen=True, slots=True)
class Question:
    """What a worker asks an enterprise, and what it has answered."""

    id: UUID
    full_name: str
    birth_date: str
    months: tuple[MonthRange, ...]
    words: str
    asked_at: datetime
    due_on: date | None
    is_late: bool
    answer: Answer | None
    answer_words: str
    answered_at: datetime | None
    pay_by: date | None
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What an enterprise answers."""

    answer: Answer
    words: str = ""
    pay_by: date | None = None
    """Needed where it pays later."""
    status: str = ""
    """Needed where it agrees: a word of ``MONTH_STATUSES``."""


def questions(db: Db, inst: Installation, caller: Caller, *, now: datetime) -> list[Question]:
    """Return what workers asked the caller's enterprise; each of them can read that.

    Raises:
        DeniedToRole, LevelTooLow: the caller answers for no enterprise.
    """
    check_role(caller, Action.GAP_QUESTIONS, now)
    found = gap_steps.asked_of(db, root_of(caller.enterprise_code or ""), limit=MOST_LISTED)
    for person_id in dict.fromkeys(each.step.person_id for each in found):
        _trace(db, caller, Action.GAP_QUESTIONS, person_id, now)
    return [_question(inst, each, vietnam_day(now)) for each in found]


def answer(inst: Installation, caller: Caller, step_id: UUID, said: Said, *, now: datetime) -> None:
    """Answer a worker: pays later, disputes, or agrees and hands in a correction of the months.

    The answer and the drafts of the corrections are one transaction; each is handed in after it.

    Raises:
        Invalid: no words where it disputes, no day to come where it pays later, no status.
        GapAnswered: it was answered before.
        TooManyCases: as ``correcting.draft``.
        NotFoundForCaller: no worker asked the caller's enterprise that.
        DeniedToRole, LevelTooLow: the caller answers for no enterprise, or corrects nothing.
    """
    with deed(inst.engine) as db:
        found = _theirs(db, caller, step_id, now)
        _check(said, vietnam_day(now))
        drafts = _drafted(db, inst, caller, found, said, now=now)
        numbers = [each[1] for each in drafts]
        words = read_words(said.words, needed=said.answer is Answer.DISPUTES)
        values = {
            "answer": str(said.answer),
            "answer_words": sealed(inst.vault, "answer_words", step_id, words),
            "pay_by": said.pay_by if said.answer is Answer.PAYS_LATER else None,
            "case_numbers": " ".join(numbers),
            "answered_at": now,
            "answered_by": caller.id,
        }
        if not gap_steps.answer_step(db, step_id, values):
            raise GapAnswered
        worker = Recipient("worker", str(found.person_id))
        notify(db, worker, NoticeKind.GAP_ANSWERED, about=str(step_id), now=now)
        _trace(db, caller, Action.GAP_ANSWER, found.person_id, now, step=str(step_id))
    for case_id, number in drafts:
        correcting.submit(inst, caller, case_id, key=f"gap-{number}", now=now)


def remind(db: Db, by: Caller, *, now: datetime) -> int:
    """Tell both sides of questions whose time is over, once; return how many.

    Raises:
        DeniedToRole: the caller is not the installation itself.
    """
    check_role(by, Action.GAP_REMIND, now)
    reminded = 0
    for each in gap_steps.unanswered(db, vietnam_day(now), limit=AT_ONCE):
        if not gap_steps.note_reminded(db, each.id, now):
            continue
        reminded += 1
        for recipient in (
            Recipient("employer", each.firm),
            Recipient("worker", str(each.person_id)),
        ):
            notify(db, recipient, NoticeKind.GAP_OVERDUE, about=str(each.id), now=now)
        trace(
            *(db, by, Action.GAP_REMIND),
            at=now,
            purpose=PURPOSE,
            person_id=each.person_id,
            detail={"step": str(each.id)},
        )
    return reminded


def _theirs(db: Db, caller: Caller, step_id: UUID, now: datetime) -> StoredStep:
    check_role(caller, Action.GAP_ANSWER, now)
    found = gap_steps.step(db, step_id)
    root = root_of(caller.enterprise_code or "")
    if found is None or found.way is not Way.ASK_EMPLOYER or found.firm != root:
        person = None if found is None else found.person_id
        raise NotFoundForCaller(
            Refusal(caller, Action.GAP_ANSWER, person, PURPOSE, now, "NOT_THEIRS")
        )
    return found


def _check(said: Said, today: date) -> None:
    if said.answer is Answer.PAYS_LATER and (said.pay_by is None or said.pay_by <= today):
        raise Invalid("say by which day to come", cause="PAY_BY", field="pay_by")
    if said.answer is Answer.AGREES and said.status not in MONTH_STATUSES:
        raise Invalid("say whether the months are paid by now", cause="STATUS", field="status")


def _drafted(
    db: Db, inst: Installation, caller: Caller, step: StoredStep, said: Said, *, now: datetime
) -> Sequence[tuple[UUID, str]]:
    """Draft a correction for each range of months, where the enterprise agrees."""
    if said.answer is not Answer.AGREES:
        return []
    made = []
    for months in ranges_in(step.months):
        claimed = {
            "enterprise_code": step.enterprise_code or step.firm,
            "employer": step.employer_name,
            "first_month": str(months.first),
            "last_month": str(months.last),
            "status": said.status,
        }
        request = Request(CaseKind.INSURANCE, Ask.ADD, claimed=claimed, words=said.words)
        case = correcting.draft(db, inst, caller, request, person_id=step.person_id, now=now)
        made.append((case.line.case_id, case.line.number))
    return made


def _question(inst: Installation, asked: AskedEmployer, today: date) -> Question:
    step = asked.step
    return Question(
        id=step.id,
        full_name=display_name(asked.full_name),
        birth_date=asked.birth_date,
        months=ranges_in(step.months),
        words=opened(inst.vault, "words", step.id, step.words),
        asked_at=step.begun_at,
        due_on=step.due_on,
        is_late=step.answer is None and step.due_on is not None and step.due_on < today,
        answer=step.answer,
        answer_words=opened(inst.vault, "answer_words", step.id, step.answer_words),
        answered_at=step.answered_at,
        pay_by=step.pay_by,
        cases=tuple(step.case_numbers.split()),
    )


def _trace(
    db: Db, caller: Caller, action: Action, person_id: UUID, now: datetime, **detail: str
) -> None:
    trace(db, caller, action, at=now, purpose=PURPOSE, person_id=person_id, detail=detail)
