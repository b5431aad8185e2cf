"""What the clock does once a day: duties that begin, reminders, and forgetting what is over.

Each step goes in batches, each in a transaction of its own, so that nobody waits for long. Killed
or run twice, it goes on where it stopped and does nothing twice.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from labour_book.database import Db, reading
from labour_book.services import (
    checking,
    counting,
    coverage_rounds,
    job_losses,
    report_due,
    report_files,
    union_figures,
)
from labour_book.services.answering_gaps import remind
from labour_book.services.callers import Caller
from labour_book.services.case_clock import close_settled, escalate_overdue, lapse_unanswered
from labour_book.services.case_forwarding import forward_left
from labour_book.services.deletion_duties import begin_lapsed_duties, remind_overdue
from labour_book.services.head_statements import state_head
from labour_book.services.installation import Installation
from labour_book.services.keys import trust_bundle
from labour_book.services.late_requests import remind_late
from labour_book.services.limiting import forget_old_attempts
from labour_book.services.live_codes import forget_old_uses
from labour_book.services.mailing import forget_old_mails
from labour_book.services.permission import deed
from labour_book.services.presenting import forget_old_requests
from labour_book.services.proposing import expire
from labour_book.services.uploading import remove_read
from labour_book.services.wallet_issuing import forget_old_grants
from labour_book.services.yearly_check import ask_to_check

MOST_BATCHES = 200
"""Of one step in one run: 100,000 copies; the rest waits for the next run."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one step did. ``is_done``: nothing of it was left for the next run."""

    name: str
    count: int
    is_done: bool


def daily(
    inst: Installation, *, by: Caller, now: datetime, most_batches: int = MOST_BATCHES
) -> Iterator[Step]:
    """Do each step, and tell of it when it is done.

    Raises:
        DeniedToRole: the caller is not the installation itself.
        Unavailable: the database does not answer; run it again.
        Conflict: the trace is broken; everything else has been done.
    """
    batched: dict[str, Callable[[Db], int]] = {
        "duties": lambda db: begin_lapsed_duties(db, by, now=now),
        "reminders": lambda db: remind_overdue(db, by, now=now),
        "cases-escalated": lambda db: escalate_overdue(db, inst, by, now=now),
        "cases-unanswered": lambda db: lapse_unanswered(db, inst, by, now=now),
        "cases-closed": lambda db: close_settled(db, inst, by, now=now),
        "coverage": lambda db: coverage_rounds.count_due(db, by, now=now),
        "data-requests": lambda db: remind_late(db, by, now=now),
        "gap-questions": lambda db: remind(db, by, now=now),
        "received-files": lambda db: remove_read(db, inst, now=now),
        "support-expired": lambda db: expire(db, by, now=now),
        "yearly-check": lambda db: ask_to_check(db, by, now=now),
    }
    for name, batch in batched.items():
        yield _step(inst, name, batch, most_batches)
    yield Step("cases-routed", forward_left(inst, now=now), is_done=True)
    yield _checks(inst, by, now)
    yield _statistics(inst, by, now)
    yield _losses(inst, by, now)
    yield Step("union-figures", union_figures.count(inst, by=by, now=now), is_done=True)
    at_once: dict[str, Callable[[Db], int]] = {
        "attempts": lambda db: forget_old_attempts(db, now),
        "live-codes": lambda db: forget_old_uses(db, now),
        "requests": lambda db: forget_old_requests(db, now),
        "grants": lambda db: forget_old_grants(db, now),
        "mails": lambda db: forget_old_mails(db, now),
        "reports-late": lambda db: report_due.remind_late(db, by, now=now),
    }
    for name, forget in at_once.items():
        with deed(inst.engine) as db:
            count = forget(db)
        yield Step(name, count, is_done=True)
    archived = report_files.archive_approved(inst, by, now=now)
    yield Step("reports-archived", archived, is_done=True)
    yield _head(inst, now)


def _checks(inst: Installation, by: Caller, now: datetime) -> Step:
    """Run a round of checks over whom something was recorded of; another process may be at it."""
    findings = 0
    try:
        for progress in checking.check(inst, by=by, now=now, everybody=False):
            findings = progress.findings
    except checking.CheckedElsewhere:
        return Step("checks", findings, is_done=False)
    return Step("checks", findings, is_done=True)


def _head(inst: Installation, now: datetime) -> Step:
    """State in public where the trace stands today; comes last, so that a break stops nothing."""
    with reading(inst.engine) as db:
        stated = state_head(db, inst, trust_bundle(db, inst, now), now)
    return Step("trace-head", int(stated is not None), is_done=True)


def _losses(inst: Installation, by: Caller, now: datetime) -> Step:
    """Look for losses of work where something was recorded; another process may be at it."""
    found = 0
    try:
        for progress in job_losses.detect(inst, by=by, now=now, everybody=False):
            found = progress.found
    except job_losses.LookedElsewhere:
        return Step("job-losses", found, is_done=False)
    return Step("job-losses", found, is_done=True)


def _statistics(inst: Installation, by: Caller, now: datetime) -> Step:
    """Count the months that are due; another process may be at it."""
    months = 0
    try:
        for _ in counting.count(inst, by=by, now=now):
            months += 1
    except counting.CountedElsewhere:
        return Step("statistics", months, is_done=False)
    return Step("statistics", months, is_done=True)


def _step(inst: Installation, name: str, batch: Callable[[Db], int], most_batches: int) -> Step:
    total = 0
    for _ in range(most_batches):
        with deed(inst.engine) as db:
            count = batch(db)
        if count == 0:
            return Step(name, total, is_done=True)
        total += count
    return Step(name, total, is_done=False)
