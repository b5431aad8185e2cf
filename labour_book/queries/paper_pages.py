"""Scanned pages of old paper books, and how far their transcription is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.guards import one_changed
from labour_book.queries.rows import table_of
from labour_book.tables import PaperPage, Person

_PAGE = table_of(PaperPage)
_PERSON = table_of(Person)

SCANNED, TRANSCRIBED, RECORDED, DROPPED = "scanned", "transcribed", "recorded", "dropped"


@dataclass(frozen=True, slots=True)
class PageOnFile:
    """One page, without its picture; ``lines`` is sealed."""

    id: UUID
    person_id: UUID
    unit_code: str
    page_ref: str
    state: str
    scanned_by: str
    scanned_at: datetime
    lines: bytes | None
    transcribed_by: str | None
    transcribed_at: datetime | None
    checked_by: str | None
    checked_at: datetime | None
    note: str
    run_id: UUID | None
    full_name: str
    birth_year: int | None


_COLUMNS = (
    *(_PAGE.c[name] for name in PageOnFile.__slots__[:-2]),
    _PERSON.c.full_name,
    _PERSON.c.birth_year,
)


def add_page(db: Db, row: Mapping[str, Any]) -> None:
    db.execute(sa.insert(_PAGE), row)


def page_by_id(db: Db, page_id: UUID) -> PageOnFile | None:
    query = (
        sa.select(*_COLUMNS)
        .join(_PERSON, _PERSON.c.id == _PAGE.c.person_id)
        .where(_PAGE.c.id == page_id)
    )
    row = db.execute(query).one_or_none()
    return None if row is None else PageOnFile(*row)


def pages_of(
    db: Db, units: Collection[str], states: Collection[str], *, limit: int
) -> list[PageOnFile]:
    """Return the pages of some units in some states, the oldest first."""
    query = (
        sa.select(*_COLUMNS)
        .join(_PERSON, _PERSON.c.id == _PAGE.c.person_id)
        .where(_PAGE.c.unit_code.in_(units), _PAGE.c.state.in_(states))
        .order_by(_PAGE.c.scanned_at, _PAGE.c.id)
        .limit(limit)
    )
    return [PageOnFile(*row) for row in db.execute(query)]


def picture_of(db: Db, page_id: UUID) -> bytes:
    """Return the sealed picture of a page that is on file."""
    found: bytes = db.execute(sa.select(_PAGE.c.scan).where(_PAGE.c.id == page_id)).scalar_one()
    return found


def change_page(db: Db, page: PageOnFile, state: str, values: Mapping[str, Any]) -> bool:
    """Lead a page from the state it was found in to another; False if it stands otherwise."""
    return one_changed(
        db,
        sa.update(_PAGE)
        .where(_PAGE.c.id == page.id, _PAGE.c.state == page.state)
        .values({"state": state, **values}),
    )
