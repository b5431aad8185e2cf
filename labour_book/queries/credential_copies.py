"""Further copies of signed versions, and how they stand."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db, insert_rows
from labour_book.queries.rows import table_of
from labour_book.tables import BookVersion, CredentialCopy, Share

_COPY = table_of(CredentialCopy)
_VERSION = table_of(BookVersion)
_SHARE = table_of(Share)

CURRENT, REVOKED, TAKEN_BACK = "current", "revoked", "taken back"

ENDED_AT = sa.func.coalesce(_COPY.c.revoked_at, _SHARE.c.withdrawn_at, type_=_COPY.c.issued_at.type)
"""When a copy ended by itself: revoked, or its share withdrawn; null if it has not."""
_REVOKED = sa.literal_column(f"'{REVOKED}'", _VERSION.c.state.type)
STATE = sa.case((ENDED_AT.is_not(None), _REVOKED), else_=_VERSION.c.state)
"""How a copy stands on the status list: as its version does, unless it ended by itself."""
STANDING = sa.case(
    (_VERSION.c.state == REVOKED, _REVOKED),
    (ENDED_AT.is_not(None), sa.literal_column(f"'{TAKEN_BACK}'", _VERSION.c.state.type)),
    else_=_VERSION.c.state,
)
"""The same for who asks the register, which can tell a book revoked from a copy taken back."""
COPIES = _COPY.join(_VERSION, _VERSION.c.id == _COPY.c.version_id).outerjoin(
    _SHARE, _SHARE.c.id == _COPY.c.share_id
)


@dataclass(frozen=True, slots=True)
class KeptCopy:
    """A copy that is kept for those who open a share."""

    id: UUID
    credential: bytes
    """Sealed."""


def add_copies(db: Db, rows: Sequence[Mapping[str, Any]]) -> None:
    insert_rows(db, _COPY, rows)


def copy_of_share(
    db: Db, share_id: UUID, version_id: UUID, *, without: Collection[str]
) -> KeptCopy | None:
    """Return the newest copy of a version for a share that none of some keys has signed."""
    row = db.execute(
        sa.select(_COPY.c.id, _COPY.c.credential)
        .where(
            _COPY.c.share_id == share_id,
            _COPY.c.version_id == version_id,
            _COPY.c.kid.not_in(sorted(without)),
        )
        .order_by(_COPY.c.issued_at.desc(), _COPY.c.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else KeptCopy(row.id, row.credential)


def revoke_copies(db: Db, copy_ids: Collection[UUID], *, at: datetime) -> int:
    """Revoke copies; return how many were not revoked before."""
    changed = db.execute(
        sa.update(_COPY)
        .where(_COPY.c.id.in_(list(copy_ids)), _COPY.c.revoked_at.is_(None))
        .values(revoked_at=at)
        .returning(_COPY.c.id)
    )
    return len(changed.all())


def copies_not_valid(db: Db, list_id: int) -> dict[int, str]:
    """Return the entries of a list whose copy is superseded or revoked, with which it is."""
    rows = db.execute(
        sa.select(_COPY.c.status_index, STATE.label("state"))
        .select_from(COPIES)
        .where(_COPY.c.status_list_id == list_id, STATE != CURRENT)
        .order_by(_COPY.c.status_index)
    )
    return {row.status_index: row.state for row in rows}
