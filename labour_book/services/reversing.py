"""Taking a decision back by a further one: one overseer proposes it, another one confirms it.

Neither of them has made it. Until it is confirmed the decision stands, and may still be appealed.
"""

from datetime import datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.correction_claims import read_words
from labour_book.domain.corrections import CaseTaken, Outcome, Step
from labour_book.domain.notices import NoticeKind
from labour_book.queries import corrections
from labour_book.queries.corrections import StoredCase
from labour_book.services.callers import Action, Caller
from labour_book.services.case_access import OwnMatter, check_not_own, seen_case, trace_case
from labour_book.services.case_moves import NO_PROPOSAL, Said, take_step
from labour_book.services.case_notices import tell_owner
from labour_book.services.case_reading import file_of
from labour_book.services.case_settling import NothingToReverse, Ruling, is_in_force, take_back
from labour_book.services.case_views import CaseFile
from labour_book.services.correcting import key_of
from labour_book.services.installation import Installation
from labour_book.services.rulings import (
    check_is_others,
    check_reason,
    is_done,
    proposed,
    proposing,
)

_MADE_IT = "you have made this decision yourself"


def propose_reversal(
    db: Db,
    inst: Installation,
    caller: Caller,
    case_id: UUID,
    *,
    reason_code: str,
    words: str,
    now: datetime,
) -> CaseFile:
    """Propose to take the last decision back; another overseer has to confirm it.

    Raises:
        NotFoundForCaller, CaseMoved, Invalid.
        NothingToReverse: nothing of it is in force.
        CaseTaken: it is proposed already.
        OwnMatter: the caller has made the decision, or it is a matter of their own.
    """
    found = _seen(db, caller, case_id, now)
    made = check_is_others(db, caller, found, _MADE_IT)
    check_reason(reason_code, Outcome.REVERSED)
    said = read_words(words, needed=True)
    if not any(is_in_force(each) for each in made):
        raise NothingToReverse
    if found.proposed_by is not None:
        raise CaseTaken("this is proposed already; confirm it, or let the decision stand")
    ruling = Ruling(Outcome.REVERSED, (), reason_code, said, caller)
    moved = take_step(
        db,
        inst,
        found,
        Step.PROPOSE_BACK,
        caller,
        said=Said(said, reason_code),
        values=proposing(inst, found, ruling),
        now=now,
    )
    tell_owner(db, moved, NoticeKind.CASE_MOVED, now=now)
    trace_case(db, caller, Action.CASE_REVERSE, moved, now=now)
    return file_of(db, inst, moved, caller, now=now)


def reverse(
    db: Db, inst: Installation, caller: Caller, case_id: UUID, *, key: str, now: datetime
) -> CaseFile:
    """Confirm that a decision is taken back: the facts stand as before it; nothing is lost.

    Raises:
        NotFoundForCaller, CaseMoved, KeyTaken.
        NothingToReverse: nobody has proposed it, or nothing of the decision is in force any more.
        OwnMatter: the caller has made the decision or proposed this, or it is a matter of their
            own.
    """
    found = _seen(db, caller, case_id, now)
    whole_key = key_of(caller, key)
    if is_done(db, found, whole_key):
        return file_of(db, inst, found, caller, now=now)
    if found.proposed_by == caller.id:
        raise OwnMatter("another official has to confirm it", cause="OWN_PROPOSAL")
    made = check_is_others(db, caller, found, _MADE_IT)
    ruling = proposed(inst, found, caller, {Outcome.REVERSED}, whole_key)
    if ruling is None:
        raise NothingToReverse("nobody has proposed to take this decision back")
    reversed_case = take_back(db, inst, found, ruling, made, now=now)
    return file_of(db, inst, reversed_case, caller, now=now)


def let_stand(
    db: Db, inst: Installation, caller: Caller, case_id: UUID, words: str, *, now: datetime
) -> CaseFile:
    """Do not confirm that a decision is taken back; it stands.

    Raises:
        NotFoundForCaller, CaseMoved, OwnMatter, Invalid: no words.
        NothingToReverse: nobody has proposed it.
    """
    found = _seen(db, caller, case_id, now)
    check_not_own(db, caller, found)
    said = Said(read_words(words, needed=True))
    if found.proposal is None:
        raise NothingToReverse("nobody has proposed to take this decision back")
    moved = take_step(
        db, inst, found, Step.LET_STAND, caller, said=said, values=NO_PROPOSAL, now=now
    )
    trace_case(db, caller, Action.CASE_REVERSE, moved, now=now)
    return file_of(db, inst, moved, caller, now=now)


def _seen(db: Db, caller: Caller, case_id: UUID, now: datetime) -> StoredCase:
    stored = corrections.case_by_id(db, case_id)
    return seen_case(db, caller, Action.CASE_REVERSE, stored, now=now)
