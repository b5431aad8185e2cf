"""Books, their numbers and their signed versions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db, insert_rows
from labour_book.queries import own_events
from labour_book.queries.books import Subject
from labour_book.queries.credential_copies import copies_not_valid
from labour_book.queries.portions import among
from labour_book.queries.prepared import Prepared
from labour_book.queries.rows import insert_ignoring, table_of
from labour_book.tables import Book, BookVersion, Person, StatusList

_BOOK = table_of(Book)
_VERSION = table_of(BookVersion)
_LIST = table_of(StatusList)
_PERSON = table_of(Person)

CURRENT, SUPERSEDED, REVOKED = "current", "superseded", "revoked"

_READ = (
    _VERSION.c.id,
    _VERSION.c.person_id,
    _VERSION.c.version,
    _VERSION.c.as_of,
    _VERSION.c.issued_at,
    _VERSION.c.expires_on,
    _VERSION.c.state,
    _VERSION.c.state_since,
    _VERSION.c.document,
)
_WHOSE = (_PERSON.c.id.label("subject_id"), _PERSON.c.residence_commune)
_PERSON_ID = sa.bindparam("person_id", type_=_PERSON.c.id.type)
_NEWEST_OF = Prepared(
    sa.select(*_WHOSE, *_READ)
    .select_from(_PERSON)
    .outerjoin(_BOOK, _BOOK.c.person_id == _PERSON.c.id)
    .outerjoin(
        _VERSION,
        sa.and_(
            _VERSION.c.person_id == _BOOK.c.person_id,
            _VERSION.c.version == _BOOK.c.current_version,
        ),
    )
    .where(_PERSON.c.id == _PERSON_ID)
)
_NUMBERED = Prepared(
    sa.select(*_WHOSE, *_READ)
    .select_from(_PERSON)
    .outerjoin(
        _VERSION,
        sa.and_(
            _VERSION.c.person_id == _PERSON.c.id,
            _VERSION.c.version == sa.bindparam("version", type_=sa.Integer),
        ),
    )
    .where(_PERSON.c.id == _PERSON_ID)
)


@dataclass(frozen=True, slots=True)
class StoredBook:
    """A signed version as it is read: the document is JSON and goes out as it stands."""

    version_id: UUID
    person_id: UUID
    version: int
    as_of: date
    issued_at: datetime
    expires_on: date
    state: str
    state_since: datetime
    document: str
    """The signed claims with the personal ID masked."""


@dataclass(frozen=True, slots=True)
class Found:
    """A person, and the version asked for; None if there is none."""

    subject: Subject
    book: StoredBook | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a book stands: its number, and what its newest version says of itself."""

    book_no: str
    version: int
    """0 before the first."""
    content_hash: bytes | None
    record_hash: bytes | None
    state: str | None
    expires_on: date | None
    kid: str | None


@dataclass(frozen=True, slots=True)
class SignedVersion:
    """A version with what it takes to verify or print it."""

    id: UUID
    person_id: UUID
    version: int
    as_of: date
    known_at: datetime
    issued_at: datetime
    issued_by: str
    expires_on: date
    content_hash: bytes
    record_hash: bytes
    credential: bytes
    kid: str
    status_list_id: int
    status_index: int
    state: str
    state_since: datetime
    state_reason: str | None
    newest_version: int
    """The number of the book's newest version."""
    subject: Subject


# Built once: to build a statement takes longer than to run it.
_OWN = [name for name in SignedVersion.__slots__ if name not in {"newest_version", "subject"}]
_SIGNED = (
    sa.select(*_WHOSE, _BOOK.c.current_version, *(_VERSION.c[name] for name in _OWN))
    .join(_BOOK, _BOOK.c.person_id == _VERSION.c.person_id)
    .join(_PERSON, _PERSON.c.id == _VERSION.c.person_id)
)
_SIGNED_BY_ID = Prepared(
    _SIGNED.where(_VERSION.c.id == sa.bindparam("id", type_=_VERSION.c.id.type))
)
_SIGNED_BY_LOOKUP = Prepared(
    _SIGNED.where(
        _VERSION.c.lookup_hash == sa.bindparam("lookup_hash", type_=_VERSION.c.lookup_hash.type)
    )
)
_SIGNED_NEWEST = Prepared(
    _SIGNED.where(_VERSION.c.person_id == _PERSON_ID, _VERSION.c.version == _BOOK.c.current_version)
)
_SIGNED_NUMBERED = Prepared(
    _SIGNED.where(
        _VERSION.c.person_id == _PERSON_ID,
        _VERSION.c.version == sa.bindparam("version", type_=sa.Integer),
    )
)


def stored_version(db: Db, person_id: UUID, version: int | None) -> Found | None:
    """Return a person's newest or numbered version in one query; None if no such person."""
    if version is None:
        row = _NEWEST_OF.one_or_none(db, person_id=person_id)
    else:
        row = _NUMBERED.one_or_none(db, person_id=person_id, version=version)
    if row is None:
        return None
    person, commune, *own = row
    return Found(Subject(person, commune), None if own[0] is None else StoredBook(*own))


def standings(db: Db, person_ids: Sequence[UUID]) -> dict[UUID, Standing]:
    """Return how the books of these persons stand; who has none is not in it."""
    rows = db.execute(
        sa.select(
            _BOOK.c.person_id,
            _BOOK.c.book_no,
            _BOOK.c.current_version,
            _VERSION.c.content_hash,
            _VERSION.c.record_hash,
            _VERSION.c.state,
            _VERSION.c.expires_on,
            _VERSION.c.kid,
        )
        .outerjoin(
            _VERSION,
            sa.and_(
                _VERSION.c.person_id == _BOOK.c.person_id,
                _VERSION.c.version == _BOOK.c.current_version,
            ),
        )
        .where(among(db, _BOOK.c.person_id, person_ids))
        .order_by(_BOOK.c.person_id)
    )
    return {row.person_id: Standing(*row[1:]) for row in rows}


def lock_books(db: Db, person_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return the newest version numbers, locked in one order until the transaction ends."""
    rows = db.execute(
        sa.select(_BOOK.c.person_id, _BOOK.c.current_version)
        .where(among(db, _BOOK.c.person_id, person_ids))
        .order_by(_BOOK.c.person_id)
        .with_for_update()
    )
    return {row.person_id: row.current_version for row in rows}


def begin_books(db: Db, numbers: Mapping[UUID, str], at: datetime) -> None:
    """Give books to persons who have none; a number that is taken gives none, try another."""
    rows = [
        {"person_id": each, "book_no": numbers[each], "current_version": 0, "created_at": at}
        for each in sorted(numbers)
    ]
    insert_ignoring(db, _BOOK, rows)


def book_numbers(db: Db, person_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the book numbers of those who have one."""
    rows = db.execute(
        sa.select(_BOOK.c.person_id, _BOOK.c.book_no)
        .where(among(db, _BOOK.c.person_id, person_ids))
        .order_by(_BOOK.c.person_id)
    )
    return {row.person_id: row.book_no for row in rows}


def add_versions(db: Db, rows: Sequence[Mapping[str, Any]], at: datetime) -> None:
    """Write new versions of locked books; those that were current are superseded by them."""
    persons = [row["person_id"] for row in rows]
    db.execute(
        sa.update(_VERSION)
        .where(among(db, _VERSION.c.person_id, persons), _VERSION.c.state == CURRENT)
        .values(state=SUPERSEDED, state_since=at)
    )
    db.execute(
        sa.update(_BOOK)
        .where(among(db, _BOOK.c.person_id, persons))
        .values(current_version=_BOOK.c.current_version + 1)
    )
    insert_rows(db, _VERSION, rows)
    own_events.note(db, own_events.ISSUED, persons, at)


def end_version(db: Db, version_id: UUID, *, reason: str, at: datetime) -> bool:
    """Revoke a version that is not revoked yet; tell whether it was so."""
    changed = db.execute(
        sa.update(_VERSION)
        .where(_VERSION.c.id == version_id, _VERSION.c.state != REVOKED)
        .values(state=REVOKED, state_since=at, state_reason=reason)
        .returning(_VERSION.c.person_id)
    )
    person_id = changed.scalar_one_or_none()
    if person_id is not None:
        own_events.note(db, own_events.REVOKED, [person_id], at)
    return person_id is not None


def signed_by_id(db: Db, version_id: UUID) -> SignedVersion | None:
    return _signed(_SIGNED_BY_ID.one_or_none(db, id=version_id))


def signed_version(db: Db, person_id: UUID, version: int | None) -> SignedVersion | None:
    """Return a person's newest version, or the one with that number."""
    if version is None:
        return _signed(_SIGNED_NEWEST.one_or_none(db, person_id=person_id))
    return _signed(_SIGNED_NUMBERED.one_or_none(db, person_id=person_id, version=version))


def signed_by_lookup(db: Db, lookup_hash: bytes) -> SignedVersion | None:
    return _signed(_SIGNED_BY_LOOKUP.one_or_none(db, lookup_hash=lookup_hash))


def _signed(row: tuple[Any, ...] | None) -> SignedVersion | None:
    if row is None:
        return None
    person_id, commune, newest, *own = row
    columns: dict[str, Any] = dict(zip(_OWN, own, strict=True))
    return SignedVersion(**columns, newest_version=newest, subject=Subject(person_id, commune))


def newest_list(db: Db) -> tuple[int, int, int] | None:
    """Return id, capacity and entries taken of the newest status list, locked."""
    row = db.execute(
        sa.select(_LIST.c.id, _LIST.c.capacity, _LIST.c.allocated)
        .order_by(_LIST.c.id.desc())
        .limit(1)
        .with_for_update()
    ).one_or_none()
    return None if row is None else (row.id, row.capacity, row.allocated)


def add_list(db: Db, list_id: int, *, capacity: int, at: datetime) -> None:
    """Begin a status list, unless another process has begun it just now."""
    row = {"id": list_id, "capacity": capacity, "allocated": 0, "created_at": at}
    insert_ignoring(db, _LIST, [row])


def take_entries(db: Db, list_id: int, count: int) -> None:
    """Note that so many more entries of a locked list are taken."""
    db.execute(
        sa.update(_LIST).where(_LIST.c.id == list_id).values(allocated=_LIST.c.allocated + count)
    )


def list_capacity(db: Db, list_id: int) -> int | None:
    query = sa.select(_LIST.c.capacity).where(_LIST.c.id == list_id)
    return db.execute(query).scalar_one_or_none()


def list_ids(db: Db) -> list[int]:
    return list(db.execute(sa.select(_LIST.c.id).order_by(_LIST.c.id)).scalars())


def entries_not_valid(db: Db, list_id: int) -> dict[int, str]:
    """Return the entries of a list that are superseded or revoked, with which they are."""
    rows = db.execute(
        sa.select(_VERSION.c.status_index, _VERSION.c.state)
        .where(_VERSION.c.status_list_id == list_id, _VERSION.c.state != CURRENT)
        .order_by(_VERSION.c.status_index)
    )
    return {row.status_index: row.state for row in rows} | copies_not_valid(db, list_id)
