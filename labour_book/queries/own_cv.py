"""CVs as people want them, sealed, and who lets employment services see theirs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from json import dumps, loads
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.domain.own_cv import OwnCv
from labour_book.queries.guards import insert_once, inserting, one_changed
from labour_book.queries.rows import table_of
from labour_book.queries.vault import Vault
from labour_book.tables import CvPhoto, JobSeeking, Person, SharingSwitch
from labour_book.tables import OwnCv as OwnCvRow

_CV = table_of(OwnCvRow)
_PHOTO = table_of(CvPhoto)
_SEEKING = table_of(JobSeeking)
_PERSON = table_of(Person)
_SWITCH = table_of(SharingSwitch)
FIRST = 0
"""The revision of a CV that nobody has changed yet."""


@dataclass(frozen=True, slots=True)
class StoredCv:
    """A person's CV beside the book, and its revision."""

    cv: OwnCv
    revision: int


@dataclass(frozen=True, slots=True)
class Seeking:
    """A consent that employment services see a CV."""

    id: UUID
    person_id: UUID
    purpose: str
    wanted: str
    provinces: tuple[str, ...]
    shows: frozenset[str]
    given_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Seeker:
    """Somebody who consented, by name."""

    full_name: str
    seeking: Seeking


def own_cv(db: Db, vault: Vault, person_id: UUID) -> StoredCv:
    """Return a person's CV; an empty one where nothing was chosen yet."""
    row = db.execute(
        sa.select(_CV.c.revision, _CV.c.sealed).where(_CV.c.person_id == person_id)
    ).one_or_none()
    if row is None:
        return StoredCv(OwnCv(), FIRST)
    opened = vault.sealer.open(row.sealed, bound_to=_place_of("own_cv", person_id))
    return StoredCv(OwnCv.from_json(loads(opened)), row.revision)


def save_cv(
    db: Db, vault: Vault, person_id: UUID, cv: OwnCv, *, revision: int, now: datetime
) -> bool:
    """Store a CV made out of the one with a revision; tell whether that was still stored."""
    content = dumps(cv.as_json(), ensure_ascii=False).encode()
    sealed = vault.sealer.seal(content, bound_to=_place_of("own_cv", person_id))
    values = {"revision": revision + 1, "sealed": sealed, "changed_at": now}
    if revision == FIRST:
        return insert_once(db, _CV, {"person_id": person_id, **values})
    return one_changed(
        db,
        sa.update(_CV)
        .where(_CV.c.person_id == person_id, _CV.c.revision == revision)
        .values(values),
    )


def photo(db: Db, vault: Vault, person_id: UUID) -> bytes | None:
    """Return a person's photo as JPEG; None if there is none."""
    sealed = db.execute(
        sa.select(_PHOTO.c.sealed).where(_PHOTO.c.person_id == person_id)
    ).scalar_one_or_none()
    if sealed is None:
        return None
    return vault.sealer.open(sealed, bound_to=_place_of("cv_photo", person_id))


def has_photo(db: Db, person_id: UUID) -> bool:
    query = sa.select(_PHOTO.c.person_id).where(_PHOTO.c.person_id == person_id)
    return db.execute(query).one_or_none() is not None


def save_photo(db: Db, vault: Vault, person_id: UUID, jpeg: bytes, *, now: datetime) -> None:
    """Store a photo in place of the one before."""
    sealed = vault.sealer.seal(jpeg, bound_to=_place_of("cv_photo", person_id))
    values = {"sealed": sealed, "changed_at": now}
    insert = inserting(db, _PHOTO).values(person_id=person_id, **values)
    db.execute(insert.on_conflict_do_update(index_elements=["person_id"], set_=values))


def remove_photo(db: Db, person_id: UUID) -> bool:
    """Delete a photo; tell whether there was one."""
    statement = (
        sa.delete(_PHOTO).where(_PHOTO.c.person_id == person_id).returning(_PHOTO.c.person_id)
    )
    return db.execute(statement).one_or_none() is not None


def seeking_of(db: Db, person_id: UUID, now: datetime) -> Seeking | None:
    """Return the consent of a person that is in force; None if there is none."""
    query = sa.select(_SEEKING).where(_SEEKING.c.person_id == person_id, *_in_force(now))
    row = db.execute(query).one_or_none()
    return None if row is None else _seeking(row)


def add_seeking(db: Db, row: Mapping[str, Any]) -> bool:
    """Store a consent; tell whether the person has no other one."""
    return insert_once(db, _SEEKING, row)


def end_seeking(db: Db, person_id: UUID, now: datetime) -> bool:
    """Note that a consent was taken back, or has lapsed; tell whether there was one."""
    return one_changed(
        db,
        sa.update(_SEEKING)
        .where(_SEEKING.c.person_id == person_id, _SEEKING.c.withdrawn_at.is_(None))
        .values(withdrawn_at=now),
    )


def seekers(
    db: Db, province: str | None, now: datetime, *, after: UUID | None, limit: int
) -> list[Seeker]:
    """Return some of those who let the services of a province see their CV, in order of consent id.

    None for all provinces. Who has frozen all sharing is not among them.
    """
    query = (
        sa.select(_PERSON.c.full_name, _SEEKING)
        .join(_PERSON, _PERSON.c.id == _SEEKING.c.person_id)
        .outerjoin(_SWITCH, _SWITCH.c.person_id == _SEEKING.c.person_id)
        .where(*_in_force(now), _SWITCH.c.frozen_at.is_(None), _PERSON.c.life_status == "ALIVE")
        .order_by(_SEEKING.c.id)
        .limit(limit)
    )
    if province is not None:
        query = query.where(_SEEKING.c.provinces.contains(f" {province} ", autoescape=True))
    if after is not None:
        query = query.where(_SEEKING.c.id > after)
    return [Seeker(row.full_name, _seeking(row)) for row in db.execute(query)]


def _in_force(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return _SEEKING.c.withdrawn_at.is_(None), _SEEKING.c.expires_at > now


def _seeking(row: sa.Row[Any]) -> Seeking:
    return Seeking(
        id=row.id,
        person_id=row.person_id,
        purpose=row.purpose,
        wanted=row.wanted,
        provinces=tuple(row.provinces.split()),
        shows=frozenset(row.shows.split()),
        given_at=row.given_at,
        expires_at=row.expires_at,
    )


def _place_of(table: str, person_id: UUID) -> bytes:
    return f"{table}.sealed:".encode() + person_id.bytes
