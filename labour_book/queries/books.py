"""The facts books are assembled from, for many persons at once, as known at an instant.

Reads Core rows and gives the domain's values: no objects of tables leave, none are made. One
query for each kind of fact, whatever the number of persons (some thousands at most).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from json import loads
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.domain.assurance import Source
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.facts import (
    EmployerRecord,
    EmploymentFact,
    IdentityFact,
    InsuranceFact,
    QualificationFact,
)
from labour_book.domain.months import Month
from labour_book.queries import employer_records, fact_rows, merges
from labour_book.queries.portions import among
from labour_book.queries.rows import table_of
from labour_book.queries.vault import Vault
from labour_book.tables import EmploymentFact as EmploymentRow
from labour_book.tables import InsuranceFact as InsuranceRow
from labour_book.tables import Person, PersonIdentifier, ProfileFact
from labour_book.tables import QualificationFact as QualificationRow

_PERSON = table_of(Person)
_IDENTIFIER = table_of(PersonIdentifier)
_EMPLOYMENT = table_of(EmploymentRow)
_INSURANCE = table_of(InsuranceRow)
_QUALIFICATION = table_of(QualificationRow)
_PROFILE = table_of(ProfileFact)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a deed is about: what permission depends on, and nothing else of the person."""

    person_id: UUID
    residence_commune: str | None


@dataclass(slots=True)
class PersonFacts:
    """All that was known about one person at an instant."""

    identity: IdentityFact
    match_state: str
    """As of now; the register's answer is not kept by time."""
    personal_id: str | None = None
    economic_activity: str | None = None
    employments: list[EmploymentFact] = field(default_factory=list)
    insurance: list[InsuranceFact] = field(default_factory=list)
    qualifications: list[QualificationFact] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Known:
    """The facts about some persons, and the employers they name."""

    people: Mapping[UUID, PersonFacts]
    """In order of person id; who does not exist is not in it."""
    employers: Mapping[str, EmployerRecord]
    """By employer id."""


def subject(db: Db, person_id: UUID) -> Subject | None:
    """Return a person as permission sees it; None if there is no such person."""
    row = db.execute(
        sa.select(_PERSON.c.id, _PERSON.c.residence_commune).where(_PERSON.c.id == person_id)
    ).one_or_none()
    return None if row is None else Subject(row.id, row.residence_commune)


def person_ids_after(
    db: Db, after: UUID | None, *, limit: int, through: UUID | None = None
) -> list[UUID]:
    """Return the next persons in order of id, up to and with ``through`` where that is given."""
    query = sa.select(_PERSON.c.id).order_by(_PERSON.c.id).limit(limit)
    if through is not None:
        query = query.where(_PERSON.c.id <= through)
    if after is not None:
        query = query.where(_PERSON.c.id > after)
    return list(db.execute(query).scalars())


def insurance_reported_through(db: Db, known_at: datetime) -> Month | None:
    """Return the last month that the insurance register had reported by an instant.

    A running range is reported through the month before it was stated; the newest one tells for
    all. None where no range runs.
    """
    # One end of the index: millions of ranges are stated at the same instant, and to put those in
    # any further order would read them all.
    stated = db.execute(
        sa.select(sa.func.max(_INSURANCE.c.stated_at)).where(
            _INSURANCE.c.last_month.is_(None), _INSURANCE.c.recorded_at <= known_at
        )
    ).scalar_one_or_none()
    return None if stated is None else Month.of_day(vietnam_day(stated)).plus(-1)


def insurance_counted_through(db: Db, now: datetime) -> Month:
    """Return the last month that the insurance register reported; without one the month before."""
    return insurance_reported_through(db, now) or Month.of_day(vietnam_day(now)).plus(-1)


def facts_of(db: Db, vault: Vault, person_ids: Sequence[UUID], known_at: datetime) -> Known:
    """Return what was known at an instant about each of the persons."""
    people = _people(db, person_ids)
    _add_profiles(db, people, known_at)
    _add_personal_ids(db, vault, people, known_at)
    named: set[UUID | None] = set()
    for row in _live(db, _EMPLOYMENT, fact_rows.EMPLOYMENT, people, known_at):
        people[row.person_id].employments.append(fact_rows.employment(row))
        named.add(row.employer_id)
    for row in _live(db, _INSURANCE, fact_rows.INSURANCE, people, known_at):
        people[row.person_id].insurance.append(fact_rows.insurance(row))
        named.add(row.employer_id)
    for row in _live(db, _QUALIFICATION, fact_rows.QUALIFICATION, people, known_at):
        people[row.person_id].qualifications.append(fact_rows.qualification(row))
    employer_ids = {each for each in named if each is not None}
    return Known(people, employer_records.records_of(db, employer_ids, known_at))


def _people(db: Db, person_ids: Sequence[UUID]) -> dict[UUID, PersonFacts]:
    rows = db.execute(
        sa.select(_PERSON).where(among(db, _PERSON.c.id, person_ids)).order_by(_PERSON.c.id)
    )
    return {
        row.id: PersonFacts(
            fact_rows.identity_of_person(row, Source.INSURANCE), match_state=row.match_state
        )
        for row in rows.all()
    }


def _add_profiles(db: Db, people: Mapping[UUID, PersonFacts], known_at: datetime) -> None:
    """Set identity and economic activity; of several statements the last one read holds.

    Facts come oldest first; what the population register states wins over every other source.
    """
    for row in _live(db, _PROFILE, fact_rows.PROFILE, people, known_at):
        person = people[row.person_id]
        if row.kind != "identity":
            person.economic_activity = loads(row.body).get("economic_activity")
            continue
        stated = fact_rows.identity(row)
        if stated.source == Source.POPULATION or person.identity.source != Source.POPULATION:
            person.identity = stated


def _add_personal_ids(
    db: Db, vault: Vault, people: Mapping[UUID, PersonFacts], known_at: datetime
) -> None:
    then = merges.personal_ids_then(db, people, known_at)
    named = sa.and_(among(db, _IDENTIFIER.c.person_id, people), _IDENTIFIER.c.kind == "PIN")
    rows = db.execute(
        sa.select(_IDENTIFIER.c.id, _IDENTIFIER.c.person_id, _IDENTIFIER.c.sealed)
        .where(
            sa.or_(named, among(db, _IDENTIFIER.c.id, then)) if then else named,
            _IDENTIFIER.c.recorded_at <= known_at,
        )
        .order_by(_IDENTIFIER.c.person_id, _IDENTIFIER.c.recorded_at, _IDENTIFIER.c.id)
    )
    for row in rows.all():
        person_id, kind = then.get(row.id, (row.person_id, "PIN"))
        if kind != "PIN" or person_id not in people:
            continue
        place = b"person_identifier.sealed:" + row.id.bytes  # as ``people.seal_number``
        people[person_id].personal_id = vault.sealer.open(row.sealed, bound_to=place).decode()


def _live(
    db: Db,
    table: sa.Table,
    columns: Iterable[str],
    people: Collection[UUID],
    known_at: datetime,
) -> Sequence[sa.Row[*tuple[Any, ...]]]:
    """Return the facts of a kind that were recorded and not yet voided at an instant."""
    facts = table.c
    found = db.execute(
        sa.select(*(facts[name] for name in columns))
        .where(
            among(db, facts.person_id, people),
            facts.recorded_at <= known_at,
            sa.or_(facts.voided_at.is_(None), facts.voided_at > known_at),
        )
        .order_by(facts.person_id, facts.stated_at, facts.recorded_at, facts.id)
    )
    return found.all()  # one at a time they would come from the driver one at a time
