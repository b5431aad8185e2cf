"""One line of JSON per request: which route, which status, how long. Nothing about whom.

The address is logged as the route's template, so that no code, id, name or query gets in. Lines
are written by a thread of their own: a slow disk does not slow down answers.
"""

import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import QueueHandler, QueueListener
from queue import SimpleQueue
from typing import IO

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger("labour_book.access")
UNKNOWN = "(no such route)"


class AccessLog:
    """ASGI: log each request once it is answered."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not logger.isEnabledFor(logging.INFO):
            await self.app(scope, receive, send)
            return
        started, status, size = time.perf_counter(), 0, 0

        async def watched(message: Message) -> None:
            nonlocal status, size
            status = message.get("status", status)
            size += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            took_ms = round((time.perf_counter() - started) * 1000, 1)
            told = (scope["method"], template(scope), status, took_ms, size)
            logger.info("", extra={"told": told})


def template(scope: Scope) -> str:
    """Return the path of the route that answered, with the names of its parameters."""
    return str(getattr(scope.get("route"), "path", UNKNOWN))


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        method, route, status, took_ms, size = record.told  # type: ignore[attr-defined]  # set above
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "method": method if method.isalpha() and method.isupper() else "?",
            "route": route,
            "status": status,
            "ms": took_ms,
            "bytes": size,
        }
        return orjson.dumps(line).decode()


@contextmanager
def written_to(stream: IO[str] | None = None) -> Iterator[None]:
    """Write the lines to a stream, else to standard error, as long as this lasts."""
    queue: SimpleQueue[logging.LogRecord] = SimpleQueue()
    into, out = QueueHandler(queue), logging.StreamHandler(stream or sys.stderr)
    out.setFormatter(_Lines())
    listener = QueueListener(queue, out)
    before = logger.level, logger.propagate
    logger.propagate = False
    logger.setLevel(logging.INFO)
    logger.addHandler(into)
    listener.start()
    try:
        yield
    finally:
        listener.stop()
        logger.removeHandler(into)
        level, logger.propagate = before
        logger.setLevel(level)
