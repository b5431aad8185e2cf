"""What is told of codes that were looked up by name."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A commune of today; ``formerly`` is what was looked for, if it went into this one."""

    code: str
    name: str
    formerly: str


@dataclass(frozen=True, slots=True)
class Occupation:
    """An occupation, and the group that it belongs to."""

    code: str
    name: str
    group: str
