"""Our own data services: what other systems may ask of us, answered with as little as will do.

Where yes or no is enough, that is the answer. A system is admitted by its registered key, may ask
what its registration names, says for each query what for and under which law, and the person can
read that. An answer is signed, says how old it is and until when it may be used.

Source: ND 47/2020/ND-CP, art. 5, 23, 24, 41, 45; ND 43/2021/ND-CP, art. 11.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.insured_months import insured_months
from labour_book.domain.months import Month
from labour_book.domain.partial_dates import PartialDate
from labour_book.domain.people import births_agree
from labour_book.domain.personal_ids import identifier_kind
from labour_book.errors import Conflict, Invalid
from labour_book.queries import books, headcounts, people, versions, workforce
from labour_book.registers.envelope import LONGEST_TEXT, VERSION, Status
from labour_book.services.auditing import check_purpose, trace
from labour_book.services.callers import Action, Caller
from labour_book.services.installation import Installation
from labour_book.services.permission import check_may, check_role
from signing import Use, sign_data_answer

__all__ = ["Asked", "Question", "SignedAnswer", "StatusQuery", "employment_status", "headcount"]

STATUS_SERVICE = "labour-book.employment-status"
HEADCOUNT_SERVICE = "labour-book.headcount"
FORM = "online-query"
HOLDS = timedelta(minutes=15)
"""An online query is right as it is answered; who asks later asks again (art. 41)."""
MOST_CODES = 100
PERSONAL_ID = "PIN"


class Question(StrEnum):
    """What can be asked of a person; each has yes or no for an answer."""

    WORKS_AT = "works-at"
    """Does the person work for this enterprise now, as it reported itself?"""
    INSURED = "insured"
    """Was social insurance paid for the last month that the insurance register has reported?"""
    HAS_VALID_BOOK = "has-valid-book"
    """Has the person a labour book whose newest version is in force today?"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands over every query."""

    message_id: UUID
    """Of the query; the answer names it."""
    purpose: str
    """In words that the person understands."""
    legal_basis: str
    """The act and article, or the agreement, under which it is asked."""


@dataclass(frozen=True, slots=True)
class StatusQuery:
    """A question about one person, who is named by two things that belong together."""

    personal_id: str = field(repr=False)
    birth_date: PartialDate = field(repr=False)
    question: Question
    enterprise_code: str | None = None


@dataclass(frozen=True, slots=True)
class SignedAnswer:
    """An answer as it is read, and the same signed."""

    envelope: Mapping[str, Any]
    signed: str
    """Compact JWS (ES256) whose payload is the envelope."""


def employment_status(
    db: Db, inst: Installation, caller: Caller, asked: Asked, query: StatusQuery, *, now: datetime
) -> SignedAnswer:
    """Answer yes or no about one person, and leave in the trace that it was asked and what for.

    Raises:
        Invalid: the query is not of the agreed form.
        NotFoundForCaller: nobody has that number and birth date.
        DeniedToRole: the registration does not include this.
        Unavailable: there is no key to sign with.
    """
    check_role(caller, Action.SERVICE_STATUS, now)
    _check(asked)
    if (query.question is Question.WORKS_AT) is not (query.enterprise_code is not None):
        raise Invalid("name an enterprise where, and only where, it is about one")
    person_id = _person_meant(db, inst, query)
    subject = None if person_id is None else books.subject(db, person_id)
    check_may(
        *(db, caller, Action.SERVICE_STATUS, person_id, subject), purpose=asked.purpose, now=now
    )
    assert person_id is not None
    says, as_of = _answer(db, inst, person_id, query, now)
    body = {"question": str(query.question), "answer": says, "as_of": as_of}
    answer = _signed(inst, caller, asked, service=STATUS_SERVICE, body=body, now=now)
    _trace(
        *(db, caller, Action.SERVICE_STATUS, asked, answer),
        now=now,
        person_id=person_id,
        question=str(query.question),
    )
    return answer


def headcount(
    db: Db,
    inst: Installation,
    caller: Caller,
    asked: Asked,
    codes: Sequence[str],
    *,
    month: Month | None,
    now: datetime,
) -> SignedAnswer:
    """Answer how many people enterprises insure in a month; without one, in the last reported.

    Small numbers are told as they are: a registration for this is given only to the register that
    keeps the enterprises themselves.

    Raises:
        Invalid: the query is not of the agreed form.
        Conflict: the insurance register has not reported that month yet.
        DeniedToRole: the registration does not include this.
        Unavailable: there is no key to sign with.
    """
    check_role(caller, Action.SERVICE_HEADCOUNT, now)
    _check(asked)
    if not 0 < len(codes) <= MOST_CODES or len(set(codes)) != len(codes):
        raise Invalid("name up to 100 enterprises, each once", most=MOST_CODES)
    reported = books.insurance_reported_through(db, now)
    if reported is None or (month is not None and reported < month):
        raise Conflict("the insurance register has not reported that month yet")
    found = headcounts.insured_at(db, codes, month or reported)
    body = {
        "month": str(month or reported),
        "headcounts": [
            {"enterprise_code": code, "insured": found[code].contributed, "arrears": owed}
            for code in codes
            for owed in (found[code].arrears,)
        ],
    }
    answer = _signed(inst, caller, asked, service=HEADCOUNT_SERVICE, body=body, now=now)
    _trace(
        *(db, caller, Action.SERVICE_HEADCOUNT, asked, answer),
        now=now,
        person_id=None,
        question=f"{len(codes)} enterprises",
    )
    return answer


def _check(asked: Asked) -> None:
    check_purpose(asked.purpose)
    if not asked.purpose.strip():
        raise Invalid("say for what purpose")
    basis = asked.legal_basis
    if not 0 < len(basis.strip()) <= LONGEST_TEXT or not basis.isprintable():
        raise Invalid("say under which act or agreement it is asked")


def _person_meant(db: Db, inst: Installation, query: StatusQuery) -> UUID | None:
    """Return whom number and birth date name together; None if nobody."""
    if identifier_kind(query.personal_id) != PERSONAL_ID:
        raise Invalid("a personal ID has 12 digits")
    index = inst.vault.index.of(query.personal_id)
    for naming in people.named_by(db, [index]).get(index, ()):
        known = naming.person.birth_date
        if naming.kind == PERSONAL_ID and known is not None:
            agrees = births_agree(query.birth_date, known) == "same"
            return naming.person.id if agrees else None
    return None


def _answer(
    db: Db, inst: Installation, person_id: UUID, query: StatusQuery, now: datetime
) -> tuple[bool, str]:
    """Return yes or no, and the day or month of which that is said."""
    today = vietnam_day(now)
    match query.question:
        case Question.WORKS_AT:
            works = workforce.reported_work(db, query.enterprise_code or "", person_id)
            return works is not None, today.isoformat()
        case Question.INSURED:
            return _is_insured(db, inst, person_id, today, now)
        case Question.HAS_VALID_BOOK:
            return _has_valid_book(db, person_id, today), today.isoformat()


def _is_insured(
    db: Db, inst: Installation, person_id: UUID, today: date, now: datetime
) -> tuple[bool, str]:
    known = books.facts_of(db, inst.vault, [person_id], now).people[person_id]
    reported = books.insurance_reported_through(db, now)
    months = insured_months(known.insurance, today, reported)
    last = max(filter(None, (months.last_paid("SI"), months.last_paid("VOL"))), default=None)
    return last is not None and last >= months.reported, str(months.reported)


def _has_valid_book(db: Db, person_id: UUID, today: date) -> bool:
    found = versions.stored_version(db, person_id, None)
    book = None if found is None else found.book
    return book is not None and book.state == "current" and today < book.expires_on


def _signed(
    inst: Installation,
    caller: Caller,
    asked: Asked,
    *,
    service: str,
    body: Mapping[str, Any],
    now: datetime,
) -> SignedAnswer:
    envelope = {
        "message_id": str(uuid4()),
        "correlation_id": str(asked.message_id),
        "sender_org": inst.connections.own_org,
        "receiver_org": caller.name,
        "service": service,
        "version": VERSION,
        "purpose": asked.purpose,
        "legal_basis": asked.legal_basis,
        "requested_at": now.isoformat(timespec="seconds"),
        "data_as_of": now.isoformat(timespec="seconds"),
        "valid_until": (now + HOLDS).isoformat(timespec="seconds"),
        "status": str(Status.OK),
        "body": dict(body),
    }
    signer = inst.key_ring.signer(Use.REQUEST)
    return SignedAnswer(envelope, sign_data_answer(envelope, signer=signer))


def _trace(
    db: Db,
    caller: Caller,
    action: Action,
    asked: Asked,
    answer: SignedAnswer,
    *,
    now: datetime,
    person_id: UUID | None,
    question: str,
) -> None:
    """Leave what ND 47/2020, art. 45 asks for; never what was answered."""
    detail = {
        "form": FORM,
        "service": answer.envelope["service"],
        "question": question,
        "basis": asked.legal_basis,
        "receiver": caller.name,
        "message": str(asked.message_id),
        "answer": answer.envelope["message_id"],
        "status": answer.envelope["status"],
    }
    trace(db, caller, action, at=now, purpose=asked.purpose, person_id=person_id, detail=detail)
