"""What the owner of a case does with it: officials of a unit, and the employer that is asked."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from json import dumps, loads
from uuid import UUID

from labour_book import data
from labour_book.database import Db
from labour_book.domain.correction_claims import read_words
from labour_book.domain.correction_fields import CaseKind
from labour_book.domain.corrections import CaseState, Outcome, Step
from labour_book.domain.limits import Limit
from labour_book.domain.notices import NoticeKind
from labour_book.errors import Conflict, Invalid
from labour_book.queries import correction_decisions, corrections
from labour_book.queries.corrections import StoredCase
from labour_book.services.callers import Action, Caller
from labour_book.services.case_access import (
    OwnMatter,
    check_not_own,
    check_not_twice,
    owners_case,
    seen_case,
    trace_case,
)
from labour_book.services.case_moves import (
    Said,
    opened_words,
    proposal_place,
    sealed_words,
    take_step,
)
from labour_book.services.case_notices import tell_owner
from labour_book.services.case_reading import file_of
from labour_book.services.case_settling import (
    KeyTaken,
    Ruling,
    is_in_force,
    settle,
    take_back,
)
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
    "next_case",
    "propose",
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
    if _is_done(db, found, whole_key):
        return file_of(db, inst, found, caller, now=now)
    ruling = _ruling(found, caller, verdict, whole_key)
    _check_decides(db, inst, caller, found, now)
    if found.high_impact and _changes_something(db, found, verdict):
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
    proposal = {
        "outcome": str(ruling.outcome),
        "accepted": list(ruling.accepted),
        "reason_code": ruling.reason_code,
        "words": ruling.words,
        "name": caller.name,
    }
    text = dumps(proposal, ensure_ascii=False)
    values = {
        "proposal": sealed_words(inst.vault, proposal_place(found.id), text),
        "proposed_by": caller.id,
    }
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
    if _is_done(db, found, whole_key):
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
    """
    found = owners_case(db, caller, Action.CASE_PROPOSE, case_id, now=now)
    said = Said(read_words(words, needed=True))
    values = {"proposal": None, "proposed_by": None}
    moved = take_step(
        db, inst, found, Step.SEND_BACK, caller, said=said, values=values, anyones=False, now=now
    )
    trace_case(db, caller, Action.CASE_PROPOSE, moved, now=now)
    return file_of(db, inst, moved, caller, now=now)


def reverse(
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
    """Take the last decision back by a further one: the facts stand as before it; nothing is lost.

    Not by the officials who made it.

    Raises:
        NotFoundForCaller, CaseMoved, Invalid, KeyTaken.
        NothingToReverse: nothing of it is in force.
        OwnMatter.
    """
    stored = corrections.case_by_id(db, case_id)
    found = seen_case(db, caller, Action.CASE_REVERSE, stored, now=now)
    whole_key = key_of(caller, key)
    if _is_done(db, found, whole_key):
        return file_of(db, inst, found, caller, now=now)
    check_not_own(db, caller, found)
    made = correction_decisions.decisions_of(db, found.id)
    if any(caller.id in {each.decided_by, each.confirmed_by} for each in made):
        raise OwnMatter("you have made this decision yourself", cause="OWN_DECISION")
    _check_reason(reason_code, Outcome.REVERSED)
    said = read_words(words, needed=True)
    ruling = Ruling(Outcome.REVERSED, (), reason_code, said, caller, key=whole_key)
    reversed_case = take_back(db, inst, found, ruling, now=now)
    return file_of(db, inst, reversed_case, caller, now=now)


def _changes_something(db: Db, found: StoredCase, verdict: Verdict) -> bool:
    """Say whether the record changes; by a refusal on appeal it may: what was decided is undone."""
    return verdict.outcome is not Outcome.REFUSED or any(
        is_in_force(each) for each in correction_decisions.decisions_of(db, found.id)
    )


def _is_done(db: Db, found: StoredCase, key: str) -> bool:
    """Say whether this very deed was done before: then it is answered as it was."""
    earlier = correction_decisions.decision_with_key(db, key)
    if earlier is not None and earlier.case_id != found.id:
        raise KeyTaken
    return earlier is not None


def _ruling(found: StoredCase, caller: Caller, verdict: Verdict, key: str | None) -> Ruling:
    words = read_words(verdict.words)
    _check_reason(verdict.reason_code, verdict.outcome)
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


def _check_reason(reason_code: str, outcome: Outcome) -> None:
    reason = data.decision_reasons().get(reason_code)
    fits = reason is not None and (
        reason["outcome"] == str(outcome)
        or (outcome is Outcome.PARTLY and reason["outcome"] == str(Outcome.APPROVED))
    )
    if not fits:
        raise Invalid("give a reason of the list for this", cause="REASON_CODE")


def _check_decides(
    db: Db, inst: Installation, caller: Caller, found: StoredCase, now: datetime
) -> None:
    check_not_own(db, caller, found)
    made = correction_decisions.decisions_of(db, found.id)
    if any(caller.id in {each.decided_by, each.confirmed_by} for each in made):
        raise OwnMatter("other officials decide on an appeal", cause="OWN_DECISION")
    most = inst.corrections.decisions_per_hour
    if correction_decisions.count_decided_by(db, caller.id, now - _HOUR) >= most:
        raise TooManyDecisions(Limit("case.decide", most, int(_HOUR.total_seconds())))


def _proposed(inst: Installation, found: StoredCase, caller: Caller, key: str) -> Ruling:
    place = proposal_place(found.id)
    read = loads(opened_words(inst.vault, place, found.proposal) or "{}")
    if not read or found.state is not CaseState.PROPOSED:
        return Ruling(Outcome.REFUSED, (), "", "", caller, key=key)  # the step refuses it
    return Ruling(
        Outcome(read["outcome"]),
        tuple(read["accepted"]),
        read["reason_code"],
        read["words"],
        caller,
        proposer=(found.proposed_by or "", read["name"]),
        key=key,
    )
