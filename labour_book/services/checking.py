"""A round of checks: everybody's books, all enterprises, comparisons, and the day's four numbers.

It goes in steps, each in a transaction of its own that also notes how far the round is: killed at
any moment it goes on where it stopped, and no step is counted twice. What somebody records while a
step looks is looked at again by the next round.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from labour_book.database import Db, reading, transaction
from labour_book.domain.check_rules import Family, of_family
from labour_book.domain.firm_checks import checked_firm, headcounts
from labour_book.errors import Conflict
from labour_book.queries import books, check_runs, firm_numbers
from labour_book.queries.check_runs import RunOnFile
from labour_book.services import checking_people, measuring
from labour_book.services.callers import Action, Caller
from labour_book.services.checking_rest import check_rest
from labour_book.services.installation import Installation
from labour_book.services.noting_findings import note
from labour_book.services.rounds import COMING_IN, Kind, Round, ended, moved, steps
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


_KIND = Kind(
    Action.CHECK_RUN,
    "check",
    check_runs.running,
    check_runs.begin,
    check_runs.move,
    CheckedElsewhere,
)


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

    def step(one: Round, run: RunOnFile) -> RunOnFile:
        return _STEPS[run.stage](one, run, batch)

    for run in steps(inst, _KIND, partial(_first, everybody=everybody), step, by=by, now=now):
        yield Progress(run.stage, run.people, run.findings, is_done=run.state == "done")


def _first(db: Db, one: Round, *, everybody: bool) -> dict[str, Any]:
    last = check_runs.last_done(db)
    reported = one.at.counted_through.ordinal
    is_new = last is None or last.reported != reported
    return {
        "stage": STAGES[0],
        "cursor": "",
        "changed_since": (
            None if everybody or is_new or last is None else last.started_at - COMING_IN
        ),
        "reported": reported,
        "people": 0,
        "findings": 0,
    }


def _people(one: Round, run: RunOnFile, batch: int) -> RunOnFile:
    after = UUID(run.cursor) if run.cursor else None
    with reading(one.inst.engine) as db:
        ids = books.person_ids_after(db, after, limit=batch)
        chosen = ids
        if run.changed_since is not None and ids:
            chosen = check_runs.changed_among(db, ids, run.changed_since)
        looked = checking_people.look(db, one.inst, chosen, at=one.at, now=one.now)
    with transaction(one.inst.engine) as db:
        if not ids:
            return moved(db, _KIND, run, stage="firms", cursor="")
        taken = moved(db, _KIND, run, cursor=str(ids[-1]), people=run.people + len(chosen))
        return _counted(db, taken, checking_people.write(db, looked, now=one.now))


def _firms(one: Round, run: RunOnFile, batch: int) -> RunOnFile:
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
            return moved(db, _KIND, run, stage="rest", cursor="")
        taken = moved(db, _KIND, run, cursor=codes[-1])
        return _counted(db, taken, note(db, FIRM_RULES, codes, found, now=one.now))


def _rest(one: Round, run: RunOnFile, _batch: int) -> RunOnFile:
    with transaction(one.inst.engine) as db:
        taken = moved(db, _KIND, run, stage="measure")
        return _counted(
            db, taken, check_rest(db, thresholds(db), one.at.counted_through, now=one.now)
        )


def _measure(one: Round, run: RunOnFile, _batch: int) -> RunOnFile:
    """Measure one kind of scope; after the last one the round is done."""
    with transaction(one.inst.engine) as db:
        kind = measuring.next_kind(run.cursor)
        if kind is not None:
            taken = moved(db, _KIND, run, cursor=kind)
            measuring.measure(db, kind, now=one.now)
            return taken
        return ended(db, _KIND, one, run, {"people": run.people, "findings": run.findings})


_STEPS: dict[str, Callable[[Round, RunOnFile, int], RunOnFile]] = {
    "people": _people,
    "firms": _firms,
    "rest": _rest,
    "measure": _measure,
}


def _counted(db: Db, run: RunOnFile, findings: int) -> RunOnFile:
    return moved(db, _KIND, run, findings=run.findings + findings)
