"""The demonstration's own registers, served by a process of its own."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from labour_book.registers.online import Register
from labour_book.services.connections import Connections, connections, sandbox_secret
from labour_book.settings import Settings
from tests.support.browser import free_port
from tests.support.processes import CONTEXT, _begin, command_line, run_apart

START_SECONDS = 60
PATIENCE = 30
"""Seconds; on a machine that does much else."""


@dataclass(frozen=True)
class Sandbox:
    """Where the registers answer, and the secret that questions are signed with."""

    url: str
    secret: bytes
    http: httpx.Client
    _moody: set[Register] = field(default_factory=set)

    def calm(self) -> None:
        """Let all registers behave as usual again."""
        for each in list(self._moody):
            self.behave(each, "normal")
        self._moody.clear()

    def behave(self, register: Register, mood: str) -> None:
        self._moody.add(register)
        answer = self.http.post(
            f"{self.url}/sandbox/registers/{register}/mood", json={"mood": mood}
        )
        assert answer.status_code == 204, answer.text

    def connections(
        self,
        closing: ExitStack,
        *,
        secret: bytes | None = None,
        seconds: float = PATIENCE,
        seconds_of: dict[Register, float] | None = None,
    ) -> Connections:
        return connections(
            {each: f"{self.url}/sandbox/registers/{each}" for each in Register},
            secret=secret or self.secret,
            own_org="Z00.LABOURBOOK",
            total_seconds=seconds,
            closing=closing,
            http=self.http,
            seconds_of=seconds_of,
        )

    def sent(self, register: Register, content: bytes) -> httpx.Response:
        """Send a question as it is and return the answer as it comes."""
        return self.http.post(f"{self.url}/sandbox/registers/{register}/v1/query", content=content)


@contextmanager
def sandbox(folder: Path) -> Iterator[Sandbox]:
    """Serve a demonstration without anybody in it, as long as this lasts."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {
        "LABOUR_BOOK_DEMO": "true",
        "LABOUR_BOOK_DATA_DIR": str(folder),
        "LABOUR_BOOK_PUBLIC_URL": url,
    }
    done = run_apart(command_line, "init", environment=environment, folder=folder)
    assert done.returncode == 0, done.stderr
    with TemporaryDirectory() as beside:
        words = ("serve", "--port", str(port))
        given = (environment, folder, Path(beside), command_line, words)
        process = CONTEXT.Process(target=_begin, args=given)
        process.start()
        try:
            _wait_for(url, process, Path(beside))
            lookup_key = Settings(demo=True, data_dir=folder).secrets["lookup_key"]
            with httpx.Client(trust_env=False) as http:
                yield Sandbox(url, sandbox_secret(lookup_key), http)
        finally:
            process.kill()  # it would wait for whoever still waits
            process.join()


def _wait_for(url: str, process: ForkServerProcess, beside: Path) -> None:
    for _ in range(START_SECONDS * 10):
        assert process.is_alive(), (beside / "err").read_text(encoding="utf-8")
        try:
            if httpx.get(f"{url}/healthz", trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError((beside / "err").read_text(encoding="utf-8"))
