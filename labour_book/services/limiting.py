"""Limits on what may be tried how often: over all processes, through restarts, failing closed.

What cannot be counted is not done: if the database does not answer, nor does anything else here.
"""

from datetime import datetime, timedelta

from labour_book.database import Db
from labour_book.domain.limits import Limit
from labour_book.errors import Unavailable
from labour_book.queries import attempts
from labour_book.services.installation import Installation

KEPT_DAYS = 2


class TooMany(Unavailable):
    """It was tried too often."""

    slug = "too-many-attempts"
    title = "Too many attempts; wait a little"
    title_vi = "Thử quá nhiều lần; hãy đợi một lát"

    def __init__(self, limit: Limit) -> None:
        super().__init__(
            "this was tried too often; wait a little",
            limit=limit.kind,
            retry_after_seconds=limit.seconds,
        )


def check_allowed(db: Db, inst: Installation, limit: Limit, subject: str, now: datetime) -> None:
    """Refuse whoever has reached a limit already; count nothing.

    Raises:
        TooMany: it is reached.
    """
    if attempts.attempts(db, limit, _key(inst, limit, subject), now) >= limit.most:
        raise TooMany(limit)


def count(db: Db, inst: Installation, limit: Limit, subject: str, now: datetime) -> int:
    """Count one more, and return how many there were since the window began."""
    return attempts.count_attempt(db, limit, _key(inst, limit, subject), now)


def count_or_refuse(db: Db, inst: Installation, limit: Limit, subject: str, now: datetime) -> None:
    """Count one more that succeeds; refused, the transaction takes the count back.

    Raises:
        TooMany: it is one too many.
    """
    if count(db, inst, limit, subject, now) > limit.most:
        raise TooMany(limit)


def forget_old_attempts(db: Db, now: datetime) -> int:
    """Delete counts whose window is long over; return how many."""
    return attempts.forget_attempts(db, now - timedelta(days=KEPT_DAYS))


def _key(inst: Installation, limit: Limit, subject: str) -> bytes:
    """Return what is stored of an address or a recipient: a keyed hash."""
    return inst.vault.index.of(f"{limit.kind}:{subject}")
