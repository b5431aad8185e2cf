"""Wallets as stored: offers, authorisations, tokens, what was taken, and what was used."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db, insert_rows
from labour_book.queries.guards import insert_once, one_changed
from labour_book.queries.rows import table_of
from labour_book.tables import (
    WalletAuthorization,
    WalletCopy,
    WalletDelivery,
    WalletOffer,
    WalletToken,
    WalletUse,
)

_OFFER = table_of(WalletOffer)
_AUTHORIZATION = table_of(WalletAuthorization)
_TOKEN = table_of(WalletToken)
_DELIVERY = table_of(WalletDelivery)
_COPY = table_of(WalletCopy)
_USE = table_of(WalletUse)

DELIVERIES_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class StoredOffer:
    """An offer that is open: not redeemed, not over."""

    id: UUID
    person_id: UUID
    account_id: UUID
    way: str
    expires_at: datetime
    tx_code: bytes | None


@dataclass(frozen=True, slots=True)
class StoredAuthorization:
    """What a wallet asked for in advance, and how far that got."""

    id: UUID
    client_id: str
    redirect_uri: str
    state: str | None
    code_challenge: str
    jkt: str | None
    offer_id: UUID | None
    expires_at: datetime
    account_id: UUID | None
    person_id: UUID | None
    decided_at: datetime | None
    code_expires_at: datetime | None
    redeemed_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredToken:
    """A wallet's token that is not over."""

    token_hash: bytes
    grant_id: UUID
    account_id: UUID
    person_id: UUID
    client_id: str | None
    jkt: str | None
    copies_left: int


@dataclass(frozen=True, slots=True)
class StoredDelivery:
    """Copies that a wallet took."""

    id: UUID
    client_id: str | None
    version: int
    copies: int
    taken_at: datetime
    event: str | None
    forgotten_at: datetime | None


_OFFERED = tuple(_OFFER.c[name] for name in StoredOffer.__slots__)
_AUTHORIZED = tuple(_AUTHORIZATION.c[name] for name in StoredAuthorization.__slots__)


def add_offer(db: Db, row: Mapping[str, Any]) -> None:
    db.execute(sa.insert(_OFFER), row)


def open_offer(db: Db, address_hash: bytes, now: datetime) -> StoredOffer | None:
    """Return the offer at an address while it is open."""
    row = db.execute(
        sa.select(*_OFFERED).where(_OFFER.c.address_hash == address_hash, *_is_open(now))
    ).one_or_none()
    return None if row is None else StoredOffer(*row)


def offer_with_code(db: Db, code_hash: bytes, way: str, now: datetime) -> StoredOffer | None:
    """Return the open offer with a code."""
    row = db.execute(
        sa.select(*_OFFERED).where(
            _OFFER.c.code_hash == code_hash, _OFFER.c.way == way, *_is_open(now)
        )
    ).one_or_none()
    return None if row is None else StoredOffer(*row)


def count_try(
    db: Db, code_hash: bytes, way: str, *, tries: int, now: datetime
) -> StoredOffer | None:
    """Count one more try of the open offer with a code, and return it; None if it is no more.

    One statement: however many try at once, no more than so many are let through.
    """
    row = db.execute(
        sa.update(_OFFER)
        .where(
            _OFFER.c.code_hash == code_hash,
            _OFFER.c.way == way,
            _OFFER.c.attempts < tries,
            *_is_open(now),
        )
        .values(attempts=_OFFER.c.attempts + 1)
        .returning(*_OFFERED)
    ).one_or_none()
    return None if row is None else StoredOffer(*row)


def redeem_offer(db: Db, offer_id: UUID, now: datetime) -> bool:
    """Redeem an open offer; tell whether it was open."""
    return one_changed(
        db,
        sa.update(_OFFER).where(_OFFER.c.id == offer_id, *_is_open(now)).values(redeemed_at=now),
    )


def redeem_offer_of(db: Db, offer_id: UUID, person_id: UUID, now: datetime) -> bool:
    """Redeem an open offer if it is of this person's book; tell whether it was so."""
    return one_changed(
        db,
        sa.update(_OFFER)
        .where(_OFFER.c.id == offer_id, _OFFER.c.person_id == person_id, *_is_open(now))
        .values(redeemed_at=now),
    )


def add_authorization(db: Db, row: Mapping[str, Any]) -> None:
    db.execute(sa.insert(_AUTHORIZATION), row)


def authorization_asked(db: Db, request_hash: bytes, now: datetime) -> StoredAuthorization | None:
    """Return what a wallet asked for, while nobody has decided and it is not over."""
    return _authorization(
        db,
        _AUTHORIZATION.c.request_hash == request_hash,
        _AUTHORIZATION.c.decided_at.is_(None),
        _AUTHORIZATION.c.expires_at > now,
    )


def authorization_with_code(db: Db, code_hash: bytes) -> StoredAuthorization | None:
    return _authorization(db, _AUTHORIZATION.c.code_hash == code_hash)


def decide_authorization(db: Db, authorization_id: UUID, values: Mapping[str, Any]) -> bool:
    """Write what was decided about a wallet's request; tell whether nobody had before."""
    return one_changed(
        db,
        sa.update(_AUTHORIZATION)
        .where(_AUTHORIZATION.c.id == authorization_id, _AUTHORIZATION.c.decided_at.is_(None))
        .values(**values),
    )


def redeem_authorization(db: Db, authorization_id: UUID, now: datetime) -> bool:
    """Redeem a code that is not over; tell whether it was the first time."""
    return one_changed(
        db,
        sa.update(_AUTHORIZATION)
        .where(
            _AUTHORIZATION.c.id == authorization_id,
            _AUTHORIZATION.c.redeemed_at.is_(None),
            _AUTHORIZATION.c.code_expires_at > now,
        )
        .values(redeemed_at=now),
    )


def add_token(db: Db, row: Mapping[str, Any]) -> None:
    db.execute(sa.insert(_TOKEN), row)


def live_token(db: Db, token_hash: bytes, now: datetime) -> StoredToken | None:
    row = db.execute(
        sa.select(*(_TOKEN.c[name] for name in StoredToken.__slots__)).where(
            _TOKEN.c.token_hash == token_hash, _TOKEN.c.expires_at > now
        )
    ).one_or_none()
    return None if row is None else StoredToken(*row)


def take_copies(db: Db, token_hash: bytes, count: int) -> bool:
    """Take so many copies off what a token is good for; tell whether it was good for them."""
    return one_changed(
        db,
        sa.update(_TOKEN)
        .where(_TOKEN.c.token_hash == token_hash, _TOKEN.c.copies_left >= count)
        .values(copies_left=0),
    )


def end_tokens(db: Db, grant_id: UUID) -> None:
    """End the tokens that came from one grant."""
    db.execute(sa.delete(_TOKEN).where(_TOKEN.c.grant_id == grant_id))


def add_delivery(db: Db, row: Mapping[str, Any], copy_ids: Collection[UUID]) -> None:
    db.execute(sa.insert(_DELIVERY), row)
    insert_rows(db, _COPY, [{"copy_id": each, "delivery_id": row["id"]} for each in copy_ids])


def note_event(
    db: Db, notification_hash: bytes, person_id: UUID, *, event: str, now: datetime
) -> bool:
    """Write what a wallet told of its copies; tell whether there are such."""
    return one_changed(
        db,
        sa.update(_DELIVERY)
        .where(
            _DELIVERY.c.notification_hash == notification_hash, _DELIVERY.c.person_id == person_id
        )
        .values(event=event, event_at=now),
    )


def deliveries_of(db: Db, person_id: UUID) -> list[StoredDelivery]:
    """Return what wallets took of a person's book, newest first."""
    rows = db.execute(
        sa.select(*(_DELIVERY.c[name] for name in StoredDelivery.__slots__))
        .where(_DELIVERY.c.person_id == person_id)
        .order_by(_DELIVERY.c.taken_at.desc(), _DELIVERY.c.id)
        .limit(DELIVERIES_AT_MOST)
    )
    return [StoredDelivery(*row) for row in rows]


def forget_delivery(db: Db, delivery_id: UUID, person_id: UUID, now: datetime) -> bool:
    """Note that a person gave a wallet up; tell whether it is theirs and was not given up."""
    return one_changed(
        db,
        sa.update(_DELIVERY)
        .where(
            _DELIVERY.c.id == delivery_id,
            _DELIVERY.c.person_id == person_id,
            _DELIVERY.c.forgotten_at.is_(None),
        )
        .values(forgotten_at=now),
    )


def copies_of(db: Db, delivery_id: UUID) -> Sequence[UUID]:
    query = sa.select(_COPY.c.copy_id).where(_COPY.c.delivery_id == delivery_id)
    return list(db.execute(query.order_by(_COPY.c.copy_id)).scalars())


def use_once(db: Db, digest: bytes, now: datetime) -> bool:
    """Note that something is used; tell whether it was the first time."""
    return insert_once(db, _USE, {"digest": digest, "used_at": now})


def forget_old(db: Db, *, uses_before: datetime, now: datetime) -> int:
    """Delete what is over and says nothing any more; return how many rows there were."""
    gone = 0
    for table, over in (
        (_USE, _USE.c.used_at < uses_before),
        (_TOKEN, _TOKEN.c.expires_at < now),
        (_AUTHORIZATION, _AUTHORIZATION.c.expires_at < uses_before),
        (_OFFER, (_OFFER.c.expires_at < uses_before) & ~_ASKED_FOR),
    ):
        gone += int(db.execute(sa.delete(table).where(over)).rowcount)  # type: ignore[attr-defined]  # a DELETE gives a CursorResult
    return gone


_ASKED_FOR = sa.exists().where(_AUTHORIZATION.c.offer_id == _OFFER.c.id)


def _is_open(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (_OFFER.c.redeemed_at.is_(None), _OFFER.c.expires_at > now)


def _authorization(db: Db, *which: sa.ColumnElement[bool]) -> StoredAuthorization | None:
    row = db.execute(sa.select(*_AUTHORIZED).where(*which)).one_or_none()
    return None if row is None else StoredAuthorization(*row)
