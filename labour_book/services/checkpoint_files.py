"""Files of signed notes, each line for line behind the one before: checkpoints and statements."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from signing import Checkpoint, TrustBundle, VerificationError, read_checkpoint

_SIGNED = "\N{EM DASH} "
"""How the last line of a note begins (C2SP signed-note)."""


def checkpoints_in(
    path: Path, trust: TrustBundle, now: datetime, *, origin: str
) -> tuple[list[Checkpoint], int]:
    """Return the checkpoints of a file that a trusted key has signed, and how many are not so.

    A note cut off at the end of the file was never finished and does not count.
    """
    good: list[Checkpoint] = []
    refused = 0
    for note in notes_in(path):
        try:
            good.append(read_checkpoint(note, trust, now, origin=origin))
        except VerificationError:
            refused += 1
    return good, refused


def notes_in(path: Path) -> list[str]:
    """Return the notes of a file as they stand there; none if there is no file."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").split("\n")[:-1]  # what follows the last line end
    notes: list[str] = []
    note: list[str] = []
    for line in lines:
        note.append(line)
        if line.startswith(_SIGNED):
            notes.append("\n".join([*note, ""]))
            note = []
    return notes


def append_note(path: Path, note: str) -> None:
    """Write a note behind the others, so that it outlives the machine's power."""
    whole = "".join(notes_in(path)).encode()
    with path.open("r+b") as file:
        file.truncate(len(whole))  # a note that was cut off by a crash
        file.seek(0, os.SEEK_END)
        file.write(note.encode())
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def locked_file(path: Path) -> Iterator[Path]:
    """Hold the file for one process at a time, making it if there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield path
