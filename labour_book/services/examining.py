"""What is wrong with an installation, as far as it can be seen from inside: for its operator.

Each sign is about the machine, the database, the keys or the work; none is about a person. What
they are called and what to do about them stands in ``data/doctor.csv``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import signing
from labour_book.database import Db
from labour_book.errors import LabourBookError, NotFound
from labour_book.queries import conditions
from labour_book.queries.conditions import Conditions
from labour_book.queries.jobs import queues
from labour_book.services.installation import Installation
from labour_book.services.key_folder import ROOT_FILE
from labour_book.services.keys import trust_bundle
from labour_book.services.standing import standing
from labour_book.services.status import status_list_token
from signing import SigningError, Use

FIXED_SQLITE = (3, 51, 3)
"""Before it a WAL file that begins anew could lose pages to a second process."""
OLDEST_POSTGRES = (14, 0)
CLOCK_WARNING, CLOCK_FAULT = 2, 60
"""Seconds; credentials are believed with 60 seconds of difference."""
KEY_WARNING_DAYS = 30
HEAD_WARNING_DAYS = 1
CHECKPOINT_MINUTES = 10
LATE = timedelta(hours=1)
"""After so long a job that nobody takes up shows that nobody works."""
MANY_WAITING = 10_000


class Health(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that was looked at."""

    what: str
    """A row of ``data/doctor.csv``."""
    health: Health
    detail: str = ""
    """Numbers, versions, names of settings."""


def sign(what: str, *, fault: bool = False, warning: bool = False, detail: str = "") -> Sign:
    """Return a sign that is as bad as the worst that holds."""
    health = Health.FAULT if fault else Health.WARNING if warning else Health.OK
    return Sign(what, health, detail)


def examined(db: Db, inst: Installation, *, connections: int, now: datetime) -> Iterator[Sign]:
    """Yield what the database, the keys, the trace and the work look like.

    ``connections``: how many one process keeps at most.
    """
    found = conditions.conditions(db)
    yield from _database(found, connections)
    yield _clock(db, found, now)
    yield from _keys(db, inst, now)
    yield _status_list(db, inst, now)
    yield from _trace(db, inst, now)
    yield from _work(db, now)


def _database(found: Conditions, connections: int) -> Iterator[Sign]:
    version = ".".join(map(str, found.version))
    is_sqlite = found.kind == "SQLite"
    is_old = not is_sqlite and found.version < OLDEST_POSTGRES
    yield sign("version", fault=is_old, detail=f"{found.kind} {version}")
    if is_sqlite:
        yield sign("wal-race", warning=found.version < FIXED_SQLITE, detail=version)
    yield sign("durable", fault=bool(found.risks), detail=", ".join(found.risks))
    if is_sqlite:
        return
    yield sign("database-user", warning=found.may_all)
    most = found.most_connections or 0
    yield sign("connections", warning=2 * connections > most, detail=f"{connections} / {most}")
    yield sign(
        "archive",
        warning=not found.is_archiving or found.archived_at is None,
        detail="" if found.archived_at is None else f"{found.archived_at:%Y-%m-%d %H:%M} UTC",
    )


def _clock(db: Db, found: Conditions, now: datetime) -> Sign:
    """Hold our clock against the server's, and against the newest row of the trace."""
    apart = 0.0 if found.clock is None else abs((found.clock - now).total_seconds())
    newest = conditions.newest_trace_row(db)
    if newest is not None:
        apart = max(apart, (newest - now).total_seconds())
    is_wrong = apart > CLOCK_FAULT
    return sign("clock", fault=is_wrong, warning=apart > CLOCK_WARNING, detail=f"{apart:.0f} s")


def _keys(db: Db, inst: Installation, now: datetime) -> Iterator[Sign]:
    missing = [use.value for use in Use if use not in inst.key_ring.signers]
    yield sign("keys-missing", fault=bool(missing), detail=", ".join(missing))
    days = {use.value: (key.not_after - now).days for use, key in inst.key_ring.signers.items()}
    yield _lasting("keys-end", days)
    (root, *_) = signing.read_certificates(inst.key_dir / ROOT_FILE)
    yield _lasting("root-ends", {"root": (root.not_valid_after_utc - now).days})
    yield sign("root-key", warning=inst.key_ring.root is not None and not inst.demo)
    try:
        trust_bundle(db, inst, now)
    except LabourBookError:
        yield Sign("trust", Health.FAULT)
    else:
        yield Sign("trust", Health.OK)


def _lasting(what: str, days: dict[str, int]) -> Sign:
    use, least = min(days.items(), key=lambda each: each[1], default=("-", -1))
    is_short = least < KEY_WARNING_DAYS
    return sign(what, fault=least < 0, warning=is_short, detail=f"{use} {least} d")


def _status_list(db: Db, inst: Installation, now: datetime) -> Sign:
    """Make the first status list and read it as a verifier does."""
    try:
        token = status_list_token(db, inst, 1, now)
        trust = trust_bundle(db, inst, now)
        signing.read_status_list(token, trust, now, uri=inst.status_uri(1))
    except NotFound:
        return Sign("status-list", Health.OK, "0")  # nothing has been issued yet
    except (LabourBookError, SigningError) as error:
        return Sign("status-list", Health.FAULT, type(error).__name__)
    return Sign("status-list", Health.OK)


def _trace(db: Db, inst: Installation, now: datetime) -> Iterator[Sign]:
    found = standing(db, inst, now)
    age = _minutes_old(inst, now)
    is_late = found.trace_unsigned_rows > 0 and (age is None or age > CHECKPOINT_MINUTES)
    rows = f"{found.trace_unsigned_rows:,} / {found.trace_rows:,}"
    yield sign("checkpoint", warning=is_late, detail=rows)
    days = found.head_statement_age_days
    is_unstated = found.trace_rows > 0 and (days < 0 or days > HEAD_WARNING_DAYS)
    yield sign("head", warning=is_unstated, detail="-" if days < 0 else f"{days} d")


def _minutes_old(inst: Installation, now: datetime) -> float | None:
    path = inst.checkpoints
    return (now.timestamp() - path.stat().st_mtime) / 60 if path.exists() else None


def _work(db: Db, now: datetime) -> Iterator[Sign]:
    failed, late = conditions.jobs_in_trouble(db, now - LATE)
    yield sign("jobs-failed", warning=failed > 0, detail=f"{failed:,}")
    yield sign("jobs-late", fault=late > 0, detail=f"{late:,}")
    for queue in queues(db):
        yield sign(
            f"queue-{queue.name}",
            warning=queue.failed > 0 or queue.waiting > MANY_WAITING,
            detail=f"{queue.waiting:,} / {queue.failed:,}",
        )
