"""Importing the files of registers: row by row, resumable, never twice.

A long import cannot be one transaction (the exception to "one command, one transaction"): each
batch is one, and holds the facts, the receipts and the point to resume from together. After a
crash at any moment, importing the same file again goes on behind the last whole batch.
"""

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import count, islice
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from labour_book.database import Db, reading, transaction
from labour_book.domain.findings import Finding
from labour_book.errors import Conflict, Invalid, NotFound
from labour_book.queries import imports
from labour_book.queries.imports import RunOnFile
from labour_book.queries.vault import Vault
from labour_book.registers import KINDS, OF_REGISTERS, Parsed, check_file, read_mapping
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller, Role, operator
from labour_book.services.collecting import COLLECTORS, Collector
from labour_book.services.collecting.numbers import learn, stated_pairs
from labour_book.services.full_files import check_full, note_vanished
from labour_book.services.receipts import (
    ACCEPTED,
    MendableRow,
    Numbered,
    Outcome,
    Receipt,
    RunSummary,
    Tally,
    receipt_rows,
    receipts_of,
    refused_rows,
    run_of,
)
from labour_book.services.recording import OLDER, Run, Seen, new_id
from labour_book.services.sorting import sort_out

__all__ = [
    "MendableRow",
    "Outcome",
    "Progress",
    "Receipt",
    "RunSummary",
    "cancel_run",
    "import_file",
    "receipts_of",
    "refused_rows",
    "run_of",
]

BATCH = 2_000
"""Rows that are recorded together."""
_PIECE = 1 << 20
_VIET_NAM = timezone(timedelta(hours=7))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is."""

    run_id: UUID
    rows_done: int
    rows_total: int | None
    """None for workbooks, whose rows nobody can count without reading them."""
    rows: Mapping[str, int]
    """Outcome -> rows."""


def import_file(
    engine: sa.Engine,
    vault: Vault,
    kind: str,
    path: Path,
    *,
    by: str,
    now: datetime,
    mapping: Path | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    batch: int = BATCH,
    unit_code: str | None = None,
    enterprise: "SentByEnterprise | None" = None,
    is_full: bool = False,
) -> RunSummary:
    """Record a register's file and return what became of its rows.

    The same file again resumes an import that was cut off; after one that is done it makes a new
    run that finds every row on record and changes nothing. ``unit_code``: an official of that unit
    sent it, and rows about communes that it does not serve are refused. ``enterprise`` sent it, and
    only an enterprise sends declarations of employers. ``is_full``: the file holds all that the
    register states, and what it no longer names is counted and listed. What ``on_progress``
    raises stops the import, to be resumed.

    Raises:
        Invalid: there is no such kind, or the file as a whole cannot be read; nothing is written.
        Conflict: another process is importing this file at this moment.
    """
    if kind not in KINDS:
        raise Invalid(f"there is no kind '{kind}'; the kinds are {', '.join(KINDS)}")
    if not path.is_file():
        raise Invalid("there is no such file", cause="NO_SUCH_FILE")
    if (kind in OF_REGISTERS) is (enterprise is not None):
        raise Invalid(
            "only an enterprise declares as an employer", cause="KIND_NOT_YOURS", kind=kind
        )
    if is_full:
        check_full(kind, is_of_all=unit_code is None)
    mapped = None if mapping is None else read_mapping(mapping)
    remarks = check_file(path, kind, mapping=mapped)
    mapping_sha256 = None if mapping is None else _sha256(mapping)
    file = _File(kind, path, mapped, mapping_sha256, remarks, is_full)
    deed = _Import(engine, vault, file, by=by, now=now, unit_code=unit_code)
    if enterprise is not None:
        deed.send_as(enterprise)
    deed.begin()
    deed.learn_numbers(batch)
    deed.record(batch, on_progress)
    return deed.end()


def cancel_run(engine: sa.Engine, run_id: UUID, *, by: str, now: datetime) -> None:
    """Give up an unfinished run; what its whole batches recorded stays.

    Raises:
        NotFound: there is no such run.
        Conflict: the run has ended, or a process is just going on with it.
    """
    with transaction(engine) as db:
        imports.take_turn(db)
        run = imports.run_by_id(db, run_id)
        if run is None:
            raise NotFound("there is no such import")
        if not imports.end_run(
            db, run_id, done=run.rows_done, state="cancelled", failure=None, at=now
        ):
            raise Conflict("this import has ended already")
        _trace_end(db, run, Tally.parse(run.counts), "cancelled", by=operator(by), at=now)


def _trace_end(
    db: Db, run: RunOnFile, tally: Tally, state: str, *, by: Caller, at: datetime
) -> None:
    """Leave in the trace that a run ended, with its rows per outcome."""
    trace(
        db,
        by,
        Action.IMPORT_RUN,
        at=at,
        purpose="import",
        outcome="ok" if state == "done" else state,
        detail={
            "run_id": str(run.id),
            "kind": run.kind,
            **{str(outcome): rows for outcome, rows in tally.rows.items()},
        },
    )


@dataclass(frozen=True, slots=True)
class SentByEnterprise:
    """The agent who sent a file for an enterprise, and what records its rows in their name."""

    caller: Caller
    collector: Callable[[Vault, Seen], Collector]


@dataclass(frozen=True, slots=True)
class _File:
    """The file that is imported."""

    kind: str
    path: Path
    mapping: Mapping[str, object] | None
    mapping_sha256: str | None
    remarks: tuple[Finding, ...]
    is_full: bool


class _Import:
    """One process's work on one file."""

    def __init__(
        self,
        engine: sa.Engine,
        vault: Vault,
        file: _File,
        *,
        by: str,
        now: datetime,
        unit_code: str | None,
    ) -> None:
        self._engine = engine
        self._vault = vault
        self._file = file
        self._by = by
        self._unit_code = unit_code
        self._now = now
        self._enterprise: SentByEnterprise | None = None
        self._started = time.monotonic()  # a stopwatch: what the time is, the caller says
        self._run: RunOnFile
        self._done = 0
        self._tally = Tally()
        self._seen = Seen()

    def send_as(self, enterprise: SentByEnterprise) -> None:
        """Record what an enterprise sent, in its name."""
        self._enterprise = enterprise

    def begin(self) -> None:
        """Begin a run, or take up the one that was cut off."""
        sha256 = self._named()
        with transaction(self._engine) as db:
            imports.take_turn(db)
            run = imports.running_run(db, sha256, self._file.kind)
            if run is None:
                run = self._new_run(sha256)
                imports.add_run(db, run.as_row())
            if run.mapping_sha256 != self._file.mapping_sha256:
                raise Conflict("an import of this file with another mapping is not finished")
            self._run, self._done = run, run.rows_done
            self._tally = Tally.parse(run.counts)
            if self._tally.is_full is not self._file.is_full:
                raise Conflict("an import of this file, declared otherwise, is not finished")
            if self._done:
                outcomes = [each.value for each in ACCEPTED]
                keys = imports.statement_keys(db, run.id, outcomes, without=OLDER)
                self._seen = Seen(keys)

    def learn_numbers(self, batch: int) -> None:
        """Read an insurance file once for the old numbers of people, before its first row."""
        if self._file.kind != "insurance" or self._done:
            return
        pairs = stated_pairs(self._file.path, self._file.mapping)
        while some := list(islice(pairs, batch)):
            with transaction(self._engine) as db:
                imports.take_turn(db)
                learn(db, self._vault, self._run_now(), some)

    def record(self, batch: int, on_progress: Callable[[Progress], None] | None) -> None:
        """Record the rows that are not done yet."""
        total = _lines(self._file.path) if KINDS[self._file.kind].columns else None
        make = self._enterprise.collector if self._enterprise else COLLECTORS[self._file.kind]
        collector = make(self._vault, self._seen)
        for rows in self._batches(batch):
            self._record_batch(collector, rows)
            if on_progress is not None:
                on_progress(Progress(self._run.id, self._done, total, dict(self._tally.rows)))

    def end(self) -> RunSummary:
        """End the run."""
        self._end("done", None)
        with reading(self._engine) as db:
            return run_of(db, self._run.id)

    def _batches(self, batch: int) -> Iterator[Sequence[Numbered]]:
        """Yield the rows in portions; a file that turns out unreadable fails the run."""
        day = self._run.started_at.astimezone(_VIET_NAM).date()
        kind, ordinals = KINDS[self._file.kind], count(self._done + 1)
        parsed = kind.read(self._file.path, mapping=self._file.mapping, skip=self._done, as_of=day)
        while some := self._next(parsed, batch):
            yield [Numbered(next(ordinals), each) for each in some]

    def _next(self, parsed: Iterator[Parsed], batch: int) -> list[Parsed]:
        try:
            return list(islice(parsed, batch))
        except Invalid as error:
            self._end("failed", str(error)[:400])
            raise

    def _record_batch(self, collector: Collector, rows: Sequence[Numbered]) -> None:
        with transaction(self._engine) as db:
            imports.take_turn(db)
            self._check_turn(imports.run_by_id(db, self._run.id))
            run = self._run_now()
            judged = sort_out(db, run, rows, collector)
            imports.add_receipts(db, receipt_rows(self._vault, run.id, rows, judged))
            tally = Tally.parse(str(self._tally))
            tally.count(judged)
            to = rows[-1].ordinal
            moved = imports.advance_run(db, run.id, done=self._done, to=to, counts=str(tally))
            assert moved, "the turn was ours"
        self._done, self._tally = to, tally

    def _check_turn(self, run: RunOnFile | None) -> None:
        if run is None or run.state != "running" or run.rows_done != self._done:
            raise Conflict("another process is importing this file")

    def _end(self, state: str, failure: str | None) -> None:
        with transaction(self._engine) as db:
            imports.take_turn(db)
            self._check_turn(imports.run_by_id(db, self._run.id))
            at = self._at()
            if state == "done" and self._file.is_full:
                self._note_vanished(db)
            imports.end_run(db, self._run.id, done=self._done, state=state, failure=failure, at=at)
            _trace_end(db, self._run, self._tally, state, by=self._sender(), at=at)

    def _note_vanished(self, db: Db) -> None:
        """Note what the register no longer states, behind the rows and with the end of the run."""
        rows = note_vanished(db, self._vault, self._run, after=self._done)
        if rows:
            self._tally.note_vanished(rows)
            counts, done = str(self._tally), self._done
            assert imports.advance_run(db, self._run.id, done=done, to=done, counts=counts)

    def _named(self) -> str:
        """Return the hash that names the file; of two enterprises the same file is not the same."""
        found = _sha256(self._file.path)
        if self._enterprise is None:
            return found
        return hashlib.sha256(
            f"{found}:{self._enterprise.caller.enterprise_code}".encode()
        ).hexdigest()

    def _sender(self) -> Caller:
        if self._enterprise is not None:
            return self._enterprise.caller
        if self._unit_code is None:
            return operator(self._by)
        return Caller("official", self._by, "", Role.COLLECTOR, self._unit_code)

    def _at(self) -> datetime:
        return self._now + timedelta(seconds=time.monotonic() - self._started)

    def _run_now(self) -> Run:
        started_at = self._run.started_at
        day = started_at.astimezone(_VIET_NAM).date()
        return Run(
            self._run.id, self._file.kind, self._by, self._at(), started_at, day, self._unit_code
        )

    def _new_run(self, sha256: str) -> RunOnFile:
        return RunOnFile(
            id=new_id(self._now),
            kind=self._file.kind,
            file_name=self._file.path.name[:200],
            file_sha256=sha256,
            file_bytes=self._file.path.stat().st_size,
            mapping_sha256=self._file.mapping_sha256,
            state="running",
            failure=None,
            rows_done=0,
            counts=str(Tally(remarks=list(self._file.remarks), is_full=self._file.is_full)),
            started_at=self._now,
            finished_at=None,
            recorded_by=self._by[:80],
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _lines(path: Path) -> int:
    """Count the line breaks: about as many rows."""
    with path.open("rb") as file:
        return sum(piece.count(b"\n") for piece in iter(lambda: file.read(_PIECE), b""))
