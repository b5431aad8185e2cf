"""People on file who may be whom a row or a form means, shown to an official who decides."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.names import display_name
from labour_book.domain.people import PartialDate, mask
from labour_book.errors import Denied
from labour_book.queries import books, people
from labour_book.queries.accounts import unit_serves
from labour_book.queries.people import PersonOnFile
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.collecting.form03 import mistypings
from labour_book.services.directory import Directory
from labour_book.services.installation import Installation
from labour_book.services.matching import Wanted

MOST = 5
"""People shown."""


class OwnRecord(Denied):
    """An official would decide on the own record."""

    slug = "own-record"
    title = "Nobody decides on their own record; a colleague has to"
    title_vi = "Không ai được tự quyết định về hồ sơ của chính mình; hãy nhờ đồng nghiệp"


@dataclass(frozen=True, slots=True)
class Similar:
    """Somebody on file who may be meant; the ID is masked."""

    person_id: UUID
    full_name: str
    birth_date: PartialDate | None
    sex: str | None
    personal_id: str
    commune_code: str | None
    match_state: str
    says: str
    """By what they were found: number, name or receipt."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """The people like somebody, and how many more there are whom this unit does not serve."""

    people: Sequence[Similar]
    elsewhere: int


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks, in the course of which deed, what for, and when: as it is traced."""

    caller: Caller
    action: Action
    purpose: str
    now: datetime


def people_like(
    db: Db, inst: Installation, wanted: Wanted, look: Look, *, also: Collection[UUID] = ()
) -> Likeness:
    """Return who on file may be meant, and who else is asked for by id; each look is traced.

    Found by a number, by one mistyped digit of it, or by name and birth date.
    """
    found = dict(_like(db, inst, wanted))
    for person_id, person in people.people_by_ids(db, also).items():
        found.setdefault(person_id, (person, "receipt"))
    shown: list[Similar] = []
    for person_id, (person, says) in found.items():
        subject = books.subject(db, person_id)
        commune = None if subject is None else subject.residence_commune
        if len(shown) < MOST and _is_theirs(db, look, commune):
            shown.append(_similar(db, inst, person, says, commune))
    for each in shown:
        trace(
            db,
            look.caller,
            look.action,
            at=look.now,
            purpose=look.purpose,
            person_id=each.person_id,
            outcome="similar",
        )
    return Likeness(shown, len(found) - len(shown))


def check_not_own(caller: Caller, person_id: UUID | None) -> None:
    """Refuse what an official would do about the own record.

    Raises:
        OwnRecord: it is theirs.
    """
    if person_id is not None and caller.person_id == person_id:
        raise OwnRecord


def person_named(db: Db, inst: Installation, number: str) -> UUID | None:
    """Return whom a number names; None if it names nobody, or several."""
    index = inst.vault.index.of("".join(number.split()))
    found = {each.person.id for each in people.named_by(db, [index]).get(index, [])}
    return found.pop() if len(found) == 1 else None


def personal_id_of(db: Db, inst: Installation, person_id: UUID) -> str:
    """Return the personal ID of somebody; nothing if none is known."""
    numbers = people.numbers_of(db, inst.vault, [person_id]).get(person_id, [])
    return next((digits for kind, digits in numbers if kind == "PIN"), "")


def _is_theirs(db: Db, look: Look, commune_code: str | None) -> bool:
    unit = look.caller.unit_code
    return unit is not None and unit_serves(db, unit, commune_code, vietnam_day(look.now))


def _like(db: Db, inst: Installation, wanted: Wanted) -> Mapping[UUID, tuple[PersonOnFile, str]]:
    directory = Directory(db, inst.vault)
    directory.look_up([wanted])
    numbers = [*wanted.numbers, *(other for each in wanted.numbers for other in mistypings(each))]
    directory.look_up_numbers(numbers)
    found = {each.person.id: (each.person, "name") for each in directory.like(wanted)}
    for number in numbers:
        for naming in directory.named_by(number):
            found[naming.person.id] = (naming.person, "number")
    return found


def _similar(
    db: Db, inst: Installation, person: PersonOnFile, says: str, commune: str | None
) -> Similar:
    personal_id = personal_id_of(db, inst, person.id)
    return Similar(
        person.id,
        display_name(person.full_name),
        person.birth_date,
        person.sex,
        mask(personal_id) if personal_id else "",
        commune,
        person.match_state,
        says,
    )
