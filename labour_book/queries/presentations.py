"""What verifiers ask of wallets, and for a short time what wallets showed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.guards import one_changed
from labour_book.queries.rows import table_of
from labour_book.tables import PresentationRequest

_REQUEST = table_of(PresentationRequest)


@dataclass(frozen=True, slots=True)
class StoredRequest:
    """A request, and its answer if there is one."""

    id: UUID
    account_id: UUID
    verifier_name: str
    preset: str
    purpose: str
    redirect_uri: str | None
    created_at: datetime
    expires_at: datetime
    private_key: bytes | None
    answered_at: datetime | None
    person_id: UUID | None
    result: bytes | None


def add_request(db: Db, row: Mapping[str, Any]) -> None:
    db.execute(sa.insert(_REQUEST), row)


def request_at(db: Db, address_hash: bytes) -> StoredRequest | None:
    row = db.execute(
        sa.select(*(_REQUEST.c[name] for name in StoredRequest.__slots__)).where(
            _REQUEST.c.address_hash == address_hash
        )
    ).one_or_none()
    return None if row is None else StoredRequest(*row)


def close_request(db: Db, request_id: UUID, now: datetime) -> bool:
    """Close a request that waits for its answer; tell whether it still did."""
    return one_changed(
        db,
        sa.update(_REQUEST)
        .where(
            _REQUEST.c.id == request_id,
            _REQUEST.c.answered_at.is_(None),
            _REQUEST.c.expires_at > now,
        )
        .values(answered_at=now, private_key=None),
    )


def keep_result(db: Db, request_id: UUID, person_id: UUID | None, result: bytes) -> None:
    """Keep the answer of a closed request."""
    db.execute(
        sa.update(_REQUEST)
        .where(_REQUEST.c.id == request_id)
        .values(person_id=person_id, result=result)
    )


def forget_requests(db: Db, before: datetime) -> int:
    """Delete the requests that were over before an instant, with their answers; return how many."""
    gone = db.execute(sa.delete(_REQUEST).where(_REQUEST.c.expires_at < before))
    return int(gone.rowcount)  # type: ignore[attr-defined]  # a DELETE gives a CursorResult
