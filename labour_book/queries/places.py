"""Places and units in the database, for scopes and statistics; looked up in memory otherwise."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from labour_book.database import Db, insert_rows
from labour_book.queries.rows import table_of
from labour_book.tables import Place, PlaceSuccession, Unit

_PLACE = table_of(Place)
_SUCCESSION = table_of(PlaceSuccession)
_UNIT = table_of(Unit)

Rows = Sequence[Mapping[str, Any]]


def has_places(db: Db) -> bool:
    """Say whether the code lists have been loaded."""
    return bool(db.execute(sa.select(sa.exists(sa.select(_PLACE.c.id)))).scalar_one())


def add_places(db: Db, *, places: Rows, successions: Rows, units: Rows) -> None:
    """Store the places, what became of them, and the units; parents before children."""
    insert_rows(db, _PLACE, places)
    insert_rows(db, _SUCCESSION, successions)
    insert_rows(db, _UNIT, units)
