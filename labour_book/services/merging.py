"""Merging people who are on file twice: one official proposes it, another one confirms it.

Facts are never edited. So a merge ends each fact of the one who goes and states it anew, word for
word, of the one who stays; it does not change whom a fact is about. The book of either as known
before stays what it was, to the byte, and undoing is the same again the other way. What else the
one who goes has going moves along or ends: see ``moving_dealings``.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.book import LabourBook
from labour_book.domain.corrections import UNDECIDED, CaseState
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.notices import NoticeKind, Recipient
from labour_book.domain.people import fold
from labour_book.errors import Conflict, Denied, Invalid, NotFound
from labour_book.queries import (
    books,
    corrections,
    linking,
    merges,
    people,
    plans,
    units,
    versions,
)
from labour_book.queries.merges import Alike, MergeOnFile
from labour_book.queries.people import PersonOnFile, identity_key
from labour_book.services import issuing
from labour_book.services.auditing import check_purpose, trace
from labour_book.services.books import book_as_of
from labour_book.services.callers import Action, Caller
from labour_book.services.drafting import open_signing
from labour_book.services.installation import Installation
from labour_book.services.likeness import check_not_own
from labour_book.services.moving_dealings import (
    counts_of,
    give_dealings_back,
    move_dealings,
    move_numbers,
)
from labour_book.services.moving_facts import Moving, move_back, move_facts
from labour_book.services.notifying import notify
from labour_book.services.permission import check_may, check_role
from labour_book.services.recording import new_id

__all__ = ["Alike", "MergeOnFile"]

PAGE = 20
PURPOSE = "Gộp hồ sơ trùng"
KNOWN_TO_REGISTER = frozenset({"MATCHED", "DECEASED"})
_NOTHING: Mapping[str, int] = {}
_OPEN = (merges.PROPOSED, merges.DONE)
_UNDECIDED = UNDECIDED - {CaseState.DRAFT} | {CaseState.APPEALED}
"""Corrections in these states would be decided of somebody who is not there any more."""


class SamePerson(Denied):
    """Whoever proposed it may not confirm it as well."""

    slug = "second-official-needed"
    title = "Another official has to confirm what you proposed"
    title_vi = "Cần một công chức khác xác nhận đề nghị của bạn"


class CannotMerge(Conflict):
    """These two are not to be made one."""

    slug = "cannot-merge"
    title = "These two records cannot be merged"
    title_vi = "Không gộp được hai hồ sơ này"


@dataclass(frozen=True, slots=True)
class Side:
    """One of two people, with the whole book."""

    person: PersonOnFile
    book: LabourBook


def may_be_twice(
    db: Db, caller: Caller, *, by_number: bool = False, after: bytes | None = None, now: datetime
) -> list[Alike]:
    """Return people who may be on file twice, all of whom the unit serves; by id, no names.

    Raises:
        DeniedToRole: the role merges nobody.
    """
    check_role(caller, Action.MERGE_READ, now)
    ask = merges.same_number if by_number else merges.same_identity
    return ask(db, _communes(db, caller, now), after=after, limit=PAGE)


def proposals(
    db: Db, caller: Caller, states: Sequence[str] = (merges.PROPOSED,), *, now: datetime
) -> list[MergeOnFile]:
    """Return the merges in some states, the newest first.

    Raises:
        DeniedToRole: the role merges nobody.
    """
    check_role(caller, Action.MERGE_READ, now)
    return merges.merges_in(db, _communes(db, caller, now), states, limit=PAGE)


def merge_of(db: Db, caller: Caller, merge_id: UUID, *, now: datetime) -> MergeOnFile:
    """Return one merge.

    Raises:
        DeniedToRole, NotFoundForCaller: as ``check_may``.
        NotFound: there is none.
    """
    check_role(caller, Action.MERGE_READ, now)
    merge = merges.merge_by_id(db, merge_id)
    if merge is None:
        raise NotFound("there is no such merge")
    _check_both(db, caller, Action.MERGE_READ, (merge.kept_id, merge.merged_id), now)
    return merge


def side_by_side(
    db: Db, inst: Installation, caller: Caller, pair: Sequence[UUID], *, now: datetime
) -> list[Side]:
    """Return people with their books, to be compared; each look is traced.

    Raises:
        DeniedToRole, NotFoundForCaller: as ``check_may``.
    """
    found = []
    for person_id in pair:
        subject = books.subject(db, person_id)
        check_may(db, caller, Action.MERGE_READ, person_id, subject, purpose=PURPOSE, now=now)
        person = people.people_by_ids(db, [person_id])[person_id]
        book = book_as_of(
            db, inst.vault, person_id, as_of=vietnam_day(now), known_at=now, places=inst.places
        )
        found.append(Side(person, book))
    for person_id in pair:
        trace(db, caller, Action.MERGE_READ, at=now, purpose=PURPOSE, person_id=person_id)
    return found


def propose(
    db: Db, caller: Caller, kept_id: UUID, merged_id: UUID, reason: str, *, now: datetime
) -> UUID:
    """Propose that two people are one, of whom the first stays; return the merge.

    Raises:
        DeniedToRole, NotFoundForCaller: as ``check_may``.
        OwnRecord: one of them is the official.
        Invalid: no reason, or the same person twice.
        CannotMerge: the register knows both, or only the one who would go; or one is merged; or a
            correction of the one who would go is undecided.
    """
    check_purpose(reason)
    if not reason.strip() or kept_id == merged_id:
        raise Invalid("say why these two are one")
    _check_both(db, caller, Action.MERGE_PROPOSE, (kept_id, merged_id), now)
    merges.lock_people(db, [kept_id, merged_id])
    _check_can(db, kept_id, merged_id)
    merge_id = new_id(now)
    row = {
        "id": merge_id,
        "kept_id": kept_id,
        "merged_id": merged_id,
        "state": merges.PROPOSED,
        "reason": reason.strip(),
        "proposed_by": caller.id,
        "proposed_at": now,
        "moved": "{}",
    }
    merges.add_merge(db, row)
    for person_id in (kept_id, merged_id):
        _trace(
            db, caller, Action.MERGE_PROPOSE, merge_id, person_id=person_id, reason=reason, now=now
        )
    return merge_id


def decline(db: Db, caller: Caller, merge_id: UUID, reason: str, *, now: datetime) -> None:
    """Decide that two people are two after all.

    Raises:
        as ``confirm``; Invalid: no reason.
    """
    check_purpose(reason)
    if not reason.strip():
        raise Invalid("say why they are two people")
    merge = _proposed(db, caller, merge_id, now)
    decided = {"decided_by": caller.id, "decided_at": now, "decided_reason": reason.strip()}
    if not merges.change_merge(db, merge, merges.DECLINED, decided):
        raise Conflict("this proposal has been decided already")
    _settle(db, caller, merge, linking.DISMISSED, now)
    _trace(
        db, caller, Action.MERGE_DECIDE, merge.id, person_id=merge.merged_id, reason=reason, now=now
    )


def confirm(db: Db, inst: Installation, caller: Caller, merge_id: UUID, *, now: datetime) -> None:
    """Make two people one: facts and numbers move, one book is revoked, the other issued anew.

    Raises:
        DeniedToRole, NotFoundForCaller: as ``check_may``.
        SamePerson: the caller proposed it.
        OwnRecord: one of them is the official.
        Conflict: it has been decided already.
        CannotMerge: one of them has changed since so that they cannot be one.
        Unavailable: there is no key to sign with.
    """
    merge = _proposed(db, caller, merge_id, now)
    if merge.proposed_by == caller.id:
        raise SamePerson
    open_signing(db, inst, by=caller, now=now)
    merges.lock_people(db, [merge.kept_id, merge.merged_id])
    versions.lock_books(db, [merge.kept_id, merge.merged_id])  # nobody states facts meanwhile
    _check_can(db, merge.kept_id, merge.merged_id, but=merge.id)
    moving = Moving(merge.id, merge.merged_id, merge.kept_id, caller.id, now)
    accounts = merges.move_accounts(db, holder=merge.merged_id, to=merge.kept_id, only=None)
    moved = {
        **move_facts(db, inst.vault, moving),
        "numbers": move_numbers(db, moving),
        "accounts": [str(each) for each in accounts],
        **move_dealings(db, inst, moving),
    }
    merges.set_keys(db, merge.merged_id, search_key="", identity_key=None)
    decided = {"decided_by": caller.id, "decided_at": now, "moved": json.dumps(moved)}
    if not merges.change_merge(db, merge, merges.DONE, decided):
        raise Conflict("this proposal has been decided already")
    _settle(db, caller, merge, linking.TAKEN, now)
    _revoke(db, caller, merge, now)
    issuing.issue_book(db, inst, merge.kept_id, by=caller, now=now, purpose=PURPOSE)
    _tell(db, merge, NoticeKind.PEOPLE_MERGED, now)
    _trace_both(db, caller, Action.MERGE_DECIDE, merge, merge.reason, moved, now)


def undo(
    db: Db, inst: Installation, caller: Caller, merge_id: UUID, reason: str, *, now: datetime
) -> None:
    """Make two people of one again: what had moved goes back, and both books are issued anew.

    What was learned since the merge stays with the one who was kept.

    Raises:
        DeniedToRole, NotFoundForCaller: as ``check_may``.
        OwnRecord: one of them is the official.
        Invalid: no reason.
        Conflict: it is not merged, or no more.
        Unavailable: there is no key to sign with.
    """
    check_purpose(reason)
    if not reason.strip():
        raise Invalid("say why they are two people")
    merge = merge_of(db, caller, merge_id, now=now)
    _check_both(db, caller, Action.MERGE_UNDO, (merge.kept_id, merge.merged_id), now)
    undone = {"undone_by": caller.id, "undone_at": now, "undone_reason": reason.strip()}
    if merge.state != merges.DONE or not merges.change_merge(db, merge, merges.UNDONE, undone):
        raise Conflict("these two are not merged, or no more", state=merge.state)
    if merges.merged_among(db, [merge.kept_id]):
        raise CannotMerge("the one who was kept has been merged in turn: undo that first")
    open_signing(db, inst, by=caller, now=now)
    merges.lock_people(db, [merge.kept_id, merge.merged_id])
    versions.lock_books(db, [merge.kept_id, merge.merged_id])  # nobody states facts meanwhile
    moving = Moving(merge.id, merge.merged_id, merge.kept_id, caller.id, now)
    move_back(db, moving, merge.moved)
    _give_back(db, merge)
    assert merge.decided_at is not None, "it was merged"
    give_dealings_back(db, moving, merge.moved, ended_at=merge.decided_at)
    for person_id in (merge.kept_id, merge.merged_id):
        issuing.issue_book(db, inst, person_id, by=caller, now=now, purpose=PURPOSE)
    _trace_both(db, caller, Action.MERGE_UNDO, merge, reason, merge.moved, now)
    _tell(db, merge, NoticeKind.PEOPLE_UNMERGED, now)


def _proposed(db: Db, caller: Caller, merge_id: UUID, now: datetime) -> MergeOnFile:
    merge = merge_of(db, caller, merge_id, now=now)
    _check_both(db, caller, Action.MERGE_DECIDE, (merge.kept_id, merge.merged_id), now)
    if merge.state != merges.PROPOSED:
        raise Conflict("this proposal has been decided already", state=merge.state)
    return merge


def _check_both(
    db: Db, caller: Caller, action: Action, pair: tuple[UUID, UUID], now: datetime
) -> None:
    for person_id in pair:
        check_not_own(caller, person_id)
        subject = books.subject(db, person_id)
        check_may(db, caller, action, person_id, subject, purpose=PURPOSE, now=now)


def _check_can(db: Db, kept_id: UUID, merged_id: UUID, but: UUID | None = None) -> None:
    """Refuse to merge whom the register holds apart, and whoever is in another merge."""
    known = people.people_by_ids(db, [kept_id, merged_id])
    if known[merged_id].match_state in KNOWN_TO_REGISTER:
        raise CannotMerge("the population register knows the one who would go")
    others = [
        each
        for each in merges.merges_of(db, [kept_id, merged_id], _OPEN)
        if each.id != but
        and (
            each.state == merges.PROPOSED
            or each.merged_id in (kept_id, merged_id)
            or each.kept_id == merged_id
        )
    ]
    if others:
        raise CannotMerge("one of them is in another merge")
    if corrections.open_on_facts(db, merged_id, _UNDECIDED):
        raise CannotMerge("a request to correct the one who would go has to be decided first")


def _give_back(db: Db, merge: MergeOnFile) -> None:
    for each in merge.moved["numbers"]:
        number_id = UUID(each["id"])
        merges.move_number(
            db, number_id, holder=merge.kept_id, to=merge.merged_id, kind=each["before"]
        )
    accounts = [UUID(each) for each in merge.moved["accounts"]]
    merges.move_accounts(db, holder=merge.kept_id, to=merge.merged_id, only=accounts)
    person = people.people_by_ids(db, [merge.merged_id])[merge.merged_id]
    merges.set_keys(
        db,
        merge.merged_id,
        search_key=fold(person.full_name),
        identity_key=identity_key(person.full_name, person.birth_date),
    )


def _settle(db: Db, caller: Caller, merge: MergeOnFile, state: str, now: datetime) -> None:
    """Close what reconciliation proposed of the two."""
    linking.settle_pair(db, merge.kept_id, merge.merged_id, state, by=caller.id, at=now)


def _revoke(db: Db, caller: Caller, merge: MergeOnFile, now: datetime) -> None:
    version = issuing.newest_version(db, merge.merged_id)
    if version is not None:
        reason = f"{PURPOSE}: {merge.reason}"[:200]
        issuing.revoke(db, version, reason, by=caller, now=now)


def _tell(db: Db, merge: MergeOnFile, kind: NoticeKind, now: datetime) -> None:
    for person_id in (merge.kept_id, merge.merged_id):
        to = Recipient("worker", str(person_id))
        notify(db, to, kind, about=str(merge.id), facts={"merge": str(merge.id)}, now=now)


def _trace_both(  # noqa: PLR0917 - what stands in the trace of either
    db: Db,
    caller: Caller,
    action: Action,
    merge: MergeOnFile,
    reason: str,
    moved: Mapping[str, Any],
    now: datetime,
) -> None:
    told = counts_of(moved)
    for each in (merge.kept_id, merge.merged_id):
        _trace(db, caller, action, merge.id, person_id=each, reason=reason, now=now, moved=told)


def _trace(
    db: Db,
    caller: Caller,
    action: Action,
    merge_id: UUID,
    *,
    person_id: UUID,
    reason: str,
    now: datetime,
    moved: Mapping[str, int] = _NOTHING,
) -> None:
    trace(
        db,
        caller,
        action,
        at=now,
        purpose=reason.strip(),
        person_id=person_id,
        detail={"merge": str(merge_id), **moved},
    )


def _communes(db: Db, caller: Caller, now: datetime) -> list[str] | None:
    unit = units.unit(db, caller.unit_code or "")
    if unit is None:
        raise NotFound("your unit does not exist")
    return plans.communes_served(db, unit.place_code, unit.kind, vietnam_day(now))
