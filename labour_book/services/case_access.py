"""Whose case is it: the asking side's, the owner's, and who may only look. Refusals are traced."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.corrections import CaseState, Owner, Step
from labour_book.domain.employers import root_of
from labour_book.domain.evidence import vietnam_day
from labour_book.errors import Denied
from labour_book.queries import accounts, books, correction_decisions, corrections, units
from labour_book.queries.correction_decisions import StoredDecision
from labour_book.queries.corrections import StoredCase, queue_of
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller, Role
from labour_book.services.permission import (
    NotFoundForCaller,
    Refusal,
    check_may,
    check_role,
)

ASKING = "Đề nghị điều chỉnh"
"""The purpose that stands in the trace for what the asking side does."""
OF_THE_PERSON = frozenset({"worker", "proxy"})
"""Kinds of callers who ask for one person only: the worker, and who has the worker's mandate."""

_OF_ANOTHERS_OWN = frozenset({Action.CASE_OWN, Action.CASE_FILE, Action.CASE_APPEAL})
"""What a worker may do with what the employer asks for in its own name."""
_OWN = {
    "OWN_BOOK": "this is your own book",
    "RELATED": "you have declared a family relation",
    "OWN_REQUEST": "you have taken this request down yourself",
}


class OwnMatter(Denied):
    """The official's own book, a relative's, an own proposal, or the same person's once more.

    ``cause`` says which: OWN_BOOK, RELATED, OWN_PROPOSAL, OWN_DECISION, OWN_REQUEST or
    TWICE_IN_A_ROW.
    """

    slug = "own-matter"
    title = "Another official has to decide this"
    title_vi = "Việc này phải do cán bộ khác giải quyết"


def asking_kind(caller: Caller) -> str:
    """Return as what somebody declares: worker, representative, employer or official."""
    return str(Role.REPRESENTATIVE) if caller.kind == "proxy" else caller.kind


def asker_id(caller: Caller) -> str:
    """Return as whom somebody declares: the person, the enterprise, the unit, the account."""
    match caller.kind:
        case "worker":
            return str(caller.person_id)
        case "employer":
            return root_of(caller.enterprise_code or "")
        case "official":
            return str(caller.unit_code)
        case _:
            return caller.id


def check_asks(db: Db, caller: Caller, action: Action, person_id: UUID, *, now: datetime) -> None:
    """Refuse whoever may not ask for a person; an enterprise's right depends on the line.

    Raises:
        DeniedToRole, LevelTooLow, NotFoundForCaller: as ``check_may``.
    """
    subject = books.subject(db, person_id)
    if caller.kind == "employer":
        check_role(caller, action, now)
        if subject is None:
            raise NotFoundForCaller(Refusal(caller, action, person_id, ASKING, now, "UNKNOWN"))
        return
    check_may(db, caller, action, person_id, subject, purpose=ASKING, now=now)


def askers_case(
    db: Db, caller: Caller, action: Action, case_id: UUID, *, now: datetime
) -> StoredCase:
    """Return a case of the caller's asking side: what they declared; a worker also all on them.

    What the employer asks for in its own name the worker reads, and may appeal what is decided on
    it; to answer, change and take back is the employer's.

    Raises:
        NotFoundForCaller: it is none of theirs.
        DeniedToRole, LevelTooLow.
    """
    check_role(caller, action, now)
    case = corrections.case_by_id(db, case_id)
    if case is None or not _is_askers(db, caller, action, case, now):
        person = None if case is None else case.person_id
        raise NotFoundForCaller(Refusal(caller, action, person, ASKING, now, "NOT_THEIRS"))
    return case


def owners_case(
    db: Db, caller: Caller, action: Action, case_id: UUID, *, now: datetime
) -> StoredCase:
    """Return a case that lies with the caller's own unit or enterprise.

    Raises:
        NotFoundForCaller: it does not.
        DeniedToRole, LevelTooLow.
    """
    check_role(caller, action, now)
    case = corrections.case_by_id(db, case_id)
    if case is None or own_queue(caller) != _queue_of(case) or case.state is CaseState.DRAFT:
        person = None if case is None else case.person_id
        raise NotFoundForCaller(Refusal(caller, action, person, "case", now, "NOT_THEIRS"))
    return case


def seen_case(
    db: Db, caller: Caller, action: Action, case: StoredCase | None, *, now: datetime
) -> StoredCase:
    """Return a case that the caller may look at: of the own unit, one below it, or of the people.

    Raises:
        NotFoundForCaller: it is not to be seen by them.
        DeniedToRole, LevelTooLow.
    """
    check_role(caller, action, now)
    if case is None or case.state is CaseState.DRAFT or not _may_see(db, caller, case, now):
        person = None if case is None else case.person_id
        raise NotFoundForCaller(Refusal(caller, action, person, "case", now, "NOT_THEIRS"))
    return case


def own_queue(caller: Caller) -> str | None:
    """Return the queue of the caller's enterprise; of a unit, without its kind: see ``is_own``."""
    if caller.kind == "employer":
        return queue_of(Owner.EMPLOYER, root_of(caller.enterprise_code or ""))
    return caller.unit_code


def check_not_own(db: Db, caller: Caller, case: StoredCase) -> None:
    """Refuse an official whose own book it is, or a relative's, or who asked for it at the desk.

    Raises:
        OwnMatter: so it is.
    """
    cause = own_cause(db, caller, case)
    if cause:
        raise OwnMatter(_OWN[cause], cause=cause)


def own_cause(db: Db, caller: Caller, case: StoredCase) -> str:
    """Return why a case is a matter of an official's own, as ``OwnMatter`` says it; else empty."""
    if caller.person_id == case.person_id:
        return "OWN_BOOK"
    if correction_decisions.is_related(db, caller.id, case.person_id):
        return "RELATED"
    taken_down = any(
        each.by == caller.id and each.step in {Step.BEGIN, Step.SUBMIT}
        for each in corrections.steps_of(db, case.id)
    )
    return "OWN_REQUEST" if taken_down else ""


def has_decided(caller: Caller, made: Iterable[StoredDecision]) -> bool:
    """Say whether an official has made or confirmed one of a case's decisions."""
    return any(caller.id in {each.decided_by, each.confirmed_by} for each in made)


def check_not_twice(db: Db, caller: Caller, case: StoredCase) -> None:
    """Refuse who proposed the last decision of high impact about the same person.

    Raises:
        OwnMatter: it was this official.
    """
    if is_twice(db, caller, case):
        raise OwnMatter(
            "you proposed the last such decision about this person", cause="TWICE_IN_A_ROW"
        )


def is_twice(db: Db, caller: Caller, case: StoredCase) -> bool:
    """Say whether an official proposed the last decision of high impact about the same person."""
    last = correction_decisions.last_high_impact(db, case.person_id)
    return case.high_impact and last is not None and last.decided_by == caller.id


def _is_askers(db: Db, caller: Caller, action: Action, case: StoredCase, now: datetime) -> bool:
    declared = case.declared_by == asker_id(caller) and case.declared_kind == asking_kind(caller)
    if caller.kind in OF_THE_PERSON:
        if case.state is CaseState.DRAFT and not declared:
            return False
        if is_anothers_own(caller, case) and action not in _OF_ANOTHERS_OWN:
            return False
        subject = books.subject(db, case.person_id)
        check_may(db, caller, action, case.person_id, subject, purpose=ASKING, now=now)
        return True
    return declared


def is_anothers_own(caller: Caller, case: StoredCase) -> bool:
    """Say whether a case about a worker was asked for in an enterprise's own name.

    What a representative or an official at the desk asks for, they ask for on the worker's behalf.
    """
    return caller.kind in OF_THE_PERSON and case.declared_kind == "employer"


def _queue_of(case: StoredCase) -> str | None:
    if case.owner_kind is None or case.owner_code is None:
        return None
    if case.owner_kind is Owner.EMPLOYER:
        return queue_of(case.owner_kind, case.owner_code)
    return case.owner_code


def _may_see(db: Db, caller: Caller, case: StoredCase, now: datetime) -> bool:
    if own_queue(caller) == _queue_of(case):
        return True
    if caller.kind != "official" or caller.unit_code is None:
        return _answered_before(caller, case)
    today = vietnam_day(now)
    if case.owner_code is not None and units.is_below(db, case.owner_code, caller.unit_code, today):
        return True
    subject = books.subject(db, case.person_id)
    commune = None if subject is None else subject.residence_commune
    return accounts.unit_serves(db, caller.unit_code, commune, today)


def _answered_before(caller: Caller, case: StoredCase) -> bool:
    """Say whether an enterprise was asked about a case before it went on."""
    if caller.kind != "employer" or case.employer_code is None:
        return False
    return case.employer_answer is not None and root_of(case.employer_code) == root_of(
        caller.enterprise_code or ""
    )


def trace_case(db: Db, caller: Caller, action: Action, case: StoredCase, *, now: datetime) -> None:
    """Leave the trace of a deed about a case; its number, not what it is about."""
    trace(
        db,
        caller,
        action,
        at=now,
        purpose=f"{ASKING} {case.number}",
        person_id=case.person_id,
        detail={"case": case.number, "state": str(case.state)},
    )
