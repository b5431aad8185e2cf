"""Issuing for everybody: in batches, in several processes, to be stopped and started at will.

A batch is drafted from a transaction that only reads, then its entries are taken, then it is
signed without any transaction, and then written in one: locked, checked that nobody issued in
between, superseded, inserted, traced. So a kill at any point leaves each book before or after its
new version, processes wait for one another only while they write, and what somebody else issued
meanwhile is looked at again instead of being issued twice. Entries of a batch that was killed
stay unused; nothing refers to them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from multiprocessing import get_context
from typing import Any
from uuid import UUID

from labour_book.database import Db, reading, transaction
from labour_book.errors import LabourBookError
from labour_book.queries import books, people, versions
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.checking_identities import check_many_if_due
from labour_book.services.drafting import (
    Draft,
    Signing,
    drafts,
    open_signing,
    signed_row,
    take_entries,
)
from labour_book.services.identity_checks import Occasion
from labour_book.services.installation import Installation
from labour_book.services.permission import check_role, deed
from labour_book.services.superseding import tell_recent_viewers
from signing import SigningError

BATCH = 500
"""Persons in one transaction."""
Signed = tuple[Draft, Mapping[str, Any]]
"""A draft and the row that keeps what was signed."""
_ATTEMPTS = 5
"""How often a batch looks again at books that another process issued at the same moment."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    people: int
    """Persons to look at in all."""
    done: int
    issued: int
    unchanged: int
    failed: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one batch."""

    issued: int
    unchanged: int
    failed: tuple[tuple[UUID, str], ...] = ()
    """Persons whose book could not be made, and the kind of error: each needs to be looked at."""


Note = Callable[[Db, Outcome], None]
"""Is told what became of a batch, in the transaction that ends it."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did."""

    run_id: UUID
    people: int
    issued: int
    unchanged: int
    failed: tuple[tuple[UUID, str], ...]


def issue_all(
    inst: Installation,
    *,
    by: Caller,
    now: datetime,
    on_progress: Callable[[Progress], None] | None = None,
    processes: int = 1,
    limit: int | None = None,
    batch_size: int = BATCH,
) -> Summary:
    """Issue a new version to every person whose content changed, in order of person id.

    A run that was killed is started again: what it issued is found unchanged.

    Raises:
        Unavailable: there is no key to sign with, it has been withdrawn, or no database.
        DeniedToRole: the caller may not.
    """
    run_id = UUID(bytes=inst.entropy(16), version=4)
    with deed(inst.engine) as db:
        check_role(by, Action.BOOK_ISSUE_ALL, now)
        signing = open_signing(db, inst, by=by, now=now, run_id=run_id)
        total = people.count_people(db)
    tally = _Tally(total if limit is None else min(total, limit), on_progress)
    run = Run(by, signing)
    batches = _batches(inst, limit, batch_size)
    outcomes = (
        (issue_batch(inst, run, batch) for batch in batches)
        if processes == 1
        else _in_processes(inst, run, batches, processes)
    )
    for outcome in outcomes:
        tally.add(outcome)
    return Summary(run_id, tally.done, tally.issued, tally.unchanged, tuple(tally.failed))


@dataclass(frozen=True, slots=True)
class Run:
    """What all batches of a run share."""

    by: Caller
    signing: Signing


def issue_batch(
    inst: Installation, run: Run, person_ids: Sequence[UUID], *, on_written: Note | None = None
) -> Outcome:
    """Issue to some persons, each exactly once whoever else is at it.

    ``on_written`` is told what became of the batch in the transaction that ends it: what it
    writes stands if and only if the versions do, and an error of its own takes them back.

    Raises:
        Unavailable: the database does not answer.
    """
    batch = _Batch(len(person_ids), list(person_ids), on_written)
    while batch.todo:
        made, undrafted = _drafted(inst, run, batch.todo)
        drafted = [each.person_id for each in made]
        if check_many_if_due(inst, drafted, occasion=Occasion.ISSUE, now=run.signing.at):
            made, undrafted = _drafted(inst, run, batch.todo)  # how they compare stands in them
        rows, unsigned = _signed(inst, run, made)
        batch.failed += [*undrafted, *unsigned]
        _write(inst, run, rows, batch)
    return batch.outcome


@dataclass(slots=True)
class _Batch:
    """How far a batch is while others may be at the same books."""

    size: int
    todo: list[UUID]
    on_written: Note | None
    attempts: int = 0
    issued: int = 0
    failed: list[tuple[UUID, str]] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        unchanged = self.size - self.issued - len(self.failed)
        return Outcome(self.issued, unchanged, tuple(self.failed))

    def count(self, db: Db, rows: Sequence[Signed], written: frozenset[UUID]) -> None:
        """Count what was written; what others issued meanwhile is looked at again."""
        self.attempts += 1
        self.issued += len(written)
        self.todo = [draft.person_id for draft, _ in rows if draft.person_id not in written]
        if self.attempts == _ATTEMPTS:
            self.failed += [(each, "Conflict") for each in self.todo]
            self.todo = []
        if not self.todo and self.on_written is not None:
            self.on_written(db, self.outcome)


@dataclass(slots=True)
class _Tally:
    people: int
    on_progress: Callable[[Progress], None] | None
    done: int = 0
    issued: int = 0
    unchanged: int = 0
    failed: list[tuple[UUID, str]] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        self.issued += outcome.issued
        self.unchanged += outcome.unchanged
        self.failed += outcome.failed
        self.done = self.issued + self.unchanged + len(self.failed)
        if self.on_progress is not None:
            self.on_progress(
                Progress(self.people, self.done, self.issued, self.unchanged, len(self.failed))
            )


def _drafted(
    inst: Installation, run: Run, person_ids: Sequence[UUID]
) -> tuple[list[Draft], list[tuple[UUID, str]]]:
    """Return the drafts of a batch; when one book cannot be made, the others are made alone."""
    with reading(inst.engine) as db:
        try:
            return drafts(db, inst, person_ids, run.signing), []
        except (LabourBookError, SigningError) as error:
            if len(person_ids) == 1:
                return [], [(person_ids[0], type(error).__name__)]
    made: list[Draft] = []
    failures: list[tuple[UUID, str]] = []
    for person_id in person_ids:
        some, failed = _drafted(inst, run, [person_id])
        made += some
        failures += failed
    return made, failures


def _signed(
    inst: Installation, run: Run, made: Sequence[Draft]
) -> tuple[list[Signed], list[tuple[UUID, str]]]:
    """Sign drafts, each for an entry of its own, outside of any transaction."""
    if not made:
        return [], []
    with transaction(inst.engine) as db:
        entries = take_entries(db, inst, len(made), run.signing.at)
    rows: list[Signed] = []
    failures: list[tuple[UUID, str]] = []
    for draft, entry in zip(made, entries, strict=True):
        try:
            rows.append((draft, signed_row(inst, draft, entry, run.signing)))
        except SigningError as error:
            failures.append((draft.person_id, type(error).__name__))
    return rows, failures


def _write(inst: Installation, run: Run, rows: Sequence[Signed], batch: _Batch) -> None:
    """Write, in one transaction, what nobody else has issued meanwhile, and count it."""
    now, looked_at = run.signing.at, len(batch.todo)
    with transaction(inst.engine) as db:
        free = _locked_and_free(db, [draft for draft, _ in rows], now) if rows else frozenset()
        new = [row for draft, row in rows if draft.person_id in free]
        if new:
            versions.add_versions(db, new, now)
            tell_recent_viewers(db, [row["person_id"] for row in new], now=now)
        batch.count(db, rows, free)
        detail: dict[str, str | int] = {
            "run": str(run.signing.run_id),
            "people": looked_at,
            "issued": len(new),
        }
        trace(db, run.by, Action.BOOK_ISSUE_ALL, at=now, purpose="issue", detail=detail)


def _locked_and_free(db: Db, made: Sequence[Draft], now: datetime) -> frozenset[UUID]:
    """Lock the books of some drafts; return whose newest version is still the one they follow."""
    first = {draft.person_id: draft.book_no for draft in made if draft.after == 0}
    versions.begin_books(db, first, now)
    newest = versions.lock_books(db, [draft.person_id for draft in made])
    numbers = versions.book_numbers(db, list(first))
    return frozenset(
        draft.person_id
        for draft in made
        if newest.get(draft.person_id) == draft.after
        and numbers.get(draft.person_id, draft.book_no) == draft.book_no
    )


def _batches(inst: Installation, limit: int | None, batch_size: int) -> Iterator[list[UUID]]:
    after: UUID | None = None
    left = limit
    while left is None or left > 0:
        size = batch_size if left is None else min(batch_size, left)
        with reading(inst.engine) as db:
            batch = books.person_ids_after(db, after, limit=size)
        if not batch:
            return
        yield batch
        after = batch[-1]
        left = None if left is None else left - len(batch)


# What a worker process has of its parent; set once, before its first batch.
_inherited: list[tuple[Installation, Run]] = []


def _in_processes(
    inst: Installation, run: Run, batches: Iterator[list[UUID]], processes: int
) -> Iterator[Outcome]:
    """Yield the outcomes of batches as worker processes finish them.

    The workers are forked, because private keys are not to be written anywhere; open connections
    are closed before, because two processes must not share one.
    """
    inst.engine.dispose()
    with ProcessPoolExecutor(
        processes, get_context("fork"), initializer=_inherit, initargs=(inst, run)
    ) as pool:
        pool.submit(_start).result()  # forks all workers now, while no connection is open
        waiting: set[Future[Outcome]] = {
            pool.submit(_issue_inherited, batch) for batch in islice(batches, 2 * processes)
        }
        while waiting:
            finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            waiting |= {
                pool.submit(_issue_inherited, batch) for batch in islice(batches, len(finished))
            }
            for each in finished:
                yield each.result()


def _inherit(inst: Installation, run: Run) -> None:
    inst.engine.dispose(close=False)
    _inherited[:] = [(inst, run)]


def _start() -> None:
    """Do nothing, in a worker."""


def _issue_inherited(person_ids: Sequence[UUID]) -> Outcome:
    ((inst, run),) = _inherited
    return issue_batch(inst, run, person_ids)
