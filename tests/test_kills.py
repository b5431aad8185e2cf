"""Processes that are killed in the middle of a deed: nothing is lost, nothing is done twice.

The moment is counted in the processor's time, so that it falls anywhere in the deed on a machine
of any speed and under any load. ``make faults`` kills at a hundred moments, on both databases.
"""

import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random

import pytest

import migrations
from labour_book.database import connect
from labour_book.services.installation import Installation
from tests.conftest import NOW
from tests.support import killed_deeds, postgres
from tests.support.databases import SqliteFiles
from tests.support.installations import installed, opened
from tests.support.killed_deeds import DEEDS, check_sound
from tests.support.processes import CONTEXT

FEW, MANY = 3, 100
_numbers = count()


@dataclass(frozen=True)
class Ready:
    """An installation as it is before a deed, to be copied for each moment."""

    folder: Path
    copy: Callable[[Path], str]
    """Copies the database and returns the address of the copy."""
    drop: Callable[[str], None] = lambda _: None

    @contextmanager
    def fresh(self) -> Iterator[tuple[str, Path]]:
        folder = self.folder.with_name(f"moment-{next(_numbers)}")
        shutil.copytree(self.folder, folder)
        url = self.copy(folder)
        try:
            yield url, folder
        finally:
            self.drop(url)
            shutil.rmtree(folder)


def ready_on_sqlite(name: str, files: SqliteFiles, folder: Path) -> Ready:
    with files.database() as engine:
        DEEDS[name].prepare(installed(engine, folder, NOW))
        engine.dispose()
        content = Path(str(engine.url.database)).read_bytes()

    def copy(to: Path) -> str:
        path = to / "copy.sqlite"
        path.write_bytes(content)
        return f"sqlite:///{path}"

    return Ready(folder, copy)


def ready_on_postgres(name: str, server: postgres.Server, folder: Path) -> Ready:
    before = f"before_{next(_numbers)}"
    server._create(before)
    engine = connect(server.url(before))
    migrations.upgrade(engine)
    DEEDS[name].prepare(installed(engine, folder, NOW))
    engine.dispose()

    def copy(_: Path) -> str:
        made = f"moment_{next(_numbers)}"
        server._create(made, before)
        return server.url(made)

    def drop(url: str) -> None:
        server._run(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")

    return Ready(folder, copy, drop)


def run_doomed(name: str, url: str, folder: Path, cpu_seconds: float) -> float:
    """Return how much of the processor's time the deed took; 0 if it was killed."""
    ours, theirs = CONTEXT.Pipe()
    process = CONTEXT.Process(
        target=killed_deeds.doomed, args=(name, url, str(folder), cpu_seconds, theirs)
    )
    process.start()
    theirs.close()
    process.join()
    assert process.exitcode in {0, -signal.SIGPROF}
    return ours.recv() if process.exitcode == 0 else 0.0


@contextmanager
def looked_at(url: str, folder: Path) -> Iterator[Installation]:
    inst = opened(connect(url), folder, NOW)
    try:
        yield inst
    finally:
        inst.close()


def kill_at_moments(ready: Ready, name: str, moments: int) -> int:
    """Kill at so many moments, finish each time, and return how often it was really killed."""
    one = DEEDS[name]
    with ready.fresh() as (url, folder):
        whole = run_doomed(name, url, folder, 0)
        with looked_at(url, folder) as inst:
            expected = one.state(inst)
    random, killed = Random(name), 0  # noqa: S311 - the same moments each time, as far as can be
    for number in range(moments):
        moment = whole * (number + random.random()) / moments
        with ready.fresh() as (url, folder):
            killed += run_doomed(name, url, folder, max(moment, 0.001)) == 0
            with looked_at(url, folder) as inst:
                check_sound(inst)
                one.do(inst)
                check_sound(inst)
                assert one.state(inst) == expected, f"killed after {moment:.3f} s of {whole:.3f} s"
    return killed


class TestKill:
    @pytest.mark.parametrize("name", DEEDS)
    def test_loses_nothing_and_does_nothing_twice(
        self, sqlite_files: SqliteFiles, tmp_path: Path, name: str
    ) -> None:
        folder = tmp_path / "before"
        folder.mkdir()

        assert kill_at_moments(ready_on_sqlite(name, sqlite_files, folder), name, FEW) > 0

    @pytest.mark.faults
    @pytest.mark.parametrize("name", DEEDS)
    def test_at_a_hundred_moments_neither(
        self, sqlite_files: SqliteFiles, tmp_path: Path, name: str
    ) -> None:
        folder = tmp_path / "before"
        folder.mkdir()

        killed = kill_at_moments(ready_on_sqlite(name, sqlite_files, folder), name, MANY)

        assert killed > MANY // 2

    @pytest.mark.faults
    @pytest.mark.parametrize("name", DEEDS)
    def test_at_a_hundred_moments_neither_on_postgresql(
        self, postgres_server: postgres.Server, tmp_path: Path, name: str
    ) -> None:
        folder = tmp_path / "before"
        folder.mkdir()

        killed = kill_at_moments(ready_on_postgres(name, postgres_server, folder), name, MANY)

        assert killed > MANY // 2
