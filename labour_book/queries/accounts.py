"""Who may call: accounts, the tokens they hold, and which places a unit serves."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.queries import units
from labour_book.queries.guards import one_changed
from labour_book.queries.prepared import Prepared
from labour_book.queries.rows import table_of
from labour_book.tables import (
    AccessToken,
    Account,
    AccountHolder,
    PersonIdentifier,
    Place,
    Session,
    Unit,
)

_ACCOUNT = table_of(Account)
_TOKEN = table_of(AccessToken)
_UNIT = table_of(Unit)
_PLACE = table_of(Place)

_E_ID = table_of(AccountHolder)
_NUMBER = table_of(PersonIdentifier)
_SESSION = table_of(Session)
_BEHIND = (
    sa.select(_NUMBER.c.person_id)
    .join(_E_ID, _E_ID.c.blind_index == _NUMBER.c.blind_index)
    .where(_E_ID.c.account_id == _ACCOUNT.c.id, _E_ID.c.ended_at.is_(None))
    .order_by(_E_ID.c.added_at.desc(), _NUMBER.c.person_id)
    .limit(1)
    .correlate(_ACCOUNT)
    .scalar_subquery()
)
HOLDER = (
    _ACCOUNT.c.id,
    _ACCOUNT.c.kind,
    _ACCOUNT.c.name,
    _ACCOUNT.c.role,
    _ACCOUNT.c.unit_code,
    sa.case((_ACCOUNT.c.kind == "official", _BEHIND), else_=_ACCOUNT.c.person_id).label(
        "person_id"
    ),
    _ACCOUNT.c.enterprise_code,
    _ACCOUNT.c.scope,
)
"""The columns of ``Holder``; its level comes from what was shown.

An official who is a worker too is known as that person, so that nobody decides on the own book.
"""
_SIGNED_IN = (
    sa.select(_NUMBER.c.person_id)
    .where(_NUMBER.c.blind_index == _SESSION.c.blind_index)
    .order_by(_NUMBER.c.person_id)
    .limit(1)
    .correlate(_SESSION)
    .scalar_subquery()
)
SIGNED_IN_HOLDER = tuple(
    sa.case(
        (sa.and_(_ACCOUNT.c.kind == "official", _SESSION.c.blind_index.is_not(None)), _SIGNED_IN),
        else_=column,
    ).label("person_id")
    if column.name == "person_id"
    else column
    for column in HOLDER
)
"""The same where there is a session: of several whom one account is open to, who signed in."""


def is_open(
    today: date | sa.ColumnElement[date], account: sa.FromClause = _ACCOUNT
) -> sa.ColumnElement[bool]:
    """Return the condition that an account is neither closed nor outside its days."""
    return sa.and_(
        account.c.closed_at.is_(None),
        sa.or_(account.c.first_day.is_(None), account.c.first_day <= today),
        sa.or_(account.c.last_day.is_(None), account.c.last_day >= today),
    )


_BY_TOKEN = Prepared(
    sa.select(*SIGNED_IN_HOLDER, _TOKEN.c.level)
    .join(_TOKEN, _TOKEN.c.account_id == _ACCOUNT.c.id)
    .outerjoin(_SESSION, _SESSION.c.id == _TOKEN.c.session_id)
    .where(
        _TOKEN.c.token_hash == sa.bindparam("token_hash", type_=_TOKEN.c.token_hash.type),
        _TOKEN.c.revoked_at.is_(None),
        _TOKEN.c.expires_at > sa.bindparam("now", type_=_TOKEN.c.expires_at.type),
        is_open(sa.bindparam("today", type_=_ACCOUNT.c.last_day.type)),
    )
)


_ROW = tuple(
    _ACCOUNT.c[name]
    for name in (
        *("id", "kind", "name", "role", "unit_code"),
        *("created_at", "closed_at", "first_day", "last_day"),
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
    scope: str | None
    """What its mandate or registration allows; None for all that the role may do."""
    level: int


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account as an administrator sees it."""

    id: UUID
    kind: str
    name: str
    role: str
    unit_code: str | None
    created_at: datetime
    closed_at: datetime | None
    first_day: date | None
    last_day: date | None


def account_by_token(db: Db, token_hash: bytes, now: datetime) -> Holder | None:
    """Return the open account that holds a live token; None if there is none."""
    row = _BY_TOKEN.one_or_none(db, token_hash=token_hash, now=now, today=vietnam_day(now))
    return None if row is None else Holder(*row)


def add_account(db: Db, row: Mapping[str, Any]) -> None:
    db.execute(sa.insert(_ACCOUNT), row)


def account_is_open(db: Db, account_id: UUID, today: date) -> bool:
    query = sa.select(_ACCOUNT.c.id).where(_ACCOUNT.c.id == account_id, is_open(today))
    return db.execute(query).one_or_none() is not None


def account(db: Db, account_id: UUID) -> AccountRow | None:
    """Return one account, also a closed one."""
    row = db.execute(sa.select(*_ROW).where(_ACCOUNT.c.id == account_id)).one_or_none()
    return None if row is None else AccountRow(*row)


def officials(
    db: Db, units_of: Collection[str] | None, *, after: UUID | None = None, limit: int
) -> list[AccountRow]:
    """Return accounts of officials of some units (None for all), closed ones too, by id."""
    query = sa.select(*_ROW).where(_ACCOUNT.c.kind == "official")
    if units_of is not None:
        query = query.where(_ACCOUNT.c.unit_code.in_(sorted(units_of)))
    if after is not None:
        query = query.where(_ACCOUNT.c.id > after)
    return [AccountRow(*row) for row in db.execute(query.order_by(_ACCOUNT.c.id).limit(limit))]


def has_open_accounts(db: Db, unit_code: str, today: date) -> bool:
    query = sa.select(_ACCOUNT.c.id).where(_ACCOUNT.c.unit_code == unit_code, is_open(today))
    return db.execute(query.limit(1)).one_or_none() is not None


def close_account(db: Db, account_id: UUID, at: datetime) -> bool:
    """Close an open account; tell whether it was open."""
    return one_changed(
        db,
        sa.update(_ACCOUNT)
        .where(_ACCOUNT.c.id == account_id, _ACCOUNT.c.closed_at.is_(None))
        .values(closed_at=at),
    )


def change_seat(db: Db, account_id: UUID, *, role: str, unit_code: str) -> bool:
    """Give an official's open account another role or unit; tell whether it is one."""
    return one_changed(
        db,
        sa.update(_ACCOUNT)
        .where(
            _ACCOUNT.c.id == account_id,
            _ACCOUNT.c.kind == "official",
            _ACCOUNT.c.closed_at.is_(None),
        )
        .values(role=role, unit_code=unit_code),
    )


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


def unit_exists(db: Db, code: str, on: date) -> bool:
    query = sa.select(_UNIT.c.code).where(_UNIT.c.code == code, units.is_valid(on))
    return db.execute(query).one_or_none() is not None


def unit_serves(db: Db, unit_code: str, commune_code: str | None, on: date) -> bool:
    """Say whether a unit, or a unit below it, serves the people of a commune on a day.

    A ministry serves everybody, also people whose commune is unknown, and so does a service for
    the whole country; a province's unit or service the communes of its province; a commune's unit
    its own. A unit that does not exist on that day serves nobody.
    """
    under = units.below(unit_code, on)
    of_province = sa.exists().where(
        _PLACE.c.level == "commune",
        _PLACE.c.code == commune_code,
        units.in_force(_PLACE, on),
        _PLACE.c.parent_code == under.c.place_code,
    )
    serving = (
        sa.select(sa.literal(1))
        .select_from(under)
        .where(
            sa.or_(
                sa.and_(under.c.kind != "commune", under.c.place_code.is_(None)),
                sa.and_(under.c.kind == "commune", under.c.place_code == commune_code),
                sa.and_(under.c.kind.in_(units.OF_PROVINCE), of_province),
            )
        )
    )
    return bool(db.execute(sa.select(serving.exists())).scalar_one())
