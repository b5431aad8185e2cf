"""Mandates as stored: given by an enterprise or a worker, and revoked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.rows import table_of
from labour_book.tables import Account, Mandate

_ACCOUNT = table_of(Account)
_MANDATE = table_of(Mandate)


@dataclass(frozen=True, slots=True)
class MandateRow:
    """One mandate, and the name by which whoever gave it calls the other."""

    id: UUID
    account_id: UUID
    name: str
    enterprise_code: str | None
    person_id: UUID | None
    scope: str
    first_day: date
    last_day: date
    given_at: datetime
    revoked_at: datetime | None


_QUERY = sa.select(
    *(_MANDATE.c[name] for name in ("id", "account_id")),
    _ACCOUNT.c.name,
    *(
        _MANDATE.c[name]
        for name in (
            *("enterprise_code", "person_id", "scope", "first_day", "last_day"),
            *("given_at", "revoked_at"),
        )
    ),
).join(_ACCOUNT, _ACCOUNT.c.id == _MANDATE.c.account_id)


def add_mandate(db: Db, row: Mapping[str, Any]) -> None:
    db.execute(sa.insert(_MANDATE), row)


def of_enterprise(db: Db, code: str) -> list[MandateRow]:
    """Return the mandates an enterprise has given, the newest first."""
    return _rows(db, _MANDATE.c.enterprise_code == code)


def of_worker(db: Db, person_id: UUID) -> list[MandateRow]:
    """Return the mandates a worker has given, the newest first."""
    return _rows(db, _MANDATE.c.person_id == person_id)


def newest(db: Db, limit: int, *, before: datetime | None = None) -> list[MandateRow]:
    """Return mandates, the newest first; ``before`` pages by when they were given."""
    query = _QUERY.order_by(_MANDATE.c.given_at.desc(), _MANDATE.c.id).limit(limit)
    if before is not None:
        query = query.where(_MANDATE.c.given_at < before)
    return [MandateRow(*row) for row in db.execute(query)]


def mandate(db: Db, mandate_id: UUID) -> MandateRow | None:
    row = db.execute(_QUERY.where(_MANDATE.c.id == mandate_id)).one_or_none()
    return None if row is None else MandateRow(*row)


def revoke(db: Db, mandate_id: UUID, *, at: datetime, by: str) -> UUID | None:
    """Revoke a mandate; return its account, None if it was revoked before."""
    revoked = db.execute(
        sa.update(_MANDATE)
        .where(_MANDATE.c.id == mandate_id, _MANDATE.c.revoked_at.is_(None))
        .values(revoked_at=at, revoked_by=by)
        .returning(_MANDATE.c.account_id)
    )
    return revoked.scalar_one_or_none()


def _rows(db: Db, which: sa.ColumnElement[bool]) -> list[MandateRow]:
    query = _QUERY.where(which).order_by(_MANDATE.c.given_at.desc(), _MANDATE.c.id)
    return [MandateRow(*row) for row in db.execute(query)]
