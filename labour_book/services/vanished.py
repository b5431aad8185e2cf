"""What a full file of a register no longer names: looked at by an official, kept, asked or ended.

A statement stands until somebody has looked at it. To end it is undone by keeping it after all; and
a register that names it again states it again, whatever was decided here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.notices import NoticeKind, Recipient
from labour_book.errors import Conflict, Invalid, NotFound
from labour_book.queries import books, fact_chains, facts, imports, merges, people, plans, units
from labour_book.queries import vanished as stored
from labour_book.queries.accounts import unit_serves
from labour_book.queries.people import PersonOnFile
from labour_book.queries.vanished import Vanished
from labour_book.services.auditing import check_purpose, trace
from labour_book.services.callers import Action, Caller
from labour_book.services.full_files import FACT_OF, FULL_KINDS
from labour_book.services.installation import Installation
from labour_book.services.likeness import check_not_own
from labour_book.services.notifying import notify, notify_all
from labour_book.services.permission import check_may, check_role
from labour_book.services.receipts import NOT_NAMED, Told, told_of
from labour_book.services.recording import key_of, new_id
from labour_book.services.reissuing import lock_books, reissue

PAGE = 50
PURPOSE = "Nội dung không còn trong tệp đầy đủ"
ENDED = frozenset({"insurance"})
"""Kinds whose statements an official may end: a line of the book. Who somebody is, and what a firm
is, only their registers say."""


class Way(StrEnum):
    """What an official decides of a statement; the word is stored and never renamed."""

    ASK = "ask"
    """The worker is asked; the statement stands, and waits on."""
    KEEP = "keep"
    """It stands; later full files do not bring it up again."""
    END = "end"
    """It holds no more, from now on."""


NEXT: Mapping[str, Sequence[Way]] = {
    "": (Way.ASK, Way.KEEP, Way.END),
    Way.ASK: (Way.KEEP, Way.END),
    Way.KEEP: (Way.END,),
    Way.END: (Way.KEEP,),
}
"""What can follow what was decided; after END, to keep it is to undo that."""
WAITING, DECIDED = ("", Way.ASK), (Way.KEEP, Way.END)


class DecidedMeanwhile(Conflict):
    """Somebody else was faster, or the register has said more."""

    slug = "statement-decided"
    title = "This statement has been dealt with meanwhile; look again"
    title_vi = "Nội dung này vừa được xử lý; hãy xem lại"


@dataclass(frozen=True, slots=True)
class Gone:
    """A statement that is not named any more; no name, no number."""

    run_id: UUID
    ordinal: int
    kind: str
    file_name: str
    sent_at: datetime
    told: Told
    person_id: UUID | None
    commune_code: str | None
    decision: str
    reason: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Ruled:
    """What an official decides, and why."""

    way: Way
    reason: str = ""


@dataclass(frozen=True, slots=True)
class GoneOpened:
    """The same with whom it is about, whether it still stands, and what can be decided."""

    gone: Gone
    person: PersonOnFile | None
    stands: bool
    ways: tuple[Way, ...]


def listed(
    db: Db,
    caller: Caller,
    *,
    decided: bool = False,
    after: tuple[UUID, int] | None = None,
    now: datetime,
) -> list[Gone]:
    """Return a page of what the newest full files no longer name, where the unit is responsible.

    Raises:
        DeniedToRole: the role reviews nothing.
    """
    check_role(caller, Action.ROW_REVIEW, now)
    runs = stored.newest_full_runs(db, FULL_KINDS)
    words = DECIDED if decided else WAITING
    communes = _communes(db, caller, now)
    found = stored.vanished(db, runs, communes, words, after=after, limit=PAGE)
    return [_gone(each) for each in found]


def opened(db: Db, caller: Caller, place: tuple[UUID, int], *, now: datetime) -> GoneOpened:
    """Open one of them; the look is traced.

    Raises:
        DeniedToRole: the role reviews nothing.
        NotFound: there is none in the care of the caller's unit.
    """
    check_role(caller, Action.ROW_REVIEW, now)
    found = _found(db, caller, place, now)
    person_id = found.receipt.person_id
    person = None if person_id is None else people.people_by_ids(db, [person_id]).get(person_id)
    stands = _stands(db, found)
    trace(
        db,
        caller,
        Action.ROW_REVIEW,
        at=now,
        purpose=PURPOSE,
        person_id=person_id,
        detail=_about(place),
    )
    return GoneOpened(_gone(found), person, stands, _ways(caller, found, stands=stands))


def decide(
    db: Db,
    inst: Installation,
    caller: Caller,
    place: tuple[UUID, int],
    ruled: Ruled,
    *,
    now: datetime,
) -> None:
    """Decide one of them: ask the worker, keep it, end it, or keep after all what was ended.

    Raises:
        DeniedToRole: the role decides nothing, or ends nothing.
        OwnRecord: it is about the official.
        Invalid: no reason where one is needed, or a way that there is not here.
        NotFound, NotFoundForCaller: there is none in the care of the caller's unit.
        DecidedMeanwhile: it is not as it was any more.
        Unavailable: a book is to be issued anew, and there is no key to sign with.
    """
    way, said = ruled.way, ruled.reason.strip()
    check_purpose(said)
    if way is not Way.ASK and not said:
        raise Invalid("say why")
    check_role(caller, Action.ROW_DECIDE, now)
    found = _found(db, caller, place, now)
    person_id = found.receipt.person_id
    check_not_own(caller, person_id)
    action = Action.STATEMENT_END if Way.END in {way, found.decision} else Action.ROW_DECIDE
    if person_id is not None:
        subject = books.subject(db, person_id)
        check_may(db, caller, action, person_id, subject, purpose=PURPOSE, now=now)
    imports.take_turn(db)  # no file states it anew meanwhile
    if way not in _ways(caller, found, stands=_stands(db, found)):
        raise DecidedMeanwhile
    if not stored.decide(db, found, _row(found, caller, way, said, now)):
        raise DecidedMeanwhile
    if person_id is not None:
        _carry_out(db, inst, caller, found, way, now=now)
    trace(
        db,
        caller,
        action,
        at=now,
        purpose=said or PURPOSE,
        person_id=person_id,
        outcome=str(way),
        detail=_about(place),
    )


def _carry_out(
    db: Db, inst: Installation, caller: Caller, found: Vanished, way: Way, *, now: datetime
) -> None:
    person_id = found.receipt.person_id
    assert person_id is not None
    worker, about = Recipient("worker", str(person_id)), _name(found)
    if way is Way.ASK:
        cause = {"cause": NOT_NAMED}
        notify(db, worker, NoticeKind.LINE_DOUBTFUL, about=about, facts=cause, now=now)
    if Way.END not in {way, found.decision}:
        return
    lock_books(db, inst, [person_id], now)
    if way is Way.END:
        _end(db, found, by=caller.id, now=now)
    else:
        _state_again(db, found, person_id, by=caller.id, now=now)
    issued = reissue(db, inst, [person_id], by=caller, now=now, purpose=PURPOSE)
    told = [(worker, f"version:{each}", {"register": found.kind}) for each in issued.values()]
    notify_all(db, NoticeKind.BOOK_UPDATED, told, now=now)


def _end(db: Db, found: Vanished, *, by: str, now: datetime) -> None:
    kind, row = FACT_OF[found.kind][0], _live(db, found)
    if row is None or not fact_chains.void_one(
        db, kind, row["id"], by=by, at=now, reason=_name(found), replaced_by=None
    ):
        raise DecidedMeanwhile


def _state_again(db: Db, found: Vanished, person_id: UUID, *, by: str, now: datetime) -> None:
    """State once more what was ended, unless its register has done so."""
    kind = FACT_OF[found.kind][0]
    row = stored.ended_fact(db, kind, person_id, _name(found))
    if row is None or facts.live_facts(db, kind, row["source"], [row["source_ref"]]):
        return
    standing = {"id": new_id(now), "recorded_at": now, "recorded_by": by}
    ends = dict.fromkeys(("voided_at", "voided_by", "void_reason", "replaced_by"))
    facts.add_facts(db, kind, [row | standing | ends])


def _live(db: Db, found: Vanished) -> dict[str, Any] | None:
    """Return the live fact that makes the statement; None if there is none any more."""
    person_id = found.receipt.person_id
    if found.kind not in FACT_OF or person_id is None:
        return None
    kind, source = FACT_OF[found.kind]
    return next(
        (
            row
            for row in merges.live_facts_of(db, kind, person_id)
            if row["source"] == source and key_of(row["source_ref"]) == found.receipt.statement_key
        ),
        None,
    )


def _stands(db: Db, found: Vanished) -> bool:
    return found.kind not in FACT_OF or _live(db, found) is not None


def _ways(caller: Caller, found: Vanished, *, stands: bool) -> tuple[Way, ...]:
    """Return what the caller can decide of one as it is."""
    may_end = found.kind in ENDED and caller.may(Action.STATEMENT_END)
    possible = {
        Way.ASK: stands and found.receipt.person_id is not None,
        Way.KEEP: may_end if found.decision == Way.END else True,
        Way.END: stands and may_end,
    }
    return tuple(each for each in NEXT[found.decision] if possible[each])


def _found(db: Db, caller: Caller, place: tuple[UUID, int], now: datetime) -> Vanished:
    found = stored.vanished_at(db, *place)
    day = vietnam_day(now)
    if found is None or not unit_serves(
        db, caller.unit_code or "", found.receipt.commune_code, day
    ):
        raise NotFound("there is no such row")
    return found


def _gone(found: Vanished) -> Gone:
    receipt = found.receipt
    return Gone(
        receipt.run_id,
        receipt.ordinal,
        found.kind,
        found.file_name,
        found.sent_at,
        told_of(receipt)[0],
        receipt.person_id,
        receipt.commune_code,
        found.decision,
        found.reason,
        found.decided_at,
    )


def _row(found: Vanished, caller: Caller, way: Way, reason: str, now: datetime) -> dict[str, Any]:
    return {
        "run_id": found.receipt.run_id,
        "ordinal": found.receipt.ordinal,
        "decision": str(way),
        "person_id": found.receipt.person_id,
        "reason": reason,
        "outcome": None,
        "result_run_id": None,
        "decided_by": caller.id,
        "decided_at": now,
    }


def _name(found: Vanished) -> str:
    """Return what ends a fact, and what a notice is about: never a number of a person."""
    return f"vanished {found.receipt.run_id}:{found.receipt.ordinal}"


def _about(place: tuple[UUID, int]) -> dict[str, str | int]:
    run_id, ordinal = place
    return {"run_id": str(run_id), "row": ordinal}


def _communes(db: Db, caller: Caller, now: datetime) -> list[str] | None:
    unit = units.unit(db, caller.unit_code or "")
    if unit is None:
        raise NotFound("your unit does not exist")
    return plans.communes_served(db, unit.place_code, unit.kind, vietnam_day(now))
