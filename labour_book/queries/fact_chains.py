"""What stands today for facts that may have been replaced since they were read."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.facts import FACTS, FactKind
from labour_book.queries.guards import one_changed
from labour_book.queries.portions import among

LONGEST_CHAIN = 50
"""Replacements in a row that are followed."""


def live_successors(db: Db, kind: FactKind, ids: Collection[UUID]) -> list[UUID]:
    """Return the live facts that stand for some, in order of id: themselves or their successors."""
    table = FACTS[kind]
    live: set[UUID] = set()
    asked: set[UUID] = set()
    wanted = set(ids)
    for _ in range(LONGEST_CHAIN):
        if not wanted:
            break
        rows = db.execute(
            sa.select(table.c.id, table.c.voided_at, table.c.replaced_by)
            .where(among(db, table.c.id, sorted(wanted)))
            .order_by(table.c.id)
        ).all()
        asked |= wanted
        live |= {row.id for row in rows if row.voided_at is None}
        wanted = {row.replaced_by for row in rows if row.replaced_by is not None} - asked
    return sorted(live)


def void_one(
    db: Db,
    kind: FactKind,
    fact_id: UUID,
    *,
    by: str,
    at: datetime,
    reason: str,
    replaced_by: UUID | None,
) -> bool:
    """End a fact; tell whether it still stood, so that two at once do not both replace it."""
    table = FACTS[kind]
    return one_changed(
        db,
        sa.update(table)
        .where(table.c.id == fact_id, table.c.voided_at.is_(None))
        .values(voided_at=at, voided_by=by, void_reason=reason, replaced_by=replaced_by),
    )
