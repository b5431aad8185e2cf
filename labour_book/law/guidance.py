"""What a person is told of a right: every figure with what it rests on, and what is not known.

Information, not a decision: nothing here grants or refuses anything.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from labour_book.errors import Invalid
from labour_book.law.provisions import LawNotModelled, LegalFinding, value_of


class Right(StrEnum):
    """The rights that are told of."""

    PENSION = "pension"
    UNEMPLOYMENT_BENEFIT = "unemployment-benefit"
    VOLUNTARY_INSURANCE = "voluntary-insurance"


class Basis(StrEnum):
    """What a figure rests on."""

    LAW = "law"
    BOOK = "book"
    COMPUTED = "computed"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, day or month; of one that the law states, where, since when, and how well known."""

    name: str
    value: int | str
    unit: str
    """``months``, ``years``, ``days``, ``vnd``, ``percent``, ``permille``, ``times``, ``day``."""
    basis: Basis
    of: str = ""
    """Which one, where there are several: a month, a region, a group."""
    source: str = ""
    since: date | None = None
    provenance: str = ""
    """``seen``, ``secondary`` or ``unverified``: how well the source is known."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of the law: met, not met, or (None) not to be told from the book."""

    name: str
    holds: bool | None
    article: str


@dataclass(frozen=True, slots=True)
class NotComputed:
    """What could not be computed, and why; ``why`` is a permanent word."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Entitlement:
    """One right, as far as it can be told."""

    right: Right
    articles: tuple[str, ...]
    results: tuple[Figure, ...]
    inputs: tuple[Figure, ...]
    conditions: tuple[Condition, ...]
    not_computed: tuple[NotComputed, ...] = ()


class NotKnown(Invalid):
    """The book lacks what the law computes with; the message is the permanent word for it."""


@dataclass(slots=True)
class Sheet:
    """Collects what is told of one right while it is computed."""

    right: Right
    articles: tuple[str, ...]
    results: list[Figure]
    inputs: list[Figure]
    conditions: list[Condition]
    not_computed: list[NotComputed]

    @classmethod
    def of(cls, right: Right, *articles: str) -> "Sheet":
        return cls(right, articles, [], [], [], [])

    def result(self, name: str, value: int | str, unit: str, of: str = "") -> None:
        self.results.append(Figure(name, value, unit, Basis.COMPUTED, of))

    def from_book(self, name: str, value: int | str, unit: str, of: str = "") -> None:
        self.inputs.append(Figure(name, value, unit, Basis.BOOK, of))

    def from_law(self, names: Iterable[str], unit: str, *, on: date) -> None:
        """Add numbers of the law as they hold on a day.

        Raises:
            LawNotModelled: the day lies before the first known value of one of them.
        """
        for name in names:
            value = value_of(name, on=on)
            self.inputs.append(
                Figure(
                    name,
                    value.amount,
                    unit,
                    Basis.LAW,
                    source=value.source,
                    since=value.since,
                    provenance=value.provenance,
                )
            )

    def found(self, name: str, finding: LegalFinding) -> None:
        self.conditions.append(Condition(name, finding.holds, finding.article))

    def condition(self, name: str, article: str, *, holds: bool | None = None) -> None:
        self.conditions.append(Condition(name, holds, article))

    def attempt(self, names: Sequence[str], compute: Callable[[], None]) -> None:
        """Compute something; what fails is told as such, by the names it would have had."""
        try:
            compute()
        except LawNotModelled:
            self.not_computed += [NotComputed(name, "LAW_NOT_MODELLED") for name in names]
        except NotKnown as unknown:
            self.not_computed += [NotComputed(name, str(unknown)) for name in names]

    def closed(self) -> Entitlement:
        return Entitlement(
            self.right,
            self.articles,
            tuple(self.results),
            tuple(self.inputs),
            tuple(self.conditions),
            tuple(self.not_computed),
        )
