"""Doing background jobs: taking, holding and ending them, whatever becomes of the process.

A process takes a job for a minute at a time, and a step's effects and the note of how far it is
stand in one transaction. So each step has its effects exactly once: a process that was killed
leaves a lease that lapses, one that merely slept finds its job taken and its step rolled back.
The works themselves stand in ``job_works``.
"""

import logging
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from labour_book.database import Db, reading, transaction
from labour_book.errors import Conflict, LabourBookError, Unavailable
from labour_book.queries import jobs
from labour_book.queries.jobs import JobOnFile
from labour_book.services.installation import Installation

LEASE = timedelta(seconds=60)
"""How long a process may say nothing of a job before another one takes it."""
MOST_TRIES = 5
"""A job that was taken so often and got no further has killed its processes: it is given up."""
PAUSE = timedelta(minutes=1)
"""Before a job goes on that met a database or a register which did not answer."""

logger = logging.getLogger("labour_book.jobs")


class TakenAway(Conflict):
    """The job was cancelled, or is another process's by now: nothing of the step may stand."""

    slug = "job-taken-away"
    title = "The job was stopped, or another process goes on with it"
    title_vi = "Công việc đã bị dừng, hoặc một tiến trình khác đang làm tiếp"


@dataclass(slots=True)
class Held:
    """A job that this process holds."""

    inst: Installation
    job: JobOnFile
    clock: Callable[[], datetime]

    def advance(self, db: Db, position: str, *, done: int, counts: Mapping[str, int]) -> None:
        """Note a step in the transaction of its effects: where to go on, how much, what of it.

        Raises:
            TakenAway: the job is not this process's any more.
        """
        until = self.clock() + LEASE
        if not jobs.advance(db, self.job, position=position, done=done, counts=counts, until=until):
            raise TakenAway
        self.job = replace(self.job, position=position, done=done, counts=counts)


Work = Callable[[Held], Iterator[None]]
"""Does a job from its position on; yields after each step, where it may be stopped."""


def do_next(
    inst: Installation,
    works: Mapping[str, Work],
    *,
    holder: str,
    clock: Callable[[], datetime],
    is_stopping: Callable[[], bool],
) -> bool:
    """Do the job whose turn it is, if any; tell whether there was one.

    Told to stop it lays the job back after the step under way.

    Raises:
        Unavailable: the database does not answer; the job is taken up again when its lease lapses.
    """
    job = _taken(inst, holder, clock())
    if job is None:
        return False
    held = Held(inst, job, clock)
    with _kept(held):
        try:
            stopped = _worked(works[job.kind], held, is_stopping)
        except TakenAway:
            logger.info("a job was stopped or is done elsewhere: %s", job.kind)
        except (Unavailable, Conflict) as error:
            _lay_back(held, clock() + PAUSE, error.slug)
        except LabourBookError as error:
            _end(held, jobs.FAILED, str(error.facts.get("cause", error.slug)))
        except Exception as error:  # noqa: BLE001 - a bug in one job must not keep all others waiting
            places = traceback.format_list(traceback.extract_tb(error.__traceback__))
            logger.error("%s\n%s", type(error).__name__, "".join(places))  # noqa: TRY400 - the message may hold values
            _end(held, jobs.FAILED, "BUG")
        else:
            if stopped:
                _lay_back(held, clock(), None)
            else:
                _end(held, jobs.DONE, None)
    return True


def _worked(work: Work, held: Held, is_stopping: Callable[[], bool]) -> bool:
    """Do a job; tell whether it was stopped before its end."""
    return any(is_stopping() for _ in work(held))


def _taken(inst: Installation, holder: str, now: datetime) -> JobOnFile | None:
    """Take the job whose turn it is; one that has killed too many processes is given up."""
    with reading(inst.engine) as db:
        if not jobs.is_open(db, now):
            return None
    with transaction(inst.engine) as db:
        job = jobs.next_open(db, now)
        if job is None or not jobs.take(db, job, holder=holder, until=now + LEASE, now=now):
            return None
        taken = replace(job, revision=job.revision + 1, tries=job.tries + 1)
        if taken.tries <= MOST_TRIES:
            return taken
        jobs.end(db, taken, jobs.FAILED, now, cause="DIED")
        return None


@contextmanager
def _kept(held: Held) -> Iterator[None]:
    """Hold a job while a long step of it says nothing."""
    over = threading.Event()

    def hold() -> None:
        while not over.wait(LEASE.total_seconds() / 3):
            try:
                with transaction(held.inst.engine) as db:
                    jobs.hold(db, held.job, held.clock() + LEASE)
            except Unavailable:
                logger.warning("the lease of a job could not be renewed")

    thread = threading.Thread(target=hold, name="job-lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _lay_back(held: Held, due_at: datetime, cause: str | None) -> None:
    with transaction(held.inst.engine) as db:
        jobs.lay_back(db, held.job, due_at, cause)


def _end(held: Held, state: str, cause: str | None) -> None:
    with transaction(held.inst.engine) as db:
        jobs.end(db, held.job, state, held.clock(), cause=cause)
