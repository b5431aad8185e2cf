"""A backup of everything but the three secrets, sealed; and putting it back, here or elsewhere.

It holds the database as of one moment, the keys' files, the checkpoints and statements of the
trace, and the files that were sent in. The secrets that open personal data stay out of it: whoever
has the backup and its key has everything else, and still no personal ID.

SQLite is copied by itself. PostgreSQL is copied by ``pg_dump`` and put back by ``pg_restore``,
which must be installed; its continuous archive (point in time) is kept by the server, see
``deploy/restore.md``.
"""

import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa

from labour_book.database import reading
from labour_book.errors import Conflict, Invalid, Unavailable
from labour_book.queries import copies
from labour_book.queries import trace as stored_trace
from labour_book.services.installation import Installation
from signing import GENESIS, SigningError, open_file, seal_file

SQLITE, POSTGRES = "database.sqlite", "database.dump"
MANIFEST = "manifest.json"
FOLDERS = ("keys", "received")
FILES = ("checkpoints.log", "heads.log")
LAST = "last-backup"
"""File beside the data that says when they were backed up last."""
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup held when it was made; its copy is held against it."""

    made_at: str
    database: str
    counts: Mapping[str, int]
    trace_rows: int
    trace_head: str


def read_backup_key(path: Path) -> bytes:
    """Return the key of a file: 32 bytes in hexadecimal digits.

    Raises:
        Invalid: there is no such file, or it holds something else.
    """
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise Invalid("the key of a backup is a file with 64 hexadecimal digits")
    return key


def back_up(inst: Installation, target: Path, key: bytes, *, now: datetime) -> Manifest:
    """Write a sealed backup into a new file.

    Raises:
        Conflict: there is such a file already.
        Unavailable: the database does not answer, or PostgreSQL's programs are not installed.
    """
    if target.exists():
        raise Conflict("there is such a file already")
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target.parent) as folder:
        inside = Path(folder) / "inside"
        inside.mkdir(mode=0o700)
        manifest = _gathered(inst, inside, now)
        plain = Path(folder) / "plain.tar"
        with tarfile.open(plain, "w") as archive:
            archive.add(inside, arcname=".")
        sealed = Path(folder) / "sealed"
        with plain.open("rb") as source, sealed.open("xb") as written:
            seal_file(source, written, key)
            written.flush()
            os.fsync(written.fileno())
        sealed.chmod(0o600)
        sealed.rename(target)
    return manifest


def note_backup(inst: Installation, *, now: datetime) -> None:
    """Remember that a backup was made to be kept, so that the doctor sees its age."""
    (inst.data_dir / LAST).write_text(now.isoformat() + "\n", encoding="ascii")


def last_backup(inst: Installation) -> datetime | None:
    """Return when the last backup was made; None: never, or nobody can tell."""
    try:
        return datetime.fromisoformat((inst.data_dir / LAST).read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None


@contextmanager
def unpacked(source: Path, key: bytes) -> Iterator[tuple[Path, Manifest]]:
    """Open a backup into a folder that is gone afterwards.

    Raises:
        Invalid: no backup, another key, altered or cut off.
    """
    with TemporaryDirectory() as folder:
        plain, inside = Path(folder) / "plain.tar", Path(folder) / "inside"
        try:
            with source.open("rb") as sealed, plain.open("wb") as written:
                open_file(sealed, written, key)
        except (OSError, SigningError) as error:
            raise Invalid("the backup cannot be opened with this key") from error
        with tarfile.open(plain) as archive:
            archive.extractall(inside, filter="data")
        yield inside, Manifest(**json.loads((inside / MANIFEST).read_text(encoding="utf-8")))


def restore(source: Path, key: bytes, *, data_dir: Path, database_url: str) -> Manifest:
    """Put a backup back, into an empty database and a folder without keys.

    Raises:
        Invalid: no backup, another key, altered or cut off; or it is of the other kind of database.
        Conflict: something is there already.
        Unavailable: PostgreSQL's programs are not installed, or they fail.
    """
    url = sa.make_url(database_url)
    with unpacked(source, key) as (inside, manifest):
        if manifest.database != url.get_backend_name():
            raise Invalid(f"the backup is of {manifest.database}")
        _check_empty(data_dir, url)
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in (*FOLDERS, *FILES, "demo-secrets.json"):
            found = inside / name
            if found.is_dir():
                shutil.copytree(found, data_dir / name)
            elif found.exists():
                shutil.copy2(found, data_dir / name)
        if manifest.database == "sqlite":
            shutil.copy2(inside / SQLITE, str(url.database))
        else:
            _run_postgres(
                [
                    "pg_restore",
                    "--exit-on-error",
                    "--no-owner",
                    "--no-privileges",
                    "--single-transaction",
                ],
                url,
                [str(inside / POSTGRES)],
            )
    return manifest


def manifest_of(inst: Installation, *, now: datetime) -> Manifest:
    """Return what a database holds now."""
    with reading(inst.engine) as db:
        head = stored_trace.head(db) or stored_trace.Head(0, GENESIS)
        return Manifest(
            made_at=now.isoformat(timespec="seconds"),
            database=inst.engine.dialect.name,
            counts=copies.table_counts(db),
            trace_rows=head.seq,
            trace_head=head.hash.hex(),
        )


def _gathered(inst: Installation, inside: Path, now: datetime) -> Manifest:
    """Copy everything into a folder; what was signed first, so that it is never ahead."""
    for name in FILES:
        if (inst.data_dir / name).exists():
            shutil.copy2(inst.data_dir / name, inside / name)
    if inst.engine.dialect.name == "sqlite":
        copies.vacuum_into(inst.engine, inside / SQLITE)
        manifest = _manifest_of_copy(inst, inside / SQLITE, now)
    else:
        manifest = manifest_of(inst, now=now)
        url = inst.engine.url
        _run_postgres(["pg_dump", "--format=custom", "--file", str(inside / POSTGRES)], url, [])
    for name in FOLDERS:
        if (inst.data_dir / name).is_dir():
            shutil.copytree(inst.data_dir / name, inside / name)
    if inst.demo and (inst.data_dir / "demo-secrets.json").exists():
        shutil.copy2(inst.data_dir / "demo-secrets.json", inside)
    (inside / MANIFEST).write_text(json.dumps(asdict(manifest)), encoding="utf-8")
    return manifest


def _manifest_of_copy(inst: Installation, path: Path, now: datetime) -> Manifest:
    """Count in the copy itself: work goes on in the original meanwhile."""
    engine = sa.create_engine(f"sqlite:///{path}")
    try:
        return manifest_of(replace(inst, engine=engine), now=now)
    finally:
        engine.dispose()


def _check_empty(data_dir: Path, url: sa.URL) -> None:
    if (data_dir / "keys").exists() or any((data_dir / each).exists() for each in FILES):
        raise Conflict("the folder has keys or checkpoints already")
    if url.get_backend_name() == "sqlite":
        if Path(str(url.database)).exists():
            raise Conflict("there is a database already")
        return
    engine = sa.create_engine(url)
    try:
        tables = sa.inspect(engine).get_table_names()
    finally:
        engine.dispose()
    if tables:
        raise Conflict("the database has tables already")


def _run_postgres(command: list[str], url: sa.URL, rest: list[str]) -> None:
    """Run one of PostgreSQL's programs; the password never stands among its arguments."""
    address: dict[str, Any] = {
        "PGHOST": url.host,
        "PGPORT": url.port,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    environment = os.environ | {name: str(value) for name, value in address.items() if value}
    if command[0] == "pg_restore":
        command = [*command, "--dbname", str(url.database)]
    try:
        subprocess.run([*command, *rest], check=True, capture_output=True, env=environment)  # noqa: S603 - our own words
    except FileNotFoundError as error:
        raise Unavailable(f"{command[0]} is not installed") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().splitlines()
        raise Unavailable(f"{command[0]}: {said[0] if said else 'failed'}") from error
