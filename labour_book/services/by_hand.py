"""Recording rows that no file brought: a form on the screen, a page of an old book, a review.

They take the way of a file's rows, as a delivery of their own: the same rules and the same
receipts, in the transaction of the deed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.queries import imports
from labour_book.queries.imports import RunOnFile
from labour_book.queries.vault import Vault
from labour_book.registers import Parsed
from labour_book.services.callers import Caller
from labour_book.services.collecting import COLLECTORS
from labour_book.services.receipts import Judged, Numbered, Tally, receipt_rows
from labour_book.services.recording import Ruling, Run, Seen, new_id
from labour_book.services.sorting import sort_out


@dataclass(frozen=True, slots=True)
class Recorded:
    """The delivery that was made, and what became of each of its rows."""

    run_id: UUID
    judged: Sequence[Judged]


def record(
    db: Db,
    vault: Vault,
    by: Caller,
    kind: str,
    rows: Sequence[Parsed],
    *,
    named: str,
    within: str | None,
    now: datetime,
    ruling: Ruling | None = None,
) -> Recorded:
    """Record some rows of a kind as one delivery; ``named`` is what it is called in lists.

    Rows about communes that the unit ``within`` does not serve are refused; None: whoever calls has
    seen to it that the official may.
    """
    imports.take_turn(db)
    run_id = new_id(now)
    run = Run(run_id, kind, by.id, now, now, vietnam_day(now), within, ruling)
    numbered = [Numbered(ordinal, each) for ordinal, each in enumerate(rows, 1)]
    imports.add_run(db, _delivery(run, named, len(rows)).as_row())
    judged = sort_out(db, run, numbered, COLLECTORS[kind](vault, Seen()))
    imports.add_receipts(db, receipt_rows(vault, run_id, numbered, judged))
    tally = Tally()
    tally.count(judged)
    imports.advance_run(db, run_id, done=0, to=len(rows), counts=str(tally))
    imports.end_run(db, run_id, done=len(rows), state="done", failure=None, at=now)
    return Recorded(run_id, judged)


def _delivery(run: Run, named: str, rows: int) -> RunOnFile:
    return RunOnFile(
        id=run.id,
        kind=run.kind,
        file_name=named,
        file_sha256=sha256(run.id.bytes).hexdigest(),
        file_bytes=rows,
        mapping_sha256=None,
        state="running",
        failure=None,
        rows_done=0,
        counts=str(Tally()),
        started_at=run.started_at,
        finished_at=None,
        recorded_by=run.by,
    )
