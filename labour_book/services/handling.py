"""Handling cases: who takes which, asking for more, sending on, the employer's answer."""

from datetime import datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.correction_claims import read_words
from labour_book.domain.correction_routing import EMPLOYER_WAS_ASKED
from labour_book.domain.corrections import CaseMoved, CaseTaken, Owner, Step
from labour_book.domain.employers import root_of
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.notices import NoticeKind
from labour_book.errors import Invalid
from labour_book.queries import books, correction_decisions, correction_queue
from labour_book.queries.corrections import StoredCase, queue_of
from labour_book.services import routing
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.case_access import has_decided, own_cause, owners_case, trace_case
from labour_book.services.case_moves import Said, take_step
from labour_book.services.case_notices import tell_askers, tell_owner
from labour_book.services.case_reading import file_of
from labour_book.services.case_views import CaseFile
from labour_book.services.installation import Installation
from labour_book.services.permission import check_may, check_role
from labour_book.services.queueing import OF_UNITS

RELATIONS = frozenset({"self", "spouse", "parent", "child", "sibling", "other"})
_SENT_TO = frozenset({Owner.EMPLOYER, *OF_UNITS})
_TRIED_AT_ONCE = 20


def next_case(db: Db, inst: Installation, caller: Caller, *, now: datetime) -> CaseFile | None:
    """Claim the case of the own unit that is due first and that nobody has; None if there is none.

    Those that are a matter of the official's own are passed over. Several officials who ask at
    once get different ones.
    """
    check_role(caller, Action.CASE_CLAIM, now)
    for owner in OF_UNITS:
        name = queue_of(owner, caller.unit_code or "")
        for found in correction_queue.next_free(db, name, limit=_TRIED_AT_ONCE):
            if own_cause(db, caller, found) or _has_decided(db, caller, found):
                continue  # another official has to decide it
            try:
                return claim(db, inst, caller, found.id, now=now)
            except (CaseTaken, CaseMoved):
                continue
    return None


def claim(db: Db, inst: Installation, caller: Caller, case_id: UUID, *, now: datetime) -> CaseFile:
    """Take a case, so that others see who handles it.

    Raises:
        NotFoundForCaller, CaseMoved.
        CaseTaken: somebody else has it; says who and since when.
    """
    found = owners_case(db, caller, Action.CASE_CLAIM, case_id, now=now)
    values = {"claimed_by": caller.id, "claimed_name": caller.name, "claimed_at": now}
    moved = take_step(db, inst, found, Step.CLAIM, caller, values=values, anyones=False, now=now)
    trace_case(db, caller, Action.CASE_CLAIM, moved, now=now)
    return file_of(db, inst, moved, caller, now=now)


def release(
    db: Db, inst: Installation, caller: Caller, case_id: UUID, *, now: datetime
) -> CaseFile:
    """Give a claimed case back.

    Raises:
        NotFoundForCaller, CaseMoved, CaseTaken: somebody else's.
    """
    found = owners_case(db, caller, Action.CASE_CLAIM, case_id, now=now)
    values = {"claimed_by": None, "claimed_name": None, "claimed_at": None}
    moved = take_step(db, inst, found, Step.RELEASE, caller, values=values, anyones=False, now=now)
    trace_case(db, caller, Action.CASE_CLAIM, moved, now=now)
    return file_of(db, inst, moved, caller, now=now)


def ask_more(
    db: Db, inst: Installation, caller: Caller, case_id: UUID, words: str, *, now: datetime
) -> CaseFile:
    """Ask the asking side for more; the clock of the owner stops until the answer.

    Raises:
        NotFoundForCaller, CaseMoved, CaseTaken, Invalid: no words.
    """
    found = owners_case(db, caller, Action.CASE_ASK_MORE, case_id, now=now)
    said = Said(read_words(words, needed=True))
    moved = take_step(db, inst, found, Step.ASK_MORE, caller, said=said, anyones=False, now=now)
    tell_askers(db, moved, NoticeKind.CASE_MORE_NEEDED, now=now)
    trace_case(db, caller, Action.CASE_ASK_MORE, moved, now=now)
    return file_of(db, inst, moved, caller, now=now)


def send_on(
    db: Db,
    inst: Installation,
    caller: Caller,
    case_id: UUID,
    *,
    owner: Owner,
    words: str,
    now: datetime,
) -> CaseFile:
    """Send a case to another owner, who keeps the field; the clock of that owner begins.

    Raises:
        NotFoundForCaller, CaseMoved, CaseTaken.
        Invalid: no words, or there is no such owner for this case.
    """
    found = owners_case(db, caller, Action.CASE_SEND_ON, case_id, now=now)
    said = Said(read_words(words, needed=True), owner=_other_owner(db, found, owner, now))
    moved = take_step(db, inst, found, Step.SEND_ON, caller, said=said, anyones=False, now=now)
    tell_askers(db, moved, NoticeKind.CASE_MOVED, now=now)
    tell_owner(db, moved, NoticeKind.CASE_ARRIVED, now=now)
    trace_case(db, caller, Action.CASE_SEND_ON, moved, now=now)
    return file_of(db, inst, moved, caller, now=now)


def employer_answers(
    db: Db,
    inst: Installation,
    caller: Caller,
    case_id: UUID,
    *,
    agrees: bool,
    words: str,
    now: datetime,
) -> CaseFile:
    """Say as the enterprise whether a worker's claim is right; the commune decides then.

    Raises:
        NotFoundForCaller, CaseMoved, Invalid: contests without words.
    """
    found = owners_case(db, caller, Action.CASE_EMPLOYER_ANSWER, case_id, now=now)
    assert found.owner_kind is not None
    after = EMPLOYER_WAS_ASKED[found.owner_kind]
    owner = routing.unit_for(db, found, after, vietnam_day(now))
    moved = take_step(
        db,
        inst,
        found,
        Step.AGREE if agrees else Step.CONTEST,
        caller,
        said=Said(read_words(words, needed=not agrees), owner=owner),
        values={"employer_answer": "agrees" if agrees else "contests"},
        now=now,
    )
    tell_askers(db, moved, NoticeKind.CASE_MOVED, now=now)
    tell_owner(db, moved, NoticeKind.CASE_ARRIVED, now=now)
    trace_case(db, caller, Action.CASE_EMPLOYER_ANSWER, moved, now=now)
    return file_of(db, inst, moved, caller, now=now)


def declare_relation(
    db: Db, inst: Installation, caller: Caller, person_id: UUID, *, relation: str, now: datetime
) -> None:
    """Declare that somebody is the official's own self or family: never to be decided by them.

    ``relation``: self, spouse, parent, child, sibling or other. Declaring it again changes nothing.

    Raises:
        Invalid: no such relation.
        NotFoundForCaller, DeniedToRole: as ``check_may``.
    """
    del inst  # every deed of an owner is called alike
    if relation not in RELATIONS:
        raise Invalid("say which relation it is", cause="RELATION")
    subject = books.subject(db, person_id)
    purpose = "Khai báo quan hệ thân thích"
    check_may(db, caller, Action.CASE_RELATION, person_id, subject, purpose=purpose, now=now)
    row = {
        "account_id": caller.id,
        "person_id": person_id,
        "relation": relation,
        "declared_at": now,
    }
    correction_decisions.add_relation(db, row)
    trace(db, caller, Action.CASE_RELATION, at=now, purpose=purpose, person_id=person_id)


def declare_relation_in(
    db: Db, inst: Installation, caller: Caller, case_id: UUID, *, relation: str, now: datetime
) -> None:
    """Declare the same of the person of a case; a case the official has claimed is released.

    Raises:
        NotFoundForCaller, DeniedToRole, Invalid.
    """
    found = owners_case(db, caller, Action.CASE_RELATION, case_id, now=now)
    declare_relation(db, inst, caller, found.person_id, relation=relation, now=now)
    if found.claimed_by == caller.id:
        release(db, inst, caller, case_id, now=now)


def _has_decided(db: Db, caller: Caller, found: StoredCase) -> bool:
    return found.decided_at is not None and has_decided(
        caller, correction_decisions.decisions_of(db, found.id)
    )


def _other_owner(db: Db, found: StoredCase, owner: Owner, now: datetime) -> tuple[Owner, str]:
    if owner is found.owner_kind or owner not in _SENT_TO:
        raise Invalid("a request is sent on to another owner", cause="OWNER")
    if owner is Owner.EMPLOYER:
        if found.employer_code is None or found.declared_kind == "employer":
            raise Invalid("no enterprise can be asked about this", cause="OWNER")
        return owner, root_of(found.employer_code)
    at = routing.unit_for(db, found, owner, vietnam_day(now))
    if at == (found.owner_kind, found.owner_code):
        raise Invalid("there is no other such owner for this person", cause="OWNER")
    return at
