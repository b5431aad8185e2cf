"""Facts in bulk: what is live, what comes new, what is voided and replaced."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.portions import among, insert_many, portions
from labour_book.queries.rows import table_of
from labour_book.tables import EmploymentFact, InsuranceFact, ProfileFact, QualificationFact


class FactKind(StrEnum):
    """Of what a fact is."""

    EMPLOYMENT = "employment"
    INSURANCE = "insurance"
    QUALIFICATION = "qualification"
    PROFILE = "profile"


FACTS = {
    FactKind.EMPLOYMENT: table_of(EmploymentFact),
    FactKind.INSURANCE: table_of(InsuranceFact),
    FactKind.QUALIFICATION: table_of(QualificationFact),
    FactKind.PROFILE: table_of(ProfileFact),
}
_EMPLOYMENT = FACTS[FactKind.EMPLOYMENT]
_PROFILE = FACTS[FactKind.PROFILE]


@dataclass(frozen=True, slots=True)
class LiveFact:
    """A fact that is not voided, as far as needed to see whether a statement changes it."""

    id: UUID
    person_id: UUID
    fingerprint: bytes
    stated_at: datetime


@dataclass(frozen=True, slots=True)
class ContractEvent:
    """An event of a contract that is on record, live or not."""

    fact_id: UUID
    contract_id: str
    message_id: str | None
    """None when a recorded event was stated anew."""
    sequence: int
    person_id: UUID
    employer_code: str | None
    fingerprint: bytes
    live: bool
    flags: str


def live_facts(db: Db, kind: FactKind, source: str, refs: Collection[str]) -> dict[str, LiveFact]:
    """Return the live facts of a source by the names of their statements."""
    table = FACTS[kind].c
    found: dict[str, LiveFact] = {}
    for some in portions(refs):
        query = (
            sa.select(
                table.source_ref, table.id, table.person_id, table.fingerprint, table.stated_at
            )
            .where(
                table.source == source, among(db, table.source_ref, some), table.voided_at.is_(None)
            )
            .order_by(table.source_ref, table.id)
        )
        found.update((ref, LiveFact(*columns)) for ref, *columns in db.execute(query))
    return found


def add_facts(db: Db, kind: FactKind, rows: Sequence[Mapping[str, Any]]) -> None:
    insert_many(db, FACTS[kind], rows)


def void_facts(db: Db, kind: FactKind, rows: Sequence[Mapping[str, Any]]) -> None:
    """End facts; each row has ``id``, ``at``, ``by``, ``reason`` and ``replaced_by``."""
    if not rows:
        return
    table = FACTS[kind]
    statement = (
        sa.update(table)
        .where(table.c.id == sa.bindparam("fact_id"), table.c.voided_at.is_(None))
        .values(
            voided_at=sa.bindparam("at", type_=table.c.voided_at.type),
            voided_by=sa.bindparam("by"),
            void_reason=sa.bindparam("reason"),
            replaced_by=sa.bindparam("replacement", type_=table.c.replaced_by.type),
        )
    )
    db.connection().execute(
        statement,
        [
            {
                "fact_id": row["id"],
                "at": row["at"],
                "by": row["by"],
                "reason": row["reason"],
                "replacement": row["replaced_by"],
            }
            for row in rows
        ],
    )


_EVENT_COLUMNS = (
    _EMPLOYMENT.c.id,
    _EMPLOYMENT.c.contract_id,
    _EMPLOYMENT.c.message_id,
    _EMPLOYMENT.c.event_sequence,
    _EMPLOYMENT.c.person_id,
    _EMPLOYMENT.c.employer_code,
    _EMPLOYMENT.c.fingerprint,
    _EMPLOYMENT.c.voided_at.is_(None),
    _EMPLOYMENT.c.flags,
)


def events_of(db: Db, contracts: Collection[str]) -> dict[str, list[ContractEvent]]:
    """Return the recorded events of contracts, in order of their sequence."""
    found: defaultdict[str, list[ContractEvent]] = defaultdict(list)
    for some in portions(contracts):
        query = (
            sa.select(*_EVENT_COLUMNS)
            .where(
                among(db, _EMPLOYMENT.c.contract_id, some),
                _EMPLOYMENT.c.event_sequence.is_not(None),
            )
            .order_by(_EMPLOYMENT.c.contract_id, _EMPLOYMENT.c.event_sequence, _EMPLOYMENT.c.id)
        )
        for columns in db.execute(query):
            event = ContractEvent(*columns)
            found[event.contract_id].append(event)
    return found


def events_with(db: Db, messages: Collection[str]) -> dict[str, ContractEvent]:
    """Return the recorded events by the name of their message."""
    found: dict[str, ContractEvent] = {}
    for some in portions(messages):
        query = (
            sa.select(*_EVENT_COLUMNS)
            .where(among(db, _EMPLOYMENT.c.message_id, some))
            .order_by(_EMPLOYMENT.c.message_id)
        )
        for columns in db.execute(query):
            event = ContractEvent(*columns)
            assert event.message_id is not None
            found[event.message_id] = event
    return found


def fact_rows(db: Db, kind: FactKind, ids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return whole facts by id, to record them anew with something added."""
    table = FACTS[kind]
    found: dict[UUID, dict[str, Any]] = {}
    for some in portions(ids):
        query = sa.select(table).where(among(db, table.c.id, some)).order_by(table.c.id)
        found.update((row["id"], dict(row)) for row in db.execute(query).mappings())
    return found


def refs_of_people(
    db: Db, kind: str, source: str, people: Collection[UUID]
) -> dict[UUID, frozenset[str]]:
    """Return the names of the live profile statements of a kind about each of the people."""
    found: defaultdict[UUID, set[str]] = defaultdict(set)
    for some in portions(people):
        query = (
            sa.select(_PROFILE.c.person_id, _PROFILE.c.source_ref)
            .where(
                among(db, _PROFILE.c.person_id, some),
                _PROFILE.c.kind == kind,
                _PROFILE.c.source == source,
                _PROFILE.c.voided_at.is_(None),
            )
            .order_by(_PROFILE.c.person_id, _PROFILE.c.source_ref)
        )
        for person_id, ref in db.execute(query):
            found[person_id].add(ref)
    return {person: frozenset(refs) for person, refs in found.items()}


def newest_identity(db: Db, people: Collection[UUID]) -> datetime | None:
    """Return when the population register last said who one of the people is; None if never."""
    query = sa.select(sa.func.max(_PROFILE.c.stated_at)).where(
        _PROFILE.c.person_id.in_(sorted(people)),
        _PROFILE.c.kind == "identity",
        _PROFILE.c.voided_at.is_(None),
    )
    newest: datetime | None = db.execute(query).scalar_one_or_none()
    return newest
