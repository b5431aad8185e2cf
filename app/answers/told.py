"""What the worker is told: who is signed in, notices, and who looked."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is signed in, and how surely."""

    kind: str
    name: str
    level: int


@dataclass(frozen=True, slots=True)
class EnteredApp:
    """The session of the app's own."""

    cookie: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the worker was told."""

    id: str
    kind: str
    created_at: datetime
    read_at: datetime | None
    about: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Access:
    """One row of who looked at, or did something about, the own data."""

    number: int
    at: datetime
    who_kind: str
    who_name: str
    deed: str
    purpose: str
    refused: bool
    reason: str = "none"
    """Whether its reason was asked for: none (nobody answers), possible, asked, answered."""
    answer: str | None = None
