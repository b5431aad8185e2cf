"""Files that officials send to be imported: taken in at once, and what became of them.

A file is kept sealed below the data folder, under a name that says nothing; ``importing`` reads it.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from labour_book.database import Db
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.findings import Finding
from labour_book.domain.people import PartialDate
from labour_book.errors import Invalid, NotFound
from labour_book.queries import received_files, units
from labour_book.queries.received_files import FileOnRecord
from labour_book.registers import OF_REGISTERS
from labour_book.services.auditing import trace
from labour_book.services.callers import Action, Caller, Role
from labour_book.services.full_files import check_full
from labour_book.services.installation import Installation
from labour_book.services.mending import mendable_file, suffix_of
from labour_book.services.permission import check_role
from labour_book.services.receipts import (
    Outcome,
    Receipt,
    RunSummary,
    Told,
    receipts_of,
    run_of,
    told,
)
from labour_book.services.recording import new_id

KINDS_OF: Mapping[Role, Sequence[str]] = {
    Role.COLLECTOR: ("form03",),
    Role.ADMIN: OF_REGISTERS,
}
"""Kinds of files that a role may send; registers' whole extracts come to the ministry alone."""
PAGE = 50
AT_ONCE = 200
"""Files in one transaction of the clock."""
PURPOSE = "import"
FULL = "full"
"""What is noted beside a file that its sender declared full."""
_LONGEST_NAME = 120
_NOT_IN_NAME = re.compile(r"[^0-9A-Za-z._-]+")
_LONG_NUMBER = re.compile(r"[0-9](?:[^0-9A-Za-z]*[0-9]){8,}|[0-9]{8,}")
"""Nine digits or more, also with blanks or signs between them, as people write such numbers."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A file that was sent, how it stands, and what became of its rows so far."""

    id: UUID
    kind: str
    file_name: str
    file_bytes: int
    unit_code: str
    sent_at: datetime
    state: str
    """waiting, running, done or failed."""
    failure: Told | None
    run: RunSummary | None
    mend_suffix: str
    """How a file of its refused rows ends."""


def kinds_for(db: Db, caller: Caller) -> Sequence[str]:
    """Return the kinds of files that a caller may send."""
    kinds = KINDS_OF.get(caller.role, ())
    if caller.unit_code is None or set(kinds) <= {"form03"}:
        return kinds
    unit = units.unit(db, caller.unit_code)
    return kinds if unit is not None and unit.kind == "ministry" else ("form03",)


def receive(
    db: Db,
    inst: Installation,
    caller: Caller,
    *,
    kind: str,
    file_name: str,
    content: bytes,
    commune_code: str = "",
    collected_on: str = "",
    is_full: bool = False,
    now: datetime,
) -> UUID:
    """Take in a file to be imported soon and return its id.

    ``commune_code`` and ``collected_on`` (YYYY, YYYY-MM or YYYY-MM-DD) are for a Form 03 that does
    not say where and when it was filled in. ``is_full``: it holds all that its register states.

    Raises:
        DeniedToRole: the role sends no files.
        Invalid: the file is empty, of a kind that this caller may not send, or declared full
            though such a file cannot be.
    """
    check_role(caller, Action.IMPORT_SEND, now)
    if kind not in kinds_for(db, caller):
        raise Invalid("you may not send files of this kind", cause="KIND_NOT_YOURS", kind=kind)
    if not content:
        raise Invalid("the file is empty", cause="EMPTY_FILE")
    if is_full:
        check_full(kind, is_of_all=True)  # these kinds come to the ministry alone
    file_id = new_id(now)
    said = _mapping(commune_code, collected_on) | ({FULL: "yes"} if is_full else {})
    assert caller.unit_code is not None
    row = {
        "id": file_id,
        "kind": kind,
        "file_name": harmless(file_name, suffix_of(kind)),
        "file_bytes": len(content),
        "unit_code": caller.unit_code,
        "sent_by": caller.id,
        "sent_at": now,
        "state": received_files.WAITING,
        "detail": json.dumps(said),
    }
    received_files.add_file(db, row)
    keep(inst, file_id, content)
    trace(db, caller, Action.IMPORT_SEND, at=now, purpose=PURPOSE, detail=_about(file_id, kind))
    return file_id


def deliveries(
    db: Db, caller: Caller, *, before: datetime | None = None, now: datetime
) -> list[Delivery]:
    """Return what the caller's unit and those under it sent, the newest first.

    Raises:
        DeniedToRole: the role does not see imports.
    """
    check_role(caller, Action.IMPORT_READ, now)
    codes = units.codes_below(db, caller.unit_code or "", vietnam_day(now))
    found = received_files.files_of(db, codes, before=before, limit=PAGE)
    return [delivery_told(db, each) for each in found]


def delivery(db: Db, caller: Caller, file_id: UUID, *, now: datetime) -> Delivery:
    """Return one of them.

    Raises:
        DeniedToRole: the role does not see imports.
        NotFound: no such file, or of a unit elsewhere.
    """
    check_role(caller, Action.IMPORT_READ, now)
    return delivery_told(db, _theirs(db, caller, file_id, now))


def rows_of(
    db: Db,
    inst: Installation,
    caller: Caller,
    file_id: UUID,
    outcomes: Sequence[Outcome] = tuple(Outcome),
    *,
    cause: str | None = None,
    after: int = 0,
    limit: int = PAGE,
    now: datetime,
) -> list[Receipt]:
    """Return what became of rows of a file and why, in reading order; not what stands in them.

    Raises:
        DeniedToRole, NotFound: as ``delivery``.
    """
    check_role(caller, Action.IMPORT_READ, now)
    run_id = _theirs(db, caller, file_id, now).run_id
    if run_id is None:
        return []
    return receipts_of(db, inst.vault, run_id, outcomes, after=after, limit=limit, cause=cause)


def refused_file(
    db: Db, inst: Installation, caller: Caller, file_id: UUID, *, now: datetime
) -> tuple[bytes, str]:
    """Return the refused rows as a file to mend and send again, and how its name ends.

    Raises:
        DeniedToRole: the role does not see rows.
        NotFound: no such file, of a unit elsewhere, or not read yet.
    """
    check_role(caller, Action.IMPORT_ROWS, now)
    file = _theirs(db, caller, file_id, now)
    if file.run_id is None:
        raise NotFound("nothing of this file has been read")
    suffix = suffix_of(file.kind)
    content, rows = mendable_file(db, inst.vault, file.run_id, suffix)
    detail = _about(file_id, file.kind) | {"rows": rows}
    trace(db, caller, Action.IMPORT_ROWS, at=now, purpose=PURPOSE, detail=detail)
    return content, suffix


def harmless(name: str, suffix: str) -> str:
    """Return a file name that is safe to write and holds no number that could name a person."""
    stem = Path(name.replace("\\", "/")).name.removesuffix(suffix)
    plain = _LONG_NUMBER.sub("x", _NOT_IN_NAME.sub("_", stem)).strip("._")
    return f"{plain[:_LONGEST_NAME] or 'file'}{suffix}"


def delivery_told(db: Db, file: FileOnRecord) -> Delivery:
    """Return how a file stands, and what became of its rows so far."""
    failure = None if file.cause is None else told(Finding(file.cause, None, file.detail))
    return Delivery(
        id=file.id,
        kind=file.kind,
        file_name=file.file_name,
        file_bytes=file.file_bytes,
        unit_code=file.unit_code,
        sent_at=file.sent_at,
        state=file.state,
        failure=failure,
        run=None if file.run_id is None else run_of(db, file.run_id),
        mend_suffix=suffix_of(file.kind),
    )


def _theirs(db: Db, caller: Caller, file_id: UUID, now: datetime) -> FileOnRecord:
    file = received_files.file_by_id(db, file_id)
    top = caller.unit_code or ""
    if file is None or not units.is_below(db, file.unit_code, top, vietnam_day(now)):
        raise NotFound("there is no such file")
    return file


def _mapping(commune_code: str, collected_on: str) -> dict[str, str]:
    if commune_code and not (commune_code.isascii() and commune_code.isdigit()):
        raise Invalid("a commune's code has five digits", cause="COMMUNE_UNKNOWN")
    if collected_on:
        PartialDate.parse(collected_on)
    stated = {"commune_code": commune_code, "collected_on": collected_on}
    return {name: text for name, text in stated.items() if text}


def folder_of(inst: Installation) -> Path:
    """Return where received files lie, sealed."""
    return inst.data_dir / "received"


def place_of(file_id: UUID) -> bytes:
    """Return what a received file is sealed for."""
    return b"received_file:" + file_id.bytes


def keep(inst: Installation, file_id: UUID, content: bytes) -> None:
    """Keep a received file, sealed, until it is imported and the days for it are over."""
    folder = folder_of(inst)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    sealed = inst.vault.sealer.seal(content, bound_to=place_of(file_id))
    (folder / f"{file_id}.sealed").write_bytes(sealed)


def remove_read(db: Db, inst: Installation, *, now: datetime) -> int:
    """Take files off the disk that were read long enough ago; return how many.

    What became of their rows stays, and refused rows can still be had to be mended. The clock
    calls it until it returns 0.
    """
    before = now - timedelta(days=inst.received_file_days)
    found = received_files.read_files(db, before, limit=AT_ONCE)
    for file_id in found:
        (folder_of(inst) / f"{file_id}.sealed").unlink(missing_ok=True)
        received_files.note_removed(db, file_id, now)
    return len(found)


def _about(file_id: UUID, kind: str) -> dict[str, str | int]:
    return {"file": str(file_id), "kind": kind}
