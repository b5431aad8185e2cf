"""The e-ID provider tells who has signed out there (OpenID Connect Back-Channel Logout)."""

from dataclasses import dataclass
from datetime import datetime

from labour_book.database import Db
from labour_book.errors import Conflict
from labour_book.queries import holders, sessions
from labour_book.services.accounts import caller_from
from labour_book.services.callers import FULL_LEVEL
from labour_book.services.machines import used_hash
from labour_book.services.signing_in import trace_end

PURPOSE = "sign-out at the provider"


@dataclass(frozen=True, slots=True)
class LoggedOut:
    """What the provider's verified statement says; it names the person, or its session, or both."""

    issuer: str
    subject: str | None
    sid: str | None
    jti: str
    expires_at: datetime
    """After which it would not be believed any more."""


def end_by_provider(db: Db, said: LoggedOut, *, now: datetime) -> int:
    """End the sessions that a sign-in there has begun, with their tokens; return how many.

    Raises:
        Conflict: the provider has said this before.
    """
    if not holders.use_token(db, used_hash(said.issuer, said.jti), said.expires_at):
        raise Conflict("this was said before")
    ended = sessions.end_sessions_at(db, said.issuer, subject=said.subject, sid=said.sid, at=now)
    for account_id in sorted(set(ended)):
        holder = sessions.open_holder(db, account_id, FULL_LEVEL, now)
        if holder is not None:  # a closed account's sessions have ended before
            count = ended.count(account_id)
            trace_end(db, caller_from(holder), count, now, purpose=PURPOSE)
    return len(ended)
