"""Background work: whose turn it is, who holds what until when, and how far each piece is.

Whoever takes a job raises its ``revision``; everything it writes of the job later is guarded by
it. So a process that was silent for too long, or whose job was cancelled, changes nothing more:
the guard fails in the transaction that holds its effects, and those go with it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from json import dumps, loads
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db
from labour_book.queries.guards import insert_once, one_changed
from labour_book.queries.rows import table_of
from labour_book.tables import Job, OutboxMail, Person, ReceivedFile, RegisterEvent

_JOB = table_of(Job)
_PERSON = table_of(Person)

WAITING, RUNNING, DONE, FAILED, CANCELLED = "waiting", "running", "done", "failed", "cancelled"
STATES = (RUNNING, WAITING, FAILED, CANCELLED, DONE)
"""In this order: a piece of work is in the first state that any part of it is in."""
OPEN, OVER = (WAITING, RUNNING), (FAILED, CANCELLED)


@dataclass(frozen=True, slots=True)
class JobOnFile:
    """One piece of work, or one part of it."""

    id: UUID
    run_id: UUID
    part: int
    kind: str
    first: str
    last: str
    state: str
    position: str
    total: int | None
    done: int
    counts: Mapping[str, int]
    tries: int
    revision: int
    asked_by: str


@dataclass(frozen=True, slots=True)
class RunOnFile:
    """A piece of work with all its parts."""

    run_id: UUID
    kind: str
    asked_by: str
    asked_at: datetime
    due_at: datetime
    begun_at: datetime | None
    ended_at: datetime | None
    total: int | None
    done: int
    parts: Mapping[str, int]
    """State to number of parts."""
    cause: str | None

    @property
    def state(self) -> str:
        return next((each for each in STATES if self.parts.get(each)), DONE)


_COLUMNS = tuple(_JOB.c[name] for name in JobOnFile.__slots__)
_ENDED = {"holder": None, "lease_until": None}


def add_jobs(db: Db, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Note the parts of a piece of work; False if one for the same slot is there."""
    first, *others = rows
    if not insert_once(db, _JOB, first):
        return False
    if others:
        db.execute(sa.insert(_JOB), others)
    return True


def is_planned(db: Db, slot: str) -> bool:
    """Say whether a schedule's time has its job."""
    found = db.execute(sa.select(_JOB.c.id).where(_JOB.c.slot == slot))
    return found.one_or_none() is not None


def is_open(db: Db, now: datetime) -> bool:
    """Say whether any job is due or left: one small look that waits for no writer."""
    found = sa.exists().where(_JOB.c.state.in_(OPEN), _is_free(now))
    return bool(db.execute(sa.select(found)).scalar_one())


def next_open(db: Db, now: datetime) -> JobOnFile | None:
    """Return a job that is due, or whose holder's lease has lapsed; others pass it over meanwhile.

    The oldest first. PostgreSQL skips what another process is just taking.
    """
    query = (
        sa.select(*_COLUMNS)
        .where(_JOB.c.state.in_(OPEN), _is_free(now))
        .order_by(_JOB.c.due_at, _JOB.c.part, _JOB.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = db.execute(query).one_or_none()
    return None if row is None else _job(row)


def take(db: Db, job: JobOnFile, *, holder: str, until: datetime, now: datetime) -> bool:
    """Begin a job, or go on with it, as it was found; False when another process was faster."""
    return one_changed(
        db,
        sa.update(_JOB)
        .where(_JOB.c.id == job.id, _JOB.c.state == job.state, _JOB.c.revision == job.revision)
        .values(
            state=RUNNING,
            holder=holder,
            lease_until=until,
            revision=job.revision + 1,
            tries=job.tries + 1,
            begun_at=sa.func.coalesce(_JOB.c.begun_at, sa.literal(now, _JOB.c.begun_at.type)),
        ),
    )


def hold(db: Db, job: JobOnFile, until: datetime) -> bool:
    """Hold a job for longer; False if it is held no more."""
    return _change(db, job, {"lease_until": until})


def advance(
    db: Db,
    job: JobOnFile,
    *,
    position: str,
    done: int,
    counts: Mapping[str, int],
    until: datetime,
) -> bool:
    """Note how far a job is; False if it is held no more: then nothing of the step may stand."""
    far = {"position": position, "done": done, "counts": dumps(dict(counts)), "tries": 0}
    return _change(db, job, far | {"lease_until": until})


def lay_back(db: Db, job: JobOnFile, due_at: datetime, cause: str | None) -> bool:
    """Let a job wait until an instant; whoever takes it goes on where it stopped."""
    return _change(db, job, _ENDED | {"state": WAITING, "due_at": due_at, "cause": cause})


def end(db: Db, job: JobOnFile, state: str, now: datetime, *, cause: str | None = None) -> bool:
    """Note that a job is done, or why it failed."""
    return _change(db, job, _ENDED | {"state": state, "ended_at": now, "cause": cause})


def cancel(db: Db, run_id: UUID, now: datetime) -> int:
    """Stop whatever of a piece of work is open; return how many parts that were."""
    values = _ENDED | {"state": CANCELLED, "ended_at": now, "revision": _JOB.c.revision + 1}
    return _change_all(db, run_id, OPEN, values)


def revive(db: Db, run_id: UUID, now: datetime) -> int:
    """Let what failed or was cancelled of a piece of work go on; return how many parts that are."""
    values = {"state": WAITING, "due_at": now, "ended_at": None, "cause": None, "tries": 0}
    return _change_all(db, run_id, OVER, values)


def runs(db: Db, *, before: datetime | None, limit: int) -> list[RunOnFile]:
    """Return what was asked for, the latest first, each with all its parts."""
    by_state = [sa.func.sum(sa.case((_JOB.c.state == each, 1), else_=0)) for each in STATES]
    # a piece of work has ended when no part is open
    ended = sa.case((sa.func.max(_JOB.c.state.in_(OPEN).cast(sa.Integer)) == 0, 1), else_=0)
    whose = (_JOB.c.run_id, _JOB.c.kind, _JOB.c.asked_by, _JOB.c.asked_at)
    query = (
        sa.select(
            *whose,
            sa.func.min(_JOB.c.due_at, type_=_JOB.c.due_at.type),
            sa.func.min(_JOB.c.begun_at, type_=_JOB.c.begun_at.type),
            sa.func.max(_JOB.c.ended_at, type_=_JOB.c.ended_at.type),
            sa.func.sum(_JOB.c.total),
            sa.func.sum(_JOB.c.done),
            sa.func.max(_JOB.c.cause),
            ended,
            *by_state,
        )
        .group_by(*whose)
        .order_by(_JOB.c.asked_at.desc(), _JOB.c.run_id)
        .limit(limit)
    )
    if before is not None:
        query = query.where(_JOB.c.asked_at < before)
    return [_run(tuple(row)) for row in db.execute(query)]


def is_known(db: Db, run_id: UUID) -> bool:
    found = db.execute(sa.select(_JOB.c.id).where(_JOB.c.run_id == run_id).limit(1))
    return found.one_or_none() is not None


def person_ranges(db: Db, size: int) -> list[tuple[str, str, int]]:
    """Return ranges of about so many people: after which id, up to which id, how many.

    One pass over the key; the last range is open to the end.
    """
    numbered = sa.select(
        _PERSON.c.id, sa.func.row_number().over(order_by=_PERSON.c.id).label("number")
    ).subquery()
    query = (
        sa.select(numbered.c.id).where(numbered.c.number % size == 0).order_by(numbered.c.number)
    )
    people = int(db.execute(sa.select(sa.func.count()).select_from(_PERSON)).scalar_one())
    ends = [str(each) for each in db.execute(query).scalars()]
    if len(ends) * size == people and ends:
        ends.pop()
    firsts = ["", *ends]
    sizes = [size] * len(ends) + [people - len(ends) * size]
    return list(zip(firsts, [*ends, ""], sizes, strict=True))


def _is_free(now: datetime) -> sa.ColumnElement[bool]:
    is_due = sa.and_(_JOB.c.state == WAITING, _JOB.c.due_at <= now)
    is_left = sa.and_(_JOB.c.state == RUNNING, _JOB.c.lease_until < now)
    return sa.or_(is_due, is_left)


def _change(db: Db, job: JobOnFile, values: Mapping[str, Any]) -> bool:
    return one_changed(
        db,
        sa.update(_JOB)
        .where(_JOB.c.id == job.id, _JOB.c.state == RUNNING, _JOB.c.revision == job.revision)
        .values(dict(values)),
    )


def _change_all(db: Db, run_id: UUID, states: Sequence[str], values: Mapping[str, Any]) -> int:
    statement = (
        sa.update(_JOB)
        .where(_JOB.c.run_id == run_id, _JOB.c.state.in_(states))
        .values(dict(values))
    )
    return int(db.execute(statement).rowcount)  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult


def _job(row: sa.Row[Any]) -> JobOnFile:
    columns = {name: getattr(row, name) for name in JobOnFile.__slots__}
    return JobOnFile(**columns | {"counts": loads(row.counts)})


def _run(row: tuple[Any, ...]) -> RunOnFile:
    run_id, kind, by, at, due, begun, ended_at, total, done, cause, is_over, *numbers = row
    parts = {state: int(number) for state, number in zip(STATES, numbers, strict=True) if number}
    return RunOnFile(
        *(run_id, kind, by, at, due, begun, ended_at if is_over else None),
        *(None if total is None else int(total), int(done), parts, cause),
    )


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits in a queue that is worked off as it fills."""

    name: str
    waiting: int
    running: int
    failed: int


def queues(db: Db) -> list[Queue]:
    """Return how much waits of what is sent in: files, notifications of registers, e-mails."""
    mail, event, file = table_of(OutboxMail), table_of(RegisterEvent), table_of(ReceivedFile)
    unsent = sa.and_(mail.c.sent_at.is_(None), mail.c.dead_at.is_(None))
    at_work = sa.and_(unsent, mail.c.leased_until.is_not(None))
    state = event.c.state
    return [
        _queue(
            db, "files", file.c.state == WAITING, file.c.state == RUNNING, file.c.state == FAILED
        ),
        _queue(db, "events", state == "waiting", state == "spread", state == "held"),
        _queue(
            db,
            "mails",
            sa.and_(unsent, mail.c.leased_until.is_(None)),
            at_work,
            mail.c.dead_at.is_not(None),
        ),
    ]


def _queue(db: Db, name: str, *conditions: sa.ColumnElement[bool]) -> Queue:
    numbers = [
        int(db.execute(sa.select(sa.func.count()).where(each)).scalar_one()) for each in conditions
    ]
    return Queue(name, *numbers)
