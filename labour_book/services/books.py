"""A person's labour book as of a day, as known at an instant."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.book import LabourBook, assemble
from labour_book.domain.facts import EmployerRecord
from labour_book.domain.months import Month
from labour_book.domain.places import Places
from labour_book.errors import NotFound
from labour_book.queries import books, versions
from labour_book.queries.books import PersonFacts
from labour_book.queries.vault import Vault

NO_NUMBER = ""
"""The book number of a person who has no book yet."""


@dataclass(frozen=True, slots=True)
class Standpoint:
    """From where a book is looked at: of which day, known when, reported through which month."""

    as_of: date
    known_at: datetime
    insurance_as_of: Month | None

    @property
    def counted_through(self) -> Month:
        """The last month that the insurance register reported; without one the month before."""
        return self.insurance_as_of or Month.of_day(self.as_of).plus(-1)


def standpoint(db: Db, *, as_of: date, known_at: datetime) -> Standpoint:
    """Return the standpoint of a day and an instant; one for all books of a run."""
    return Standpoint(as_of, known_at, books.insurance_reported_through(db, known_at))


def book_as_of(
    db: Db, vault: Vault, person_id: UUID, *, as_of: date, known_at: datetime, places: Places | None
) -> LabourBook:
    """Return the book of one person; its number is empty before the first is issued.

    Raises:
        NotFound: there is no such person.
    """
    at = standpoint(db, as_of=as_of, known_at=known_at)
    numbers = versions.book_numbers(db, [person_id])
    for _, book in books_as_of(db, vault, [person_id], numbers, at=at, places=places):
        return book
    raise NotFound("there is no such person")


def books_as_of(
    db: Db,
    vault: Vault,
    person_ids: Sequence[UUID],
    numbers: Mapping[UUID, str],
    *,
    at: Standpoint,
    places: Places | None,
) -> Iterator[tuple[UUID, LabourBook]]:
    """Yield the books of some hundred persons in order of id; who does not exist is left out."""
    known = books.facts_of(db, vault, person_ids, at.known_at)
    for person_id, person in known.people.items():
        number = numbers.get(person_id, NO_NUMBER)
        yield person_id, assembled(person, known.employers, number, at=at, places=places)


def assembled(
    person: PersonFacts,
    employers: Mapping[str, EmployerRecord],
    number: str,
    *,
    at: Standpoint,
    places: Places | None,
) -> LabourBook:
    """Return the book that facts make, from a standpoint."""
    return assemble(
        book_no=number,
        identity=person.identity,
        personal_id=person.personal_id,
        match_state=person.match_state,
        employments=person.employments,
        insurance=person.insurance,
        qualifications=person.qualifications,
        employers=employers,
        as_of=at.as_of,
        known_at=at.known_at,
        places=places,
        insurance_as_of=at.insurance_as_of,
        economic_activity=person.economic_activity,
    )
