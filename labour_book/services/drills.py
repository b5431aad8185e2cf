"""Drills: what must work on the worst day is done on a copy, and measured.

Each restores a backup elsewhere, into a folder and a database of its own, and leaves nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

import sqlalchemy as sa

from labour_book.database import connect, reading, transaction
from labour_book.errors import Conflict, LabourBookError, Unavailable
from labour_book.queries import copies
from labour_book.services import keys
from labour_book.services.auditing import trace
from labour_book.services.backing_up import Manifest, back_up, manifest_of, restore
from labour_book.services.bulk_issuing import issue_all
from labour_book.services.callers import Action, Caller, operator
from labour_book.services.drafting import stored_credential
from labour_book.services.head_statements import state_head, verify_stated
from labour_book.services.installation import Installation
from labour_book.services.verifying import Checked, verify_offline
from signing import Use

POSTGRES_ONLY = "an SQLite installation has no continuous archive: back up more often"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a drill looked at."""

    what: str
    is_good: bool
    detail: str = ""


@contextmanager
def restored_copy(
    inst: Installation, key: bytes, *, now: datetime, backup: Path | None = None
) -> Iterator[tuple[Installation, Manifest]]:
    """Restore a backup, or one made now, elsewhere, and open what came of it.

    Raises:
        Unavailable: PostgreSQL's programs are missing, or no database may be made on its server.
        Invalid: the backup does not open.
    """
    with TemporaryDirectory() as folder, _place(inst, Path(folder)) as url:
        source = backup or Path(folder) / "drill.backup"
        if backup is None:
            back_up(inst, source, key, now=now)
        manifest = restore(source, key, data_dir=Path(folder) / "data", database_url=url)
        engine = connect(url)
        try:
            yield _opened(inst, engine, Path(folder) / "data", now), manifest
        finally:
            engine.dispose()


def drill_restore(
    inst: Installation, key: bytes, *, now: datetime, backup: Path | None = None
) -> list[Finding]:
    """Prove a restored copy: its counts, its chain with what was signed of it, every signature."""
    with restored_copy(inst, key, now=now, backup=backup) as (copy, manifest):
        again = manifest_of(copy, now=now)
        differing = sorted(
            name for name, count in manifest.counts.items() if again.counts.get(name) != count
        )
        with reading(copy.engine) as db:
            trust = keys.trust_bundle(db, copy, now)
            report = verify_stated(db, copy, trust, now)
        good, bad = _signatures(copy, now)
    same_head = (again.trace_rows, again.trace_head) == (manifest.trace_rows, manifest.trace_head)
    return [
        Finding("counts", not differing, ", ".join(differing) or f"{sum(again.counts.values()):,}"),
        Finding("chain", report.is_whole, f"{report.rows:,}, signed to {report.proven_to:,}"),
        Finding("head", same_head, manifest.trace_head[:16]),
        Finding("signatures", bad == 0, f"{good:,} good, {bad:,} bad"),
    ]


def drill_key_compromise(
    inst: Installation, key: bytes, *, by: Caller, now: datetime
) -> list[Finding]:
    """Withdraw the key that signs books, rotate, issue again: the old refuse, the new verify."""
    with restored_copy(inst, key, now=now) as (copy, _):
        with reading(copy.engine) as db:
            first = next(copies.sealed_credentials(db), None)
        old = None if first is None else _opened_token(copy, *first)
        kid = copy.key_ring.signer(Use.CREDENTIAL).kid
        with transaction(copy.engine) as db:
            keys.withdraw(db, kid, revoked_from=now, by=by, now=now)
        with transaction(copy.engine) as db:
            keys.rotate(db, copy, Use.CREDENTIAL, by=by, now=now)
        with reading(copy.engine) as db:
            renewed = keys.renewed(db, copy, now=now) or copy
        later = now + timedelta(minutes=1)
        summary = issue_all(renewed, by=by, now=later)
        is_refused = old is not None and not _is_good(_checked(renewed, old, later))
        good, bad = _signatures(renewed, later, skip_withdrawn=True)
    return [
        Finding("old key refused", is_refused, kid[:12]),
        Finding("issued again", not summary.failed, f"{summary.issued:,} of {summary.people:,}"),
        Finding("new signatures", good > 0 and bad == 0, f"{good:,} good, {bad:,} bad"),
    ]


def drill_freeze_log(inst: Installation, key: bytes, *, now: datetime) -> list[Finding]:
    """End a copy's trace with a last statement: nothing more is written, all of it is provable."""
    with restored_copy(inst, key, now=now) as (copy, _):
        later = now + timedelta(days=1)
        with reading(copy.engine) as db:
            trust = keys.trust_bundle(db, copy, later)
            last = state_head(db, copy, trust, later)
        frozen = replace(copy, engine=connect(_url(copy), read_only=True))
        try:
            written = _is_written(frozen, now=later)
            with reading(frozen.engine) as db:
                report = verify_stated(db, frozen, trust, later)
        finally:
            frozen.engine.dispose()
    size = 0 if last is None else last.size
    return [
        Finding("last statement", last is not None, f"{size:,}"),
        Finding("nothing is written", not written),
        Finding("chain", report.is_whole and report.proven_to == report.rows, f"{report.rows:,}"),
    ]


def drill_archive(
    inst: Installation, *, seconds: int, pause: Callable[[float], None]
) -> list[Finding]:
    """Prove that the server archives its log, without which no point in time comes back.

    Replaying the archive to an instant takes the server's own programs: ``deploy/restore.md``.

    Raises:
        Unavailable: the database is SQLite, or this user may not ask.
    """
    if inst.engine.dialect.name != "postgresql":
        raise Unavailable(POSTGRES_ONLY)
    with transaction(inst.engine) as db:
        ended, last = copies.last_archived(db)
    for _ in range(seconds):
        if last >= ended:
            break
        pause(1)
        with reading(inst.engine) as db:
            last = copies.archived(db)
    return [Finding("archived", last >= ended, f"{last or '-'} of {ended}")]


def verified(
    inst: Installation,
    found: Iterable[tuple[UUID, bytes]],
    now: datetime,
    *,
    skip_withdrawn: bool = False,
) -> tuple[int, int]:
    """Return how many of some stored credentials verify, and how many do not.

    ``skip_withdrawn``: pass over those signed with a key that has been withdrawn.
    """
    good = bad = 0
    for version, sealed in found:
        checked = _checked(inst, _opened_token(inst, version, sealed), now)
        if skip_withdrawn and checked.issuer.reason == "KEY_WITHDRAWN":
            continue
        good, bad = (good + 1, bad) if _is_good(checked) else (good, bad + 1)
    return good, bad


def _signatures(
    inst: Installation, now: datetime, *, skip_withdrawn: bool = False
) -> tuple[int, int]:
    """Return the same of all stored credentials."""
    with reading(inst.engine) as db:
        return verified(inst, copies.sealed_credentials(db), now, skip_withdrawn=skip_withdrawn)


def _opened_token(inst: Installation, version: UUID, sealed: bytes) -> bytes | None:
    try:
        return stored_credential(inst, version, sealed).encode("ascii")
    except Conflict:
        return None


def _checked(inst: Installation, token: bytes | None, now: datetime) -> Checked:
    with reading(inst.engine) as db:
        bundle = keys.trust_bundle(db, inst, now)
    return verify_offline(token or b"", bundle, now=now, proven=None)


def _is_good(checked: Checked) -> bool:
    """Tell whether a credential is genuine and ours; whether it is current is for the register."""
    return str(checked.genuine.state) == "yes" and str(checked.issuer.state) == "yes"


def _is_written(inst: Installation, *, now: datetime) -> bool:
    try:
        with transaction(inst.engine) as db:
            trace(db, operator("drill"), Action.TRACE_READ, at=now, purpose="drill")
    except (LabourBookError, sa.exc.DBAPIError):
        return False
    return True


def _opened(inst: Installation, engine: sa.Engine, data_dir: Path, now: datetime) -> Installation:
    with reading(engine) as db:
        ring = keys.open_key_ring(
            db,
            data_dir / "keys",
            issuer=inst.issuer,
            now=now,
            token=inst.key_ring.token,
            timestamp_roots=inst.key_ring.anchor.timestamp_roots,
        )
    return replace(inst, engine=engine, data_dir=data_dir, key_ring=ring)


@contextmanager
def _place(inst: Installation, folder: Path) -> Iterator[str]:
    """Make room for a copy, and take it away again."""
    if inst.engine.dialect.name == "sqlite":
        yield f"sqlite:///{folder / 'copy.sqlite'}"
        return
    name = f"drill_{uuid4().hex[:12]}"
    copies.make_database(inst.engine, name)
    try:
        yield inst.engine.url.set(database=name).render_as_string(hide_password=False)
    finally:
        copies.drop_database(inst.engine, name)


def _url(inst: Installation) -> str:
    return inst.engine.url.render_as_string(hide_password=False)
