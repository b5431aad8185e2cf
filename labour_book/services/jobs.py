"""Background work that outlives any process: asking for it, watching it, stopping it, going on.

A job is a row; long work that processes can share is several, by ranges of people. How they are
done is said by ``doing_jobs``, what they do by ``job_works``.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from labour_book.database import Db, reading, transaction
from labour_book.domain.evidence import VIETNAM
from labour_book.errors import Conflict, Invalid, NotFound
from labour_book.queries import jobs
from labour_book.queries.jobs import Queue, RunOnFile
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.installation import Installation
from labour_book.services.permission import check_administers, check_role
from labour_book.services.recording import new_id

__all__ = ["KINDS", "Queue", "RunOnFile"]

KINDS = ("issue", "daily", "check", "reconcile")
"""Issue to everybody; what the clock does once a day; a full round of checks; whom rows that wait
may mean, and who may be on file twice."""
PEOPLE_OF_PART = 20_000
"""Of issuing to everybody: about ten seconds of work, and so much is lost to nobody by a kill."""
AT_ONCE = 50
NIGHTLY = ("daily", "reconcile")
"""What the clock asks for, in this order."""


def start(db: Db, by: Caller, kind: str, *, now: datetime) -> UUID:
    """Ask for a piece of work and return its id; it begins as soon as a process is free.

    Raises:
        Invalid: there is no such work.
        Conflict: the same was asked for in this very minute.
        DeniedToRole, LevelTooLow: the caller does not administer the whole country.
    """
    check_administers(db, by, Action.JOB_STEER, None, now)
    if kind not in KINDS:
        raise Invalid("there is no such work")
    run_id = new_id(now)
    slot = f"{kind}:{now.astimezone(VIETNAM):%Y-%m-%dT%H:%M}"
    parts = _parts(db, kind, run_id, by=by.id, now=now, due_at=now, slot=slot)
    if not jobs.add_jobs(db, parts):
        raise Conflict("this was asked for in this very minute; it is under way")
    _trace_steering(db, by, run_id, kind, len(parts), now=now)
    return run_id


def cancel(db: Db, by: Caller, run_id: UUID, *, now: datetime) -> None:
    """Stop a piece of work: the step under way is rolled back, what is done stays done.

    Raises:
        NotFound: there is no such work.
        Conflict: it has ended.
        DeniedToRole, LevelTooLow: the caller does not administer the whole country.
    """
    _check_may_steer(db, by, run_id, now)
    parts = jobs.cancel(db, run_id, now)
    if not parts:
        raise Conflict("it has ended already")
    _trace_steering(db, by, run_id, "cancel", parts, now=now)


def retry(db: Db, by: Caller, run_id: UUID, *, now: datetime) -> None:
    """Let go on what failed or was cancelled, from where it stopped.

    Raises:
        NotFound: there is no such work.
        Conflict: nothing of it failed or was cancelled.
        DeniedToRole, LevelTooLow: the caller does not administer the whole country.
    """
    _check_may_steer(db, by, run_id, now)
    parts = jobs.revive(db, run_id, now)
    if not parts:
        raise Conflict("nothing of it failed or was stopped")
    _trace_steering(db, by, run_id, "retry", parts, now=now)


def overview(
    db: Db, by: Caller, *, now: datetime, before: datetime | None = None
) -> list[RunOnFile]:
    """Return what was asked for, the latest first, and how far each is.

    Raises:
        DeniedToRole, LevelTooLow: the caller is neither administrator nor auditor.
    """
    check_role(by, Action.JOB_OVERSEE, now)
    return jobs.runs(db, before=before, limit=AT_ONCE)


def queues(db: Db, by: Caller, *, now: datetime) -> list[Queue]:
    """Return how much waits of what is sent in and worked off as it comes.

    Raises:
        DeniedToRole, LevelTooLow: as ``overview``.
    """
    check_role(by, Action.JOB_OVERSEE, now)
    return jobs.queues(db)


def plan_daily(inst: Installation, *, now: datetime) -> bool:
    """See to it that the nightly work waits for its next time; whichever process is first does.

    Returns whether it was this one.
    """
    if inst.daily_at is None:
        return False
    due_at = next_time(inst.daily_at, now)
    planned = [_plan(inst, kind, due_at, now) for kind in NIGHTLY]
    return any(planned)


def _plan(inst: Installation, kind: str, due_at: datetime, now: datetime) -> bool:
    slot = f"{kind}@{due_at.astimezone(VIETNAM):%Y-%m-%dT%H:%M}"
    with reading(inst.engine) as db:
        if jobs.is_planned(db, slot):
            return False
    with transaction(inst.engine) as db:
        parts = _parts(db, kind, new_id(now), by="schedule", now=now, due_at=due_at, slot=slot)
        return jobs.add_jobs(db, parts)


def next_time(at: time, now: datetime) -> datetime:
    """Return when it is that time of the day in Việt Nam next."""
    local = now.astimezone(VIETNAM)
    today = datetime.combine(local.date(), at, VIETNAM)
    return today if today > local else today + timedelta(days=1)


def _parts(
    db: Db, kind: str, run_id: UUID, *, by: str, now: datetime, due_at: datetime, slot: str
) -> Sequence[dict[str, Any]]:
    """Return the rows of a piece of work: ranges of people where processes can share it."""
    ranges = jobs.person_ranges(db, PEOPLE_OF_PART) if kind == "issue" else [("", "", None)]
    return [
        {
            "id": new_id(now),
            "run_id": run_id,
            "part": part,
            "kind": kind,
            "slot": slot if part == 0 else None,
            "first": first,
            "last": last,
            "state": jobs.WAITING,
            "due_at": due_at,
            "position": "",
            "total": total,
            "done": 0,
            "counts": "{}",
            "tries": 0,
            "revision": 0,
            "asked_by": by,
            "asked_at": now,
        }
        for part, (first, last, total) in enumerate(ranges)
    ]


def _check_may_steer(db: Db, by: Caller, run_id: UUID, now: datetime) -> None:
    check_administers(db, by, Action.JOB_STEER, None, now)
    if not jobs.is_known(db, run_id):
        raise NotFound("there is no such work")


def _trace_steering(
    db: Db, by: Caller, run_id: UUID, what: str, parts: int, *, now: datetime
) -> None:
    detail: dict[str, str | int] = {"run": str(run_id), "deed": what, "parts": parts}
    trace(db, by, Action.JOB_STEER, at=now, purpose="jobs", detail=detail)
