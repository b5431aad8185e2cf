"""Passes over many rows: begun, kept portion by portion, gone on with, and ended.

A portion and how far the pass has come are kept in one transaction: a pass that is cut off at any
point goes on where it was, and nothing is proposed twice.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from labour_book.database import Db, reading, transaction
from labour_book.errors import Conflict
from labour_book.queries import linking
from labour_book.queries.linking import RunOnFile
from labour_book.services.callers import Action, Caller
from labour_book.services.installation import Installation
from labour_book.services.permission import check_role, deed
from labour_book.services.recording import new_id

__all__ = ["RunOnFile"]

HELD, TWICE, PEOPLE = "held", "twice", "people"
OnProgress = Callable[[int, int], None]
"""Told how many rows are done, and of how many."""
Written = dict[str, object]


class RunElsewhere(Conflict):
    """Another process is at this pass."""

    slug = "run-elsewhere"
    title = "This pass is being made elsewhere"
    title_vi = "Lượt đối soát này đang được chạy ở nơi khác"


@dataclass(slots=True)
class Pass:
    """A pass that is being made, and how far it has come."""

    inst: Installation
    run: RunOnFile
    position: int
    counts: Counter[str]
    on_progress: OnProgress


def runs(inst: Installation, *, limit: int = 20) -> list[RunOnFile]:
    """Return the passes that were made, the newest first."""
    with reading(inst.engine) as db:
        return linking.runs(db, limit=limit)


def begin(
    inst: Installation,
    by: Caller,
    kind: str,
    source: str,
    *,
    rows: int,
    version: str,
    now: datetime,
    on_progress: OnProgress,
) -> Pass:
    """Begin a pass with a version of the model, or go on with one that was cut off.

    Raises:
        DeniedToRole: the role reconciles nothing.
        RunElsewhere: another process began it at this moment.
    """
    with deed(inst.engine) as db:
        check_role(by, Action.RECONCILE, now)
        run = linking.running(db, kind, source)
        if run is None:
            row_id = new_id(now)
            row = {
                "id": row_id,
                "kind": kind,
                "source": source,
                "model": version,
                "state": linking.RUNNING,
                "position": 0,
                "rows": rows,
                "counts": "{}",
                "started_at": now,
                "finished_at": None,
                "recorded_by": by.id,
            }
            if not linking.begin_run(db, row):
                raise RunElsewhere
            run = linking.run_by_id(db, row_id)
    return Pass(inst, run, run.position, Counter(json.loads(run.counts)), on_progress)


def advance(pass_: Pass, rows: int, proposed: Sequence[Written], counted: Iterable[str]) -> None:
    """Keep what a portion of so many rows proposes, and that it is done, together.

    Raises:
        RunElsewhere: another process has done this portion.
    """
    with transaction(pass_.inst.engine) as db:
        linking.add_proposals(db, proposed)
        note_progress(db, pass_, rows, counted)
    pass_.on_progress(pass_.position, pass_.run.rows)


def note_progress(db: Db, pass_: Pass, rows: int, counted: Iterable[str]) -> None:
    """Note in the transaction of a portion that it is done.

    Raises:
        RunElsewhere: another process has done this portion.
    """
    pass_.counts.update(counted)
    before, pass_.position = pass_.position, pass_.position + rows
    counts = json.dumps(pass_.counts, sort_keys=True)
    if not linking.advance(db, pass_.run.id, before=before, position=pass_.position, counts=counts):
        raise RunElsewhere


def end(pass_: Pass, now: datetime) -> RunOnFile:
    """End a pass and return it as it stands."""
    with transaction(pass_.inst.engine) as db:
        linking.end_run(db, pass_.run.id, now)
        return linking.run_by_id(db, pass_.run.id)
