"""Several insurance numbers of one person made one: proposed by one official, confirmed by another.

The numbers that are given up still name the person, so that old rows and papers find them; rows in
the review rooms that state one of them are recorded where the rules are sure by now. Undoing parts
the numbers again and takes back what was recorded only by this.

Source: QD 595/QD-BHXH, art. 46.4 (two books without overlap become one).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.assurance import Source
from labour_book.domain.book import LabourBook
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.notices import NoticeKind, Recipient
from labour_book.domain.people import identifier_kind, mask
from labour_book.errors import Conflict, Invalid, NotFound
from labour_book.queries import (
    books,
    imports,
    merges,
    number_merges,
    people,
    plans,
    units,
    versions,
)
from labour_book.queries.merges import MergeOnFile
from labour_book.queries.number_merges import DECLINED, DONE, JOINED, OWN, PROPOSED, UNDONE
from labour_book.queries.people import PersonOnFile
from labour_book.services import issuing, rejoining
from labour_book.services.auditing import check_purpose, trace
from labour_book.services.books import book_as_of
from labour_book.services.callers import Action, Caller
from labour_book.services.collecting.people import number_rows
from labour_book.services.drafting import open_signing
from labour_book.services.installation import Installation
from labour_book.services.likeness import check_not_own
from labour_book.services.merging import CannotMerge, SamePerson
from labour_book.services.notifying import notify
from labour_book.services.permission import check_may, check_role
from labour_book.services.recording import Run, new_id

__all__ = ["MergeOnFile"]

PAGE = 50
PURPOSE = "Gộp mã số BHXH"
OPEN = (PROPOSED, DONE)
_DECIDED = (DECLINED, DONE, UNDONE)


@dataclass(frozen=True, slots=True)
class Several:
    """Somebody with several insurance numbers."""

    person: PersonOnFile
    numbers: int


@dataclass(frozen=True, slots=True)
class Number:
    """An insurance number as a page shows it."""

    id: UUID
    masked: str
    is_joined: bool
    source: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Proposed:
    """Which number stays, why, and one that nobody has on file yet and is theirs too."""

    kept_id: UUID
    reason: str
    added: str = ""


@dataclass(frozen=True, slots=True)
class NumbersOfPerson:
    """A person with the insurance numbers side by side, the whole book, and what was proposed."""

    person: PersonOnFile
    book: LabourBook
    numbers: Sequence[Number]
    merge: MergeOnFile | None
    """The proposal that waits, or the last that was decided."""
    kept_id: UUID | None
    """The number that stays by it."""
    added: str
    """The number that comes to them by it, masked; nothing without one."""


def listed(
    db: Db, caller: Caller, *, after: UUID | None = None, now: datetime
) -> tuple[list[Several], list[MergeOnFile]]:
    """Return a page of who has several insurance numbers, and all proposals that wait; traced.

    Raises:
        DeniedToRole: the role merges nothing.
    """
    check_role(caller, Action.MERGE_READ, now)
    communes = _communes(db, caller, now)
    found = number_merges.with_several(db, communes, after=after, limit=PAGE)
    known = people.people_by_ids(db, [person_id for person_id, _ in found])
    waiting = merges.merges_in(db, communes, (PROPOSED,), limit=PAGE)
    detail: dict[str, str | int] = {"listed": len(found)}
    trace(db, caller, Action.MERGE_READ, at=now, purpose=PURPOSE, detail=detail)
    return [Several(known[person_id], count) for person_id, count in found], waiting


def numbers_of(
    db: Db, inst: Installation, caller: Caller, person_id: UUID, *, now: datetime
) -> NumbersOfPerson:
    """Return the insurance numbers of somebody side by side, masked; the look is traced.

    Raises:
        DeniedToRole, NotFoundForCaller: as ``check_may``.
    """
    _check(db, caller, Action.MERGE_READ, person_id, now)
    person = people.people_by_ids(db, [person_id])[person_id]
    on_file = number_merges.insurance_numbers(db, person_id)
    digits = [number for _, number in _digits(db, inst, person_id)]
    found = merges.merges_of(db, [person_id], (*OPEN, DECLINED, UNDONE))
    merge = max(found, key=lambda each: (each.state == PROPOSED, each.proposed_at), default=None)
    book = book_as_of(
        db, inst.vault, person_id, as_of=vietnam_day(now), known_at=now, places=inst.places
    )
    trace(db, caller, Action.MERGE_READ, at=now, purpose=PURPOSE, person_id=person_id)
    added = "" if merge is None else _added(inst, merge)
    return NumbersOfPerson(
        person,
        book,
        [
            Number(each.id, mask(number), each.kind == JOINED, each.source, each.recorded_at)
            for each, number in zip(on_file, digits, strict=True)
        ],
        merge,
        None if merge is None else UUID(merge.moved["kept"]),
        mask(added) if added else "",
    )


def propose(
    db: Db,
    inst: Installation,
    caller: Caller,
    person_id: UUID,
    proposed: Proposed,
    *,
    now: datetime,
) -> None:
    """Propose that one of somebody's insurance numbers stays, and the others are joined to it.

    Raises:
        DeniedToRole, NotFoundForCaller: as ``check_may``.
        OwnRecord: it is the official.
        Invalid: no reason, no such number, nothing to join, or a number that is none.
        CannotMerge: a proposal is open, or the number to be added names somebody already.
    """
    reason = proposed.reason.strip()
    check_purpose(reason)
    if not reason:
        raise Invalid("say why")
    _check(db, caller, Action.MERGE_PROPOSE, person_id, now)
    merges.lock_people(db, [person_id])
    if merges.merges_of(db, [person_id], (PROPOSED, merges.PROPOSED)):
        raise CannotMerge("one of them is in another merge")
    own = [each.id for each in number_merges.insurance_numbers(db, person_id) if each.kind == OWN]
    added = _number_to_add(db, inst, proposed.added)
    joined = [each for each in own if each != proposed.kept_id]
    if len(joined) == len(own) or not (joined or added):
        raise Invalid("there is nothing to join")
    merge_id = new_id(now)
    sealed = inst.vault.sealer.seal(added.encode(), bound_to=_place_of(merge_id)) if added else b""
    moved = {
        "kept": str(proposed.kept_id),
        "joined": [str(each) for each in joined],
        "added": sealed.hex(),
    }
    row = {
        "id": merge_id,
        "kept_id": person_id,
        "merged_id": person_id,
        "state": PROPOSED,
        "reason": reason,
        "proposed_by": caller.id,
        "proposed_at": now,
        "moved": json.dumps(moved),
    }
    merges.add_merge(db, row)
    _trace(db, caller, Action.MERGE_PROPOSE, person_id, merge_id, reason=reason, now=now)


def decline(db: Db, caller: Caller, merge_id: UUID, reason: str, *, now: datetime) -> UUID:
    """Leave the numbers as they are; return whose they are.

    Raises:
        as ``confirm``; Invalid: no reason.
    """
    check_purpose(reason)
    if not reason.strip():
        raise Invalid("say why")
    merge = _in_state(db, caller, Action.MERGE_DECIDE, merge_id, PROPOSED, now=now)
    decided = {"decided_by": caller.id, "decided_at": now, "decided_reason": reason.strip()}
    if not merges.change_merge(db, merge, DECLINED, decided):
        raise Conflict("this proposal has been decided already")
    _trace(db, caller, Action.MERGE_DECIDE, merge.kept_id, merge.id, reason=reason, now=now)
    return merge.kept_id


def confirm(db: Db, inst: Installation, caller: Caller, merge_id: UUID, *, now: datetime) -> UUID:
    """Join the numbers, record what waited for that, and issue the book anew; return whose it is.

    Raises:
        DeniedToRole, NotFoundForCaller: as ``check_may``.
        SamePerson: the caller proposed it.
        OwnRecord: it is the official.
        Conflict: it has been decided already, or the numbers are not what they were.
        CannotMerge: the number to be added names somebody by now.
        Unavailable: there is no key to sign with.
    """
    merge = _in_state(db, caller, Action.MERGE_DECIDE, merge_id, PROPOSED, now=now)
    if merge.proposed_by == caller.id:
        raise SamePerson
    open_signing(db, inst, by=caller, now=now)
    imports.take_turn(db)
    person_id = merge.kept_id
    merges.lock_people(db, [person_id])
    versions.lock_books(db, [person_id])
    for each in merge.moved["joined"]:
        if not number_merges.change_kind(db, UUID(each), person_id, before=OWN, after=JOINED):
            raise Conflict("the numbers are not what they were")
    moved = dict(merge.moved) | {"added_id": _add(db, inst, caller, merge, now)}
    moved["rows"] = rejoining.record_rows(db, inst, caller, person_id, now=now)
    decided = {"decided_by": caller.id, "decided_at": now, "moved": json.dumps(moved)}
    if not merges.change_merge(db, merge, DONE, decided):
        raise Conflict("this proposal has been decided already")
    issuing.issue_book(db, inst, person_id, by=caller, now=now, purpose=PURPOSE)
    _tell(db, merge, NoticeKind.NUMBERS_JOINED, now)
    counts = {"joined": len(moved["joined"]), "rows": len(moved["rows"])}
    reason = merge.reason
    _trace(
        db, caller, Action.MERGE_DECIDE, person_id, merge.id, reason=reason, now=now, told=counts
    )
    return person_id


def undo(
    db: Db, inst: Installation, caller: Caller, merge_id: UUID, reason: str, *, now: datetime
) -> UUID:
    """Part the numbers again and take back what was recorded only by joining them.

    Raises:
        DeniedToRole, NotFoundForCaller: as ``check_may``.
        OwnRecord: it is the official.
        Invalid: no reason.
        Conflict: they are not joined, or no more.
        Unavailable: there is no key to sign with.
    """
    check_purpose(reason)
    if not reason.strip():
        raise Invalid("say why")
    merge = _in_state(db, caller, Action.MERGE_UNDO, merge_id, DONE, now=now)
    open_signing(db, inst, by=caller, now=now)
    imports.take_turn(db)
    person_id = merge.kept_id
    merges.lock_people(db, [person_id])
    versions.lock_books(db, [person_id])
    undone = {"undone_by": caller.id, "undone_at": now, "undone_reason": reason.strip()}
    if not merges.change_merge(db, merge, UNDONE, undone):
        raise Conflict("these two are not merged, or no more")
    for each in merge.moved["joined"]:
        if not number_merges.change_kind(db, UUID(each), person_id, before=JOINED, after=OWN):
            raise Conflict("the numbers are not what they were")
    rejoining.take_back(db, person_id, merge.moved["rows"], by=caller.id, now=now)
    added = merge.moved["added_id"]
    if added and not number_merges.drop_number(db, UUID(added), person_id):
        raise Conflict("the numbers are not what they were")
    issuing.issue_book(db, inst, person_id, by=caller, now=now, purpose=PURPOSE)
    _tell(db, merge, NoticeKind.NUMBERS_PARTED, now)
    _trace(db, caller, Action.MERGE_UNDO, person_id, merge.id, reason=reason, now=now)
    return person_id


def _in_state(
    db: Db, caller: Caller, action: Action, merge_id: UUID, state: str, *, now: datetime
) -> MergeOnFile:
    check_role(caller, action, now)
    merge = merges.merge_by_id(db, merge_id)
    if merge is None or merge.state not in {PROPOSED, *_DECIDED}:
        raise NotFound("there is no such merge")
    _check(db, caller, action, merge.kept_id, now)
    if merge.state != state:
        raise Conflict("this proposal has been decided already", state=merge.state)
    return merge


def _check(db: Db, caller: Caller, action: Action, person_id: UUID, now: datetime) -> None:
    if action is not Action.MERGE_READ:
        check_not_own(caller, person_id)
    subject = books.subject(db, person_id)
    check_may(db, caller, action, person_id, subject, purpose=PURPOSE, now=now)


def _number_to_add(db: Db, inst: Installation, given: str) -> str:
    """Return the digits of a number that nobody has on file; nothing where none is given."""
    digits = "".join(given.split())
    if not digits:
        return ""
    if identifier_kind(digits) != OWN:
        raise Invalid("an old insurance number has ten digits")
    if people.named_by(db, [inst.vault.index.of(digits)]):
        raise CannotMerge("this number names somebody already: merge the people instead")
    return digits


def _add(db: Db, inst: Installation, caller: Caller, merge: MergeOnFile, now: datetime) -> str:
    """Let the number that was proposed name the person; return its id, nothing without one."""
    digits = _number_to_add(db, inst, _added(inst, merge))
    if not digits:
        return ""
    run = Run(merge.id, "insurance", caller.id, now, now, vietnam_day(now))
    rows = number_rows(inst.vault, run, Source.DECISION, merge.kept_id, [(JOINED, digits)])
    people.add_numbers(db, rows)
    return str(rows[0]["id"])


def _added(inst: Installation, merge: MergeOnFile) -> str:
    sealed = bytes.fromhex(merge.moved["added"])
    return inst.vault.sealer.open(sealed, bound_to=_place_of(merge.id)).decode() if sealed else ""


def _digits(db: Db, inst: Installation, person_id: UUID) -> list[tuple[str, str]]:
    found = people.numbers_of(db, inst.vault, [person_id]).get(person_id, [])
    return [(kind, digits) for kind, digits in found if kind in {OWN, JOINED}]


def _place_of(merge_id: UUID) -> bytes:
    return b"person_merge.added:" + merge_id.bytes


def _tell(db: Db, merge: MergeOnFile, kind: NoticeKind, now: datetime) -> None:
    to = Recipient("worker", str(merge.kept_id))
    notify(db, to, kind, about=str(merge.id), facts={"merge": str(merge.id)}, now=now)


def _trace(
    db: Db,
    caller: Caller,
    action: Action,
    person_id: UUID,
    merge_id: UUID,
    *,
    reason: str,
    now: datetime,
    told: Mapping[str, Any] | None = None,
) -> None:
    detail = {"numbers": str(merge_id), **(told or {})}
    trace(db, caller, action, at=now, purpose=reason.strip(), person_id=person_id, detail=detail)


def _communes(db: Db, caller: Caller, now: datetime) -> list[str] | None:
    unit = units.unit(db, caller.unit_code or "")
    if unit is None:
        raise NotFound("your unit does not exist")
    return plans.communes_served(db, unit.place_code, unit.kind, vietnam_day(now))
