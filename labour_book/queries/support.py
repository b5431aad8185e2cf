"""Proposals of support as they are stored; each change of one is one UPDATE with its guard."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db, insert_rows
from labour_book.domain.support import OPEN, TRANSITIONS, Step
from labour_book.queries.guards import one_changed
from labour_book.queries.portions import among, portions
from labour_book.queries.rows import table_of
from labour_book.tables import SupportProposal

_PROPOSAL = table_of(SupportProposal)


@dataclass(frozen=True, slots=True)
class StoredProposal:
    """A proposal on file."""

    id: UUID
    person_id: UUID
    policy: str
    about: str
    job_loss_id: UUID | None
    level: int
    state: str
    holds: bool | None
    sum_value: str | None
    sum_unit: str | None
    sum_most: str | None
    due_on: date | None
    findings: str
    """JSON."""
    overlap: str
    overlap_on: date | None
    dossier_id: UUID | None
    reason: str | None
    commune_code: str | None
    created_at: datetime
    changed_at: datetime
    closed_at: datetime | None


_COLUMNS = tuple(_PROPOSAL.c[name] for name in StoredProposal.__slots__)


def proposals_of_people(db: Db, people: Collection[UUID]) -> dict[UUID, list[StoredProposal]]:
    """Return the proposals of some people, the newest first."""
    found: dict[UUID, list[StoredProposal]] = {each: [] for each in people}
    for some in portions(people):
        query = (
            sa.select(*_COLUMNS)
            .where(among(db, _PROPOSAL.c.person_id, some))
            .order_by(_PROPOSAL.c.person_id, _PROPOSAL.c.created_at.desc(), _PROPOSAL.c.id)
        )
        for row in db.execute(query):
            found[row.person_id].append(StoredProposal(*row))
    return found


def proposal_by_id(db: Db, proposal_id: UUID) -> StoredProposal | None:
    """Return a proposal; None if there is none of that id."""
    return _one(db, _PROPOSAL.c.id == proposal_id)


def proposal_of_dossier(db: Db, dossier_id: UUID) -> StoredProposal | None:
    """Return what a dossier was begun for; None if it was begun without a proposal."""
    return _one(db, _PROPOSAL.c.dossier_id == dossier_id)


def add(db: Db, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store new proposals."""
    insert_rows(db, _PROPOSAL, rows)


def take_step(
    db: Db, proposal_id: UUID, step: Step, values: Mapping[str, Any], *, now: datetime
) -> bool:
    """Take a step with a proposal; tell whether it was in a state from which that may be done."""
    before, after = TRANSITIONS[step]
    closed = None if after in OPEN else now
    return one_changed(
        db,
        sa.update(_PROPOSAL)
        .where(_PROPOSAL.c.id == proposal_id, _PROPOSAL.c.state.in_(sorted(before)))
        .values(dict(values) | {"state": after, "changed_at": now, "closed_at": closed}),
    )


def revise(db: Db, proposal: StoredProposal, values: Mapping[str, Any], *, now: datetime) -> bool:
    """Change what a proposal says, if nobody has moved it since it was read; tell whether so."""
    return one_changed(
        db,
        sa.update(_PROPOSAL)
        .where(_PROPOSAL.c.id == proposal.id, _PROPOSAL.c.state == proposal.state)
        .values(dict(values) | {"changed_at": now}),
    )


def lead(db: Db, proposal_id: UUID, values: Mapping[str, Any], *, holder: UUID, state: str) -> bool:
    """Lead a person's proposal elsewhere, or set it aside; tell whether it was as it was read."""
    return one_changed(
        db,
        sa.update(_PROPOSAL)
        .where(
            _PROPOSAL.c.id == proposal_id,
            _PROPOSAL.c.person_id == holder,
            _PROPOSAL.c.state == state,
        )
        .values(dict(values)),
    )


def overdue(db: Db, on: date, limit: int) -> list[StoredProposal]:
    """Return proposals that nobody has started and whose last day has passed, oldest first."""
    query = (
        sa.select(*_COLUMNS)
        .where(
            _PROPOSAL.c.due_on < on,
            _PROPOSAL.c.state.in_(sorted(TRANSITIONS[Step.EXPIRE][0])),
        )
        .order_by(_PROPOSAL.c.due_on, _PROPOSAL.c.id)
        .limit(limit)
    )
    return [StoredProposal(*row) for row in db.execute(query)]


def _one(db: Db, condition: sa.ColumnElement[bool]) -> StoredProposal | None:
    row = db.execute(sa.select(*_COLUMNS).where(condition)).one_or_none()
    return None if row is None else StoredProposal(*row)
