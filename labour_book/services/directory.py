"""Who is on file, as far as the rows of one batch may mean them: few queries for many rows."""

from collections.abc import Iterable, Sequence

from labour_book.database import Db
from labour_book.domain.findings import Finding
from labour_book.domain.people import fold
from labour_book.queries import people
from labour_book.queries.people import Naming, PersonOnFile
from labour_book.queries.vault import Vault
from labour_book.services.matching import Candidate, Match, Wanted, agreement_with, decide
from labour_book.services.recording import Ruling

DECIDED = "DECIDED"
"""Matched by an official."""
_PERSONAL_ID_KINDS = frozenset({"PIN", "CANCELLED_PIN"})


class Directory:
    """Answers whom rows mean. Lives for one batch and learns the people the batch creates."""

    def __init__(self, db: Db, vault: Vault, ruling: Ruling | None = None) -> None:
        """With a ruling, the rows mean whom it says."""
        self._ruling = ruling
        self._db = db
        self._vault = vault
        self._asked: set[str] = set()
        self._named: dict[str, list[Naming]] = {}
        self._like: dict[bytes, list[Candidate]] = {}
        self._of_year: dict[tuple[str, int], list[Candidate]] = {}
        self._found: dict[Wanted, Match] = {}
        self._people_on_file: int | None = None

    def look_up(self, rows: Iterable[Wanted]) -> None:
        """Fetch whoever the rows may mean, in at most four queries."""
        every = list(rows)
        self.look_up_numbers(number for each in every for number in each.numbers)
        unknown = [each for each in every if not self.knows_number_of(each)]
        keys = {key for each in unknown for key in _keys_of(each)} - self._like.keys()
        found = people.people_like(self._db, keys)
        self._like.update((key, []) for key in keys)
        ids = {person.id for some in found.values() for person in some}
        numbers = people.numbers_of(self._db, self._vault, ids)
        for key, some in found.items():
            self._like[key] = [_candidate(person, numbers.get(person.id, ())) for person in some]
        years = {year for each in unknown if (year := _year_of(each)) is not None}
        for year, some in people.people_of_year(self._db, years).items():
            self._of_year[year] = [_candidate(person, ()) for person in some]

    def look_up_numbers(self, numbers: Iterable[str]) -> None:
        """Fetch whoever is named by numbers, in one query."""
        new = set(numbers) - self._asked
        self._asked |= new
        by_index = {self._vault.index.of(number): number for number in new}
        found = people.named_by(self._db, by_index)
        self._named.update((by_index[index], namings) for index, namings in found.items())

    def knows_number_of(self, wanted: Wanted) -> bool:
        return any(number in self._named for number in wanted.numbers)

    def named_by(self, number: str) -> Sequence[Naming]:
        """Return who is named by a number that was looked up."""
        return self._named.get(number, ())

    def like(self, wanted: Wanted) -> list[Candidate]:
        """Return the people with the same folded name and perhaps the same birth date."""
        year = _year_of(wanted)
        if year is not None:
            return self._of_year.get(year, [])
        return [each for key in _keys_of(wanted) for each in self._like.get(key, ())]

    def find(self, wanted: Wanted) -> Match:
        """Say which person a row means, if any; it was looked up before."""
        if self._ruling is not None:
            return ruled(wanted, self._ruling)
        found = self._found.get(wanted)
        if found is None:
            like = () if self.knows_number_of(wanted) else self.like(wanted)
            found = self._found[wanted] = decide(
                wanted, named=self._named, like=like, people_on_file=self._count
            )
        return found

    def _count(self) -> int:
        if self._people_on_file is None:
            self._people_on_file = people.count_about(self._db)
        return self._people_on_file

    def learn(self, person: PersonOnFile, numbers: Iterable[tuple[str, str]]) -> None:
        """Know from now on that numbers, given with their kinds, name a person."""
        given = list(numbers)
        self._found.clear()
        for kind, number in given:
            self._asked.add(number)
            others = [each for each in self._named.get(number, ()) if each.person.id != person.id]
            self._named[number] = [*others, Naming(kind, person)]
        key = people.identity_key(person.full_name, person.birth_date)
        if key in self._like:
            self._like[key].append(_candidate(person, given))
        if person.birth_date is not None:
            year = (fold(person.full_name), person.birth_date.year)
            self._of_year.setdefault(year, []).append(_candidate(person, given))


def ruled(wanted: Wanted, ruling: Ruling) -> Match:
    """Return whom an official said that a row means, and how that differs from what it states."""
    if ruling.person is None:
        return Match(None, cause=Finding("PERSON_UNKNOWN"))
    return Match(ruling.person, DECIDED, agreement_with(wanted, ruling.person) or ())


def _keys_of(wanted: Wanted) -> tuple[bytes, ...]:
    if wanted.full_name is None:
        return ()
    return people.identity_keys_meant(wanted.full_name, wanted.birth_date)


def _year_of(wanted: Wanted) -> tuple[str, int] | None:
    """Return name and year of somebody whose day of birth the row does not know."""
    birth_date = wanted.birth_date
    if wanted.full_name is None or birth_date is None or birth_date.is_whole:
        return None
    return fold(wanted.full_name), birth_date.year


def _candidate(person: PersonOnFile, numbers: Iterable[tuple[str, str]]) -> Candidate:
    return Candidate(
        person, tuple(number for kind, number in numbers if kind in _PERSONAL_ID_KINDS)
    )
