"""How much waits to be done, in numbers for the monitoring."""

from collections.abc import Collection

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.rows import table_of
from labour_book.tables import Job, OutboxMail, ReceivedFile, RegisterEvent

_OPEN = ("waiting", "running")


def waiting(db: Db) -> dict[str, int]:
    """Return how many files, notifications, mails and jobs wait, and how many jobs failed."""
    return {
        "imports_waiting": _in_states(db, table_of(ReceivedFile), _OPEN),
        "events_waiting": _in_states(db, table_of(RegisterEvent), ("waiting", "held")),
        "mails_waiting": _mails(db),
        "jobs_waiting": _in_states(db, table_of(Job), _OPEN),
        "jobs_failed": _in_states(db, table_of(Job), ("failed",)),
    }


def _mails(db: Db) -> int:
    mails = table_of(OutboxMail)
    is_open = (mails.c.sent_at.is_(None), mails.c.dead_at.is_(None))
    query = sa.select(sa.func.count()).select_from(mails).where(*is_open)
    return int(db.execute(query).scalar_one())


def _in_states(db: Db, table: sa.Table, states: Collection[str]) -> int:
    query = sa.select(sa.func.count()).select_from(table).where(table.c.state.in_(states))
    return int(db.execute(query).scalar_one())
