"""What the law may give, and the months that are missing."""

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, day or month, and what it rests on."""

    name: str
    value: int | str
    unit: str
    basis: str
    of: str
    source: str
    since: date | None
    provenance: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of the law; ``holds`` is None where the book cannot tell."""

    name: str
    holds: bool | None
    article: str


@dataclass(frozen=True, slots=True)
class NotComputed:
    """What could not be computed, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Entitlement:
    """One right: what follows, from which figures, under which conditions."""

    right: str
    articles: tuple[str, ...]
    results: tuple[Figure, ...]
    inputs: tuple[Figure, ...]
    conditions: tuple[Condition, ...]
    not_computed: tuple[NotComputed, ...]

    def result(self, name: str, of: str = "") -> int | str | None:
        """Return what was computed under a name; None if it was not."""
        found = (each.value for each in self.results if (each.name, each.of) == (name, of))
        return next(found, None)


@dataclass(frozen=True, slots=True)
class GapStep:
    """A step that was taken about missing months, and what came of it."""

    id: str
    way: str
    months: tuple[str, ...]
    begun_at: datetime
    words: str
    due_on: date | None
    is_late: bool
    answer: str | None
    answer_words: str
    answered_at: datetime | None
    pay_by: date | None
    cases: tuple[str, ...]
    dossier: str | None
    dossier_state: str | None


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """Until when something can be done, and where that stands."""

    name: str
    counted_from: date
    last_day: date
    source: str
    provenance: str


@dataclass(frozen=True, slots=True)
class SupportShare:
    """What the State adds a month for a group, and what is left to pay."""

    group: str
    support: int
    own: int


@dataclass(frozen=True, slots=True)
class Bridge:
    """Voluntary insurance for as many months to come as are missing."""

    first: str
    last: str
    months: int
    income: int
    contribution: int
    shares: tuple[SupportShare, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MissingMonths:
    """A job with months that no insurance was seen for."""

    entry_number: int
    employer: str
    employer_status: str | None
    employer_is_gone: bool
    missing: int
    worked: str
    paid: tuple[str, ...]
    owed: tuple[str, ...]
    unseen: tuple[str, ...]
    ways: tuple[str, ...]
    wage_base_vnd: int | None = None
    limits: tuple[TimeLimit, ...] = ()
    bridge: Bridge | None = None
    steps: tuple[GapStep, ...] = ()
    left: dict[str, list[str]] = field(default_factory=dict)
    """By way: months nobody was told of yet."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Support that an agency proposes."""

    title: str
    proposed_on: date


@dataclass(frozen=True, slots=True)
class Rights:
    """Everything that can be told on a day."""

    as_of: date
    reported_through: str
    entitlements: tuple[Entitlement, ...]
    gaps: tuple[MissingMonths, ...]
    proposals: tuple[Proposal, ...]
