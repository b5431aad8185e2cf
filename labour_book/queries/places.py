"""Places in the database, for scopes and statistics; looked up in memory otherwise."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from labour_book.database import Db, insert_rows
from labour_book.queries.rows import table_of
from labour_book.tables import Place, PlaceSuccession

_PLACE = table_of(Place)
_SUCCESSION = table_of(PlaceSuccession)

Rows = Sequence[Mapping[str, Any]]


def has_places(db: Db) -> bool:
    """Say whether the code lists have been loaded."""
    return bool(db.execute(sa.select(sa.exists(sa.select(_PLACE.c.id)))).scalar_one())


def add_places(db: Db, *, places: Rows, successions: Rows) -> None:
    """Store the places, and what became of them."""
    insert_rows(db, _PLACE, places)
    insert_rows(db, _SUCCESSION, successions)
