"""A round of checks: everybody's books, all enterprises, comparisons, and the day's four numbers.

It goes in steps, each in a transaction of its own that also notes how far the round is: killed at
any moment it goes on where it stopped, and no step is counted twice. What somebody records while a
step looks is looked at again by the next round.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from labour_book.database import Db, reading, transaction
from labour_book.domain.check_rules import Family, of_family
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.firm_checks import checked_firm, headcounts
from labour_book.errors import Conflict
from labour_book.queries import books, check_runs, firm_numbers
from labour_book.queries.check_runs import RunOnFile
from labour_book.services import checking_people, measuring
from labour_book.services.auditing import trace
from labour_book.services.books import Standpoint, standpoint
from labour_book.services.callers import Action, Caller
from labour_book.services.checking_rest import check_rest
from labour_book.services.installation import Installation
from labour_book.services.noting_findings import note
from labour_book.services.permission import check_role, deed
from labour_book.services.recording import new_id
from labour_book.services.tuning import thresholds

BATCH = 500
"""People, or enterprises, of one step."""
STAGES = ("people", "firms", "rest", "measure")
FIRM_RULES = frozenset({"HEADCOUNT_JUMP", *(each.code for each in of_family(Family.FIRM))})


class CheckedElsewhere(Conflict):
    """Another process is at the same round and was quicker."""

    slug = "checked-elsewhere"
    title = "Another process is running these checks"
    title_vi = "Một tiến trình khác đang chạy kiểm tra này"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a round is."""

    stage: str
    people: int
    findings: int
    is_done: bool


@dataclass(frozen=True, slots=True)
class _Round:
    inst: Installation
    now: datetime
    at: Standpoint
    by: Caller


def check(
    inst: Installation, *, by: Caller, now: datetime, everybody: bool, batch: int = BATCH
) -> Iterator[Progress]:
    """Run a round of checks, or end the one that was stopped; tell of each step when it is done.

    Without ``everybody`` only those of whom something was recorded since the last round are looked
    at, unless the insurance register has reported a further month: then each book may say more.

    Raises:
        DeniedToRole: the caller is not the installation itself.
        CheckedElsewhere: another process took the next step.
    """
    with deed(inst.engine) as db:
        check_role(by, Action.CHECK_RUN, now)
        at = standpoint(db, as_of=vietnam_day(now), known_at=now)
        one = _Round(inst, now, at, by)
        run = check_runs.running(db) or _begun(db, one, everybody=everybody)
    while run.state == "running":
        run = _STEPS[run.stage](one, run, batch)
        yield Progress(run.stage, run.people, run.findings, is_done=run.state == "done")


def _begun(db: Db, one: _Round, *, everybody: bool) -> RunOnFile:
    last = check_runs.last_done(db)
    reported = one.at.counted_through.ordinal
    is_new = last is None or last.reported != reported
    row = {
        "id": new_id(one.now),
        "state": "running",
        "stage": STAGES[0],
        "cursor": "",
        "changed_since": None if everybody or is_new or last is None else last.started_at,
        "reported": reported,
        "people": 0,
        "findings": 0,
        "revision": 0,
        "started_at": one.now,
    }
    check_runs.begin(db, row)
    run = check_runs.running(db)
    assert run is not None
    return run


def _people(one: _Round, run: RunOnFile, batch: int) -> RunOnFile:
    after = UUID(run.cursor) if run.cursor else None
    with reading(one.inst.engine) as db:
        ids = books.person_ids_after(db, after, limit=batch)
        chosen = ids
        if run.changed_since is not None and ids:
            chosen = check_runs.changed_among(db, ids, run.changed_since)
        looked = checking_people.look(db, one.inst, chosen, at=one.at, now=one.now)
    with transaction(one.inst.engine) as db:
        if not ids:
            return _moved(db, run, stage="firms", cursor="")
        moved = _moved(db, run, cursor=str(ids[-1]), people=run.people + len(chosen))
        return _counted(db, moved, checking_people.write(db, looked, now=one.now))


def _firms(one: _Round, run: RunOnFile, batch: int) -> RunOnFile:
    with reading(one.inst.engine) as db:
        codes = firm_numbers.codes_after(db, run.cursor, limit=batch)
        standing = firm_numbers.standings(db, codes, one.at.counted_through, now=one.now)
        flows = firm_numbers.flows(db, codes, one.at.counted_through)
        limits = thresholds(db)
    found = [
        each
        for code, firm in standing.items()
        for each in checked_firm(
            firm, headcounts(*flows[code], one.at.counted_through.ordinal), limits
        )
    ]
    with transaction(one.inst.engine) as db:
        if not codes:
            return _moved(db, run, stage="rest", cursor="")
        moved = _moved(db, run, cursor=codes[-1])
        return _counted(db, moved, note(db, FIRM_RULES, codes, found, now=one.now))


def _rest(one: _Round, run: RunOnFile, _batch: int) -> RunOnFile:
    with transaction(one.inst.engine) as db:
        moved = _moved(db, run, stage="measure")
        return _counted(
            db, moved, check_rest(db, thresholds(db), one.at.counted_through, now=one.now)
        )


def _measure(one: _Round, run: RunOnFile, _batch: int) -> RunOnFile:
    """Measure one kind of scope; after the last one the round is done."""
    with transaction(one.inst.engine) as db:
        kind = measuring.next_kind(run.cursor)
        if kind is not None:
            moved = _moved(db, run, cursor=kind)
            measuring.measure(db, kind, now=one.now)
            return moved
        done = _moved(db, run, state="done", finished_at=one.now)
        detail: dict[str, str | int] = {"people": run.people, "findings": run.findings}
        trace(db, one.by, Action.CHECK_RUN, at=one.now, purpose="check", detail=detail)
        return done


_STEPS: dict[str, Callable[[_Round, RunOnFile, int], RunOnFile]] = {
    "people": _people,
    "firms": _firms,
    "rest": _rest,
    "measure": _measure,
}


def _moved(db: Db, run: RunOnFile, **values: Any) -> RunOnFile:  # noqa: ANN401 - fields of a run
    """Take the next step of a round before anything of it is written.

    Raises:
        CheckedElsewhere: another process has taken it.
    """
    if not check_runs.move(db, run.id, run.revision, values):
        raise CheckedElsewhere
    return replace(run, revision=run.revision + 1, **values)


def _counted(db: Db, run: RunOnFile, findings: int) -> RunOnFile:
    return _moved(db, run, findings=run.findings + findings)
