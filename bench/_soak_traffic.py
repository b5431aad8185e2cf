"""How callers of the soak send requests, and how each answer counts.

Where a connection was cut the request is sent again, under the same idempotency key where the
interface has one; where it has none, the deed may have happened twice, which is counted and
compared in the end.
"""

import http.client
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeVar

from _soak_site import Callers, Someone

TIMEOUT_SECONDS = 40
TRIES, PAUSE_SECONDS = 40, 0.25
Body = Mapping[str, Any]
T = TypeVar("T")
ANSWERED = {HTTPStatus.OK, HTTPStatus.CREATED}


class Cut(Exception):
    """The connection was cut before the answer was there."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: when it was asked for, seconds until it came, of which deed, what became."""

    at: float
    seconds: float
    deed: str
    outcome: str
    """``ok``, ``cut``, or what went wrong."""


@dataclass
class Ledger:
    """What was acknowledged, and what may have happened without: compared with the database."""

    shares: list[str] = field(default_factory=list)
    views: Counter[str] = field(default_factory=Counter)
    cases: list[str] = field(default_factory=list)
    submitted: list[str] = field(default_factory=list)
    decided: list[str] = field(default_factory=list)
    filed: dict[str, str] = field(default_factory=dict)
    """Idempotency key -> id of the declaration."""
    unsure: Counter[str] = field(default_factory=Counter)
    """Cut deeds of a kind that has no key."""


@dataclass
class Traffic:
    """Everything that callers need, shared by the threads that play them."""

    port: int
    callers: Callers
    credentials: Sequence[str]
    answers: list[Answer] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)
    open_shares: list[tuple[str, str]] = field(default_factory=list)
    """Code and id of shares that can be opened still; a share appears once for each look left."""
    lock: threading.Lock = field(default_factory=threading.Lock)
    askers: Iterator[Someone] = field(init=False)
    hired: Iterator[int] = field(init=False)

    def __post_init__(self) -> None:
        self.askers, self.hired = iter(self.callers.askers), iter(self.callers.hired)

    def next_of(self, people: Iterator[T]) -> T | None:
        with self.lock:
            return next(people, None)


class Caller:
    """One of them: a connection from an address of its own to the proxy, and chance of its own."""

    def __init__(self, traffic: Traffic, seed: int) -> None:
        self.traffic = traffic
        self.draw = random.Random(seed)  # noqa: S311 - the same deeds each time
        self._address = f"127.0.1.{seed % 250 + 2}"
        self._connection: http.client.HTTPConnection | None = None
        self._due: float | None = None

    def is_due(self, due: float) -> None:
        """Let the latency of the next answer count from when it was due."""
        self._due = due

    def ask(
        self,
        deed: str,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: Body | None = None,
        repeats: bool = True,
    ) -> Any:  # noqa: ANN401 - JSON, read with care
        """Send a request until it is answered; return the body, None if it went wrong.

        ``repeats``: whether sending it twice does it once; if not, a cut one is noted as unsure.
        """
        for _ in range(TRIES):
            began = time.monotonic() if self._due is None else self._due
            self._due = None
            try:
                status, content, by_proxy = self._sent(method, path, headers or {}, body)
            except Cut:
                outcome, content = "cut", b""
            except TimeoutError:
                outcome, content = "timeout", b""
            else:
                outcome = _outcome(status, content, by_proxy=by_proxy)
            done = Answer(began, time.monotonic() - began, deed, outcome)
            self.traffic.answers.append(done)
            if outcome == "ok":
                return _read(content)
            if outcome != "cut":
                return None
            if not repeats:
                with self.traffic.lock:
                    self.traffic.ledger.unsure[deed] += 1
            time.sleep(PAUSE_SECONDS)
        return None

    def _sent(
        self, method: str, path: str, headers: Mapping[str, str], body: Body | None
    ) -> tuple[int, bytes, bool]:
        content = None if body is None else json.dumps(body).encode()
        kind = {} if body is None else {"Content-Type": "application/json"}
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection(
                    "127.0.0.1",
                    self.traffic.port,
                    timeout=TIMEOUT_SECONDS,
                    source_address=(self._address, 0),
                )
            self._connection.request(method, path, content, {**headers, **kind})
            answer = self._connection.getresponse()
            return answer.status, answer.read(), answer.getheader("content-type") is None
        except TimeoutError:
            self.close()
            raise
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Cut from error

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def reader(self) -> Someone:
        return self.draw.choice(self.traffic.callers.readers)


def _outcome(status: int, content: bytes, *, by_proxy: bool) -> str:
    """Name what an answer is. The proxy's own have no body: only it says 502."""
    if status in ANSWERED or status == HTTPStatus.NO_CONTENT:
        return "ok"
    if by_proxy and status == HTTPStatus.BAD_GATEWAY:
        return "cut"
    if by_proxy:
        return f"{status} of the proxy"
    try:
        told = json.loads(content)
        return f"{status} {told['type'].rpartition('/')[2]} {told.get('cause', '')}".strip()
    except (ValueError, KeyError):
        return f"{status}"


def _read(content: bytes) -> Any:  # noqa: ANN401 - JSON, read with care
    return json.loads(content) if content[:1] in b"{[" else content
