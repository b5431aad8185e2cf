"""How the database itself is set up, and whether work in it gets done."""

from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.jobs import FAILED, RUNNING, WAITING
from labour_book.queries.rows import table_of
from labour_book.tables import Job, Trace

_JOB = table_of(Job)
_TRACE = table_of(Trace)
LASTING = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
"""How PostgreSQL is set where a power cut loses nothing that was committed."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a database says of itself."""

    kind: str
    version: tuple[int, ...]
    risks: tuple[str, ...]
    """Settings by which a power cut may lose what was committed, as ``name=value``."""
    clock: datetime | None
    """What time the server says it is; None: it has no clock of its own."""
    may_all: bool
    """Whether we come as a user who may do anything on the server."""
    most_connections: int | None
    is_archiving: bool
    archived_at: datetime | None
    """When a file of the server's log was archived last."""


def conditions(db: Db) -> Conditions:
    """Ask the database about itself."""
    if db.connection().dialect.name == "sqlite":
        return _of_sqlite(db)
    return _of_postgres(db)


def _of_sqlite(db: Db) -> Conditions:
    version = str(db.execute(sa.text("SELECT sqlite_version()")).scalar_one())
    mode = str(db.execute(sa.text("PRAGMA journal_mode")).scalar_one())
    return Conditions(
        kind="SQLite",
        version=tuple(map(int, version.split("."))),
        risks=() if mode == "wal" else (f"journal_mode={mode}",),
        clock=None,
        may_all=False,
        most_connections=None,
        is_archiving=False,
        archived_at=None,
    )


def _of_postgres(db: Db) -> Conditions:
    names = [*LASTING, "server_version_num", "max_connections", "archive_mode"]
    set_to = {name: _setting(db, name) for name in names}
    number = int(set_to["server_version_num"])
    told = db.execute(
        sa.text(
            "SELECT clock_timestamp() AS clock, last_archived_time AS archived_at,"
            " (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS may_all"
            " FROM pg_stat_archiver"
        )
    ).one()
    return Conditions(
        kind="PostgreSQL",
        version=(number // 10_000, number % 10_000),
        risks=tuple(
            f"{name}={set_to[name]}" for name, wanted in LASTING.items() if set_to[name] != wanted
        ),
        clock=told.clock.astimezone(UTC),
        may_all=bool(told.may_all),
        most_connections=int(set_to["max_connections"]),
        is_archiving=set_to["archive_mode"] != "off",
        archived_at=told.archived_at and told.archived_at.astimezone(UTC),
    )


def _setting(db: Db, name: str) -> str:
    asked = sa.text("SELECT current_setting(:name)")
    return str(db.execute(asked, {"name": name}).scalar_one())


def newest_trace_row(db: Db) -> datetime | None:
    """Return when the last row of the trace was written; None: there is none."""
    query = sa.select(_TRACE.c.at).order_by(_TRACE.c.seq.desc()).limit(1)
    found: datetime | None = db.execute(query).scalar_one_or_none()
    return found


def jobs_in_trouble(db: Db, since: datetime) -> tuple[int, int]:
    """Return how many jobs failed for good, and how many should have gone on before an instant."""
    is_late = sa.or_(
        sa.and_(_JOB.c.state == WAITING, _JOB.c.due_at < since),
        sa.and_(_JOB.c.state == RUNNING, _JOB.c.lease_until < since),
    )
    failed, late = (
        int(db.execute(sa.select(sa.func.count()).where(each)).scalar_one())
        for each in (_JOB.c.state == FAILED, is_late)
    )
    return failed, late
