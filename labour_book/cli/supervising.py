"""Several processes that answer at one address; who dies is replaced at once."""

import multiprocessing
from multiprocessing.context import SpawnProcess
from socket import socket
from typing import cast

from uvicorn import Config
from uvicorn._subprocess import subprocess_started
from uvicorn.supervisors import multiprocess

_CONTEXT = multiprocessing.get_context("forkserver")


class Worker(multiprocess.Process):
    """A process that is there at once, and whose death is seen at once.

    It is forked from one that did nothing but import: that takes seconds, and would be taken from
    those who answer meanwhile. Kept open here, its end of the pipe it answers at would hide that
    nobody is left to answer: the supervisor would wait out the time, and hear no signal.
    """

    def __init__(self, config: Config, sockets: list[socket]) -> None:
        super().__init__(config, sockets)
        given = {"config": config, "target": self.target, "sockets": sockets, "stdin_fileno": None}
        process = _CONTEXT.Process(target=subprocess_started, kwargs=given)
        self.process = cast("SpawnProcess", process)

    def start(self) -> None:
        super().start()
        self.child_conn.close()


def watch_closely(imported: str) -> None:
    """Let the server's supervisor start such processes, forked from one that has a module."""
    _CONTEXT.set_forkserver_preload([imported])
    multiprocess.Process = Worker  # type: ignore[misc]  # it has no other way to choose
