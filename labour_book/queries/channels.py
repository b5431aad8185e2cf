"""Which channels a recipient of notices chose."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.domain.notices import Recipient
from labour_book.queries.guards import insert_once, one_changed
from labour_book.queries.rows import table_of
from labour_book.tables import NoticeChannel

_CHANNEL = table_of(NoticeChannel)


@dataclass(frozen=True, slots=True)
class StoredChannel:
    """What a recipient chose; addresses are sealed."""

    id: UUID
    recipient_kind: str
    recipient: str
    language: str
    muted: str
    address: bytes | None
    confirmed_at: datetime | None
    asked_address: bytes | None
    asked_at: datetime | None
    tries: int


_COLUMNS = tuple(_CHANNEL.c[name] for name in StoredChannel.__slots__)


def channel_of(db: Db, recipient: Recipient) -> StoredChannel | None:
    """Return what a recipient chose; None if nothing was ever chosen."""
    query = sa.select(*_COLUMNS).where(
        _CHANNEL.c.recipient_kind == recipient.kind, _CHANNEL.c.recipient == recipient.id
    )
    row = db.execute(query).one_or_none()
    return None if row is None else StoredChannel(*row)


def channel_with_id(db: Db, channel_id: UUID) -> StoredChannel | None:
    """Return a channel by its id."""
    row = db.execute(sa.select(*_COLUMNS).where(_CHANNEL.c.id == channel_id)).one_or_none()
    return None if row is None else StoredChannel(*row)


def opened_channel(db: Db, recipient: Recipient, now: datetime) -> StoredChannel:
    """Return a recipient's channel, begun if there is none: inbox alone, in Vietnamese."""
    row = {
        "id": uuid4(),
        "recipient_kind": recipient.kind,
        "recipient": recipient.id,
        "language": "vi",
        "muted": " ",
        "tries": 0,
        "changed_at": now,
    }
    insert_once(db, _CHANNEL, row)
    found = channel_of(db, recipient)
    assert found is not None
    return found


def choose(db: Db, channel_id: UUID, *, language: str, muted: str, now: datetime) -> None:
    """Write the language and the kinds that do not go out."""
    _change(db, channel_id, language=language, muted=muted, changed_at=now)


def ask_for(db: Db, channel_id: UUID, sealed: bytes, now: datetime) -> None:
    """Write the address that is to be confirmed."""
    _change(db, channel_id, asked_address=sealed, asked_at=now, tries=0, changed_at=now)


def forget_address(db: Db, channel_id: UUID, now: datetime) -> None:
    """Forget the address and the one asked for."""
    gone = {"address": None, "confirmed_at": None, "asked_address": None, "asked_at": None}
    _change(db, channel_id, **gone, changed_at=now)


def confirm(db: Db, channel_id: UUID, asked_at: datetime, now: datetime) -> bool:
    """Take the address that was asked for at that time into use."""
    return one_changed(
        db,
        sa.update(_CHANNEL)
        .where(_CHANNEL.c.id == channel_id, _CHANNEL.c.asked_at == asked_at)
        .values(
            address=_CHANNEL.c.asked_address,
            confirmed_at=now,
            asked_address=None,
            asked_at=None,
            tries=0,
            changed_at=now,
        ),
    )


def count_try(db: Db, channel_id: UUID, asked_at: datetime, *, most: int) -> bool:
    """Count a code that is about to be compared; False when there were too many."""
    return one_changed(
        db,
        sa.update(_CHANNEL)
        .where(
            _CHANNEL.c.id == channel_id, _CHANNEL.c.asked_at == asked_at, _CHANNEL.c.tries < most
        )
        .values(tries=_CHANNEL.c.tries + 1),
    )


def forget_unconfirmed(db: Db, asked_before: datetime) -> int:
    """Forget addresses that nobody has confirmed; return how many."""
    statement = (
        sa.update(_CHANNEL)
        .where(_CHANNEL.c.asked_at < asked_before)
        .values(asked_address=None, asked_at=None)
    )
    return int(db.execute(statement).rowcount)  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult


def _change(db: Db, channel_id: UUID, **values: object) -> None:
    changed = one_changed(
        db, sa.update(_CHANNEL).where(_CHANNEL.c.id == channel_id).values(**values)
    )
    assert changed
