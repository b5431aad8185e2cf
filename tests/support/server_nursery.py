"""Servers that are killed and started again by the hundred: forked from one that has the routes."""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

import uvicorn

from api.main import create_app
from labour_book.settings import Settings
from tests.support.processes import CONTEXT

HERE = "127.0.0.1"
PAUSE = 0.05
"""Seconds between two looks."""


@dataclass
class Nursery:
    """At most one server at a time, always at the same port; in between, callers wait."""

    port: int
    _talk: Connection

    def start(self) -> None:
        self._talk.send("start")
        assert self._talk.recv() == "started"

    def kill(self) -> None:
        """Kill -9."""
        self._talk.send("kill")
        assert self._talk.recv() == "killed"


@contextmanager
def opened(given: dict[str, Any]) -> Iterator[Nursery]:
    with socket.create_server((HERE, 0), backlog=100) as listening:
        ours, theirs = CONTEXT.Pipe()
        process = CONTEXT.Process(target=_nurse, args=(listening, given, theirs))
        process.start()
        theirs.close()
        try:
            yield Nursery(int(listening.getsockname()[1]), ours)
        finally:
            ours.close()
            process.join()


def _nurse(listening: socket.socket, given: dict[str, Any], talk: Connection) -> None:
    config = uvicorn.Config(create_app(Settings(**given)), log_level="error", access_log=False)
    server = 0
    try:
        while talk.recv() == "start":
            server = os.fork()
            if not server:
                uvicorn.Server(config).run(sockets=[listening])
                os._exit(0)
            talk.send("started")
            talk.recv()
            _end(server)
            server = 0
            talk.send("killed")
    except EOFError:
        if server:
            _end(server)


def _end(server: int) -> None:
    os.kill(server, signal.SIGKILL)
    os.waitpid(server, 0)
