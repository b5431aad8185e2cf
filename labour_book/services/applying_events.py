"""The cycle: notifications that wait become facts, and take effect on books.

One batch is one transaction: facts, states of the inbox, new versions, notices and alerts together.
A kill at any moment leaves a batch done or undone, never half; running again goes on. Two that run
at once take turns. Within a register what it knew first is recorded first; what comes later than
newer news changes nothing that these have said.

Where a batch fails, its notifications are recorded one by one, so that one that cannot be recorded
is held, with its cause, and keeps no other waiting.
"""

import logging
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from labour_book.database import Db, reading
from labour_book.domain.evidence import vietnam_day
from labour_book.errors import Unavailable
from labour_book.queries import facts, imports, register_events, register_lines
from labour_book.queries.register_events import DONE, HELD, REFUSED, SPREAD, StoredEvent
from labour_book.registers.notifications import REGISTERS
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller
from labour_book.services.collecting import COLLECTORS, Collector
from labour_book.services.collecting.numbers import learn, stated_pairs
from labour_book.services.directory import Directory
from labour_book.services.event_effects import PURPOSE, Effects, take_effect
from labour_book.services.event_history import NotifiedEnterprises
from labour_book.services.event_rows import parsed_rows, values_of
from labour_book.services.installation import Installation
from labour_book.services.mending import suffix_of
from labour_book.services.permission import check_role, deed
from labour_book.services.receipts import Judged, Numbered, Outcome, Tally
from labour_book.services.receiving_events import subject_of
from labour_book.services.recording import Ruling, Run, Seen
from labour_book.services.sorting import sort_out

__all__ = ["BATCH", "Cycle", "record_decided", "run_cycle"]

BATCH = 1_000
"""Notifications, or people whom one reaches, in one transaction."""
NO_FILE = ""
"""In place of a file's hash: a run of notifications."""
_FAILED = "EVENT_FAILED"
_STATES = {Outcome.NEEDS_REVIEW: HELD, Outcome.REFUSED: REFUSED}
Values = Mapping[str, str]
"""What a notification says, in the columns of its register's file."""
_NUMBERS = ("personal_id", "si_number", "old_ids", "enterprise_code")

logger = logging.getLogger("labour_book.events")


@dataclass(slots=True)
class Cycle:
    """What a cycle has done so far."""

    rows: defaultdict[str, defaultdict[str, int]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(int))
    )
    """Register -> outcome -> notifications."""
    effects: Effects = field(default_factory=Effects)
    reached: int = 0
    """People whom notifications about their employers have reached."""

    @property
    def done(self) -> int:
        return sum(sum(each.values()) for each in self.rows.values())


@dataclass(frozen=True, slots=True)
class _At:
    """What every batch of a cycle shares."""

    inst: Installation
    by: Caller
    now: datetime


def run_cycle(
    inst: Installation,
    *,
    by: Caller,
    clock: Callable[[], datetime],
    on_progress: Callable[[Cycle], None] | None = None,
    is_stopping: Callable[[], bool] = lambda: False,
    batch: int = BATCH,
) -> Cycle:
    """Record everything that waits, and let it reach every book; return what was done.

    Raises:
        DeniedToRole: the caller is not the installation itself.
        Unavailable: the database does not answer, or there is no key to sign with: run it again.
    """
    check_role(by, Action.EVENT_RUN, clock())
    cycle = Cycle()
    for _ in _steps(inst, cycle, by, clock, batch):
        if on_progress is not None:
            on_progress(cycle)
        if is_stopping():
            break
    return cycle


def record_decided(
    db: Db, inst: Installation, event: StoredEvent, ruling: Ruling, *, by: Caller, now: datetime
) -> Judged:
    """Record one notification that waits as an official has ruled, and let it reach the books.

    The turn is the caller's. One that still cannot be recorded is held again, as in any cycle.

    Raises:
        Unavailable: a book is to be issued anew, and there is no key to sign with.
    """
    at = _At(inst, by, now)
    run, said = replace(_run_of(at, event.register_name), ruling=ruling), [values_of(inst, event)]
    _count(db, run, event.register_name, [])
    judged = _judged(db, at, run, [event], said)
    _count(db, run, event.register_name, judged)
    _settle(db, at, [event], said, judged)
    whose = {each.person_id for each in judged if each.person_id and _has_said(each)}
    take_effect(db, inst, run, whose, register=event.register_name, by=by, now=now)
    return judged[0]


def _steps(
    inst: Installation, cycle: Cycle, by: Caller, clock: Callable[[], datetime], batch: int
) -> Iterator[None]:
    """Yield after each transaction, until nothing is left to do."""
    is_over = _is_idle(inst)
    while not is_over:
        before = cycle.done
        for register in REGISTERS:
            while _record(_At(inst, by, clock()), register, cycle, batch):
                yield
        while _spread(_At(inst, by, clock()), cycle, batch):
            yield
        is_over = cycle.done == before


def _is_idle(inst: Installation) -> bool:
    """Say whether there is nothing to do, without keeping any writer waiting."""
    with reading(inst.engine) as db:
        return register_events.is_idle(db)


def _record(at: _At, register: str, cycle: Cycle, batch: int) -> bool:
    """Record the next batch of a register; tell whether there was one."""
    try:
        return _record_batch(at, register, cycle, batch)
    except Unavailable:
        raise
    except Exception as error:  # noqa: BLE001 - one that cannot be recorded keeps no other waiting
        if batch == 1:
            _hold_first(at, register, cycle, error)
            return True
    return sum(_record(at, register, cycle, 1) for _ in range(batch)) > 0


def _record_batch(at: _At, register: str, cycle: Cycle, batch: int) -> bool:
    with deed(at.inst.engine) as db:
        imports.take_turn(db)
        events = register_events.waiting(db, register, batch)
        if not events:
            return False
        run, said = _run_of(at, register), [values_of(at.inst, each) for each in events]
        _count(db, run, register, [])  # facts name the run that they came with
        judged = _judged(db, at, run, events, said)
        _count(db, run, register, judged)
        _settle(db, at, events, said, judged)
        whose = {each.person_id for each in judged if each.person_id and _has_said(each)}
        effects = take_effect(db, at.inst, run, whose, register=register, by=at.by, now=at.now)
        trace(
            db,
            at.by,
            Action.EVENT_RUN,
            at=at.now,
            purpose=PURPOSE,
            detail={"register": register, "rows": len(events), "issued": effects.issued},
        )
    for each in judged:
        cycle.rows[register][str(each.outcome)] += 1
    cycle.effects += effects
    return True


def _judged(
    db: Db, at: _At, run: Run, events: Sequence[StoredEvent], said: Sequence[Values]
) -> list[Judged]:
    """Record notifications as rows of a file would be, and say what became of each."""
    register = run.kind
    with TemporaryDirectory() as between:
        folder = Path(between)
        parsed = parsed_rows(register, said, folder, as_of=run.on)
        if register == "insurance":
            pairs = list(stated_pairs(folder / f"rows{suffix_of(register)}", None))
            learn(db, at.inst.vault, run, pairs)
    rows = [
        Numbered(number, each, event.data_as_of)
        for number, (event, each) in enumerate(zip(events, parsed, strict=True), start=1)
    ]
    collector: Collector = (
        NotifiedEnterprises(at.inst, events)
        if register == "enterprises"
        else COLLECTORS[register](at.inst.vault, Seen())
    )
    judged = sort_out(db, run, rows, collector)
    return _but_late(db, at, events, said, judged) if register == "population" else judged


def _but_late(
    db: Db,
    at: _At,
    events: Sequence[StoredEvent],
    said: Sequence[Values],
    judged: Sequence[Judged],
) -> list[Judged]:
    """Let pass what names somebody by a number that has been cancelled since: it is just late."""
    suspects = {
        number: values["personal_id"].strip()
        for number, (values, each) in enumerate(zip(said, judged, strict=True))
        if each.cause == "NUMBER_CANCELLED"
    }
    directory = Directory(db, at.inst.vault)
    directory.look_up_numbers(suspects.values())
    found = list(judged)
    for number, digits in suspects.items():
        people = {each.person.id for each in directory.named_by(digits)}
        newest = facts.newest_identity(db, people)
        if newest is not None and newest > events[number].data_as_of:
            found[number] = Judged(Outcome.UNCHANGED, None, judged[number].findings)
    return found


def _has_said(judged: Judged) -> bool:
    """Say whether something of the person may be otherwise than it was."""
    return judged.is_written or any(each.cause == "LATE_EVENT" for each in judged.findings)


def _settle(
    db: Db,
    at: _At,
    events: Sequence[StoredEvent],
    said: Sequence[Values],
    judged: Sequence[Judged],
) -> None:
    """Note what became of each; what is held about the same people is looked at once more."""
    forget: list[Mapping[str, Any]] = []
    keep: list[Mapping[str, Any]] = []
    subjects: set[bytes] = set()
    for event, values, each in zip(events, said, judged, strict=True):
        is_personal = event.register_name != "enterprises"
        state = _STATES.get(each.outcome, DONE)
        if state == DONE:
            subjects |= _subjects(at.inst, values)
        if not is_personal and each.is_written:
            state = SPREAD
        row = {
            "event_id": event.id,
            "to": state,
            "how": str(each.outcome),
            "why": each.cause,
            "at": at.now,
        }
        (forget if state == DONE and is_personal else keep).append(row)
    settled = register_events.settle(db, forget, forget=True)
    settled += register_events.settle(db, keep, forget=False)
    assert settled == len(events), "the turn was ours"
    register_events.wake(db, subjects)


def _subjects(inst: Installation, values: Values) -> set[bytes]:
    numbers = {part.strip() for name in _NUMBERS for part in values.get(name, "").split(";")} - {""}
    return {subject_of(inst.vault, each) for each in numbers}


def _spread(at: _At, cycle: Cycle, batch: int) -> bool:
    """Let the next notification about an employer reach some people; tell whether there was one."""
    with deed(at.inst.engine) as db:
        imports.take_turn(db)
        event = register_events.next_spreading(db)
        if event is None:
            return False
        code = values_of(at.inst, event)["enterprise_code"].strip()
        employer = register_events.employers_on_record(db, [code]).get(code)
        people: list[UUID] = []
        if employer is not None:
            people = register_lines.people_at(db, employer.id, after=event.reached, limit=batch)
        run = _run_of(at, event.register_name)
        _count(db, run, event.register_name, [])
        effects = take_effect(
            db, at.inst, run, people, register=event.register_name, by=at.by, now=at.now
        )
        reached = people[-1] if len(people) == batch else None
        moved = register_events.advance_spreading(db, event, reached)
        assert moved, "the turn was ours"
    cycle.effects += effects
    cycle.reached += len(people)
    return True


def _run_of(at: _At, register: str) -> Run:
    """Return the run that all notifications of a register on one day belong to."""
    day = vietnam_day(at.now)
    run_id = uuid5(NAMESPACE_URL, f"register-events/{register}/{day}")
    return Run(run_id, register, at.by.name, at.now, at.now, day, notified=True)


def _count(db: Db, run: Run, register: str, judged: Sequence[Judged]) -> None:
    before = imports.run_by_id(db, run.id)
    tally = Tally() if before is None else Tally.parse(before.counts)
    tally.count(judged)
    row = {
        "id": run.id,
        "kind": register,
        "file_name": f"register-events-{run.on}",
        "file_sha256": NO_FILE,
        "file_bytes": 0,
        "mapping_sha256": None,
        "state": "done",
        "failure": None,
        "started_at": run.at,
        "finished_at": run.at,
        "recorded_by": run.by[:80],
    }
    register_events.count_into_run(db, row, rows=len(judged), counts=str(tally))


def _hold_first(at: _At, register: str, cycle: Cycle, error: Exception) -> None:
    """Hold the notification whose turn it was, and could not be recorded."""
    places = traceback.format_list(traceback.extract_tb(error.__traceback__))
    logger.error("%s\n%s", type(error).__name__, "".join(places))  # its message may hold values
    with deed(at.inst.engine) as db:
        imports.take_turn(db)
        (event,) = register_events.waiting(db, register, 1)
        row = {"event_id": event.id, "to": HELD, "how": None, "why": _FAILED, "at": at.now}
        register_events.settle(db, [row], forget=False)
    cycle.rows[register]["held"] += 1
