"""Asking another register about one person or enterprise, while somebody waits for the answer.

Whoever asks must be permitted to, says what for in words the person understands, and the person
can read that it was asked, what for, and how it was answered; never what.

Source: ND 47/2020, art. 23 (query), 41 (an answer holds as it is fetched), 45 (the log).
"""

import time
from collections.abc import Collection, Mapping
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
    PortalAnswer,
    Qualification,
    QualificationsAnswer,
    ShownMonth,
    SocialAnswer,
    VssidAnswer,
)
from labour_book.services.auditing import check_purpose, trace
from labour_book.services.callers import Action, Caller
from labour_book.services.installation import Installation
from labour_book.services.permission import (
    DeniedToRole,
    Refusal,
    check_may,
    check_role,
    deed,
)
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
    "PortalAnswer",
    "Qualification",
    "QualificationClaim",
    "QualificationsAnswer",
    "Question",
    "Register",
    "Says",
    "ShownMonth",
    "SocialAnswer",
    "Status",
    "VssidAnswer",
    "about_many",
    "ask_alone",
    "ask_enterprise",
    "confirms",
    "fetch",
    "is_connected",
    "may_ask",
    "note",
]


FORM = "online-query"
"""How registers are asked: tra cứu trực tuyến (ND 47/2020, art. 23)."""
NAMED_IN_FULL = frozenset({Register.POPULATION, Register.PORTAL})
"""Registers that are told the name and the birth date beside the number."""


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
    """NOT_CONNECTED, PAUSED, TIMEOUT, NO_CONNECTION, CUT, HTTP_503, CERTIFICATE_EXPIRED ..."""
    data_as_of: datetime | None = None
    valid_until: datetime | None = None
    """Until when the answer may be used (ND 47/2020, art. 41); None if there is none."""
    body: Body | None = None
    """The typed answer; None unless the status is OK, PARTIAL, NOT_FOUND or MISMATCH."""
    milliseconds: int = 0
    """How long it was waited for."""

    def holds_at(self, now: datetime) -> bool:
        """Say whether the answer may still be used."""
        return self.valid_until is not None and now <= self.valid_until

    @property
    def age(self) -> timedelta | None:
        """How old what the register said was when it was asked."""
        return None if self.data_as_of is None else self.asked_at - self.data_as_of


def is_connected(inst: Installation, register: Register) -> bool:
    """Say whether the installation has a connection to a register at all."""
    return register in inst.connections


def ask_alone(
    inst: Installation,
    caller: Caller,
    person_id: UUID,
    register: Register,
    *,
    purpose: str,
    now: datetime,
    stated: IdentityClaim | None = None,
    also: Mapping[str, Any] | None = None,
) -> Fetched:
    """Ask a register about a person with no transaction open while it is waited for.

    ``stated`` asks the population register about another name and birth date than those on record;
    ``also`` is what else a register wants to know than whom it is about.
    A register that does not answer is no error: the status says UNAVAILABLE, and claims are then
    neither confirmed nor denied.

    Raises:
        Invalid, DeniedToRole, LevelTooLow, NotFoundForCaller: as ``check_may``.
    """
    with deed(inst.engine) as db:
        question = may_ask(
            *(db, inst, caller, person_id, register),
            purpose=purpose,
            now=now,
            stated=stated,
            also=also,
        )
    return fetch_and_note(inst, question, now=now)


def ask_enterprise(
    inst: Installation, caller: Caller, code: str, *, purpose: str, now: datetime
) -> Fetched:
    """Ask the enterprise register about an enterprise; what it says is public.

    Raises:
        Invalid: the purpose is too long.
        DeniedToRole, LevelTooLow: the caller may not ask registers.
    """
    with deed(inst.engine):
        check_purpose(purpose)
        check_role(caller, Action.REGISTER_ASK, now)
    body = {"enterprise_code": code}
    enquiry = _enquiry(inst, Register.ENTERPRISES, body, purpose=purpose, now=now)
    question = Question(Register.ENTERPRISES, caller, None, purpose, enquiry)
    return fetch_and_note(inst, question, now=now)


def fetch_and_note(inst: Installation, question: Question, *, now: datetime) -> Fetched:
    """Send the question with no transaction open, then trace what came of it in one of its own."""
    fetched = fetch(inst, question)
    with deed(inst.engine) as db:
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
    also: Mapping[str, Any] | None = None,
) -> Question:
    """Check that the caller may ask, and return the question ready to be sent by ``fetch``.

    Raises:
        Invalid, DeniedToRole, LevelTooLow, NotFoundForCaller: as ``check_may``.
    """
    subject = books.subject(db, person_id)
    said = check_may(db, caller, Action.REGISTER_ASK, person_id, subject, purpose=purpose, now=now)
    body = _body_about(db, inst, person_id, register, stated) | dict(also or {})
    enquiry = _enquiry(inst, register, body, purpose=said, now=now)
    return Question(register, caller, person_id, said, enquiry)


def about_many(
    db: Db,
    inst: Installation,
    caller: Caller,
    people_asked: Collection[UUID],
    register: Register,
    *,
    purpose: str,
    now: datetime,
) -> list[Question]:
    """Return the questions about many people, in their order; for the installation itself alone.

    Two queries, whatever the number of people; who is not on file is left out.

    Raises:
        DeniedToRole: the caller is not the installation itself.
    """
    check_role(caller, Action.REGISTER_ASK, now)
    if caller.kind != "system":
        raise DeniedToRole(Refusal(caller, Action.REGISTER_ASK, None, purpose, now, "MANY"))
    numbers = people.numbers_of(db, inst.vault, people_asked)
    stated = asked_people.names_and_births(db, people_asked)
    questions = []
    for person_id in people_asked:
        if person_id in stated:
            body = online.naming(numbers.get(person_id, ()))
            if register in NAMED_IN_FULL:
                body |= _identity(*stated[person_id])
            enquiry = _enquiry(inst, register, body, purpose=purpose, now=now)
            questions.append(Question(register, caller, person_id, purpose, enquiry))
    return questions


def fetch(inst: Installation, question: Question) -> Fetched:
    """Send the question and return the answer; needs no transaction. Never raises Unavailable."""
    enquiry = question.enquiry
    begun = time.monotonic()  # a stopwatch: what the time is, the caller says
    unanswered = Fetched(
        question.register, enquiry.message_id, enquiry.requested_at, Status.UNAVAILABLE
    )
    if not online.names_somebody(enquiry.body, question.register):
        return replace(unanswered, status=Status.INVALID, cause="NO_PERSONAL_ID")
    try:
        answer = inst.connections.answer(question.register, enquiry)
    except Unavailable as error:
        cause = str(error.facts.get("cause", "UNAVAILABLE"))
        return replace(unanswered, cause=cause, milliseconds=_milliseconds_since(begun))
    return replace(
        unanswered,
        status=answer.status,
        data_as_of=answer.data_as_of,
        valid_until=answer.valid_until,
        body=answer.body,
        milliseconds=_milliseconds_since(begun),
    )


def _milliseconds_since(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)


def note(db: Db, question: Question, fetched: Fetched, *, now: datetime) -> None:
    """Trace what was asked, what for, and how it was answered; never what was said.

    ND 47/2020, art. 45 asks for: when (``at``) and in what form it was asked and answered, who
    asked (the trace's actor, and the organisation), the kind of content (``service``), and how the
    answer stands. Beside it stand the ids by which the register's own log has the same query.
    """
    enquiry = question.enquiry
    detail: dict[str, str | int] = {
        "register": str(question.register),
        "form": FORM,
        "service": enquiry.service,
        "basis": enquiry.legal_basis,
        "sender": enquiry.sender_org,
        "receiver": enquiry.receiver_org,
        "message": str(enquiry.message_id),
        "correlation": str(enquiry.correlation_id),
        "status": str(fetched.status),
        "milliseconds": fetched.milliseconds,
    }
    if fetched.cause is not None:
        detail["cause"] = fetched.cause
    if fetched.data_as_of is not None:
        detail["data_as_of"] = fetched.data_as_of.isoformat(timespec="seconds")
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
    if register in NAMED_IN_FULL:
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
