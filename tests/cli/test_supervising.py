"""Processes that answer are killed: others take their place at once."""

import os
import signal
import socket
import time
from pathlib import Path

import uvicorn
from uvicorn.supervisors import multiprocess

from labour_book.cli.supervising import watch_closely
from tests.support.processes import CONTEXT

NEVER = 3_600
"""Seconds."""
WITHIN = 60
"""Seconds for a process to start in; far less than never."""
ASKED_AGAIN = 1.0
"""Seconds after which the supervisor asks whether a process lives, for certain: it waits half."""


def supervise(listening: socket.socket) -> None:
    watch_closely()
    config = uvicorn.Config(
        "starlette.applications:Starlette",
        factory=True,
        log_level="error",
        timeout_worker_healthcheck=NEVER,
    )
    multiprocess.Multiprocess(config, [listening]).run()


def answering(supervisor: int, *, but: int | None = None) -> int:
    """Return the one process that answers, as soon as it is there and is not that one."""
    until = time.monotonic() + WITHIN
    while time.monotonic() < until:
        tasks = Path(f"/proc/{supervisor}/task").glob("*/children")
        children = {int(each) for task in tasks for each in task.read_text().split()}
        found = [each for each in children - {but} if b"spawn_main" in command_of(each)]
        if found:
            return found[0]
        time.sleep(0.05)
    raise AssertionError("nothing was started anew")


def command_of(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:  # it has ended meanwhile
        return b""


class TestWorker:
    def test_that_dies_while_it_is_asked_is_started_anew_at_once(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            supervisor = CONTEXT.Process(target=supervise, args=(listening,))
            supervisor.start()
            assert supervisor.pid is not None
            try:
                first = answering(supervisor.pid)
                os.kill(first, signal.SIGSTOP)  # so that it is surely asked, and does not answer
                time.sleep(ASKED_AGAIN)
                os.kill(first, signal.SIGKILL)

                assert answering(supervisor.pid, but=first) != first
            finally:
                supervisor.terminate()
                supervisor.join(WITHIN)
                supervisor.kill()  # where it did not hear
