"""People and the numbers that name them, found in bulk."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.domain.people import PartialDate, fold
from labour_book.queries.portions import among, insert_many, portions
from labour_book.queries.rows import table_of
from labour_book.queries.vault import Vault
from labour_book.tables import Person, PersonIdentifier

_PERSON = table_of(Person)
_NUMBER = table_of(PersonIdentifier)
MANY_PEOPLE = 100_000
"""From here on an estimate of how many they are will do."""

_COLUMNS = (
    _PERSON.c.id,
    _PERSON.c.full_name,
    _PERSON.c.birth_date,
    _PERSON.c.sex,
    _PERSON.c.life_status,
    _PERSON.c.life_status_on,
    _PERSON.c.match_state,
)


@dataclass(frozen=True, slots=True)
class PersonOnFile:
    """A person as far as needed to say whether a row means them."""

    id: UUID
    full_name: str
    birth_date: PartialDate | None
    sex: str | None
    life_status: str
    life_status_on: date | None
    match_state: str


@dataclass(frozen=True, slots=True)
class Naming:
    """That a number of some kind names a person."""

    kind: str
    person: PersonOnFile


def named_by(db: Db, indexes: Collection[bytes]) -> dict[bytes, list[Naming]]:
    """Return who is named by each of the numbers, given by their blind indexes."""
    found: defaultdict[bytes, list[Naming]] = defaultdict(list)
    for some in portions(indexes):
        query = (
            sa.select(_NUMBER.c.blind_index, _NUMBER.c.kind, *_COLUMNS)
            .join(_PERSON, _PERSON.c.id == _NUMBER.c.person_id)
            .where(among(db, _NUMBER.c.blind_index, some))
            .order_by(_NUMBER.c.blind_index, _NUMBER.c.person_id)
        )
        for index, kind, *columns in db.execute(query):
            found[index].append(Naming(kind, _person(columns)))
    return found


def people_by_ids(db: Db, ids: Collection[UUID]) -> dict[UUID, PersonOnFile]:
    """Return people by id; who is not on file is left out."""
    found: dict[UUID, PersonOnFile] = {}
    for some in portions(ids):
        query = sa.select(*_COLUMNS).where(among(db, _PERSON.c.id, some)).order_by(_PERSON.c.id)
        found.update((columns[0], _person(columns)) for columns in db.execute(query))
    return found


def people_like(db: Db, keys: Collection[bytes]) -> dict[bytes, list[PersonOnFile]]:
    """Return who has each of the identity keys: the same folded name and full birth date."""
    found: defaultdict[bytes, list[PersonOnFile]] = defaultdict(list)
    for some in portions(keys):
        query = (
            sa.select(_PERSON.c.identity_key, *_COLUMNS)
            .where(among(db, _PERSON.c.identity_key, some))
            .order_by(_PERSON.c.identity_key, _PERSON.c.id)
        )
        for key, *columns in db.execute(query):
            found[key].append(_person(columns))
    return found


def people_of_year(
    db: Db, wanted: Collection[tuple[str, int]]
) -> dict[tuple[str, int], list[PersonOnFile]]:
    """Return who has each of the search keys and was born in the year beside it."""
    found: defaultdict[tuple[str, int], list[PersonOnFile]] = defaultdict(list)
    for some in portions(wanted):
        query = (
            sa.select(_PERSON.c.search_key, _PERSON.c.birth_year, *_COLUMNS)
            .where(
                _PERSON.c.search_key.in_({key for key, _ in some}),
                _PERSON.c.birth_year.in_({year for _, year in some}),
            )
            .order_by(_PERSON.c.search_key, _PERSON.c.id)
        )
        for key, year, *columns in db.execute(query):
            found[key, year].append(_person(columns))
    return {each: found[each] for each in wanted if each in found}


def people_named(db: Db, keys: Collection[str], *, most: int) -> dict[str, list[UUID]]:
    """Return who has each of the search keys, by id; a key that more people have is left out."""
    found: defaultdict[str, list[UUID]] = defaultdict(list)
    for some in portions(keys):
        rare = (
            sa.select(_PERSON.c.search_key)
            .where(among(db, _PERSON.c.search_key, some))
            .group_by(_PERSON.c.search_key)
            .having(sa.func.count() <= most)
        )
        query = (
            sa.select(_PERSON.c.search_key, _PERSON.c.id)
            .where(_PERSON.c.search_key.in_(rare))
            .order_by(_PERSON.c.search_key, _PERSON.c.id)
        )
        for key, person_id in db.execute(query):
            found[key].append(person_id)
    return dict(found)


def numbers_of(db: Db, vault: Vault, people: Collection[UUID]) -> dict[UUID, list[tuple[str, str]]]:
    """Return the kind and the digits of every number that names each of the people."""
    found: defaultdict[UUID, list[tuple[str, str]]] = defaultdict(list)
    for some in portions(people):
        query = (
            sa.select(_NUMBER.c.id, _NUMBER.c.person_id, _NUMBER.c.kind, _NUMBER.c.sealed)
            .where(among(db, _NUMBER.c.person_id, some))
            .order_by(_NUMBER.c.person_id, _NUMBER.c.kind, _NUMBER.c.id)
        )
        for number_id, person_id, kind, sealed in db.execute(query):
            digits = vault.sealer.open(sealed, bound_to=_place_of(number_id)).decode()
            found[person_id].append((kind, digits))
    return found


def people_with_several(db: Db, people: Collection[UUID], kind: str) -> frozenset[UUID]:
    """Return those of the people whom more than one number of a kind names."""
    found: set[UUID] = set()
    for some in portions(people):
        query = (
            sa.select(_NUMBER.c.person_id)
            .where(among(db, _NUMBER.c.person_id, some), _NUMBER.c.kind == kind)
            .group_by(_NUMBER.c.person_id)
            .having(sa.func.count() > 1)
            .order_by(_NUMBER.c.person_id)
        )
        found.update(db.execute(query).scalars())
    return frozenset(found)


def count_people(db: Db) -> int:
    """Return how many people are on file."""
    counted: int = db.execute(sa.select(sa.func.count()).select_from(_PERSON)).scalar_one()
    return counted


def count_about(db: Db) -> int:
    """Return about how many people are on file: of many, PostgreSQL's own estimate."""
    if db.connection().dialect.name == "postgresql":
        estimated = sa.text("SELECT reltuples FROM pg_class WHERE oid = CAST('person' AS regclass)")
        about = int(db.execute(estimated).scalar_one())
        if about >= MANY_PEOPLE:
            return about
    return count_people(db)


def add_people(db: Db, rows: Sequence[Mapping[str, Any]]) -> None:
    insert_many(db, _PERSON, rows)


def add_numbers(db: Db, rows: Sequence[Mapping[str, Any]]) -> None:
    insert_many(db, _NUMBER, rows)


def rewrite_people(db: Db, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rewrite the projection of people; every row has the same columns and ``id``."""
    _update_by_id(db, _PERSON, rows)


def rewrite_numbers(db: Db, rows: Sequence[Mapping[str, Any]]) -> None:
    """Change the kind or the end of numbers; every row has the same columns and ``id``."""
    _update_by_id(db, _NUMBER, rows)


def number_ids(db: Db, indexes: Collection[bytes]) -> dict[tuple[bytes, UUID], UUID]:
    """Return the id of each number row by its blind index and person."""
    found: dict[tuple[bytes, UUID], UUID] = {}
    for some in portions(indexes):
        query = (
            sa.select(_NUMBER.c.blind_index, _NUMBER.c.person_id, _NUMBER.c.id)
            .where(among(db, _NUMBER.c.blind_index, some))
            .order_by(_NUMBER.c.id)
        )
        found.update(((index, person), each) for index, person, each in db.execute(query))
    return found


def seal_number(vault: Vault, number_id: UUID, digits: str) -> bytes:
    """Seal a number for its row of ``person_identifier``."""
    return vault.sealer.seal(digits.encode(), bound_to=_place_of(number_id))


@lru_cache(maxsize=65_536)
def identity_key(full_name: str, birth_date: PartialDate | None) -> bytes | None:
    """Return the key that people with the same folded name and birth date share.

    Where the day of birth is not known, it is the key of the name and the year.
    """
    if birth_date is None:
        return None
    born = str(birth_date) if birth_date.is_whole else str(birth_date.year)
    return blake2b(f"{fold(full_name)}|{born}".encode(), digest_size=16).digest()


def identity_keys_meant(full_name: str, birth_date: PartialDate | None) -> tuple[bytes, ...]:
    """Return the keys under which somebody with this name and full birth date may be on file.

    None when the day of birth is not known: name and year are no ground for anything.
    """
    if birth_date is None or not birth_date.is_whole:
        return ()
    keys = (
        identity_key(full_name, birth_date),
        identity_key(full_name, PartialDate(birth_date.year)),
    )
    return tuple(key for key in keys if key is not None)


_day = lru_cache(maxsize=65_536)(PartialDate.parse)


def _person(columns: Sequence[Any]) -> PersonOnFile:
    person_id, full_name, birth_date, *rest = columns
    born = _day(birth_date) if birth_date is not None else None
    return PersonOnFile(person_id, full_name, born, *rest)


def _place_of(number_id: UUID) -> bytes:
    return b"person_identifier.sealed:" + number_id.bytes


def _update_by_id(db: Db, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        return
    columns = [name for name in rows[0] if name != "id"]
    statement = (
        sa.update(table)
        .where(table.c.id == sa.bindparam("key_id"))
        .values({name: sa.bindparam(f"new_{name}") for name in columns})
    )
    db.connection().execute(
        statement,
        [{"key_id": row["id"]} | {f"new_{name}": row[name] for name in columns} for row in rows],
    )
