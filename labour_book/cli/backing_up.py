"""Backups, and drills of the worst day on a copy."""

import secrets
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated

import typer

from labour_book.cli.edge import ERR, OUT, me, now, opened
from labour_book.errors import Conflict
from labour_book.services import backing_up, drills
from labour_book.settings import read_settings

KeyFile = Annotated[
    Path, typer.Option("--key-file", help="file with the key of the backup: 64 hexadecimal digits")
]
Target = Annotated[Path, typer.Argument(help="the file of the backup")]

_DRILL = typer.Typer(help="Do on a copy what the worst day asks for.", no_args_is_help=True)
WORDS = {
    "counts": "số dòng từng bảng / rows of each table",
    "chain": "chuỗi nhật ký / chain of the trace",
    "head": "đầu chuỗi / head of the chain",
    "signatures": "chữ ký của các sổ / signatures of the books",
    "old key refused": "khóa bị lộ bị từ chối / the exposed key is refused",
    "issued again": "sổ được ký lại / books signed again",
    "new signatures": "chữ ký mới / new signatures",
    "last statement": "công bố cuối cùng / last statement",
    "nothing is written": "không ghi thêm được / nothing more is written",
    "archived": "nhật ký ghi trước đã lưu / write-ahead log archived",
}


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("backup")(backup)
    app.command("restore")(restore)
    for name, command in (
        ("restore", drill_restore),
        ("pitr", drill_pitr),
        ("key-compromise", drill_key_compromise),
        ("freeze-log", drill_freeze_log),
    ):
        _DRILL.command(name)(command)
    app.add_typer(_DRILL, name="drill")


def backup(
    target: Target,
    key_file: KeyFile,
    *,
    make_key: Annotated[
        bool, typer.Option("--make-key", help="make the key file if there is none")
    ] = False,
) -> None:
    """Write a sealed backup of everything but the secrets; keep its key elsewhere."""
    if make_key and not key_file.exists():
        key_file.touch(mode=0o600)
        key_file.write_text(secrets.token_hex(backing_up.KEY_BYTES) + "\n", encoding="ascii")
    key = backing_up.read_backup_key(key_file)
    with opened() as installation:
        manifest = backing_up.back_up(installation, target, key, now=now())
        backing_up.note_backup(installation, now=now())
    OUT.print(
        f"{sum(manifest.counts.values()):,} dòng / rows, {target.stat().st_size:,} byte; "
        f"nhật ký / trace {manifest.trace_rows:,}"
    )
    ERR.print(
        "Ba khóa bí mật không nằm trong bản sao lưu / The three secrets are not in the backup",
        soft_wrap=True,
    )


def restore(target: Target, key_file: KeyFile) -> None:
    """Put a backup back, into the empty database and folder that the settings name."""
    settings = read_settings()
    manifest = backing_up.restore(
        target,
        backing_up.read_backup_key(key_file),
        data_dir=settings.data_dir,
        database_url=settings.url_of_database,
    )
    OUT.print(f"Đã khôi phục bản ngày / Restored the backup of {manifest.made_at}")


def drill_restore(
    key_file: KeyFile,
    backup_file: Annotated[
        Path | None, typer.Option("--backup", help="this backup, not one made now")
    ] = None,
) -> None:
    """Restore a backup elsewhere and prove it: counts, chain, every signature."""
    key = backing_up.read_backup_key(key_file)
    with opened() as inst:
        _told(lambda: drills.drill_restore(inst, key, now=now(), backup=backup_file))


def drill_pitr(
    seconds: Annotated[int, typer.Option(min=1, help="how long the archive may take")] = 60,
) -> None:
    """Prove that PostgreSQL archives what it writes, without which no point in time comes back."""
    with opened() as inst:
        _told(lambda: drills.drill_archive(inst, seconds=seconds, pause=time.sleep))


def drill_key_compromise(key_file: KeyFile) -> None:
    """Withdraw the key that signs books, rotate it, sign all books again - on a copy."""
    key = backing_up.read_backup_key(key_file)
    with opened() as inst:
        _told(lambda: drills.drill_key_compromise(inst, key, by=me(), now=now()))


def drill_freeze_log(key_file: KeyFile) -> None:
    """End a copy's trace with a last statement, and prove that it stays provable."""
    key = backing_up.read_backup_key(key_file)
    with opened() as inst:
        _told(lambda: drills.drill_freeze_log(inst, key, now=now()))


def _told(drill: Callable[[], Iterable[drills.Finding]]) -> None:
    began = time.monotonic()
    found = list(drill())
    for each in found:
        mark = "[green]đạt / pass[/green]" if each.is_good else "[red]không đạt / FAIL[/red]"
        OUT.print(f"{mark}  {WORDS[each.what]}: {each.detail}", soft_wrap=True)
    OUT.print(f"{time.monotonic() - began:.1f} s")
    if not all(each.is_good for each in found):
        raise Conflict("the drill found something wrong")
