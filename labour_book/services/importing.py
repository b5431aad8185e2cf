"""Importing the files that officials sent, one at a time, in the background.

The import is the same as on the command line, so one that is cut off goes on behind its last whole
batch; a file whose process was killed is taken up again once that has been silent for a while.
"""

import json
import logging
import shutil
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from labour_book.database import reading, transaction
from labour_book.errors import Conflict, Denied, Invalid, LabourBookError
from labour_book.queries import received_files
from labour_book.queries.received_files import FileOnRecord
from labour_book.services import filing_files, senders
from labour_book.services.callers import Caller
from labour_book.services.collection import BATCH, Progress, import_file
from labour_book.services.installation import Installation
from labour_book.services.uploading import FULL, folder_of, place_of
from signing import SigningError

SILENT = timedelta(minutes=2)
"""How long a process may say nothing of a file before another one takes it up."""

logger = logging.getLogger("labour_book.imports")


class Stopped(Exception):
    """The process that imports is about to end; another one goes on."""


def import_next(
    inst: Installation,
    *,
    clock: Callable[[], datetime],
    is_stopping: Callable[[], bool],
    batch: int = BATCH,
) -> bool:
    """Import the file whose turn it is, if any; tell whether there was one."""
    now = clock()
    with reading(inst.engine) as db:
        file = received_files.next_file(db, now - SILENT)
    if file is None:
        return False
    with transaction(inst.engine) as db:
        if not received_files.take_file(db, file, now):
            return False
    try:
        _import(inst, file, clock, is_stopping, batch)
    except Stopped:
        with transaction(inst.engine) as db:
            received_files.lay_back(db, file.id)
    return True


def _import(
    inst: Installation,
    file: FileOnRecord,
    clock: Callable[[], datetime],
    is_stopping: Callable[[], bool],
    batch: int,
) -> None:
    def note(progress: Progress) -> None:
        with transaction(inst.engine) as db:
            received_files.keep_alive(db, file.id, progress.run_id, clock())
        if is_stopping():
            raise Stopped

    folder = folder_of(inst) / f"{file.id}.open"
    try:
        sender = _sender_of(inst, file, clock())
        run = import_file(
            inst.engine,
            inst.vault,
            file.kind,
            _opened(inst, file, folder),
            by=file.sent_by,
            now=clock(),
            mapping=_mapping_file(folder, file),
            on_progress=note,
            **{"batch": batch} | _recorded_for(inst, file, sender),
        )
    except Conflict:
        _fail(inst, file, "IMPORT_BUSY", {})
    except LabourBookError as error:
        _fail(inst, file, str(error.facts.get("cause", "IMPORT_FAILED")), error.facts)
    except Stopped:
        raise
    except Exception as error:  # noqa: BLE001 - a bug must not keep every later file waiting
        places = traceback.format_list(traceback.extract_tb(error.__traceback__))
        logger.error("%s\n%s", type(error).__name__, "".join(places))  # noqa: TRY400 - the message may hold values
        _fail(inst, file, "IMPORT_FAILED", {})
    else:
        with transaction(inst.engine) as db:
            received_files.end_file(db, file.id, run_id=run.run_id)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sender_of(inst: Installation, file: FileOnRecord, now: datetime) -> Caller:
    """Return who sent a file, if that is still allowed; else trace that it was not recorded."""
    try:
        with reading(inst.engine) as db:
            return senders.sender_of(db, file, now=now)
    except Denied:
        with transaction(inst.engine) as db:
            senders.trace_refusal(db, file, now=now)
        raise


def _recorded_for(inst: Installation, file: FileOnRecord, sender: Caller) -> dict[str, Any]:
    """Return by whom a file is recorded: a unit's official, or an enterprise's agent."""
    if FULL in file.detail:  # the sender is the ministry's, or could not have declared that
        return {"is_full": True}
    if file.kind != filing_files.KIND:
        return {"unit_code": file.unit_code}
    return {"enterprise": filing_files.in_the_name_of(inst, sender), "batch": filing_files.BATCH}


def _fail(
    inst: Installation, file: FileOnRecord, cause: str, facts: Mapping[str, str | int]
) -> None:
    with transaction(inst.engine) as db:
        received_files.end_file(db, file.id, cause=cause, detail=json.dumps(dict(facts)))


def _mapping_file(folder: Path, file: FileOnRecord) -> Path | None:
    """Write down what the sender said of the file, in the form of a mapping; None if nothing."""
    if file.kind != "form03" or not file.detail:
        return None
    path = folder / "mapping.yaml"
    path.write_text(json.dumps(dict(file.detail)), encoding="utf-8")  # JSON is YAML
    return path


def _opened(inst: Installation, file: FileOnRecord, folder: Path) -> Path:
    """Write a received file out, for as long as it is being read."""
    with suppress(FileNotFoundError):
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
    try:
        sealed = (folder_of(inst) / f"{file.id}.sealed").read_bytes()
        content = inst.vault.sealer.open(sealed, bound_to=place_of(file.id))
    except (OSError, SigningError) as error:
        raise Invalid("the received file cannot be read", cause="IMPORT_FAILED") from error
    path = folder / file.file_name
    path.write_bytes(content)
    return path
