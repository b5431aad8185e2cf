"""The trace: append what was done or seen, prove the chain, sign where it stands."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from labour_book.database import Db
from labour_book.errors import Conflict, Invalid
from labour_book.queries import trace as stored
from labour_book.services.callers import Action, Caller
from labour_book.services.checkpoint_files import append_note, checkpoints_in, locked_file
from labour_book.services.installation import Installation
from signing import (
    GENESIS,
    ChainedRow,
    Checkpoint,
    TrustBundle,
    Use,
    canonical_json,
    chain_hash,
    sign_checkpoint,
)
from signing import verify_chain as first_broken_of

MAX_PURPOSE = 200
"""Characters."""


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What a proof of the trace found."""

    rows: int
    first_broken_seq: int | None
    """The first row that was edited, deleted, inserted, moved or cut off; None if none was."""
    head: bytes
    """Hash of the last row."""
    proven_to: int
    """Rows up to this number agree with a signed checkpoint; those after it with the chain only."""
    checkpoints_refused: int = 0
    """Checkpoints in the file that no trusted key has signed."""

    @property
    def is_whole(self) -> bool:
        return self.first_broken_seq is None and self.checkpoints_refused == 0


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be appended to the trace."""

    caller: Caller
    action: Action
    at: datetime
    purpose: str
    person_id: UUID | None = None
    outcome: str = "ok"
    detail: Mapping[str, str | int] = field(default_factory=dict)
    """Never a value that was seen."""


def trace(
    db: Db,
    caller: Caller,
    action: Action,
    *,
    at: datetime,
    purpose: str,
    person_id: UUID | None = None,
    outcome: str = "ok",
    detail: Mapping[str, str | int] | None = None,
) -> int:
    """Append to the trace in the transaction of the deed and return the row's number.

    Say it last: other writers wait for the end of the chain until the transaction ends. ``detail``
    never holds a value that was seen.

    Raises:
        Invalid: the purpose is too long.
    """
    entry = Entry(caller, action, at, purpose, person_id, outcome, detail or {})
    return trace_all(db, [entry])


def trace_all(db: Db, entries: Sequence[Entry]) -> int:
    """Append several entries, one behind the other, and return the number of the last row.

    Raises:
        Invalid: a purpose is too long; nothing is written then.
    """
    for each in entries:
        check_purpose(each.purpose)
    end = stored.locked_head(db, GENESIS)
    rows = []
    for each in entries:
        row = _row(each, end)
        row["hash"] = chain_hash(end.hash, _content(row))
        end = stored.Head(row["seq"], row["hash"])
        rows.append(row)
    stored.append(db, rows)
    return end.seq


def _row(entry: Entry, end: stored.Head) -> dict[str, Any]:
    return {
        "seq": end.seq + 1,
        "at": entry.at.astimezone(UTC),
        "actor_kind": entry.caller.kind,
        "actor": entry.caller.id,
        "action": str(entry.action),
        "person_id": entry.person_id,
        "purpose": entry.purpose,
        "outcome": entry.outcome,
        "detail": _detail(entry.detail),
        "prev_hash": end.hash,
    }


def check_purpose(purpose: str) -> None:
    """Refuse a purpose that is too long or holds what a line of text does not.

    Raises:
        Invalid: what is wrong with it.
    """
    if len(purpose) > MAX_PURPOSE or not purpose.isprintable():
        raise Invalid(f"a purpose is one line of at most {MAX_PURPOSE} characters")


def verify_chain(db: Db, checkpoints: Iterable[Checkpoint] = ()) -> AuditReport:
    """Prove the trace row by row against itself, its end and verified checkpoints.

    What others append meanwhile is left to the next proof.
    """
    signed = sorted(checkpoints, key=lambda each: each.size)
    last = _Last(0, GENESIS)
    found, highest = stored.end_and_last(db)
    end = found or stored.Head(0, GENESIS)
    rows = _followed(stored.rows_from(db, 1, end.seq), last)
    broken = first_broken_of(rows, checkpoints=signed)
    if broken is None and (end.seq, end.hash) != (last.seq, last.hash):
        broken = last.seq + (end.seq != last.seq)
    if broken is None and highest != end.seq:
        broken = end.seq + 1
    proven = [each.size for each in signed if broken is None or each.size < broken]
    return AuditReport(last.seq, broken, last.hash, max(proven, default=0))


def verify_trace(db: Db, inst: Installation, trust: TrustBundle, now: datetime) -> AuditReport:
    """Prove the trace with the checkpoints this installation keeps."""
    signed, refused = checkpoints_in(inst.checkpoints, trust, now, origin=origin_of(inst))
    report = verify_chain(db, signed)
    return AuditReport(report.rows, report.first_broken_seq, report.head, report.proven_to, refused)


def checkpoint(db: Db, inst: Installation, trust: TrustBundle, now: datetime) -> Checkpoint | None:
    """Sign where the trace stands and add it to the file; None if nothing was added since.

    Only what follows from the last checkpoint is signed: a change behind it is found first.

    Raises:
        Conflict: the rows since the last checkpoint, or the file of checkpoints, are broken.
        Unavailable: there is no key for it.
    """
    signer = inst.key_ring.signer(Use.LOG)
    origin = origin_of(inst)
    with locked_file(inst.checkpoints) as path:
        signed, refused = checkpoints_in(path, trust, now, origin=origin)
        if refused:
            raise Conflict("a checkpoint in the file is not signed by a trusted key")
        base = max(signed, key=lambda each: each.size, default=Checkpoint(origin, 0, GENESIS))
        end, highest = stored.end_and_last(db)
        if end is None or end.seq == base.size == highest:
            return None
        _check_follows(db, base, end, highest)
        made = Checkpoint(origin, end.seq, end.hash)
        append_note(path, sign_checkpoint(made, signer=signer))
        return made


def origin_of(inst: Installation) -> str:
    """Return the name of this installation's trace in its checkpoints."""
    return inst.public_url.partition("://")[2] + "/trace"


@dataclass(slots=True)
class _Last:
    """The last row that went by."""

    seq: int
    hash: bytes


def _followed(rows: Iterable[stored.TraceRow], last: _Last) -> Iterator[ChainedRow]:
    for row in rows:
        last.seq, last.hash = row.seq, row.hash
        yield ChainedRow(row.seq, _content_of(row), row.hash)


def _check_follows(db: Db, base: Checkpoint, end: stored.Head, highest: int) -> None:
    last = _Last(base.size, base.head)
    rows = _followed(stored.rows_from(db, base.size + 1, end.seq), last)
    broken = first_broken_of(rows, previous=base.head, first=base.size + 1)
    if broken is not None or (last.seq, last.hash, highest) != (end.seq, end.hash, end.seq):
        raise Conflict("the trace is broken; run the audit", seq=broken or last.seq)


def _detail(values: Mapping[str, str | int]) -> str:
    plain = {name: each if isinstance(each, int) else str(each) for name, each in values.items()}
    return canonical_json(plain).decode()


def _content_of(row: stored.TraceRow) -> dict[str, Any]:
    return _content({name: getattr(row, name) for name in stored.TraceRow.__slots__})


def _content(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return all columns but the hash as JSON values; instants in UTC to the microsecond."""
    person_id = row["person_id"]
    return {
        "seq": row["seq"],
        "at": row["at"].astimezone(UTC).isoformat(timespec="microseconds"),
        "actor_kind": row["actor_kind"],
        "actor": row["actor"],
        "action": row["action"],
        "person_id": None if person_id is None else str(person_id),
        "purpose": row["purpose"],
        "outcome": row["outcome"],
        "detail": row["detail"],
        "prev_hash": row["prev_hash"].hex(),
    }
