"""Processes that answer are killed: others take their place at once."""

import os
import signal
import socket
import time
from contextlib import closing
from http.client import HTTPConnection

import uvicorn
from uvicorn.supervisors import multiprocess

from labour_book.cli.supervising import watch_closely
from tests.support.processes import CONTEXT

HERE = "127.0.0.1"
NEVER = 3_600
"""Seconds."""
WITHIN = 60
"""Seconds for a process to start in; far less than never."""
ASKED_AGAIN = 1.0
"""Seconds after which the supervisor asks whether a process lives, for certain: it waits half."""


def supervise(listening: socket.socket) -> None:
    watch_closely("tests.support.telling")
    config = uvicorn.Config(
        "tests.support.telling:app", log_level="error", timeout_worker_healthcheck=NEVER
    )
    multiprocess.Multiprocess(config, [listening]).run()


def answering(listening: socket.socket) -> int:
    """Return the process that answers, as soon as one does."""
    _, port = listening.getsockname()
    with closing(HTTPConnection(HERE, port, timeout=WITHIN)) as connection:
        connection.request("GET", "/")
        return int(connection.getresponse().read())


class TestWorker:
    def test_that_dies_while_it_is_asked_is_replaced_at_once(self) -> None:
        with socket.create_server((HERE, 0)) as listening:
            supervisor = CONTEXT.Process(target=supervise, args=(listening,))
            supervisor.start()
            try:
                first = answering(listening)
                os.kill(first, signal.SIGSTOP)  # so that it is surely asked, and does not answer
                time.sleep(ASKED_AGAIN)
                os.kill(first, signal.SIGKILL)

                assert answering(listening) != first
            finally:
                supervisor.terminate()
                supervisor.join(WITHIN)
                supervisor.kill()  # where it did not hear
