"""Leaving alone for a while a register that fails, and trying with one question whether it is back.

A circuit breaker: closed while the register answers; open once it failed so often within so long,
and then nobody waits for it; after the pause half open, for one question, whose outcome decides.
Each process has its own.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from labour_book.errors import Unavailable
from labour_book.registers.envelope import unusable


class Circuit(StrEnum):
    """Whether questions go through."""

    CLOSED = "closed"
    OPEN = "open"
    """Nobody asks until the pause is over."""
    HALF_OPEN = "half-open"
    """The pause is over: one question goes through, and what comes of it decides."""


@dataclass(frozen=True, slots=True)
class BreakerRules:
    """When a register is left alone, and for how long; seconds."""

    failures: int = 3
    """So many within the window; then the register is left alone."""
    window_seconds: float = 60
    pause_seconds: float = 30


@dataclass(frozen=True, slots=True)
class Standing:
    """How a register has answered this process lately."""

    circuit: Circuit
    opens_at: datetime | None
    """When an open one lets a question through."""
    answered: int
    failed: int
    answered_at: datetime | None
    """Of the last question that was answered."""
    failed_at: datetime | None
    cause: str | None
    """Why the last one failed."""


@dataclass(slots=True)
class Breaker:
    """The breaker of one register. Any number of threads."""

    rules: BreakerRules = field(default_factory=BreakerRules)
    _failures: deque[datetime] = field(default_factory=deque)
    _opens_at: datetime | None = None
    _probed_at: datetime | None = None
    _answered: int = 0
    _failed: int = 0
    _answered_at: datetime | None = None
    _failed_at: datetime | None = None
    _cause: str | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def around(self, now: datetime) -> Iterator[None]:
        """Let one question through, and note what comes of it.

        Raises:
            Unavailable: PAUSED; and whatever the question raises.
        """
        self._admit(now)
        try:
            yield
        except Unavailable as error:
            self._note_failure(now, str(error.facts.get("cause", "UNAVAILABLE")))
            raise
        except BaseException:
            self._note_failure(now, "UNAVAILABLE")
            raise
        self._note_answer(now)

    def standing(self, now: datetime) -> Standing:
        """Return how it stands."""
        with self._lock:
            return Standing(
                circuit=self._circuit(now),
                opens_at=self._opens_at,
                answered=self._answered,
                failed=self._failed,
                answered_at=self._answered_at,
                failed_at=self._failed_at,
                cause=self._cause,
            )

    def begin_anew(self) -> None:
        """Let questions through again: somebody has seen to the register."""
        with self._lock:
            self._failures.clear()
            self._opens_at = self._probed_at = None

    def _circuit(self, now: datetime) -> Circuit:
        if self._opens_at is None:
            return Circuit.CLOSED
        return Circuit.OPEN if now < self._opens_at else Circuit.HALF_OPEN

    def _admit(self, now: datetime) -> None:
        with self._lock:
            circuit = self._circuit(now)
            if circuit is Circuit.CLOSED:
                return
            if circuit is Circuit.OPEN or self._is_probing(now):
                raise unusable("PAUSED")
            self._probed_at = now

    def _is_probing(self, now: datetime) -> bool:
        """Say whether another question is out; one that never came back counts for one pause."""
        pause = timedelta(seconds=self.rules.pause_seconds)
        return self._probed_at is not None and now < self._probed_at + pause

    def _note_answer(self, now: datetime) -> None:
        with self._lock:
            self._failures.clear()
            self._opens_at = self._probed_at = None
            self._answered += 1
            self._answered_at = now

    def _note_failure(self, now: datetime, cause: str) -> None:
        with self._lock:
            self._failed += 1
            self._failed_at, self._cause = now, cause
            self._failures.append(now)
            while self._failures[0] <= now - timedelta(seconds=self.rules.window_seconds):
                self._failures.popleft()
            was_probe = self._probed_at is not None
            if was_probe or len(self._failures) >= self.rules.failures:
                self._opens_at = now + timedelta(seconds=self.rules.pause_seconds)
                self._probed_at = None
                self._failures.clear()
