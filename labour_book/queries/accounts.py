"""Who may call: accounts, the tokens they hold, and which places a unit serves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.prepared import Prepared
from labour_book.queries.rows import table_of
from labour_book.tables import AccessToken, Account, Place, Unit

_ACCOUNT = table_of(Account)
_TOKEN = table_of(AccessToken)
_UNIT = table_of(Unit)
_PLACE = table_of(Place)

HOLDER = (
    _ACCOUNT.c.id,
    _ACCOUNT.c.kind,
    _ACCOUNT.c.name,
    _ACCOUNT.c.role,
    _ACCOUNT.c.unit_code,
    _ACCOUNT.c.person_id,
    _ACCOUNT.c.enterprise_code,
)
"""The columns of ``Holder``; its level comes from what was shown."""

_BY_TOKEN = Prepared(
    sa.select(*HOLDER, _TOKEN.c.level)
    .join(_TOKEN, _TOKEN.c.account_id == _ACCOUNT.c.id)
    .where(
        _TOKEN.c.token_hash == sa.bindparam("token_hash", type_=_TOKEN.c.token_hash.type),
        _TOKEN.c.revoked_at.is_(None),
        _TOKEN.c.expires_at > sa.bindparam("now", type_=_TOKEN.c.expires_at.type),
        _ACCOUNT.c.closed_at.is_(None),
    )
)


@dataclass(frozen=True, slots=True)
class Holder:
    """The account that holds a token or a session."""

    id: UUID
    kind: str
    name: str
    role: str
    unit_code: str | None
    person_id: UUID | None
    enterprise_code: str | None
    level: int


def account_by_token(db: Db, token_hash: bytes, now: datetime) -> Holder | None:
    """Return the open account that holds a live token; None if there is none."""
    row = _BY_TOKEN.one_or_none(db, token_hash=token_hash, now=now)
    return None if row is None else Holder(*row)


def add_account(db: Db, row: Mapping[str, Any]) -> None:
    db.execute(sa.insert(_ACCOUNT), row)


def account_is_open(db: Db, account_id: UUID) -> bool:
    query = sa.select(_ACCOUNT.c.id).where(
        _ACCOUNT.c.id == account_id, _ACCOUNT.c.closed_at.is_(None)
    )
    return db.execute(query).one_or_none() is not None


def add_token(db: Db, row: Mapping[str, Any]) -> None:
    db.execute(sa.insert(_TOKEN), row)


def revoke_tokens(db: Db, account_id: UUID, at: datetime) -> int:
    """End every live token of an account; return how many there were."""
    changed = db.execute(
        sa.update(_TOKEN)
        .where(_TOKEN.c.account_id == account_id, _TOKEN.c.revoked_at.is_(None))
        .values(revoked_at=at)
    )
    return int(changed.rowcount)  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult


def unit_exists(db: Db, code: str) -> bool:
    query = sa.select(_UNIT.c.code).where(_UNIT.c.code == code)
    return db.execute(query).one_or_none() is not None


def unit_serves(db: Db, unit_code: str, commune_code: str | None) -> bool:
    """Say whether a unit, or a unit below it, serves the people of a commune.

    A ministry serves everybody, also people whose commune is unknown; a province's unit the
    communes of its province; a commune's unit its own.
    """
    below = sa.select(_UNIT).where(_UNIT.c.code == unit_code).cte("below", recursive=True)
    below = below.union_all(sa.select(_UNIT).join(below, _UNIT.c.parent_code == below.c.code))
    of_province = sa.exists().where(
        _PLACE.c.level == "commune",
        _PLACE.c.code == commune_code,
        _PLACE.c.valid_to.is_(None),
        _PLACE.c.parent_code == below.c.place_code,
    )
    serving = (
        sa.select(sa.literal(1))
        .select_from(below)
        .where(
            sa.or_(
                below.c.kind == "ministry",
                sa.and_(below.c.kind == "commune", below.c.place_code == commune_code),
                sa.and_(below.c.kind == "province", of_province),
            )
        )
    )
    return bool(db.execute(sa.select(serving.exists())).scalar_one())
