"""Finding a person as an official does: by a number, or by name, year of birth and commune."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries import units
from labour_book.queries.rows import table_of
from labour_book.tables import Book, BookVersion, Person, PersonIdentifier, Place

_PERSON = table_of(Person)
_NUMBER = table_of(PersonIdentifier)
_PLACE = table_of(Place)
_BOOK = table_of(Book)
_VERSION = table_of(BookVersion)


@dataclass(frozen=True, slots=True)
class PersonFound:
    """A person in a list, as far as needed to tell them from others; no number."""

    id: UUID
    full_name: str
    birth_year: int | None
    sex: str | None
    commune_code: str | None
    commune: str | None
    life_status: str
    match_state: str
    book_version: int
    """0 before the first book."""


@dataclass(frozen=True, slots=True)
class CommuneRow:
    """A commune that a unit serves."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A signed version of a book, without what it says."""

    version: int
    issued_at: datetime
    expires_on: date
    state: str
    state_since: datetime
    state_reason: str | None


_FOUND = (
    _PERSON.c.id,
    _PERSON.c.full_name,
    _PERSON.c.birth_year,
    _PERSON.c.sex,
    _PERSON.c.residence_commune,
    _PLACE.c.name,
    _PERSON.c.life_status,
    _PERSON.c.match_state,
    sa.func.coalesce(_BOOK.c.current_version, 0),
)


def communes_of(db: Db, unit_code: str, on: date) -> list[CommuneRow] | None:
    """Return the communes that a unit serves on a day; None for one that serves everybody."""
    under = units.below(unit_code, on)
    everywhere = sa.select(sa.literal(1)).where(
        under.c.kind != "commune", under.c.place_code.is_(None)
    )
    if db.execute(sa.select(everywhere.exists())).scalar_one():
        return None
    of_province = sa.select(under.c.place_code).where(under.c.kind.in_(units.OF_PROVINCE))
    of_commune = sa.select(under.c.place_code).where(under.c.kind == "commune")
    rows = db.execute(
        sa.select(_PLACE.c.code, _PLACE.c.name)
        .where(
            _PLACE.c.level == "commune",
            _PLACE.c.valid_to.is_(None),
            sa.or_(_PLACE.c.parent_code.in_(of_province), _PLACE.c.code.in_(of_commune)),
        )
        .order_by(_PLACE.c.name, _PLACE.c.code)
    )
    return [CommuneRow(*row) for row in rows]


def found_by_number(db: Db, index: bytes, communes: Collection[str] | None) -> list[PersonFound]:
    """Return whom a number names, or once named, in the communes; None for everywhere."""
    query = _people().join(_NUMBER, _NUMBER.c.person_id == _PERSON.c.id)
    query = query.where(_NUMBER.c.blind_index == index)
    return _listed(db, query, communes, limit=None)


def found_by_name(
    db: Db, search_key: str, birth_year: int, communes: Collection[str] | None, *, limit: int
) -> list[PersonFound]:
    """Return who has a folded name and year of birth in the communes; None for everywhere."""
    query = _people().where(_PERSON.c.search_key == search_key, _PERSON.c.birth_year == birth_year)
    return _listed(db, query, communes, limit=limit)


def born_in(db: Db, birth_year: int, commune: str, *, limit: int) -> list[PersonFound]:
    """Return who of a commune was born in a year, for names that are nearly the one asked for."""
    query = _people().where(
        _PERSON.c.residence_commune == commune, _PERSON.c.birth_year == birth_year
    )
    return _listed(db, query, None, limit=limit)


def people_by_id(db: Db, ids: Sequence[UUID]) -> dict[UUID, PersonFound]:
    """Return persons as lists show them, by id."""
    rows = db.execute(_people().where(_PERSON.c.id.in_(ids)))
    return {row.id: PersonFound(*row) for row in rows}


def versions_of(db: Db, person_id: UUID) -> list[VersionRow]:
    """Return the versions of a person's book, newest first."""
    columns = (_VERSION.c[name] for name in VersionRow.__slots__)
    rows = db.execute(
        sa.select(*columns)
        .where(_VERSION.c.person_id == person_id)
        .order_by(_VERSION.c.version.desc())
    )
    return [VersionRow(*row) for row in rows]


def _people() -> sa.Select[Any]:
    return (
        sa.select(*_FOUND)
        .select_from(_PERSON)
        .outerjoin(
            _PLACE,
            sa.and_(
                _PLACE.c.level == "commune",
                _PLACE.c.code == _PERSON.c.residence_commune,
                _PLACE.c.valid_to.is_(None),
            ),
        )
        .outerjoin(_BOOK, _BOOK.c.person_id == _PERSON.c.id)
        .order_by(_PERSON.c.id)
    )


def _listed(
    db: Db, query: sa.Select[Any], communes: Collection[str] | None, *, limit: int | None
) -> list[PersonFound]:
    if communes is not None:
        query = query.where(_PERSON.c.residence_commune.in_(sorted(communes)))
    rows = db.execute(query.limit(limit))
    return [PersonFound(*row) for row in rows]
