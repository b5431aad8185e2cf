"""Registered machines as stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.accounts import is_open
from labour_book.queries.guards import insert_once, one_changed
from labour_book.queries.rows import table_of
from labour_book.tables import Account, MachineClient

_ACCOUNT = table_of(Account)
_CLIENT = table_of(MachineClient)


@dataclass(frozen=True, slots=True)
class Machine:
    """A registered machine, and its account."""

    client_id: str
    account_id: UUID
    organisation: str
    purpose: str
    jwks: str
    registered_at: datetime
    scope: str
    first_day: date | None
    last_day: date | None
    closed_at: datetime | None


_QUERY = sa.select(
    *(
        _CLIENT.c[name]
        for name in (
            *("client_id", "account_id", "organisation", "purpose"),
            *("jwks", "registered_at"),
        )
    ),
    *(_ACCOUNT.c[name] for name in ("scope", "first_day", "last_day", "closed_at")),
).join(_ACCOUNT, _ACCOUNT.c.id == _CLIENT.c.account_id)


def add_machine(db: Db, row: Mapping[str, Any]) -> bool:
    """Register a machine; tell whether its id was free."""
    return insert_once(db, _CLIENT, row)


def machines(db: Db) -> list[Machine]:
    """Return all registered machines, also past ones, by id."""
    return [Machine(*row) for row in db.execute(_QUERY.order_by(_CLIENT.c.client_id))]


def machine(db: Db, client_id: str) -> Machine | None:
    """Return a machine, whether it may ask today or not."""
    row = db.execute(_QUERY.where(_CLIENT.c.client_id == client_id)).one_or_none()
    return None if row is None else Machine(*row)


def open_machine(db: Db, client_id: str, today: date) -> Machine | None:
    """Return a machine that may ask today."""
    query = _QUERY.where(_CLIENT.c.client_id == client_id, is_open(today))
    row = db.execute(query).one_or_none()
    return None if row is None else Machine(*row)


def replace_keys(db: Db, client_id: str, jwks: str) -> bool:
    """Give a machine other keys; tell whether there is such a one."""
    return one_changed(
        db, sa.update(_CLIENT).where(_CLIENT.c.client_id == client_id).values(jwks=jwks)
    )
