"""What is wrong with the machine below: disk, files, libraries, programs, backups."""

import importlib
import re
import shutil
import stat
import subprocess
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from labour_book import documents
from labour_book.services.backing_up import last_backup
from labour_book.services.examining import Health, Sign, sign
from labour_book.services.installation import Installation

GIB = 2**30
ROOM_WARNING, ROOM_FAULT = 5 * GIB, GIB // 2
BACKUP_WARNING_HOURS, BACKUP_FAULT_HOURS = 26, 7 * 24
OTHERS = stat.S_IRWXG | stat.S_IRWXO
PROGRAMS = ("pg_dump", "pg_restore")


def examined_machine(inst: Installation, now: datetime) -> Iterator[Sign]:
    """Yield what the machine looks like from where this process stands."""
    room = shutil.disk_usage(inst.data_dir).free
    yield sign(
        "disk",
        fault=room < ROOM_FAULT,
        warning=room < ROOM_WARNING,
        detail=f"{room / GIB:,.1f} GiB",
    )
    yield _permissions(inst)
    yield _libraries()
    if inst.engine.dialect.name == "postgresql":
        known = inst.engine.dialect.server_version_info or (0,)
        yield _programs(int(known[0]))
    yield _backup(inst, now)


def _permissions(inst: Installation) -> Sign:
    """Look for files that other users of the machine can read."""
    private = [*_files(inst.key_dir, "*"), *_files(inst.data_dir, "demo-secrets.json")]
    private += _files(inst.data_dir, "*.sqlite*")
    open_ones = [path.name for path in private if path.stat().st_mode & OTHERS]
    folder_is_open = bool(inst.data_dir.stat().st_mode & OTHERS)
    return sign(
        "permissions",
        fault=bool(open_ones) and folder_is_open,
        warning=folder_is_open,
        detail=", ".join(open_ones[:3]) if folder_is_open else "",
    )


def _files(folder: Path, pattern: str) -> Iterable[Path]:
    return (path for path in sorted(folder.glob(pattern)) if path.is_file())


def _libraries() -> Sign:
    """Load what lays pages out, and look for the fonts that all of them are in."""
    fonts = Path(documents.__file__).parent / "fonts"
    try:
        importlib.import_module("labour_book.documents.paper")
    except OSError as error:  # a library of the system is missing; the text names it
        return Sign("libraries", Health.FAULT, str(error).partition(":")[0][:80])
    count = len(list(fonts.glob("*.ttf")))
    return sign("libraries", fault=count == 0, detail=f"{count}")


def _programs(server: int) -> Sign:
    """Look for the programs that backups of PostgreSQL take.

    Older ones than the server do not copy it; newer ones do, but what they put back begins with
    settings that it may not know (``pg_restore`` 17 does not restore into PostgreSQL 15).
    """
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        return Sign("programs", Health.FAULT, ", ".join(missing))
    said = subprocess.run(["pg_dump", "--version"], capture_output=True, text=True, check=False)  # noqa: S607 - our own words
    found = re.search(r"\d+", said.stdout)
    version = 0 if found is None else int(found[0])
    detail = said.stdout.strip()
    return sign("programs", fault=version < server, warning=version > server, detail=detail)


def _backup(inst: Installation, now: datetime) -> Sign:
    made = last_backup(inst)
    if made is None:
        return sign("backup", fault=not inst.demo, warning=True, detail="-")
    hours = (now - made).total_seconds() / 3600
    return sign(
        "backup",
        fault=hours > BACKUP_FAULT_HOURS,
        warning=hours > BACKUP_WARNING_HOURS,
        detail=f"{hours:.0f} h",
    )
