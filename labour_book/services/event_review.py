"""The room of notifications that are held: opened by an official, attached to somebody, declined.

A decision sends the notification the way of every other once more, with what the official ruled.
Whom a notification of the population register is about, nobody here decides: records are merged or
parted first, and then it is tried again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.findings import Finding
from labour_book.errors import Conflict, Invalid, NotFound
from labour_book.queries import books, imports, people, register_events
from labour_book.queries.accounts import unit_serves
from labour_book.queries.people import PersonOnFile
from labour_book.queries.register_events import HELD, StoredEvent
from labour_book.registers import KINDS, Parsed, contracts
from labour_book.services.applying_events import record_decided
from labour_book.services.auditing import check_purpose, trace
from labour_book.services.callers import Action, Caller, operator
from labour_book.services.collecting import whom
from labour_book.services.directory import Directory
from labour_book.services.event_rows import parsed_rows, values_of
from labour_book.services.installation import Installation
from labour_book.services.likeness import Likeness, Look, check_not_own, people_like
from labour_book.services.matching import Wanted
from labour_book.services.permission import check_may, check_role
from labour_book.services.receipts import Outcome, Told, told
from labour_book.services.recording import Ruling

PAGE = 50
LOOKED_AT = 2_000
"""Notifications that are opened for one page: most of them may be another unit's."""
AT_ONCE = 200
PURPOSE = "Rà soát thông báo biến động"
SYSTEM = operator("register-events")
"""Who issues the books that a decision reaches, as a cycle would."""
_COMMUNES = ("residence_commune_code", "workplace_commune_code", "commune_code")
_DECLINED = "EVENT_DECLINED"


class Deed(StrEnum):
    """What an official does about a notification; the word is stored and never renamed."""

    LINK = "link"
    """It is about this person."""
    ACCEPT = "accept"
    """It is right as it stands."""
    AGAIN = "again"
    """What kept it back has been put right: the next cycle tries it."""
    DECLINE = "decline"
    """It is not recorded, for good."""


DEEDS: Mapping[str, Sequence[Deed]] = {
    "population": (Deed.AGAIN, Deed.DECLINE),
    "enterprises": (Deed.ACCEPT, Deed.AGAIN, Deed.DECLINE),
    "insurance": (Deed.LINK, Deed.ACCEPT, Deed.AGAIN, Deed.DECLINE),
    "contracts": (Deed.LINK, Deed.ACCEPT, Deed.AGAIN, Deed.DECLINE),
}
"""What can be done about a notification, by its register."""


class StillHeld(Conflict):
    """Recorded as decided, it would still not fit the record."""

    slug = "event-still-held"
    title = "The notification still does not fit the record"
    title_vi = "Thông báo này vẫn chưa khớp với dữ liệu đã ghi"


class NotHeld(Conflict):
    """Somebody else, or a cycle, was faster."""

    slug = "event-not-held"
    title = "This notification is not held any more"
    title_vi = "Thông báo này không còn bị giữ"


@dataclass(frozen=True, slots=True)
class HeldEvent:
    """A notification that is held; nothing of what it says."""

    id: UUID
    register: str
    why: Told
    data_as_of: datetime
    received_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class HeldPage:
    """Some of them, and behind which to go on; None at the end."""

    events: Sequence[HeldEvent]
    more: UUID | None


@dataclass(frozen=True, slots=True)
class OpenedEvent:
    """A notification with all that it says, who may be meant, and what can be done."""

    event: HeldEvent
    values: Mapping[str, str]
    told: Sequence[Told]
    likeness: Likeness
    deeds: tuple[Deed, ...]


@dataclass(frozen=True, slots=True)
class Ruled:
    """What is done, about whom, and why."""

    deed: Deed
    reason: str = ""
    person_id: UUID | None = None


def held(
    db: Db, inst: Installation, caller: Caller, *, after: UUID | None = None, now: datetime
) -> HeldPage:
    """Return a page of what is held, the oldest first, where the caller's unit is responsible.

    Raises:
        DeniedToRole: the role reviews nothing.
    """
    check_role(caller, Action.ROW_REVIEW, now)
    theirs = _Theirs(db, caller, now)
    found: list[HeldEvent] = []
    for _ in range(LOOKED_AT // AT_ONCE):
        some = register_events.held_after(db, after, AT_ONCE)
        for each in some:
            after = each.id
            if theirs(_commune(values_of(inst, each))):
                found.append(_shown(each))
                if len(found) == PAGE:
                    return HeldPage(found, after)
        if len(some) < AT_ONCE:
            return HeldPage(found, None)
    return HeldPage(found, after)


def opened(
    db: Db, inst: Installation, caller: Caller, event_id: UUID, *, number: str = "", now: datetime
) -> OpenedEvent:
    """Open one, with the people who may be meant; ``number`` asks for one more of them.

    Raises:
        DeniedToRole: the role reviews nothing.
        NotFound: it is not held, or not in the care of the caller's unit.
    """
    check_role(caller, Action.ROW_REVIEW, now)
    event, values = _found(db, inst, caller, event_id, now)
    parsed = _parsed(event, values, now)
    wanted = whom(parsed.row)
    look = Look(caller, Action.ROW_REVIEW, PURPOSE, now)
    asked = wanted or Wanted((), None, None, None)
    likeness = people_like(db, inst, asked, look, also=_named(db, inst, number))
    deeds = _deeds(db, inst, event, wanted)
    trace(db, caller, Action.ROW_REVIEW, at=now, purpose=PURPOSE, detail=_about(event))
    causes = [Finding(event.cause or "EVENT_FAILED"), *parsed.findings]
    words = {each.cause: told(each) for each in causes}
    in_order = {name: values[name] for name in _columns(event, values)}
    return OpenedEvent(_shown(event), in_order, list(words.values()), likeness, deeds)


def decide(
    db: Db, inst: Installation, caller: Caller, event_id: UUID, ruled: Ruled, *, now: datetime
) -> None:
    """Do something about one: attach it, accept it, let it be tried again, or decline it.

    Raises:
        DeniedToRole: the role decides nothing.
        OwnRecord: it is about the official.
        Invalid: no reason to decline, nobody to attach it to, or a deed that there is not here.
        NotFound, NotFoundForCaller: it, or the person, is not in the care of the caller's unit.
        NotHeld: somebody else was faster.
        StillHeld: recorded so, it would still not fit.
        Unavailable: a book is to be issued anew, and there is no key to sign with.
    """
    reason = ruled.reason.strip()
    check_purpose(reason)
    if ruled.deed is Deed.DECLINE and not reason:
        raise Invalid("say why it is refused")
    check_role(caller, Action.ROW_DECIDE, now)
    imports.take_turn(db)
    event, values = _found(db, inst, caller, event_id, now)
    if ruled.deed not in DEEDS[event.register_name]:
        raise Invalid("choose what to decide")
    person = _meant(db, inst, caller, _parsed(event, values, now), ruled, now=now)
    check_not_own(caller, None if person is None else person.id)
    _carry_out(db, inst, event, ruled.deed, person, now=now)
    trace(
        db,
        caller,
        Action.ROW_DECIDE,
        at=now,
        purpose=reason or PURPOSE,
        person_id=None if person is None else person.id,
        outcome=str(ruled.deed),
        detail=_about(event),
    )


def _carry_out(
    db: Db,
    inst: Installation,
    event: StoredEvent,
    deed: Deed,
    person: PersonOnFile | None,
    *,
    now: datetime,
) -> None:
    if deed is Deed.DECLINE:
        if not register_events.give_up(db, event.id, _DECLINED, now):
            raise NotHeld
        return
    if not register_events.try_again(db, event.id):
        raise NotHeld
    if deed is not Deed.AGAIN:
        judged = record_decided(db, inst, event, Ruling(person), by=SYSTEM, now=now)
        if judged.outcome in {Outcome.NEEDS_REVIEW, Outcome.REFUSED}:
            raise StillHeld("the row still does not fit the record", cause=judged.cause or "")


def _meant(
    db: Db,
    inst: Installation,
    caller: Caller,
    parsed: Parsed,
    ruled: Ruled,
    *,
    now: datetime,
) -> PersonOnFile | None:
    """Return whom a notification is about, by what was ruled or as it stands; None: nobody."""
    wanted = whom(parsed.row)
    if wanted is None:
        return None
    if ruled.deed is not Deed.LINK:
        directory = Directory(db, inst.vault)
        directory.look_up([wanted])
        person = directory.find(wanted).person
        if ruled.deed is Deed.ACCEPT and person is None:
            raise Invalid("say whom the row is about")
        return person
    if ruled.person_id is None:
        raise Invalid("say whom the row is about")
    subject = books.subject(db, ruled.person_id)
    check_may(db, caller, Action.ROW_DECIDE, ruled.person_id, subject, purpose=PURPOSE, now=now)
    return people.people_by_ids(db, [ruled.person_id])[ruled.person_id]


def _deeds(
    db: Db, inst: Installation, event: StoredEvent, wanted: Wanted | None
) -> tuple[Deed, ...]:
    """Return what can be done: nothing is accepted as it stands that names nobody for certain."""
    possible = set(DEEDS[event.register_name])
    if wanted is None:
        possible.discard(Deed.LINK)
    else:
        directory = Directory(db, inst.vault)
        directory.look_up([wanted])
        if directory.find(wanted).person is None:
            possible.discard(Deed.ACCEPT)
    return tuple(each for each in DEEDS[event.register_name] if each in possible)


def _columns(event: StoredEvent, values: Mapping[str, str]) -> list[str]:
    """Return the names of what a notification says, in the order of its register's file."""
    order = (*KINDS[event.register_name].columns, *contracts.KEYS)
    return sorted(values, key=lambda name: order.index(name) if name in order else len(order))


class _Theirs:
    """Says whether the caller's unit serves a commune, asking once for each."""

    def __init__(self, db: Db, caller: Caller, now: datetime) -> None:
        self._db, self._unit, self._on = db, caller.unit_code or "", vietnam_day(now)
        self._known: dict[str | None, bool] = {}

    def __call__(self, commune: str | None) -> bool:
        if commune not in self._known:
            self._known[commune] = unit_serves(self._db, self._unit, commune, self._on)
        return self._known[commune]


def _found(
    db: Db, inst: Installation, caller: Caller, event_id: UUID, now: datetime
) -> tuple[StoredEvent, Mapping[str, str]]:
    event = register_events.event_by_id(db, event_id)
    if event is None or event.state != HELD or event.body is None:
        raise NotFound("there is no such row")
    values = values_of(inst, event)
    if not _Theirs(db, caller, now)(_commune(values)):
        raise NotFound("there is no such row")
    return event, values


def _parsed(event: StoredEvent, values: Mapping[str, str], now: datetime) -> Parsed:
    with TemporaryDirectory() as between:
        (parsed,) = parsed_rows(
            event.register_name, [values], Path(between), as_of=vietnam_day(now)
        )
    return parsed


def _named(db: Db, inst: Installation, number: str) -> list[UUID]:
    digits = "".join(number.split())
    if not digits:
        return []
    index = inst.vault.index.of(digits)
    return [each.person.id for each in people.named_by(db, [index]).get(index, [])]


def _commune(values: Mapping[str, str]) -> str | None:
    return next((values[name].strip() for name in _COMMUNES if values.get(name, "").strip()), None)


def _shown(event: StoredEvent) -> HeldEvent:
    return HeldEvent(
        event.id,
        event.register_name,
        told(Finding(event.cause or "EVENT_FAILED")),
        event.data_as_of,
        event.received_at,
        event.attempts,
    )


def _about(event: StoredEvent) -> dict[str, str | int]:
    return {"event": str(event.id), "register": event.register_name}
