"""Telling those who looked at a book that a newer version exists: this, and nothing of it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.notices import NoticeKind
from labour_book.queries.share_copies import viewers_to_tell
from labour_book.services.notifying import notify_all

TOLD_DAYS = 90
"""How long ago somebody may have looked and is still told."""


def tell_recent_viewers(db: Db, person_ids: Collection[UUID], *, now: datetime) -> int:
    """Tell who looked at shares of these books that a newer version exists; return how many.

    Say it in the transaction that supersedes, once for each new version.
    """
    viewers = viewers_to_tell(db, person_ids, now - timedelta(days=TOLD_DAYS))
    told = [
        (recipient, f"{share_id}:{now.isoformat()}", {"share": str(share_id)})
        for share_id, recipient in viewers
    ]
    notify_all(db, NoticeKind.NEWER_VERSION, told, now=now)
    return len(told)
