"""The head of the trace, stated in public once a day and signed.

Whoever keeps such a statement elsewhere can prove later that nothing before it was rewritten, not
even by who holds the database, the file of checkpoints and the keys. The file of this installation
is a copy for convenience; what counts is the one that others have kept.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.errors import Conflict, NotFound
from labour_book.queries import trace as stored
from labour_book.services.auditing import (
    AuditReport,
    checkpoint,
    origin_of,
    verify_chain,
    verify_trace,
)
from labour_book.services.checkpoint_files import (
    append_note,
    checkpoints_in,
    locked_file,
    notes_in,
)
from labour_book.services.installation import Installation
from signing import Checkpoint, TrustBundle, Use, sign_checkpoint


def state_head(db: Db, inst: Installation, trust: TrustBundle, now: datetime) -> Checkpoint | None:
    """State where the trace stands today; None if today's statement stands already.

    What was added since the last checkpoint is proven first, and that the statements before still
    hold.

    Raises:
        Conflict: the trace, or a statement, does not fit the others: run the audit.
        Unavailable: there is no key for it.
    """
    today = vietnam_day(now)
    with locked_file(inst.head_statements) as path:
        stated, refused = checkpoints_in(path, trust, now, origin=origin_of(inst))
        if refused:
            raise Conflict("a statement in the file is not signed by a trusted key")
        if any(each.day is not None and each.day >= today for each in stated):
            return None
        checkpoint(db, inst, trust, now)
        proven, _ = checkpoints_in(inst.checkpoints, trust, now, origin=origin_of(inst))
        end = max(proven, key=lambda each: each.size, default=None)
        if end is None or not _still_holds(db, stated):
            raise Conflict("the trace does not hold what was stated of it; run the audit")
        made = replace(end, day=today)
        append_note(path, sign_checkpoint(made, signer=inst.key_ring.signer(Use.LOG)))
        return made


def latest_statement(inst: Installation) -> str:
    """Return the newest statement as a signed note.

    Raises:
        NotFound: none has been made yet.
    """
    notes = notes_in(inst.head_statements)
    if not notes:
        raise NotFound("nothing has been stated yet")
    return notes[-1]


def all_statements(inst: Installation) -> str:
    """Return every statement, oldest first, one signed note behind the other."""
    return "".join(notes_in(inst.head_statements))


def verify_stated(
    db: Db, inst: Installation, trust: TrustBundle, now: datetime, *, kept: Path | None = None
) -> AuditReport:
    """Prove the trace with the checkpoints and statements kept here, and those kept elsewhere.

    Raises:
        NotFound: there is no such file.
    """
    if kept is not None and not kept.exists():
        raise NotFound("there is no such file of statements")
    known = verify_trace(db, inst, trust, now)
    signed: list[Checkpoint] = []
    refused = known.checkpoints_refused
    for path in (inst.head_statements, *([kept] if kept else [])):
        good, bad = checkpoints_in(path, trust, now, origin=origin_of(inst))
        signed += good
        refused += bad
    conflicting = _conflict_of(signed)
    report = verify_chain(db, signed)
    found = (known.first_broken_seq, report.first_broken_seq, conflicting)
    broken = min((each for each in found if each is not None), default=None)
    proven = (
        max(known.proven_to, report.proven_to)
        if broken is None
        else min(known.proven_to, report.proven_to)
    )
    return AuditReport(report.rows, broken, report.head, proven, refused)


def _still_holds(db: Db, stated: Iterable[Checkpoint]) -> bool:
    last = max(stated, key=lambda each: each.size, default=None)
    return last is None or stored.hash_of(db, last.size) == last.head


def _conflict_of(signed: Iterable[Checkpoint]) -> int | None:
    """Return the first number of rows for which two different heads were signed."""
    heads: dict[int, bytes] = {}
    clashing = [each.size for each in signed if heads.setdefault(each.size, each.head) != each.head]
    return min(clashing, default=None)
