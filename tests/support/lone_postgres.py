"""A PostgreSQL of one test's own: killed and started again, or brought back to a point in time."""

import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.support import postgres

SETTINGS: Mapping[str, str] = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",  # a process dies here, not the machine
    "synchronous_commit": "on",
    "max_connections": "60",
    "shared_buffers": "64MB",
}
START_SECONDS = 60
PAUSE = 0.05


@dataclass
class Lone:
    """A server on a folder; ``settings`` stand over the usual ones."""

    folder: Path
    port: int
    settings: Mapping[str, str] = field(default_factory=dict)
    _process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it, as often as it takes: what the one before has left goes within a second."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            self._process = self._begun()
            if self._answers(end):
                return
        log = (self.folder.parent / "log").read_text(errors="replace")
        raise AssertionError(f"PostgreSQL did not start: {log[-800:]}")

    def kill(self) -> None:
        """Kill -9 of the first process; the others see it and end."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGINT)

    def say(self, statement: str) -> str:
        """Run a statement, and return the first value it gives, as text."""
        with self._connected() as connection:
            done = connection.execute(statement.encode())
            row = done.fetchone() if done.description else None
        return str(row[0]) if row else ""

    def run(self, program: str, *words: str) -> None:
        """Run one of PostgreSQL's programs as who owns the server."""
        run(self.folder.parent, program, *words)

    def _begun(self) -> "subprocess.Popen[bytes]":
        settings = {
            **SETTINGS,
            "port": str(self.port),
            "unix_socket_directories": str(self.folder.parent),
            **self.settings,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder.parent / "log").open("ab") as log:
            return subprocess.Popen(
                [str(postgres._programs() / "postgres"), "-D", str(self.folder), *options],
                stdout=log,
                stderr=log,
                **postgres._drop_root(self.folder.parent),  # type: ignore[call-overload]  # whom to run as
            )

    def _answers(self, end: float) -> bool:
        process = self._process
        while process is not None and process.poll() is None and time.monotonic() < end:
            try:
                self._connected().close()
            except psycopg.OperationalError:
                time.sleep(PAUSE)
            else:
                return True
        time.sleep(PAUSE)
        return False

    def _connected(self) -> "psycopg.Connection[tuple[object, ...]]":
        address = f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres"
        return psycopg.connect(address, autocommit=True)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(START_SECONDS)
            self._process = None


@contextmanager
def started(folder: Path, **settings: str) -> Iterator[Lone]:
    """Run a new server below a folder until the block ends."""
    folder.mkdir()
    data = folder / "data"
    words = ("-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
    run(folder, "initdb", *words, "--locale=C")
    yield from _running(Lone(data, free_port(), settings))


@contextmanager
def started_on(data: Path, **settings: str) -> Iterator[Lone]:
    """Run a server on what another one has left, until the block ends."""
    yield from _running(Lone(data, free_port(), settings))


def _running(server: Lone) -> Iterator[Lone]:
    server.start()
    try:
        yield server
    finally:
        server.stop()


def run(folder: Path, program: str, *words: str) -> None:
    subprocess.run(
        [str(postgres._programs() / program), *words],
        check=True,
        capture_output=True,
        **postgres._drop_root(folder),  # type: ignore[call-overload]  # whom to run as
    )


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
