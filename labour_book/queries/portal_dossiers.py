"""Dossiers handed over to the public service portal; each change is one UPDATE with its guard."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.guards import insert_once, one_changed
from labour_book.queries.portions import among, portions
from labour_book.queries.rows import table_of
from labour_book.tables import PortalDossier

_DOSSIER = table_of(PortalDossier)
BEGUN, HANDED_OVER = "begun", "handed-over"


@dataclass(frozen=True, slots=True)
class StoredDossier:
    """A dossier as it is stored; what it says is sealed."""

    id: UUID
    person_id: UUID
    code: str
    procedure: str
    said: bytes
    state: str
    created_at: datetime
    reference: str | None
    address: str | None
    result_id: UUID | None
    decided_on: date | None


_STORED = tuple(_DOSSIER.c[name] for name in StoredDossier.__slots__)


def add_dossier(db: Db, row: Mapping[str, Any]) -> bool:
    """Store a dossier that was begun; tell whether its id was free."""
    return insert_once(db, _DOSSIER, row)


def dossier_by_code(db: Db, code: str) -> StoredDossier | None:
    """Return a dossier by what it is called; None if there is none."""
    row = db.execute(sa.select(*_STORED).where(_DOSSIER.c.code == code)).one_or_none()
    return None if row is None else StoredDossier(*row)


def dossiers_of(db: Db, person_id: UUID, *, limit: int) -> list[StoredDossier]:
    """Return the dossiers of a person, the newest first."""
    query = (
        sa.select(*_STORED)
        .where(_DOSSIER.c.person_id == person_id)
        .order_by(_DOSSIER.c.created_at.desc(), _DOSSIER.c.id)
        .limit(limit)
    )
    return [StoredDossier(*row) for row in db.execute(query)]


def hand_over(db: Db, dossier_id: UUID, *, reference: str, address: str, now: datetime) -> bool:
    """Note that the portal has taken a dossier; tell whether it had not been so before."""
    return one_changed(
        db,
        sa.update(_DOSSIER)
        .where(_DOSSIER.c.id == dossier_id, _DOSSIER.c.state == BEGUN)
        .values(state=HANDED_OVER, reference=reference, address=address, handed_at=now),
    )


def end(
    db: Db, dossier_id: UUID, state: str, *, result_id: UUID, decided_on: date, now: datetime
) -> bool:
    """Note the result of a dossier; tell whether it had none."""
    return one_changed(
        db,
        sa.update(_DOSSIER)
        .where(_DOSSIER.c.id == dossier_id, _DOSSIER.c.result_id.is_(None))
        .values(state=state, result_id=result_id, decided_on=decided_on, ended_at=now),
    )


def dossiers_by_id(db: Db, ids: Collection[UUID]) -> dict[UUID, StoredDossier]:
    """Return some dossiers by their id."""
    found: dict[UUID, StoredDossier] = {}
    for some in portions(ids):
        query = sa.select(*_STORED).where(among(db, _DOSSIER.c.id, some)).order_by(_DOSSIER.c.id)
        found.update((row.id, StoredDossier(*row)) for row in db.execute(query))
    return found
