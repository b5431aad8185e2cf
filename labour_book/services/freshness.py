"""Keeping an answer that is costly to make, and leaving alone for a while who does not answer."""

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(slots=True)
class Kept:
    """Texts by name, each with the instant it was made. One process, any number of threads."""

    _texts: dict[Hashable, tuple[datetime, str]] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def fresh(self, name: Hashable, *, seconds: int, now: datetime, make: Callable[[], str]) -> str:
        """Return the kept text, or make it anew when it is older than ``seconds``.

        While one thread makes it, the others wait: it is made once.
        """
        with self._lock:
            made_at, text = self._texts.get(name, (None, ""))
            if made_at is None or not timedelta(0) <= now - made_at < timedelta(seconds=seconds):
                text = make()
                self._texts[name] = (now, text)
            return text


@dataclass(slots=True)
class Pause:
    """Until when somebody who did not answer is left alone. One process, any number of threads."""

    _until: datetime | None = None

    def is_on(self, now: datetime) -> bool:
        return self._until is not None and now < self._until

    def begin(self, now: datetime, *, seconds: int) -> None:
        self._until = now + timedelta(seconds=seconds)
