"""Who stands behind an account, for telling people who looked."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.rows import table_of
from labour_book.tables import Account, Unit

_ACCOUNT = table_of(Account)
_UNIT = table_of(Unit)


@dataclass(frozen=True, slots=True)
class Actor:
    """An account as it is told to others."""

    name: str
    unit_name: str | None
    enterprise_code: str | None
    unit_code: str | None


def actors_by_id(db: Db, ids: Collection[UUID]) -> dict[UUID, Actor]:
    """Return who stands behind accounts, also closed ones."""
    rows = db.execute(
        sa.select(
            _ACCOUNT.c.id,
            _ACCOUNT.c.name,
            _UNIT.c.name,
            _ACCOUNT.c.enterprise_code,
            _ACCOUNT.c.unit_code,
        )
        .outerjoin(_UNIT, _UNIT.c.code == _ACCOUNT.c.unit_code)
        .where(_ACCOUNT.c.id.in_(sorted(ids)))
        .order_by(_ACCOUNT.c.id)
    )
    return {row[0]: Actor(*row[1:]) for row in rows}
