"""For how long the database is waited for while somebody waits for an answer.

Work that nobody waits for (commands, jobs, imports) has the patience of the database's own limits.
A connection on which the wait ended is closed: what it had begun is never committed, and whatever
comes late on it reaches nobody.
"""

import time
from collections.abc import Callable
from contextvars import ContextVar
from math import ceil
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen

RV = TypeVar("RV")

ANSWER_SECONDS = 4.0
"""Seconds after a request came for which it waits; the answer is there before the fifth."""
LEAST_SECONDS = 0.5
"""Seconds for which each wait may last, whatever a request did before it: it may have printed."""
SHORTEST_CONNECT = 2
"""Seconds: the driver waits no shorter for a new connection."""
_STEPS = 2
"""Waits for SQLite are told in so many parts of a second, so that they seldom change."""

_until: ContextVar[float | None] = ContextVar("until", default=None)


def begin(seconds: float = ANSWER_SECONDS) -> None:
    """Let what follows in this context wait so long, all together."""
    _until.set(time.monotonic() + seconds)


def unhurried(work: Callable[..., RV], *given: object, **named: object) -> RV:
    """Do what comes after an answer: nobody waits for it any more."""
    _until.set(None)
    return work(*given, **named)


def left() -> float | None:
    """Return for how many seconds the next wait may last; nothing where nobody waits."""
    until = _until.get()
    return None if until is None else max(until - time.monotonic(), LEAST_SECONDS)


def milliseconds(otherwise: float) -> int:
    """Return how long SQLite may wait for a writer: for whoever waits, or so many seconds."""
    seconds = left()
    return int((otherwise if seconds is None else ceil(seconds * _STEPS) / _STEPS) * 1000)


class Connection(psycopg.Connection[Any]):
    """A connection to PostgreSQL that waits no longer than whoever waits for it."""

    @classmethod
    def connect(cls, conninfo: str = "", **given: Any) -> "Connection":  # noqa: ANN401 - passed on as they are
        """Connect, unless the time is over: then it is the server that did not answer."""
        seconds = left()
        if seconds is not None:
            if seconds <= LEAST_SECONDS:
                raise psycopg.OperationalError("the time for an answer is over")
            asked = int(given.get("connect_timeout", seconds))
            given["connect_timeout"] = max(min(int(seconds), asked), SHORTEST_CONNECT)
        return super().connect(conninfo, **given)

    def wait(self, gen: PQGen[RV], *given: Any, **named: Any) -> RV:  # noqa: ANN401 - passed on as they are
        seconds = left()
        if seconds is None:
            return super().wait(gen, *given, **named)
        try:
            return super().wait(gen, timeout=seconds)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == psycopg.pq.TransactionStatus.ACTIVE:
                self.close()
            raise
