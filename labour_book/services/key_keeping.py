"""The keys as an administrator of the whole country keeps them from the desk."""

from datetime import datetime

from labour_book.database import Db
from labour_book.queries.keys import PublishedKey, published_keys
from labour_book.services import keys
from labour_book.services.callers import Action, Caller
from labour_book.services.installation import Installation
from labour_book.services.permission import check_administers
from signing import Use

__all__ = ["PublishedKey", "keys_published", "rotate", "withdraw"]


def keys_published(db: Db, by: Caller, *, now: datetime) -> list[PublishedKey]:
    """Return every key ever published, the newest first.

    Raises:
        DeniedToRole: the caller keeps no keys.
    """
    check_administers(db, by, Action.KEY_ROTATE, None, now)
    return list(reversed(published_keys(db)))


def rotate(db: Db, inst: Installation, use: Use, *, by: Caller, now: datetime) -> str:
    """Put a new key to use and return its id.

    Raises:
        DeniedToRole: the caller keeps no keys.
        Conflict, Unavailable: as ``keys.rotate``.
    """
    check_administers(db, by, Action.KEY_ROTATE, None, now)
    return keys.rotate(db, inst, use, by=by, now=now)


def withdraw(db: Db, kid: str, *, revoked_from: datetime, by: Caller, now: datetime) -> None:
    """Stop believing a key from an instant on.

    Raises:
        DeniedToRole: the caller keeps no keys.
        NotFound, Invalid: as ``keys.withdraw``.
    """
    check_administers(db, by, Action.KEY_WITHDRAW, None, now)
    keys.withdraw(db, kid, revoked_from=revoked_from, by=by, now=now)
