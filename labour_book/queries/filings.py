"""What employers filed of their workers."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.domain.filings import Declared, FilingKind, Said
from labour_book.queries.guards import insert_once
from labour_book.queries.portions import among, portions
from labour_book.queries.rows import table_of
from labour_book.tables import Filing, Person

_FILING = table_of(Filing)
_PERSON = table_of(Person)
_LATER = _FILING.alias("later")


@dataclass(frozen=True, slots=True)
class StoredFiling:
    """A declaration on record, and the receipt of it."""

    id: UUID
    receipt_no: str
    enterprise_code: str
    kind: FilingKind
    person_id: UUID
    full_name: str
    """Of the worker, as on the population register."""
    job_id: UUID
    corrects_id: UUID | None
    effective_on: date
    said: Said
    filed_at: datetime
    filed_by_name: str
    due_on: date | None
    days_late: int | None
    share_id: UUID | None
    run_id: UUID | None
    row_ordinal: int | None
    request_hash: bytes | None
    set_aside_by: UUID | None
    """The later declaration because of which this one does not count any more."""

    @property
    def declared(self) -> Declared:
        """What it tells of its job."""
        return Declared(self.id, self.kind, self.effective_on, self.said, self.corrects_id)


_COLUMNS = (
    _FILING.c.id,
    _FILING.c.receipt_no,
    _FILING.c.enterprise_code,
    _FILING.c.kind,
    _FILING.c.person_id,
    _PERSON.c.full_name,
    _FILING.c.job_id,
    _FILING.c.corrects_id,
    _FILING.c.effective_on,
    _FILING.c.body,
    _FILING.c.filed_at,
    _FILING.c.filed_by_name,
    _FILING.c.due_on,
    _FILING.c.days_late,
    _FILING.c.share_id,
    _FILING.c.run_id,
    _FILING.c.row_ordinal,
    _FILING.c.request_hash,
    _LATER.c.id.label("set_aside_by"),
)
_FILINGS = (
    sa.select(*_COLUMNS)
    .join(_PERSON, _PERSON.c.id == _FILING.c.person_id)
    .outerjoin(_LATER, _LATER.c.corrects_id == _FILING.c.id)
)


def add_filing(db: Db, row: Mapping[str, Any]) -> bool:
    """Write a declaration; tell whether it was: not if its receipt number or key is taken."""
    return insert_once(db, _FILING, row)


def filing_of(db: Db, code: str, filing_id: UUID) -> StoredFiling | None:
    """Return a declaration of an enterprise."""
    query = _FILINGS.where(_FILING.c.id == filing_id, _FILING.c.enterprise_code == code)
    return _one(db, query)


def filing_named(db: Db, code: str, key: str) -> StoredFiling | None:
    """Return what an enterprise has filed under a name of its own."""
    query = _FILINGS.where(_FILING.c.enterprise_code == code, _FILING.c.idempotency_key == key)
    return _one(db, query)


def filings_about(db: Db, code: str, person_id: UUID) -> list[StoredFiling]:
    """Return all that an enterprise has declared of a person, in the order of filing."""
    query = _FILINGS.where(
        _FILING.c.enterprise_code == code, _FILING.c.person_id == person_id
    ).order_by(_FILING.c.id)
    return [_filing(row) for row in db.execute(query)]


def filings_by(
    db: Db, code: str, *, before: UUID | None, run_id: UUID | None, limit: int
) -> list[StoredFiling]:
    """Return what an enterprise has declared, the latest first, from a place in that order on."""
    query = _FILINGS.where(_FILING.c.enterprise_code == code)
    if before is not None:
        query = query.where(_FILING.c.id < before)
    if run_id is not None:
        query = query.where(_FILING.c.run_id == run_id)
    rows = db.execute(query.order_by(_FILING.c.id.desc()).limit(limit))
    return [_filing(row) for row in rows]


def newest_about(db: Db, code: str, people: Collection[UUID]) -> dict[UUID, StoredFiling]:
    """Return the latest declaration of an enterprise about each of some people."""
    found: dict[UUID, StoredFiling] = {}
    for some in portions(people):
        query = _FILINGS.where(
            _FILING.c.enterprise_code == code, among(db, _FILING.c.person_id, some)
        ).order_by(_FILING.c.id)
        found.update((row.person_id, _filing(row)) for row in db.execute(query))
    return found


def _one(db: Db, query: sa.Select[Any]) -> StoredFiling | None:
    row = db.execute(query).one_or_none()
    return None if row is None else _filing(row)


def _filing(row: sa.Row[Any]) -> StoredFiling:
    values = dict(row._mapping)  # noqa: SLF001 - the public name of a row's mapping
    said = Said.of_body(json.loads(values.pop("body")))
    return StoredFiling(**values | {"kind": FilingKind(row.kind), "said": said})
