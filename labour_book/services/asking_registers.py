"""Asking another register about one person or enterprise, while somebody waits for the answer.

Whoever asks must be permitted to, says what for in words the person understands, and the person
can read that it was asked, what for, and how it was answered; never what.

Source: ND 47/2020, art. 23 (query), 41 (an answer holds as it is fetched), 45 (the log).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from labour_book.database import Db
from labour_book.domain.partial_dates import PartialDate
from labour_book.errors import Unavailable
from labour_book.queries import asked_people, books, people
from labour_book.registers import online
from labour_book.registers.envelope import Enquiry, Status
from labour_book.registers.online import LEGAL_BASIS, ORGANISATIONS, SERVICES, Register
from labour_book.registers.online_answers import (
    Body,
    ContractEvent,
    ContractsAnswer,
    EnterpriseAnswer,
    InsuranceAnswer,
    InsuredMonths,
    PopulationAnswer,
    Qualification,
    QualificationsAnswer,
)
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.installation import Installation
from labour_book.services.permission import check_may, check_role, deed
from labour_book.services.register_claims import (
    Claim,
    EmployerNameClaim,
    IdentityClaim,
    JobClaim,
    MonthsClaim,
    QualificationClaim,
    Says,
    confirms,
)

__all__ = [
    "Claim",
    "ContractEvent",
    "ContractsAnswer",
    "EmployerNameClaim",
    "EnterpriseAnswer",
    "Fetched",
    "IdentityClaim",
    "InsuranceAnswer",
    "InsuredMonths",
    "JobClaim",
    "MonthsClaim",
    "PopulationAnswer",
    "Qualification",
    "QualificationClaim",
    "QualificationsAnswer",
    "Question",
    "Register",
    "Says",
    "Status",
    "ask",
    "ask_alone",
    "ask_enterprise",
    "confirms",
    "fetch",
    "is_connected",
    "may_ask",
    "note",
]


@dataclass(frozen=True, slots=True)
class Question:
    """What may be asked: permission was checked. Holds the personal ID only inside ``enquiry``."""

    register: Register
    caller: Caller
    person_id: UUID | None
    purpose: str
    enquiry: Enquiry


@dataclass(frozen=True, slots=True)
class Fetched:
    """A register's answer, or why there is none; always with when it was asked."""

    register: Register
    message_id: UUID
    asked_at: datetime
    status: Status
    """UNAVAILABLE with a ``cause`` when the register did not answer in a way that can be used."""
    cause: str | None = None
    """NOT_CONNECTED, PAUSED, TIMEOUT, NO_CONNECTION, CUT, HTTP_503, TOO_LARGE, SCHEMA ..."""
    data_as_of: datetime | None = None
    body: Body | None = None
    """The typed answer; None unless the status is OK, PARTIAL, NOT_FOUND or MISMATCH."""

    @property
    def age(self) -> timedelta | None:
        """How old what the register said was when it was asked."""
        return None if self.data_as_of is None else self.asked_at - self.data_as_of


def is_connected(inst: Installation, register: Register) -> bool:
    """Say whether the installation has a connection to a register at all."""
    return register in inst.connections


def ask(
    db: Db,
    inst: Installation,
    caller: Caller,
    person_id: UUID,
    register: Register,
    *,
    purpose: str,
    now: datetime,
    stated: IdentityClaim | None = None,
) -> Fetched:
    """Ask a register about a person inside the transaction of a deed that needs the answer.

    The transaction stays open meanwhile, for some seconds at most: on SQLite nobody else writes
    for so long. Where nothing else is written, use ``ask_alone``. ``stated`` asks the population
    register about another name and birth date than those on record. A register that does not
    answer is no error: the status says UNAVAILABLE, and claims are then neither confirmed nor
    denied.

    Raises:
        Invalid, DeniedToRole, LevelTooLow, NotFoundForCaller: as ``check_may``.
    """
    question = may_ask(
        db, inst, caller, person_id, register, purpose=purpose, now=now, stated=stated
    )
    fetched = fetch(inst, question)
    note(db, question, fetched, now=now)
    return fetched


def ask_alone(
    inst: Installation,
    caller: Caller,
    person_id: UUID,
    register: Register,
    *,
    purpose: str,
    now: datetime,
    stated: IdentityClaim | None = None,
) -> Fetched:
    """Ask a register about a person with no transaction open while it is waited for.

    Raises:
        Invalid, DeniedToRole, LevelTooLow, NotFoundForCaller: as ``check_may``.
    """
    with deed(inst.engine) as db:
        question = may_ask(
            db, inst, caller, person_id, register, purpose=purpose, now=now, stated=stated
        )
    fetched = fetch(inst, question)
    with deed(inst.engine) as db:
        note(db, question, fetched, now=now)
    return fetched


def ask_enterprise(
    db: Db, inst: Installation, caller: Caller, code: str, *, purpose: str, now: datetime
) -> Fetched:
    """Ask the enterprise register about an enterprise; what it says is public.

    Raises:
        Invalid: the purpose is too long.
        DeniedToRole, LevelTooLow: the caller may not ask registers.
    """
    check_role(caller, Action.REGISTER_ASK, now)
    body = {"enterprise_code": code}
    enquiry = _enquiry(inst, Register.ENTERPRISES, body, purpose=purpose, now=now)
    question = Question(Register.ENTERPRISES, caller, None, purpose, enquiry)
    fetched = fetch(inst, question)
    note(db, question, fetched, now=now)
    return fetched


def may_ask(
    db: Db,
    inst: Installation,
    caller: Caller,
    person_id: UUID,
    register: Register,
    *,
    purpose: str,
    now: datetime,
    stated: IdentityClaim | None = None,
) -> Question:
    """Check that the caller may ask, and return the question ready to be sent by ``fetch``.

    Raises:
        Invalid, DeniedToRole, LevelTooLow, NotFoundForCaller: as ``check_may``.
    """
    subject = books.subject(db, person_id)
    said = check_may(db, caller, Action.REGISTER_ASK, person_id, subject, purpose=purpose, now=now)
    body = _body_about(db, inst, person_id, register, stated)
    enquiry = _enquiry(inst, register, body, purpose=said, now=now)
    return Question(register, caller, person_id, said, enquiry)


def fetch(inst: Installation, question: Question) -> Fetched:
    """Send the question and return the answer; needs no transaction. Never raises Unavailable."""
    enquiry = question.enquiry
    unanswered = Fetched(
        question.register, enquiry.message_id, enquiry.requested_at, Status.UNAVAILABLE
    )
    if not online.names_somebody(enquiry.body, question.register):
        return replace(unanswered, status=Status.INVALID, cause="NO_PERSONAL_ID")
    try:
        answer = inst.connections.answer(question.register, enquiry)
    except Unavailable as error:
        return replace(unanswered, cause=str(error.facts.get("cause", "UNAVAILABLE")))
    return replace(unanswered, status=answer.status, data_as_of=answer.data_as_of, body=answer.body)


def note(db: Db, question: Question, fetched: Fetched, *, now: datetime) -> None:
    """Trace what was asked, what for, and how it was answered (ND 47/2020, art. 45)."""
    detail: dict[str, str | int] = {
        "register": str(question.register),
        "service": question.enquiry.service,
        "message": str(question.enquiry.message_id),
        "status": str(fetched.status),
    }
    if fetched.cause is not None:
        detail["cause"] = fetched.cause
    trace(
        db,
        question.caller,
        Action.REGISTER_ASK,
        at=now,
        purpose=question.purpose,
        person_id=question.person_id,
        detail=detail,
    )


def _body_about(
    db: Db,
    inst: Installation,
    person_id: UUID,
    register: Register,
    stated: IdentityClaim | None,
) -> dict[str, Any]:
    numbers = people.numbers_of(db, inst.vault, [person_id]).get(person_id, [])
    body = online.naming(numbers)
    if register is Register.POPULATION:
        full_name, birth_date = asked_people.name_and_birth(db, person_id)
        if stated is not None:
            full_name = stated.full_name or full_name
            birth_date = stated.birth_date or birth_date
        body |= _identity(full_name, birth_date)
    return body


def _identity(full_name: str, birth_date: PartialDate | None) -> dict[str, Any]:
    named: dict[str, Any] = {"full_name": full_name}
    return named if birth_date is None else named | {"birth_date": str(birth_date)}


def _enquiry(
    inst: Installation, register: Register, body: dict[str, Any], *, purpose: str, now: datetime
) -> Enquiry:
    return Enquiry(
        message_id=uuid4(),
        correlation_id=uuid4(),
        sender_org=inst.connections.own_org,
        receiver_org=ORGANISATIONS[register],
        service=SERVICES[register],
        purpose=purpose,
        legal_basis=LEGAL_BASIS[register],
        requested_at=now,
        body=body,
    )
