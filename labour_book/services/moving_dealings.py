"""What somebody has going beside the facts, when two people are made one, and one two again.

Mandates, filings, dossiers and support go along with the person: whoever acts or files means the
same human being.
What was agreed to show of one book is not agreed for both together: shares and the consent to be
found by employment services end, and can be given anew; who has looked and what they hold goes
along, so that the worker still sees it. Undoing leads all of that back, and lets go on what was
ended only by this.

Source: Law 91/2025, art. 9 (consent is for what was told when it was given).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.corrections import CaseState, Step
from labour_book.queries import corrections, dealings, merges
from labour_book.queries.facts import FACTS
from labour_book.services.case_moves import SYSTEM, take_step
from labour_book.services.installation import Installation
from labour_book.services.moving_facts import Moving
from labour_book.services.moving_support import give_support_back, move_support

Moved = dict[str, Any]
STAYS: Mapping[str, str] = {
    "book": "it is revoked; the book of who stays is issued anew",
    "book_version": "as above",
    "check_finding": "the next round of checks looks at both",
    "collection_visit": "who was visited then was written down so",
    "correction_case": "drafts end, undecided ones forbid merging, decided ones are of that book",
    "correction_decision": "as its case",
    "cv_photo": "chosen for that book; who stays has an own one, or chooses",
    "identity_check": "the register is asked again about who stays",
    "line_confirmation": "of lines of that book",
    "link_proposal": "the one about these two is settled; the others go with the next run",
    "own_cv": "chosen for that book; who stays has an own one, or chooses",
    "own_event": "what other systems were told stays told",
    "payment_line": "an approved list is not changed; payments look who was merged",
    "person_merge": "says itself who was merged",
    "presentation_request": "lives for minutes",
    "quality_mark": "the next round of checks looks at both",
    "review_decision": "who was meant then was written down so",
    "row_receipt": "who was meant then was written down so",
    "sharing_switch": "each has an own one",
    "trace": "never changed",
    "wallet_authorization": "lives for minutes",
    "wallet_delivery": "of a version that is revoked",
    "wallet_offer": "lives for minutes",
    "wallet_token": "of a version that is revoked",
    "yearly_check": "who stays is asked in the own year",
}
"""Tables that name a person and are left as they are, with the reason."""
MOVES = frozenset(
    {
        *("person_identifier", "account", "share_copy", "job_seeking", "official_relation"),
        *("job_loss", "support_proposal", "gap_step"),
        *(table.name for table in FACTS.values()),
        *(table.name for table in dealings.MOVED.values()),
        *(each[0].name for each in dealings.ONE_OPEN.values()),
    }
)
"""Tables whose rows go along, are stated anew, or end."""


def move_dealings(db: Db, inst: Installation, moving: Moving) -> Moved:
    """Move or end all that the one who goes has going; return what was moved and ended, by id."""
    merged, kept = moving.merged_id, moving.kept_id
    moved = {
        "shares_ended": dealings.end_shares(db, merged, moving.at),
        "seeking_ended": dealings.end_seeking(db, merged, moving.at),
        "drafts_ended": _end_drafts(db, inst, merged, moving.at),
    }
    for what in dealings.MOVED:
        moved[what] = dealings.of_person(db, what, merged)
        dealings.move(db, what, moved[what], holder=merged, to=kept)
    for what in dealings.ONE_OPEN:
        moved[what] = dealings.may_move(db, what, holder=merged, to=kept)
        dealings.move(db, what, moved[what], holder=merged, to=kept)
    dealings.move_copies(db, moved["shares"], holder=merged, to=kept, now=moving.at)
    dealings.copy_relations(db, holder=merged, to=kept)
    if dealings.move_channel(db, holder=merged, to=kept):
        moved["channels"] = [merged]
    by_id = {what: [str(each) for each in ids] for what, ids in moved.items()}
    return by_id | move_support(db, moving)


def give_dealings_back(
    db: Db, moving: Moving, moved: Mapping[str, Any], *, ended_at: datetime
) -> None:
    """Undo it: what had moved goes back, with what was filed since about the same work.

    ``ended_at`` is the instant of the merge. A share or consent that has lapsed since stays ended.
    """
    merged, kept = moving.merged_id, moving.kept_id
    ids = {what: [UUID(each) for each in moved.get(what, ())] for what in _ID_LISTS}
    jobs = dealings.jobs_filed(db, ids["filings"])
    ids["filings"] = dealings.filed_of_jobs(db, jobs)
    for what in (*dealings.MOVED, *dealings.ONE_OPEN):
        dealings.move(db, what, ids[what], holder=kept, to=merged)
    give_support_back(db, moving, moved)
    dealings.move_copies(db, ids["shares"], holder=kept, to=merged, now=moving.at)
    dealings.begin_shares(db, ids["shares_ended"], ended_at=ended_at, now=moving.at)
    dealings.begin_seeking(db, merged, ids["seeking_ended"], ended_at=ended_at, now=moving.at)
    if moved.get("channels"):
        dealings.move_channel(db, holder=kept, to=merged)


_ID_LISTS = (*dealings.MOVED, *dealings.ONE_OPEN, "shares_ended", "seeking_ended")


def counts_of(moved: Mapping[str, Any]) -> dict[str, int]:
    """Return how many of each kind a merge has moved or ended, for the trace; no kind without."""
    kinds = (*_ID_LISTS, "drafts_ended", "channels", "losses", "proposals", "gap_steps")
    return {what: len(moved[what]) for what in kinds if moved.get(what)}


def move_numbers(db: Db, moving: Moving) -> list[dict[str, str]]:
    """Let the numbers of the one name the other; a second personal ID counts as cancelled."""
    kept = merges.numbers_of_person(db, moving.kept_id)
    has_id = any(kind == "PIN" for _id, kind, _index in kept)
    shared = {index for _id, _kind, index in kept}
    moved = []
    for number_id, kind, index in merges.numbers_of_person(db, moving.merged_id):
        if index in shared:
            continue  # an old card's number that names both already
        after = "CANCELLED_PIN" if kind == "PIN" and has_id else kind
        merges.move_number(db, number_id, holder=moving.merged_id, to=moving.kept_id, kind=after)
        moved.append({"id": str(number_id), "before": kind, "after": after})
    return moved


def _end_drafts(db: Db, inst: Installation, person_id: UUID, now: datetime) -> list[UUID]:
    """Withdraw what was begun about lines of a book that is revoked now, and never handed in."""
    drafts = corrections.open_on_facts(db, person_id, [CaseState.DRAFT])
    return [take_step(db, inst, each, Step.WITHDRAW, SYSTEM, now=now).id for each in drafts]
