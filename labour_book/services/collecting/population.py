"""Recording extracts of the national population database (CSDLQG về dân cư)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.assurance import Source
from labour_book.domain.findings import Finding
from labour_book.domain.people import identifier_kind
from labour_book.queries import people
from labour_book.queries.facts import FactKind
from labour_book.queries.people import PersonOnFile
from labour_book.queries.vault import Vault
from labour_book.registers.rows import PopulationRow
from labour_book.services.collecting.people import (
    StatedPerson,
    new_person,
    number_rows,
    on_file,
    projection,
)
from labour_book.services.collecting.rows import Row
from labour_book.services.directory import Directory
from labour_book.services.matching import Wanted, agreement_with
from labour_book.services.receipts import Judged, Outcome
from labour_book.services.recording import Ledger, Run, Seen, Statement, new_id, statement
from signing import canonical_json


class PopulationCollector:
    """Records people: identity, projection, and the numbers that name them now or did once.

    The register has the say on who somebody is. Only where it names people together whom the
    record holds apart, or gives a number to somebody else than another source did, an official
    decides.
    """

    def __init__(self, vault: Vault, seen: Seen) -> None:
        self._vault = vault
        self._seen = seen

    def collect(self, db: Db, run: Run, rows: Sequence[Row[PopulationRow]]) -> list[Judged]:
        """Record the rows of one batch."""
        directory = Directory(db, self._vault)
        directory.look_up_numbers(
            number for each in rows for number in (each.said.personal_id, *each.said.old_ids)
        )
        ledger = Ledger(FactKind.PROFILE, Source.POPULATION, run, self._seen)
        found = [self._person(directory, each.said) for each in rows]
        ledger.look_up(
            db,
            (
                self._statement(run, each, person.id)
                for each, person in zip(rows, found, strict=True)
                if isinstance(person, PersonOnFile)
            ),
        )
        batch = _Batch(self._vault, run, directory, ledger)
        judged = [self._record(batch, each) for each in rows]
        batch.write(db)
        return judged

    def _person(self, directory: Directory, row: PopulationRow) -> PersonOnFile | Finding | None:
        """Return who the row is about: somebody on file, nobody yet, or why that is not clear."""
        meant = {}
        for naming in directory.named_by(row.personal_id):
            if naming.kind == "CANCELLED_PIN":
                return Finding("NUMBER_CANCELLED", "personal_id")
            meant[naming.person.id] = naming.person
        for number in row.old_ids:
            if identifier_kind(number) == "PIN":
                meant.update((each.person.id, each.person) for each in directory.named_by(number))
        if len(meant) > 1:
            return Finding("IDENTIFIERS_OF_TWO_PEOPLE", "old_ids")
        person = next(iter(meant.values()), None)
        if person is not None and not _may_be(row, person):
            return Finding("SOMEONE_ELSES_NUMBER", "personal_id")
        return person

    def _record(self, batch: "_Batch", row: Row[PopulationRow]) -> Judged:
        person = self._person(batch.directory, row.said)
        if isinstance(person, Finding):
            return Judged(Outcome.NEEDS_REVIEW, person.cause, (person, *row.findings))
        person_id = new_id(batch.run.at) if person is None else person.id
        said = self._statement(batch.run, row, person_id)
        findings = (*row.findings, *batch.sharing(row.said, person_id))
        judged = batch.ledger.judge(said, person_id, findings, "PERSONAL_ID")
        if judged.is_written:
            body = canonical_json(_body(row.said)).decode()
            batch.ledger.record(said, judged, {"kind": "identity", "body": body})
            batch.state(person_id, row.said, is_new=person is None)
        return judged

    def _statement(self, run: Run, row: Row[PopulationRow], person_id: UUID) -> Statement:
        said = row.said
        content = (said.personal_id, *sorted(said.old_ids), *_body(said).values())
        stated_at = row.stated_at or run.started_at
        return statement(self._vault, f"population|{person_id}", content, stated_at)


class _Batch:
    """What one batch writes about people besides the facts."""

    def __init__(self, vault: Vault, run: Run, directory: Directory, ledger: Ledger) -> None:
        self.run = run
        self.directory = directory
        self.ledger = ledger
        self._vault = vault
        self._new: list[Mapping[str, Any]] = []
        self._rewritten: list[Mapping[str, Any]] = []
        self._numbers: list[Mapping[str, Any]] = []
        self._cancelled: list[tuple[str, UUID]] = []

    def sharing(self, row: PopulationRow, person_id: UUID) -> list[Finding]:
        """Return that an old number of the row also names somebody else."""
        shared = any(
            naming.person.id != person_id
            for number in row.old_ids
            for naming in self.directory.named_by(number)
        )
        return [Finding("NUMBER_SHARED", "old_ids")] if shared else []

    def state(self, person_id: UUID, row: PopulationRow, *, is_new: bool) -> None:
        """Write who somebody is, and add the numbers that do not name them yet."""
        stated = _stated(row)
        if is_new:
            self._new.append(new_person(self.run, person_id, stated))
        else:
            self._rewritten.append(projection(self.run, person_id, stated))
        numbers = [("PIN", row.personal_id)]
        numbers += [(_old_kind(each), each) for each in dict.fromkeys(row.old_ids)]
        unknown = []
        for kind, number in numbers:
            before = {each.person.id: each.kind for each in self.directory.named_by(number)}
            if person_id not in before:
                unknown.append((kind, number))
            elif before[person_id] == "PIN" and kind == "CANCELLED_PIN":
                self._cancelled.append((number, person_id))
        self._numbers += number_rows(self._vault, self.run, Source.POPULATION, person_id, unknown)
        self.directory.learn(on_file(person_id, stated), numbers)

    def write(self, db: Db) -> None:
        people.add_people(db, self._new)
        people.rewrite_people(db, self._rewritten)
        self._cancel(db)
        people.add_numbers(db, self._numbers)
        self.ledger.write(db)

    def _cancel(self, db: Db) -> None:
        if not self._cancelled:
            return
        index = self._vault.index
        ids = people.number_ids(db, {index.of(number) for number, _ in self._cancelled})
        rows = [
            {"id": ids[index.of(number), person_id], "kind": "CANCELLED_PIN"}
            for number, person_id in self._cancelled
            if (index.of(number), person_id) in ids
        ]
        people.rewrite_numbers(db, rows)


def _may_be(row: PopulationRow, person: PersonOnFile) -> bool:
    """Say whether the row may be about a person; one whom the register stated before surely."""
    if person.match_state in {"MATCHED", "DECEASED"}:
        return True
    wanted = Wanted((), row.full_name, row.birth_date, None)
    return agreement_with(wanted, person) is not None


def _old_kind(number: str) -> str:
    return "CANCELLED_PIN" if identifier_kind(number) == "PIN" else "CMND9"


def _stated(row: PopulationRow) -> StatedPerson:
    return StatedPerson(
        full_name=row.full_name,
        birth_date=row.birth_date,
        sex=row.sex,
        ethnic_code=row.ethnic_code,
        residence_commune=row.residence_commune,
        life_status=row.life_status,
        life_status_on=row.life_status_on,
        match_state="DECEASED" if row.life_status == "DECEASED" else "MATCHED",
    )


def _body(row: PopulationRow) -> dict[str, str | None]:
    return {
        "full_name": row.full_name,
        "birth_date": str(row.birth_date),
        "sex": row.sex,
        "ethnic_code": row.ethnic_code,
        "residence_commune": row.residence_commune,
        "life_status": row.life_status,
        "life_status_on": None if row.life_status_on is None else str(row.life_status_on),
    }
