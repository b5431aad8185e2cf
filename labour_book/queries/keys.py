"""The public halves of the keys, kept for ever."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.rows import insert_ignoring, table_of
from labour_book.tables import SigningKey

_KEY = table_of(SigningKey)
_ALL = (
    "SELECT kid, use, chain_pem, not_before, not_after, retired_at, revoked_from FROM signing_key"
    " ORDER BY not_before, kid"
)


@dataclass(frozen=True, slots=True)
class PublishedKey:
    """A key as the public may see it, with what became of it."""

    kid: str
    use: str
    chain_pem: str
    not_before: datetime
    not_after: datetime
    retired_at: datetime | None
    revoked_from: datetime | None


def published_keys(db: Db) -> tuple[PublishedKey, ...]:
    """Return every key ever published, oldest first.

    The rows are read each time, so that a change counts at once; what they mean is remembered.
    """
    rows = db.driver.execute(_ALL).fetchall()
    return _read(db.connection().dialect, tuple(rows))


@lru_cache(maxsize=8)
def _read(dialect: sa.Dialect, rows: tuple[tuple[Any, ...], ...]) -> tuple[PublishedKey, ...]:
    """Return the keys in rows as the driver gives them."""
    kinds = [_KEY.c[name].type.dialect_impl(dialect) for name in PublishedKey.__slots__]
    readers: list[Callable[[Any], Any]] = [
        kind.result_processor(dialect, None) or _as_it_is for kind in kinds
    ]
    return tuple(
        PublishedKey(*[read(value) for read, value in zip(readers, row, strict=True)])
        for row in rows
    )


def _as_it_is(value: Any) -> Any:  # noqa: ANN401 - what the driver gives
    return value


def withdrawn_kids(db: Db, now: datetime) -> frozenset[str]:
    """Return the keys whose signatures are not believed any more."""
    rows = db.execute(sa.select(_KEY.c.kid).where(_KEY.c.revoked_from <= now).order_by(_KEY.c.kid))
    return frozenset(rows.scalars())


def lock_key_in_use(db: Db, use: str) -> str | None:
    """Return the id of the key in use, locked until the transaction ends; None if there is none."""
    row = db.execute(
        sa.select(_KEY.c.kid)
        .where(_KEY.c.use == use, _KEY.c.retired_at.is_(None))
        .order_by(_KEY.c.kid)
        .limit(1)
        .with_for_update()
    ).one_or_none()
    return None if row is None else str(row.kid)


def publish(db: Db, rows: Sequence[Mapping[str, Any]]) -> None:
    """Publish keys; one that is there already stays as it is."""
    insert_ignoring(db, _KEY, rows)


def retire(db: Db, kid: str, at: datetime) -> None:
    db.execute(
        sa.update(_KEY).where(_KEY.c.kid == kid, _KEY.c.retired_at.is_(None)).values(retired_at=at)
    )


def withdraw(db: Db, kid: str, revoked_from: datetime, at: datetime) -> bool:
    """Take a key's credit away from an instant on; tell whether there is such a key.

    A key that was withdrawn from an earlier instant stays so.
    """
    changed = db.execute(
        sa.update(_KEY)
        .where(_KEY.c.kid == kid)
        .values(
            retired_at=sa.func.coalesce(_KEY.c.retired_at, at),
            revoked_from=sa.case(
                (_KEY.c.revoked_from < revoked_from, _KEY.c.revoked_from),
                else_=sa.bindparam("from_then", revoked_from, type_=_KEY.c.revoked_from.type),
            ),
        )
        .returning(_KEY.c.kid)
    )
    return changed.one_or_none() is not None
