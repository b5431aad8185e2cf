"""Finished requests, and how it was."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FinishedRequest:
    """A request of the worker that is over, and what was said of it so far."""

    about_id: str
    kind: str
    what: str
    finished_at: datetime
    score: int | None
    words: str
    may_change: bool
    changeable_until: datetime | None
