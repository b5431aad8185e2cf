"""What the owner of a case does with it: officials of a unit, and the employer that is asked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.correction_claims import read_words
from labour_book.domain.correction_fields import CaseKind
from labour_book.domain.corrections import CaseState, Outcome, Step
from labour_book.domain.limits import Limit
from labour_book.domain.notices import NoticeKind
from labour_book.errors import Conflict, Invalid
from labour_book.queries import correction_decisions
from labour_book.queries.correction_decisions import StoredDecision
from labour_book.queries.corrections import StoredCase
from labour_book.services.callers import Action, Caller
from labour_book.services.case_access import (
    OwnMatter,
    check_not_own,
    check_not_twice,
    owners_case,
    trace_case,
)
from labour_book.services.case_moves import NO_PROPOSAL, Said, take_step
from labour_book.services.case_notices import tell_owner
from labour_book.services.case_reading import file_of
from labour_book.services.case_settling import Ruling, is_in_force, settle
from labour_book.services.case_views import CaseFile
from labour_book.services.correcting import key_of
from labour_book.services.handling import (
    ask_more,
    claim,
    declare_relation,
    declare_relation_in,
    employer_answers,
    next_case,
    release,
    send_on,
)
from labour_book.services.installation import Installation
from labour_book.services.limiting import TooMany
from labour_book.services.queueing import (
    QUEUE_PAGE,
    QueueFilter,
    QueuePage,
    case,
    case_by_number,
    cases_about,
    queue,
    register_answers,
    similar_cases,
)
from labour_book.services.reversing import let_stand, propose_reversal, reverse
from labour_book.services.rulings import (
    check_is_others,
    check_reason,
    is_done,
    proposed,
    proposing,
)

__all__ = [
    "QUEUE_PAGE",
    "QueueFilter",
    "QueuePage",
    "SecondNeeded",
    "TooManyDecisions",
    "Verdict",
    "ask_more",
    "case",
    "case_by_number",
    "cases_about",
    "claim",
    "confirm",
    "decide",
    "declare_relation",
    "declare_relation_in",
    "employer_answers",
    "let_stand",
    "next_case",
    "propose",
    "propose_reversal",
    "queue",
    "refuse",
    "register_answers",
    "release",
    "reverse",
    "send_back",
    "send_on",
    "similar_cases",
]

_HOUR = timedelta(hours=1)
_DECIDES = frozenset({Outcome.APPROVED, Outcome.PARTLY, Outcome.REFUSED})


class SecondNeeded(Conflict):
    """The change is of high impact: propose it, another official confirms."""

    slug = "second-official-needed"
    title = "Two officials are needed for this; propose it, and another one confirms"
    title_vi = "Việc này cần hai cán bộ: hãy đề xuất để người khác xác nhận"


class TooManyDecisions(TooMany):
    """The official has decided more within an hour than the settings allow."""

    slug = "too-many-decisions"
    title = "Too many decisions within one hour; let somebody else decide"
    title_vi = "Quá nhiều quyết định trong một giờ; hãy để người khác giải quyết"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an official decides or proposes."""

    outcome: Outcome
    """APPROVED, PARTLY or REFUSED."""
    reason_code: str
    """A code of ``data/decision_reasons.csv`` for that outcome."""
    words: str = ""
    accepted: Collection[str] = field(default_factory=tuple)
    """With PARTLY: the fields that are accepted."""


def decide(
    db: Db,
    inst: Installation,
    caller: Caller,
    case_id: UUID,
    verdict: Verdict,
    *,
    key: str,
    now: datetime,
) -> CaseFile:
    """Decide a case: facts voided and replaced, a new version, notices and trace in one go.

    Raises:
        NotFoundForCaller, CaseMoved, Invalid.
        CaseTaken: somebody else has it, or has just decided it; says who and when.
        SecondNeeded: the change is of high impact: propose it, another one confirms.
        OwnMatter: the official's own book or a relative's, or the same person's twice in a row.
        TooManyDecisions: more in an hour than the settings allow.
        LineRestated, StaleLine: the registers have restated the line; look at it again.
        KeyTaken.
    """
    found = owners_case(db, caller, Action.CASE_DECIDE, case_id, now=now)
    whole_key = key_of(caller, key)
    if is_done(db, found, whole_key):
        return file_of(db, inst, found, caller, now=now)
    ruling = _ruling(found, caller, verdict, whole_key)
    made = _check_decides(db, inst, caller, found, now)
    if found.high_impact and _changes_something(verdict, made):
        raise SecondNeeded
    decided = settle(db, inst, found, Step.DECIDE, ruling, now=now)
    return file_of(db, inst, decided, caller, now=now)


def refuse(
    db: Db,
    inst: Installation,
    caller: Caller,
    case_id: UUID,
    *,
    reason_code: str,
    words: str,
    key: str,
    now: datetime,
) -> CaseFile:
    """Refuse a case with reason and article; one official is enough where nothing changes by it.

    Raises:
        As ``decide``.
    """
    verdict = Verdict(Outcome.REFUSED, reason_code, words)
    return decide(db, inst, caller, case_id, verdict, key=key, now=now)


def propose(
    db: Db, inst: Installation, caller: Caller, case_id: UUID, verdict: Verdict, *, now: datetime
) -> CaseFile:
    """Propose a decision of high impact, for another official to confirm.

    Raises:
        As ``decide``.
    """
    found = owners_case(db, caller, Action.CASE_PROPOSE, case_id, now=now)
    ruling = _ruling(found, caller, verdict, None)
    _check_decides(db, inst, caller, found, now)
    check_not_twice(db, caller, found)
    values = proposing(inst, found, ruling)
    said = Said(ruling.words, ruling.reason_code)
    moved = take_step(
        db, inst, found, Step.PROPOSE, caller, said=said, values=values, anyones=False, now=now
    )
    tell_owner(db, moved, NoticeKind.CASE_ARRIVED, now=now)
    trace_case(db, caller, Action.CASE_PROPOSE, moved, now=now)
    return file_of(db, inst, moved, caller, now=now)


def confirm(
    db: Db, inst: Installation, caller: Caller, case_id: UUID, *, key: str, now: datetime
) -> CaseFile:
    """Confirm what another official proposed; with that it is decided.

    Raises:
        As ``decide``; OwnMatter also for one's own proposal.
    """
    found = owners_case(db, caller, Action.CASE_DECIDE, case_id, now=now)
    whole_key = key_of(caller, key)
    if is_done(db, found, whole_key):
        return file_of(db, inst, found, caller, now=now)
    if found.proposed_by == caller.id:
        raise OwnMatter("another official has to confirm it", cause="OWN_PROPOSAL")
    _check_decides(db, inst, caller, found, now)
    ruling = _proposed(inst, found, caller, whole_key)
    decided = settle(db, inst, found, Step.CONFIRM, ruling, now=now)
    return file_of(db, inst, decided, caller, now=now)


def send_back(
    db: Db, inst: Installation, caller: Caller, case_id: UUID, words: str, *, now: datetime
) -> CaseFile:
    """Do not confirm a proposal; the case is in the queue again.

    Raises:
        NotFoundForCaller, CaseMoved, CaseTaken, Invalid: no words.
        OwnMatter: the official's own book or a relative's.
    """
    found = owners_case(db, caller, Action.CASE_PROPOSE, case_id, now=now)
    check_not_own(db, caller, found)
    said = Said(read_words(words, needed=True))
    moved = take_step(
        db,
        inst,
        found,
        Step.SEND_BACK,
        caller,
        said=said,
        values=NO_PROPOSAL,
        anyones=False,
        now=now,
    )
    trace_case(db, caller, Action.CASE_PROPOSE, moved, now=now)
    return file_of(db, inst, moved, caller, now=now)


def _changes_something(verdict: Verdict, made: Sequence[StoredDecision]) -> bool:
    """Say whether the record changes; by a refusal on appeal it may: what was decided is undone."""
    return verdict.outcome is not Outcome.REFUSED or any(is_in_force(each) for each in made)


def _ruling(found: StoredCase, caller: Caller, verdict: Verdict, key: str | None) -> Ruling:
    words = read_words(verdict.words)
    check_reason(verdict.reason_code, verdict.outcome)
    known = tuple(each.field for each in found.changes)
    accepted = tuple(each for each in known if each in set(verdict.accepted))
    match verdict.outcome:
        case Outcome.APPROVED:
            accepted = known
        case Outcome.PARTLY:
            _check_part(found, verdict, known)
        case Outcome.REFUSED:
            accepted = ()
        case Outcome.REVERSED:
            raise Invalid("a decision is reversed apart", cause="OUTCOME")
    return Ruling(verdict.outcome, accepted, verdict.reason_code, words, caller, key=key)


def _check_part(found: StoredCase, verdict: Verdict, known: Collection[str]) -> None:
    accepted = set(verdict.accepted)
    if not accepted or accepted - set(known) or accepted == set(known):
        raise Invalid("some of the fields are accepted, and some are not", cause="ACCEPTED")
    if found.kind is CaseKind.INSURANCE:
        raise Invalid("months and what is said of them go together", cause="ACCEPTED")


def _check_decides(
    db: Db, inst: Installation, caller: Caller, found: StoredCase, now: datetime
) -> list[StoredDecision]:
    """Refuse who may not decide, or has decided enough; return the case's decisions so far."""
    made = check_is_others(db, caller, found, "other officials decide on an appeal")
    most = inst.corrections.decisions_per_hour
    if correction_decisions.count_decided_by(db, caller.id, now - _HOUR) >= most:
        raise TooManyDecisions(Limit("case.decide", most, int(_HOUR.total_seconds())))
    return made


def _proposed(inst: Installation, found: StoredCase, caller: Caller, key: str) -> Ruling:
    is_waiting = found.state is CaseState.PROPOSED
    ruling = proposed(inst, found, caller, _DECIDES, key) if is_waiting else None
    # The step refuses what nobody has proposed.
    return ruling or Ruling(Outcome.REFUSED, (), "", "", caller, key=key)
