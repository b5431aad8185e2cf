"""How often something was tried: counted in the database, over all processes and restarts."""

from datetime import datetime, timedelta
from functools import cache

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.domain.limits import Limit
from labour_book.queries.guards import inserting_into
from labour_book.queries.rows import table_of
from labour_book.tables import Attempt

_ATTEMPT = table_of(Attempt)


def count_attempt(db: Db, limit: Limit, subject: bytes, now: datetime) -> int:
    """Count one more, and return how many there were since the window began; one statement."""
    counting = _counting(db.connection().dialect.name)
    begun = now - timedelta(seconds=limit.seconds)
    values = {"kind": limit.kind, "subject": subject, "since": now, "count": 1, "begun": begun}
    return int(db.execute(counting, values).scalar_one())


@cache
def _counting(dialect: str) -> sa.Insert:
    """Return the statement; putting it together takes longer than running it."""
    new = inserting_into(_ATTEMPT, dialect).values(
        {name: sa.bindparam(name) for name in ("kind", "subject", "since", "count")}
    )
    over = _ATTEMPT.c.since <= sa.bindparam("begun", type_=_ATTEMPT.c.since.type)
    return new.on_conflict_do_update(
        index_elements=["kind", "subject"],
        set_={
            "count": sa.case((over, 1), else_=_ATTEMPT.c.count + 1),
            "since": sa.case((over, new.excluded.since), else_=_ATTEMPT.c.since),
        },
    ).returning(_ATTEMPT.c.count)


def attempts(db: Db, limit: Limit, subject: bytes, now: datetime) -> int:
    """Return how many there were since the window began."""
    query = sa.select(_ATTEMPT.c.count).where(
        _ATTEMPT.c.kind == limit.kind,
        _ATTEMPT.c.subject == subject,
        _ATTEMPT.c.since > now - timedelta(seconds=limit.seconds),
    )
    return db.execute(query).scalar_one_or_none() or 0


def forget_attempts(db: Db, before: datetime) -> int:
    """Delete the counts whose window began before an instant; return how many there were."""
    gone = db.execute(sa.delete(_ATTEMPT).where(_ATTEMPT.c.since < before))
    return int(gone.rowcount)  # type: ignore[attr-defined]  # a DELETE gives a CursorResult
