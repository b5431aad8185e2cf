"""Who may act for the worker, and by which ways the worker is told things."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Mandate:
    """Somebody who may act for the worker: for what, and from when to when."""

    id: str
    name: str
    scope: tuple[str, ...]
    first_day: date
    last_day: date
    given_at: datetime
    revoked_at: datetime | None
    state: str


@dataclass(frozen=True, slots=True)
class Channels:
    """Where the worker is told things: the inbox always; by e-mail once that was confirmed."""

    email_available: bool
    language: str
    muted: tuple[str, ...]
    email: str | None
    waiting_for: str | None
    code_until: datetime | None
