"""How an installation stands, in a few numbers for those who watch over it; nobody is named."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.queries import trace as stored_trace
from labour_book.queries.waiting import waiting
from labour_book.services.breaking import Circuit
from labour_book.services.checkpoint_files import notes_in
from labour_book.services.installation import Installation

_ABOUT = {
    "trace_rows": "Rows of the access trace",
    "trace_unsigned_rows": "Rows of the trace behind the last checkpoint in this folder",
    "head_statement_age_days": "Days since the head of the trace was stated; -1: never",
    "key_days_left": "Days until the first key in use ends",
    "imports_waiting": "Received files that are not read yet",
    "events_waiting": "Notifications of registers that have not taken effect",
    "mails_waiting": "Mails that have not gone out",
    "jobs_waiting": "Background jobs that wait or run",
    "jobs_failed": "Background jobs that failed for good",
    "registers_open": "Registers that are not asked for now, after failures",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One number for each thing that somebody may have to see to."""

    trace_rows: int
    trace_unsigned_rows: int
    head_statement_age_days: int
    key_days_left: int
    imports_waiting: int
    events_waiting: int
    mails_waiting: int
    jobs_waiting: int
    jobs_failed: int
    registers_open: int

    @classmethod
    def told(cls) -> Mapping[str, str]:
        """Return what each number is, by its name."""
        return {each.name: _ABOUT[each.name] for each in fields(cls)}


def standing(db: Db, inst: Installation, now: datetime) -> Standing:
    """Return the numbers as of now."""
    end = stored_trace.head(db)
    rows = 0 if end is None else end.seq
    left = [(key.not_after - now).days for key in inst.key_ring.signers.values()]
    found = waiting(db)
    return Standing(
        trace_rows=rows,
        trace_unsigned_rows=rows - _signed_to(inst),
        head_statement_age_days=_stated_days_ago(inst, now),
        key_days_left=min(left, default=-1),
        registers_open=_open_circuits(inst, now),
        **found,
    )


def _signed_to(inst: Installation) -> int:
    """Return the size that the last checkpoint states; whether it is genuine, the audit says."""
    notes = notes_in(inst.checkpoints)
    line = notes[-1].split("\n")[1] if notes else "0"
    return int(line) if line.isdecimal() else 0


def _stated_days_ago(inst: Installation, now: datetime) -> int:
    notes = notes_in(inst.head_statements)
    if not notes:
        return -1
    try:
        stated = datetime.fromisoformat(notes[-1].split("\n")[3]).date()
    except ValueError:
        return -1
    return (vietnam_day(now) - stated).days


def _open_circuits(inst: Installation, now: datetime) -> int:
    known = [inst.connections.standing(each, now) for each in inst.connections.clients]
    return sum(each is not None and each.circuit is Circuit.OPEN for each in known)
