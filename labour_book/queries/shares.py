"""Shares, the switch that freezes them, and the looks at them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from json import loads
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.domain.share_states import ShareTerms
from labour_book.domain.sharing import Audience, Selection
from labour_book.queries.guards import insert_once, one_changed
from labour_book.queries.rows import table_of
from labour_book.tables import PersonIdentifier, Share, ShareView, SharingSwitch

_SHARE = table_of(Share)
_SWITCH = table_of(SharingSwitch)
_VIEW = table_of(ShareView)
_NUMBER = table_of(PersonIdentifier)

SHARES_AT_MOST = 200
VIEWS_AT_MOST = 500


@dataclass(frozen=True, slots=True)
class StoredShare:
    """A share as stored, with the state of its owner's switch."""

    id: UUID
    person_id: UUID
    preset: str
    selection: Selection
    audience: Audience
    enterprise_code: str | None
    addressee: bytes | None
    purpose: str
    created_at: datetime
    terms: ShareTerms


@dataclass(frozen=True, slots=True)
class StoredView:
    """One look at a share."""

    share_id: UUID
    number: int
    at: datetime
    viewer_kind: str
    viewer: str
    viewer_name: str
    place: str
    means: str
    version: int
    purpose: str


_FROZEN = sa.exists().where(
    _SWITCH.c.person_id == _SHARE.c.person_id, _SWITCH.c.frozen_at.is_not(None)
)
_COLUMNS = (
    _SHARE.c.id,
    _SHARE.c.person_id,
    _SHARE.c.preset,
    _SHARE.c.selection,
    _SHARE.c.audience,
    _SHARE.c.enterprise_code,
    _SHARE.c.addressee,
    _SHARE.c.purpose,
    _SHARE.c.created_at,
    _SHARE.c.expires_at,
    _SHARE.c.max_views,
    _SHARE.c.views,
    _SHARE.c.withdrawn_at,
    _SWITCH.c.frozen_at,
)
_SWITCHED = _SHARE.outerjoin(_SWITCH, _SWITCH.c.person_id == _SHARE.c.person_id)


def add_share(db: Db, row: Mapping[str, Any], now: datetime) -> None:
    """Add a share, and its owner's switch where there is none yet."""
    switch = {"person_id": row["person_id"], "frozen_at": None, "changed_at": now}
    insert_once(db, _SWITCH, switch)
    db.execute(sa.insert(_SHARE), row)


def share_by_id(db: Db, share_id: UUID) -> StoredShare | None:
    return _one(db, _SHARE.c.id == share_id)


def share_by_code(db: Db, code_hash: bytes) -> StoredShare | None:
    return _one(db, _SHARE.c.code_hash == code_hash)


def shares_of(db: Db, person_id: UUID) -> list[StoredShare]:
    """Return a person's newest shares, newest first."""
    return _many(db, _SHARE.c.person_id == person_id)


def shares_by_id(db: Db, share_ids: Collection[UUID]) -> dict[UUID, StoredShare]:
    return {each.id: each for each in _many(db, _SHARE.c.id.in_(list(share_ids)))}


def shares_for_enterprise(db: Db, code: str) -> list[StoredShare]:
    """Return the newest shares addressed to an enterprise, newest first."""
    return _many(db, _SHARE.c.enterprise_code == code)


def shares_for_person(db: Db, person_id: UUID) -> list[StoredShare]:
    """Return the newest shares addressed to a person by the personal ID, newest first."""
    return _many(db, _SHARE.c.addressee.in_(_personal_ids(person_id)))


def is_addressee(db: Db, person_id: UUID, addressee: bytes) -> bool:
    """Say whether a blind index is the one of a person's personal ID."""
    query = sa.select(_personal_ids(person_id).where(_NUMBER.c.blind_index == addressee).exists())
    return bool(db.execute(query).scalar_one())


def lock_switch(db: Db, person_id: UUID) -> datetime | None:
    """Return since when a person's shares are frozen; who changes the switch waits for us."""
    query = (
        sa.select(_SWITCH.c.frozen_at)
        .where(_SWITCH.c.person_id == person_id)
        .with_for_update(read=True)
    )
    return db.execute(query).scalar_one_or_none()


def lock_share(db: Db, share_id: UUID) -> None:
    """Let nobody else count a view of a share, or make a copy for it, until we are done."""
    db.execute(sa.select(_SHARE.c.id).where(_SHARE.c.id == share_id).with_for_update()).one()


def turn_switch(db: Db, person_id: UUID, *, frozen: bool, now: datetime) -> bool:
    """Freeze or thaw a person's shares; tell whether that was a change."""
    insert_once(db, _SWITCH, {"person_id": person_id, "frozen_at": None, "changed_at": now})
    was_so = _SWITCH.c.frozen_at.is_(None) if frozen else _SWITCH.c.frozen_at.is_not(None)
    return one_changed(
        db,
        sa.update(_SWITCH)
        .where(_SWITCH.c.person_id == person_id, was_so)
        .values(frozen_at=now if frozen else None, changed_at=now),
    )


def count_view(db: Db, share_id: UUID, now: datetime) -> int | None:
    """Count a view of a share that can be opened now; return its number, or None.

    One statement with all its conditions: never more views than were allowed, however many open
    it at once.
    """
    counted = db.execute(
        sa.update(_SHARE)
        .where(
            _SHARE.c.id == share_id,
            _SHARE.c.withdrawn_at.is_(None),
            _SHARE.c.expires_at > now,
            _SHARE.c.views < _SHARE.c.max_views,
            ~_FROZEN,
        )
        .values(views=_SHARE.c.views + 1)
        .returning(_SHARE.c.views)
    )
    return counted.scalar_one_or_none()


def withdraw(db: Db, share_id: UUID, now: datetime) -> bool:
    """Withdraw a share that has not ended; tell whether it was so."""
    return one_changed(
        db,
        sa.update(_SHARE)
        .where(
            _SHARE.c.id == share_id,
            _SHARE.c.withdrawn_at.is_(None),
            _SHARE.c.expires_at > now,
        )
        .values(withdrawn_at=now),
    )


def extend(db: Db, share_id: UUID, *, until: datetime, max_views: int, now: datetime) -> bool:
    """Let a share that has not ended last longer; tell whether that could be."""
    return one_changed(
        db,
        sa.update(_SHARE)
        .where(
            _SHARE.c.id == share_id,
            _SHARE.c.withdrawn_at.is_(None),
            _SHARE.c.expires_at > now,
            _SHARE.c.expires_at <= until,
            _SHARE.c.max_views <= max_views,
            ~_FROZEN,
        )
        .values(expires_at=until, max_views=max_views),
    )


def add_view(db: Db, view: StoredView) -> None:
    db.execute(sa.insert(_VIEW), {name: getattr(view, name) for name in StoredView.__slots__})


def views_of(db: Db, share_ids: Collection[UUID]) -> dict[UUID, list[StoredView]]:
    """Return the newest looks at some shares, newest first."""
    rows = db.execute(
        sa.select(*(_VIEW.c[name] for name in StoredView.__slots__))
        .where(_VIEW.c.share_id.in_(list(share_ids)))
        .order_by(_VIEW.c.at.desc(), _VIEW.c.share_id, _VIEW.c.number.desc())
        .limit(VIEWS_AT_MOST)
    )
    found: dict[UUID, list[StoredView]] = {}
    for row in rows:
        found.setdefault(row.share_id, []).append(StoredView(*row))
    return found


def _personal_ids(person_id: UUID) -> sa.Select[Any]:
    return (
        sa.select(_NUMBER.c.blind_index)
        .where(  # one column of few rows, in no order
            _NUMBER.c.person_id == person_id, _NUMBER.c.kind == "PIN"
        )
        .order_by(_NUMBER.c.blind_index)
    )


def _one(db: Db, which: sa.ColumnElement[bool]) -> StoredShare | None:
    row = db.execute(sa.select(*_COLUMNS).select_from(_SWITCHED).where(which)).one_or_none()
    return None if row is None else _stored(row)


def _many(db: Db, which: sa.ColumnElement[bool]) -> list[StoredShare]:
    rows = db.execute(
        sa.select(*_COLUMNS)
        .select_from(_SWITCHED)
        .where(which)
        .order_by(_SHARE.c.created_at.desc(), _SHARE.c.id)
        .limit(SHARES_AT_MOST)
    )
    return [_stored(row) for row in rows]


def _stored(row: sa.Row[Any]) -> StoredShare:
    return StoredShare(
        id=row.id,
        person_id=row.person_id,
        preset=row.preset,
        selection=Selection.from_json(loads(row.selection)),
        audience=Audience(row.audience),
        enterprise_code=row.enterprise_code,
        addressee=row.addressee,
        purpose=row.purpose,
        created_at=row.created_at,
        terms=ShareTerms(row.expires_at, row.max_views, row.views, row.withdrawn_at, row.frozen_at),
    )
