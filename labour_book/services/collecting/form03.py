"""Recording Form 03 collection workbooks (Mẫu số 03): what workers declared to their commune."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.assurance import Source
from labour_book.domain.findings import Finding
from labour_book.domain.people import identifier_kind, personal_id_findings
from labour_book.queries import facts, people
from labour_book.queries.facts import FactKind
from labour_book.queries.people import PersonOnFile
from labour_book.queries.vault import Vault
from labour_book.registers.rows import Form03Row
from labour_book.services.collecting.form03_answers import answers, employment
from labour_book.services.collecting.people import (
    StatedPerson,
    new_person,
    number_rows,
    on_file,
    projection,
)
from labour_book.services.collecting.rows import Row, instant_of, unmatched
from labour_book.services.directory import Directory
from labour_book.services.matching import Match, Wanted, birth_says, name_says
from labour_book.services.receipts import Judged
from labour_book.services.recording import Ledger, Run, Seen, Statement, new_id, statement
from signing import canonical_json

CREATED = "CREATED"
"""Matched by nothing: the person is new."""


class Form03Collector:
    """Records answers, one statement per person and commune, and the job among them.

    Who declares a sound personal ID that no register knows, and resembles nobody on file, is
    entered as a person that the population register has not confirmed.
    """

    def __init__(self, vault: Vault, seen: Seen) -> None:
        self._vault = vault
        self._seen = seen

    def collect(self, db: Db, run: Run, rows: Sequence[Row[Form03Row]]) -> list[Judged]:
        """Record the rows of one batch."""
        wanted = [wanted_of(each.said) for each in rows]
        directory = Directory(db, self._vault, run.ruling)
        directory.look_up(wanted)
        directory.look_up_numbers(
            number
            for each in wanted
            if not directory.knows_number_of(each)
            for stated in each.numbers[:1]
            for number in mistypings(stated)
        )
        batch = _Batch(db, self._vault, run, self._seen)
        batch.look_up(rows, [directory.find(each) for each in wanted])
        judged = []
        for row, whom in zip(rows, wanted, strict=True):
            match = directory.find(whom)
            if match.person is None and (
                run.ruling is not None or _may_be_entered(row.said, whom, directory)
            ):
                match = Match(batch.enter(row.said, directory), CREATED)
            if match.person is None:
                judged.append(unmatched(match, row.findings))
            else:
                judged.append(batch.record(row, match, match.person))
        batch.write()
        return judged


class _Batch:
    """What one batch looks up and writes."""

    def __init__(self, db: Db, vault: Vault, run: Run, seen: Seen) -> None:
        self._db = db
        self._vault = vault
        self._run = run
        self._profiles = Ledger(FactKind.PROFILE, Source.FORM03, run, seen)
        self._jobs = Ledger(FactKind.EMPLOYMENT, Source.FORM03, run, seen)
        self._elsewhere: dict[UUID, frozenset[str]] = {}
        self._people: list[Mapping[str, Any]] = []
        self._numbers: list[Mapping[str, Any]] = []
        self._rewritten: list[Mapping[str, Any]] = []

    def look_up(self, rows: Sequence[Row[Form03Row]], matches: Sequence[Match]) -> None:
        """Fetch what the people of the batch have declared before."""
        found = [
            (row.said, match.person)
            for row, match in zip(rows, matches, strict=True)
            if match.person is not None
        ]
        statements = [self._statement(said, person) for said, person in found]
        self._profiles.look_up(self._db, statements)
        self._jobs.look_up(self._db, statements)
        ids = {person.id for _, person in found}
        self._elsewhere.update(facts.refs_of_people(self._db, "form03", Source.FORM03, ids))

    def enter(self, row: Form03Row, directory: Directory) -> PersonOnFile:
        """Enter a person whom no register knows."""
        assert row.personal_id is not None
        person = on_file(new_id(self._run.at), _stated(row))
        numbers = [("PIN", row.personal_id)]
        self._people.append(new_person(self._run, person.id, _stated(row)))
        self._numbers += number_rows(self._vault, self._run, Source.FORM03, person.id, numbers)
        directory.learn(person, numbers)
        return person

    def record(self, row: Row[Form03Row], match: Match, person: PersonOnFile) -> Judged:
        """Record the answers of a person, and the job if they have one."""
        said = self._statement(row.said, person)
        job = employment(row.said)
        found = [*match.flags, *row.findings]
        if self._elsewhere.get(person.id, frozenset()) - {said.reference}:
            found.append(Finding("DECLARED_IN_TWO_COMMUNES", "commune_code"))
        if job is not None and row.said.contract_start is None:
            found.append(Finding("START_UNKNOWN", "contract_start"))
        judged = self._profiles.judge(said, person.id, tuple(found), match.matched_by)
        if not judged.is_written:
            return judged
        body = canonical_json(answers(row.said)).decode()
        self._profiles.record(said, judged, {"kind": "form03", "body": body})
        if job is None:
            self._jobs.end(said)
        else:
            self._jobs.record(said, judged, job)
        if person.match_state == "NOT_FOUND" and match.matched_by != CREATED:
            self._rewritten.append(projection(self._run, person.id, _stated(row.said)))
        return judged

    def write(self) -> None:
        people.add_people(self._db, self._people)
        people.rewrite_people(self._db, self._rewritten)
        people.add_numbers(self._db, self._numbers)
        self._profiles.write(self._db)
        self._jobs.write(self._db)

    def _statement(self, row: Form03Row, person: PersonOnFile) -> Statement:
        content = tuple(answers(row).items())
        stated_at = instant_of(row.collected_on.last_possible)
        return statement(self._vault, name_of(person.id, row.commune_code), content, stated_at)


def name_of(person_id: UUID, commune_code: str) -> str:
    """Return the name of the statement of a person's answers in a commune."""
    return f"form03|{person_id}|{commune_code}"


def mistypings(number: str) -> Iterator[str]:
    """Yield every number one digit, or two swapped neighbours, away from a personal ID."""
    if identifier_kind(number) != "PIN":
        return
    for place, digit in enumerate(number):
        for other in "0123456789":
            if other != digit:
                yield number[:place] + other + number[place + 1 :]
        if number[place : place + 1] != number[place + 1 : place + 2] and place + 1 < len(number):
            yield number[:place] + number[place + 1] + digit + number[place + 2 :]


def _may_be_entered(row: Form03Row, wanted: Wanted, directory: Directory) -> bool:
    """Say whether a person may be new: the number fits them, and nobody on file resembles them."""
    number = row.personal_id
    if number is None or identifier_kind(number) != "PIN" or directory.knows_number_of(wanted):
        return False
    if row.sex is None or row.birth_date is None or directory.like(wanted):
        return False
    if personal_id_findings(number, sex=row.sex, birth_date=row.birth_date):
        return False
    return not any(
        name_says(wanted.full_name, naming.person) != "different"
        or birth_says(wanted.birth_date, naming.person) == "agrees"
        for other in mistypings(number)
        for naming in directory.named_by(other)
    )


def wanted_of(row: Form03Row) -> Wanted:
    """Return whom a form names: the personal ID is believed before the insurance number."""
    numbers = [each for each in (row.personal_id, row.social_insurance_no) if each is not None]
    return Wanted(tuple(dict.fromkeys(numbers)), row.full_name, row.birth_date, row.sex)


def _stated(row: Form03Row) -> StatedPerson:
    return StatedPerson(
        full_name=row.full_name,
        birth_date=row.birth_date,
        sex=row.sex,
        ethnic_code=row.ethnic_code,
        residence_commune=row.commune_code,
        life_status="ALIVE",
        life_status_on=None,
        match_state="NOT_FOUND",
    )
