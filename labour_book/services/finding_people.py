"""Finding a person and looking at what is kept of them, as an official does: for a purpose.

A list shows names, years and communes, never a number; it is traced with its length. The book is
opened as a second step, and that is traced about the person.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.book import LabourBook
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.names import fold, names_agree
from labour_book.domain.personal_ids import identifier_kind
from labour_book.errors import Invalid, NotFound
from labour_book.queries import books, finding
from labour_book.queries.finding import CommuneRow, PersonFound, VersionRow
from labour_book.services.access import open_book, open_signed
from labour_book.services.auditing import check_purpose, trace
from labour_book.services.books import book_as_of
from labour_book.services.callers import Action, Caller
from labour_book.services.installation import Installation
from labour_book.services.permission import check_may, check_role

__all__ = [
    "CommuneRow",
    "FoundPeople",
    "PersonFile",
    "PersonFound",
    "VersionRow",
    "communes_served",
    "find_by_name",
    "find_by_number",
    "open_file",
    "open_newest",
    "show_personal_id",
]

MOST = 50
"""People in one list; who is not among them has to be asked for more exactly."""
MOST_NEAR = 4_000
"""People of one commune and year that are compared by name."""
EARLIEST_BIRTH_YEAR = 1900


@dataclass(frozen=True, slots=True)
class FoundPeople:
    """A list of people."""

    people: tuple[PersonFound, ...]
    is_cut: bool
    """There are more than are shown."""
    near: tuple[PersonFound, ...] = ()
    """Whose name is nearly the one asked for."""


@dataclass(frozen=True, slots=True)
class PersonFile:
    """What is kept of a person: the book as of today, and the versions that were signed."""

    person: PersonFound
    book: LabourBook
    versions: tuple[VersionRow, ...]
    """The newest first."""


def communes_served(db: Db, caller: Caller, *, now: datetime) -> list[CommuneRow] | None:
    """Return the communes whose people the caller's unit serves; None for all of them.

    Raises:
        DeniedToRole: the role finds nobody.
    """
    check_role(caller, Action.PERSON_FIND, now)
    return finding.communes_of(db, caller.unit_code or "", vietnam_day(now))


def find_by_number(
    db: Db, inst: Installation, caller: Caller, number: str, *, purpose: str, now: datetime
) -> FoundPeople:
    """Return whom a number names: a personal ID, or an insurance, identity card or passport one.

    Raises:
        Invalid: it is no such number, or no purpose is stated.
        DeniedToRole: the role finds nobody.
    """
    stated = _purpose_of(purpose)
    check_role(caller, Action.PERSON_FIND, now)
    written = "".join(number.split()).upper()
    if identifier_kind(written) is None:
        raise Invalid("this is no number that names a person", cause="NUMBER_FORM")
    found = finding.found_by_number(db, inst.vault.index.of(written), _codes(db, caller, now))
    _trace_list(db, caller, found, by="number", purpose=stated, now=now)
    return FoundPeople(tuple(found), is_cut=False)


def find_by_name(
    db: Db,
    caller: Caller,
    name: str,
    birth_year: int,
    commune: str | None,
    *,
    purpose: str,
    now: datetime,
) -> FoundPeople:
    """Return who has a name (with or without its marks) and year of birth among those served.

    With a commune, also those of it whose name is nearly that one.

    Raises:
        Invalid: the name or the year can be nobody's, or no purpose is stated.
        NotFound: the commune is not one that the caller's unit serves.
        DeniedToRole: the role finds nobody.
    """
    stated = _purpose_of(purpose)
    check_role(caller, Action.PERSON_FIND, now)
    key = fold(name)
    if not key:
        raise Invalid("say the name", cause="NAME")
    if not EARLIEST_BIRTH_YEAR <= birth_year <= now.year:
        raise Invalid("nobody was born in that year", cause="BIRTH_YEAR")
    communes = _narrowed(_codes(db, caller, now), commune)
    found = finding.found_by_name(db, key, birth_year, communes, limit=MOST + 1)
    near = _near(db, name, birth_year, commune, {each.id for each in found})
    _trace_list(db, caller, [*found[:MOST], *near], by="name", purpose=stated, now=now)
    return FoundPeople(tuple(found[:MOST]), is_cut=len(found) > MOST, near=near)


def open_file(
    db: Db, inst: Installation, caller: Caller, person_id: UUID, *, purpose: str, now: datetime
) -> PersonFile:
    """Open a person's book, and tell which versions of it were signed.

    Raises:
        Invalid, DeniedToRole, NotFoundForCaller: as ``check_may``.
    """
    book = open_book(db, inst, caller, person_id, purpose=purpose, now=now)
    person = finding.people_by_id(db, [person_id])[person_id]
    return PersonFile(person, book, tuple(finding.versions_of(db, person_id)))


def open_newest(
    db: Db, inst: Installation, caller: Caller, person_id: UUID, *, purpose: str, now: datetime
) -> tuple[int, LabourBook]:
    """Return the number of the newest signed version and the book as it says it; traced.

    Raises:
        NotFound: no version was signed yet.
        Invalid, DeniedToRole, NotFoundForCaller: as ``check_may``.
    """
    deed = Action.BOOK_OPEN
    stated, signed = open_signed(
        db, caller, deed, person_id, version=None, purpose=purpose, now=now
    )
    book = book_as_of(
        db,
        inst.vault,
        person_id,
        as_of=signed.as_of,
        known_at=signed.known_at,
        places=inst.places,
    )
    detail = {"version": signed.version}
    trace(db, caller, deed, at=now, purpose=stated, person_id=person_id, detail=detail)
    return signed.version, book


def show_personal_id(
    db: Db, inst: Installation, caller: Caller, person_id: UUID, *, purpose: str, now: datetime
) -> str:
    """Return a person's personal ID in full; that is a deed of its own in the trace.

    Raises:
        NotFound: no personal ID is known of the person.
        Invalid, DeniedToRole, NotFoundForCaller: as ``check_may``.
    """
    subject = books.subject(db, person_id)
    deed = Action.PERSON_SHOW_ID
    stated = check_may(db, caller, deed, person_id, subject, purpose=purpose, now=now)
    known = books.facts_of(db, inst.vault, [person_id], now).people[person_id]
    if known.personal_id is None:
        raise NotFound("no personal ID is known of this person")
    trace(db, caller, deed, at=now, purpose=stated, person_id=person_id)
    return known.personal_id


def _purpose_of(purpose: str) -> str:
    check_purpose(purpose)
    if not purpose.strip():
        raise Invalid("say for what purpose", cause="PURPOSE")
    return purpose.strip()


def _codes(db: Db, caller: Caller, now: datetime) -> frozenset[str] | None:
    served = communes_served(db, caller, now=now)
    return None if served is None else frozenset(each.code for each in served)


def _narrowed(served: frozenset[str] | None, commune: str | None) -> frozenset[str] | None:
    if not commune:
        return served
    if served is not None and commune not in served:
        raise NotFound("there is no such commune, or your unit does not serve it")
    return frozenset({commune})


def _near(
    db: Db, name: str, birth_year: int, commune: str | None, exact: set[UUID]
) -> tuple[PersonFound, ...]:
    if not commune:
        return ()
    born = finding.born_in(db, birth_year, commune, limit=MOST_NEAR)
    others = (each for each in born if each.id not in exact)
    like = [each for each in others if names_agree(name, each.full_name) == "near"]
    return tuple(like[:MOST])


def _trace_list(
    db: Db, caller: Caller, found: list[PersonFound], *, by: str, purpose: str, now: datetime
) -> None:
    """Trace a list with its length; where it is one person long, about that person."""
    trace(
        db,
        caller,
        Action.PERSON_FIND,
        at=now,
        purpose=purpose,
        person_id=found[0].id if len(found) == 1 else None,
        detail={"by": by, "found": len(found)},
    )
