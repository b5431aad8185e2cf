"""What the kinds of background work do, each from where it stopped."""

import json
from collections.abc import Iterator, Mapping
from uuid import UUID

from labour_book.database import Db, reading, transaction
from labour_book.queries import books
from labour_book.services import checking
from labour_book.services.bulk_issuing import BATCH, Outcome, Run, issue_batch
from labour_book.services.callers import Action, operator
from labour_book.services.daily import daily
from labour_book.services.doing_jobs import Held, Work
from labour_book.services.drafting import open_signing
from labour_book.services.permission import check_role, deed

BY = operator("jobs")


def issue_part(held: Held) -> Iterator[None]:
    """Issue to one range of people, a batch at a time; each notes its end as it writes."""
    now = held.clock()
    with deed(held.inst.engine) as db:
        check_role(BY, Action.BOOK_ISSUE_ALL, now)
        signing = open_signing(db, held.inst, by=BY, now=now, run_id=held.job.run_id)
    run = Run(BY, signing)
    while batch := _next_batch(held):

        def note(db: Db, outcome: Outcome, last: UUID = batch[-1], size: int = len(batch)) -> None:
            held.advance(db, str(last), done=held.job.done + size, counts=_added(held, outcome))

        issue_batch(held.inst, run, batch, on_written=note)
        yield


def daily_steps(held: Held) -> Iterator[None]:
    """Do the daily steps; those that were done before a stop find nothing left to do."""
    for number, step in enumerate(daily(held.inst, by=BY, now=held.clock()), 1):
        with transaction(held.inst.engine) as db:
            counts = {**held.job.counts, step.name: step.count}
            held.advance(db, step.name, done=number, counts=counts)
        yield


def check_everybody(held: Held) -> Iterator[None]:
    """Run a round of checks over everybody, or end the one that was stopped."""
    for progress in checking.check(held.inst, by=BY, now=held.clock(), everybody=True):
        with transaction(held.inst.engine) as db:
            counts = {"findings": progress.findings}
            held.advance(db, progress.stage, done=progress.people, counts=counts)
        yield


def reconcile(held: Held) -> Iterator[None]:
    """Propose whom rows that wait mean, and who is on file twice; a pass cut off goes on."""
    from labour_book.services.reconciling import PASSES  # noqa: PLC0415 - loads Splink

    for name, propose in PASSES.items():
        if name in held.job.counts:
            continue  # it had come to its end before a stop

        def note(done: int, _of: int, name: str = name, **ended: int) -> None:
            with transaction(held.inst.engine) as db:
                held.advance(db, name, done=done, counts={**held.job.counts, **ended})

        run = propose(held.inst, BY, now=held.clock(), on_progress=note)
        note(run.rows, run.rows, **{name: sum(json.loads(run.counts).values())})
        yield


WORKS: Mapping[str, Work] = {
    "issue": issue_part,
    "daily": daily_steps,
    "check": check_everybody,
    "reconcile": reconcile,
}


def _next_batch(held: Held) -> list[UUID]:
    after = held.job.position or held.job.first
    last = UUID(held.job.last) if held.job.last else None
    with reading(held.inst.engine) as db:
        return books.person_ids_after(db, UUID(after) if after else None, limit=BATCH, through=last)


def _added(held: Held, outcome: Outcome) -> dict[str, int]:
    new = {
        "issued": outcome.issued,
        "unchanged": outcome.unchanged,
        "failed": len(outcome.failed),
    }
    return {name: held.job.counts.get(name, 0) + count for name, count in new.items()}
