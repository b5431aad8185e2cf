"""One line of JSON per request: which route, which status, how long. Nothing about whom.

The address is logged as the route's template, so that no code, id, name or query gets in. Lines
are written by a thread of their own, a few times a second: a slow disk does not slow down answers.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import IO

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.figures import FIGURES

UNKNOWN = "(no such route)"
WRITTEN_EVERY = 0.1
"""Seconds. To wake a thread for each line costs more than the line."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a request."""

    at: datetime
    method: str
    route: str
    status: int
    took_ms: float
    size: int

    def line(self) -> bytes:
        told = {
            "at": self.at.isoformat(timespec="seconds"),
            "method": self.method if self.method.isalpha() and self.method.isupper() else "?",
            "route": self.route,
            "status": self.status,
            "ms": self.took_ms,
            "bytes": self.size,
        }
        return orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)


_readers: list[SimpleQueue[Told]] = []
"""Who writes lines at present; without any, nothing is told."""


class AccessLog:
    """ASGI: log each request once it is answered."""

    def __init__(self, app: ASGIApp, clock: Callable[[], datetime]) -> None:
        self.app = app
        self.clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _readers:
            await self.app(scope, receive, send)
            return
        started, status, size = time.perf_counter(), 0, 0

        async def watched(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            took_ms = round((time.perf_counter() - started) * 1000, 1)
            told = Told(self.clock(), scope["method"], template(scope), status, took_ms, size)
            for reader in _readers:
                reader.put(told)


def template(scope: Scope) -> str:
    """Return the path of the route that answered, with the names of its parameters."""
    return str(getattr(scope.get("route"), "path", UNKNOWN))


@contextmanager
def written_to(stream: IO[str] | None = None) -> Iterator[None]:
    """Write the lines to a stream, else to standard error, as long as this lasts."""
    told: SimpleQueue[Told] = SimpleQueue()
    ended = Event()
    writer = Thread(target=_write, args=(told, stream or sys.stderr, ended), name="access-log")
    writer.start()
    _readers.append(told)
    try:
        yield
    finally:
        _readers.remove(told)
        ended.set()
        writer.join()


def _write(told: SimpleQueue[Told], stream: IO[str], ended: Event) -> None:
    over = False
    while not over:
        over = ended.wait(WRITTEN_EVERY)  # what was told before the end is still written
        waiting = list(_waiting(told))
        for each in waiting:
            FIGURES.answered(each.method, each.route, each.status, each.took_ms)
        if waiting:
            stream.write(b"".join(each.line() for each in waiting).decode())
            stream.flush()


def _waiting(told: SimpleQueue[Told]) -> Iterator[Told]:
    while True:
        try:
            yield told.get_nowait()
        except Empty:
            return
