"""Several insurance numbers of one person: who has them, and making one of them the one.

They stand in the table of merges with states of their own, kept and merged being the same person.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.facts import FACTS, FactKind
from labour_book.queries.guards import one_changed
from labour_book.queries.portions import among
from labour_book.queries.rows import table_of
from labour_book.tables import LinkProposal, Person, PersonIdentifier, ReviewDecision

_PERSON = table_of(Person)
_NUMBER = table_of(PersonIdentifier)
_PROPOSAL = table_of(LinkProposal)
_DECISION = table_of(ReviewDecision)

OWN, JOINED = "BHXH10", "JOINED_BHXH10"
"""A person's insurance number, and one that was joined to it: it still names the person."""
PROPOSED, DECLINED = "num-proposed", "num-declined"
DONE, UNDONE = "num-done", "num-undone"


@dataclass(frozen=True, slots=True)
class NumberOnFile:
    """An insurance number that names somebody; the digits are opened apart."""

    id: UUID
    kind: str
    source: str
    recorded_at: datetime


def with_several(
    db: Db, communes: Collection[str] | None, *, after: UUID | None, limit: int
) -> list[tuple[UUID, int]]:
    """Return who in some communes, or all, has several insurance numbers, and how many."""
    query = (
        sa.select(_NUMBER.c.person_id, sa.func.count())
        .join(_PERSON, _PERSON.c.id == _NUMBER.c.person_id)
        .where(_NUMBER.c.kind == OWN)
        .group_by(_NUMBER.c.person_id)
        .having(sa.func.count() > 1)
        .order_by(_NUMBER.c.person_id)
        .limit(limit)
    )
    if communes is not None:
        query = query.where(_PERSON.c.residence_commune.in_(communes))
    if after is not None:
        query = query.where(_NUMBER.c.person_id > after)
    return [(person_id, count) for person_id, count in db.execute(query)]


def insurance_numbers(db: Db, person_id: UUID) -> list[NumberOnFile]:
    """Return the insurance numbers of a person, those that were joined last; as ``numbers_of``."""
    query = (
        sa.select(_NUMBER.c.id, _NUMBER.c.kind, _NUMBER.c.source, _NUMBER.c.recorded_at)
        .where(_NUMBER.c.person_id == person_id, _NUMBER.c.kind.in_((OWN, JOINED)))
        .order_by(_NUMBER.c.kind, _NUMBER.c.id)
    )
    return [NumberOnFile(*row) for row in db.execute(query)]


def change_kind(db: Db, number_id: UUID, person_id: UUID, *, before: str, after: str) -> bool:
    """Change what a number is to a person; False if it is not what it was."""
    return one_changed(
        db,
        sa.update(_NUMBER)
        .where(
            _NUMBER.c.id == number_id,
            _NUMBER.c.person_id == person_id,
            _NUMBER.c.kind == before,
        )
        .values(kind=after),
    )


def drop_number(db: Db, number_id: UUID, person_id: UUID) -> bool:
    """Let a number name nobody any more; False if it does not name who is expected."""
    dropped = db.execute(
        sa.delete(_NUMBER)
        .where(_NUMBER.c.id == number_id, _NUMBER.c.person_id == person_id)
        .returning(_NUMBER.c.id)
    )
    return dropped.one_or_none() is not None


def rows_proposed(db: Db, person_id: UUID, limit: int) -> list[str]:
    """Return the rows in the review rooms that may mean a person, the likeliest first."""
    query = (
        sa.select(_PROPOSAL.c.subject)
        .where(
            _PROPOSAL.c.person_id == person_id,
            _PROPOSAL.c.kind == "held",
            _PROPOSAL.c.state == "open",
        )
        .order_by(_PROPOSAL.c.probability.desc(), _PROPOSAL.c.id)
        .limit(limit)
    )
    return list(db.execute(query).scalars())


def live_facts_of_runs(
    db: Db, kind: FactKind, person_id: UUID, runs: Collection[UUID]
) -> list[UUID]:
    """Return the live facts about a person that some deliveries have stated."""
    table = FACTS[kind]
    query = (
        sa.select(table.c.id)
        .where(
            among(db, table.c.run_id, sorted(runs)),
            table.c.person_id == person_id,
            table.c.voided_at.is_(None),
        )
        .order_by(table.c.id)
    )
    return list(db.execute(query).scalars())


def replaced_by(db: Db, kind: FactKind, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return what some facts have replaced, whole, by the id of the one that did."""
    table = FACTS[kind]
    query = sa.select(table).where(among(db, table.c.replaced_by, ids)).order_by(table.c.id)
    return {row["replaced_by"]: dict(row) for row in db.execute(query).mappings()}


def reopen_row(db: Db, run_id: UUID, ordinal: int, result: UUID) -> bool:
    """Let a row wait for a decision again; False if it was decided otherwise since."""
    dropped = db.execute(
        sa.delete(_DECISION)
        .where(
            _DECISION.c.run_id == run_id,
            _DECISION.c.ordinal == ordinal,
            _DECISION.c.result_run_id == result,
        )
        .returning(_DECISION.c.ordinal)
    )
    return dropped.one_or_none() is not None
