"""What is common to all decisions on a case: their reasons, their keys, and what was proposed."""

from collections.abc import Collection
from json import dumps, loads
from typing import Any

from labour_book import data
from labour_book.database import Db
from labour_book.domain.corrections import Outcome
from labour_book.errors import Invalid
from labour_book.queries import correction_decisions
from labour_book.queries.correction_decisions import StoredDecision
from labour_book.queries.corrections import StoredCase
from labour_book.services.callers import Caller
from labour_book.services.case_access import OwnMatter, check_not_own, has_decided
from labour_book.services.case_moves import opened_words, proposal_place, sealed_words
from labour_book.services.case_settling import KeyTaken, Ruling
from labour_book.services.installation import Installation


def is_done(db: Db, found: StoredCase, key: str) -> bool:
    """Say whether this very deed was done before: then it is answered as it was.

    Raises:
        KeyTaken: the key belongs to a decision on another case.
    """
    earlier = correction_decisions.decision_with_key(db, key)
    if earlier is not None and earlier.case_id != found.id:
        raise KeyTaken
    return earlier is not None


def check_reason(reason_code: str, outcome: Outcome) -> None:
    """Refuse a reason that is not on the list for an outcome.

    Raises:
        Invalid: so it is.
    """
    reason = data.decision_reasons().get(reason_code)
    fits = reason is not None and (
        reason["outcome"] == str(outcome)
        or (outcome is Outcome.PARTLY and reason["outcome"] == str(Outcome.APPROVED))
    )
    if not fits:
        raise Invalid("give a reason of the list for this", cause="REASON_CODE")


def check_is_others(db: Db, caller: Caller, found: StoredCase, why: str) -> list[StoredDecision]:
    """Refuse an official whose own matter a case is, or who has decided it; return its decisions.

    Raises:
        OwnMatter: so it is; ``why`` is what is said to who has decided it before.
    """
    check_not_own(db, caller, found)
    made = correction_decisions.decisions_of(db, found.id)
    if has_decided(caller, made):
        raise OwnMatter(why, cause="OWN_DECISION")
    return made


def proposing(inst: Installation, found: StoredCase, ruling: Ruling) -> dict[str, Any]:
    """Return the columns of a case in which somebody proposes a ruling, sealed."""
    proposal = {
        "outcome": str(ruling.outcome),
        "accepted": list(ruling.accepted),
        "reason_code": ruling.reason_code,
        "words": ruling.words,
        "name": ruling.by.name,
    }
    text = dumps(proposal, ensure_ascii=False)
    return {
        "proposal": sealed_words(inst.vault, proposal_place(found.id), text),
        "proposed_by": ruling.by.id,
    }


def proposed(
    inst: Installation, found: StoredCase, caller: Caller, outcomes: Collection[Outcome], key: str
) -> Ruling | None:
    """Return what was proposed for a case, as the caller confirms it; None if nothing of that."""
    read = loads(opened_words(inst.vault, proposal_place(found.id), found.proposal) or "{}")
    if not read or Outcome(read["outcome"]) not in outcomes:
        return None
    return Ruling(
        Outcome(read["outcome"]),
        tuple(read["accepted"]),
        read["reason_code"],
        read["words"],
        caller,
        proposer=(found.proposed_by or "", read["name"]),
        key=key,
    )
