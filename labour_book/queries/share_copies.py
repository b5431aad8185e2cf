"""What recipients hold of shares, and what is to be deleted by when."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.domain.notices import Recipient
from labour_book.domain.share_states import CopyState
from labour_book.queries.guards import inserting, one_changed
from labour_book.queries.portions import among, portions
from labour_book.queries.rows import table_of
from labour_book.tables import Employer, Share, ShareCopy

_COPY = table_of(ShareCopy)
_SHARE = table_of(Share)
_EMPLOYER = table_of(Employer)


@dataclass(frozen=True, slots=True)
class StoredCopy:
    """A copy that a recipient holds, or has deleted."""

    share_id: UUID
    holder_kind: str
    holder: str
    person_id: UUID
    first_seen_at: datetime
    last_seen_at: datetime
    state: str
    state_since: datetime
    cause: str | None
    due_on: date | None
    reminded_at: datetime | None
    confirmed_by: str | None

    @property
    def recipient(self) -> Recipient:
        return Recipient(self.holder_kind, self.holder)


_COLUMNS = tuple(_COPY.c[name] for name in StoredCopy.__slots__)
_ORDER = (_COPY.c.share_id, _COPY.c.holder_kind, _COPY.c.holder)


def note_copy(db: Db, share_id: UUID, holder: Recipient, *, person_id: UUID, now: datetime) -> str:
    """Note that a recipient has seen a share, and so holds a copy; return the copy's state."""
    statement = inserting(db, _COPY).values(
        share_id=share_id,
        holder_kind=holder.kind,
        holder=holder.id,
        person_id=person_id,
        first_seen_at=now,
        last_seen_at=now,
        state=CopyState.HELD,
        state_since=now,
    )
    statement = statement.on_conflict_do_update(
        index_elements=["share_id", "holder_kind", "holder"],
        set_={"last_seen_at": statement.excluded.last_seen_at},
    )
    state: str = db.execute(statement.returning(_COPY.c.state)).scalar_one()
    return state


def copy_of(db: Db, share_id: UUID, holder: Recipient) -> StoredCopy | None:
    row = db.execute(
        sa.select(*_COLUMNS).where(
            _COPY.c.share_id == share_id,
            _COPY.c.holder_kind == holder.kind,
            _COPY.c.holder == holder.id,
        )
    ).one_or_none()
    return None if row is None else StoredCopy(*row)


def copies_of(db: Db, share_ids: Collection[UUID]) -> dict[UUID, list[StoredCopy]]:
    """Return the copies of each of some shares."""
    found: dict[UUID, list[StoredCopy]] = {}
    for some in portions(share_ids):
        query = sa.select(*_COLUMNS).where(_COPY.c.share_id.in_(some)).order_by(*_ORDER)
        for row in db.execute(query):
            found.setdefault(row.share_id, []).append(StoredCopy(*row))
    return found


def copies_held_by(db: Db, holder: Recipient, *, limit: int) -> list[StoredCopy]:
    """Return what a recipient holds or held, the last seen first."""
    rows = db.execute(
        sa.select(*_COLUMNS)
        .where(_COPY.c.holder_kind == holder.kind, _COPY.c.holder == holder.id)
        .order_by(_COPY.c.last_seen_at.desc(), *_ORDER)
        .limit(limit)
    )
    return [StoredCopy(*row) for row in rows]


def move_copy(
    db: Db, copy: StoredCopy, *, given: Collection[CopyState], values: Mapping[str, Any]
) -> bool:
    """Change a copy that is in one of the given states; tell whether it still was."""
    return one_changed(
        db,
        sa.update(_COPY)
        .where(
            _COPY.c.share_id == copy.share_id,
            _COPY.c.holder_kind == copy.holder_kind,
            _COPY.c.holder == copy.holder,
            _COPY.c.state.in_(sorted(given)),
        )
        .values(**values),
    )


def lapsed_copies(db: Db, now: datetime, *, limit: int) -> list[tuple[StoredCopy, datetime]]:
    """Return copies that are held though their share is over, with the end of the share."""
    rows = db.execute(
        sa.select(_SHARE.c.expires_at, *_COLUMNS)
        .join(_SHARE, _SHARE.c.id == _COPY.c.share_id)
        .where(_COPY.c.state == CopyState.HELD, _SHARE.c.expires_at <= now)
        .order_by(*_ORDER)
        .limit(limit)
    )
    return [(StoredCopy(*row[1:]), row[0]) for row in rows]


def overdue_copies(
    db: Db,
    today: date,
    *,
    reminded_before: datetime | None = None,
    communes: Sequence[str] | None = None,
    limit: int,
) -> list[StoredCopy]:
    """Return copies whose last day is over, the oldest first.

    ``reminded_before`` leaves out those reminded since; ``communes`` keeps only those of
    enterprises that are registered in one of them.
    """
    query = sa.select(*_COLUMNS).where(_COPY.c.state == CopyState.DUE, _COPY.c.due_on < today)
    if reminded_before is not None:
        query = query.where(
            sa.or_(_COPY.c.reminded_at.is_(None), _COPY.c.reminded_at < reminded_before)
        )
    if communes is not None:
        query = query.join(_EMPLOYER, _EMPLOYER.c.code == _COPY.c.holder).where(
            _COPY.c.holder_kind == "employer", _EMPLOYER.c.commune_code.in_(communes)
        )
    rows = db.execute(query.order_by(_COPY.c.due_on, *_ORDER).limit(limit))
    return [StoredCopy(*row) for row in rows]


def communes_with_overdue(db: Db, today: date) -> list[str]:
    """Return the communes of the enterprises that are overdue."""
    rows = db.execute(
        sa.select(_EMPLOYER.c.commune_code)
        .join(_COPY, _COPY.c.holder == _EMPLOYER.c.code)
        .where(
            _COPY.c.holder_kind == "employer",
            _COPY.c.state == CopyState.DUE,
            _COPY.c.due_on < today,
            _EMPLOYER.c.commune_code.is_not(None),
        )
        .distinct()
        .order_by(_EMPLOYER.c.commune_code)
    )
    return list(rows.scalars())


def viewers_to_tell(
    db: Db, person_ids: Collection[UUID], since: datetime
) -> list[tuple[UUID, Recipient]]:
    """Return who looked at shares of these persons since then, with the share.

    Who has confirmed to have deleted it holds nothing that could be outdated; and from whom the
    worker has taken it back learns nothing more of the worker.
    """
    found: list[tuple[UUID, Recipient]] = []
    for some in portions(person_ids):
        query = (
            sa.select(_COPY.c.share_id, _COPY.c.holder_kind, _COPY.c.holder)
            .join(_SHARE, _SHARE.c.id == _COPY.c.share_id)
            .where(
                among(db, _COPY.c.person_id, some),
                _COPY.c.last_seen_at >= since,
                _COPY.c.state != CopyState.DELETED,
                _SHARE.c.withdrawn_at.is_(None),
            )
            .order_by(*_ORDER)
        )
        found += (
            (row.share_id, Recipient(row.holder_kind, row.holder)) for row in db.execute(query)
        )
    return found
