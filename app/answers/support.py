"""Support that was proposed: what, how much, until when, what is missing, what can be done."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Term:
    """A condition of the law; ``holds`` is None where the book cannot tell."""

    words: str
    holds: bool | None
    article: str


@dataclass(frozen=True, slots=True)
class Need:
    """A paper that is asked for."""

    words: str
    is_there: bool


@dataclass(frozen=True, slots=True)
class Support:
    """Support that the worker may get. The service's words are in the language asked for."""

    id: str
    policy: str
    title: str
    article: str
    provenance: str
    level: int
    level_words: str
    state: str
    state_words: str
    holds: bool | None
    amount: str
    due_on: date | None
    employer: str | None
    month: str | None
    needs: tuple[Need, ...]
    conditions: tuple[Term, ...]
    overlap: str
    overlap_words: str
    reason: str | None
    dossier_code: str | None
    dossier_address: str | None
    steps: tuple[str, ...]
    proposed_on: date


@dataclass(frozen=True, slots=True)
class StepLine:
    """A number that was taken, or what is known of the worker."""

    depth: int
    label: str
    value: str
    source: str
    since: date | None
    provenance: str


@dataclass(frozen=True, slots=True)
class SupportExplained:
    """One support with how it was come to."""

    proposal: Support
    facts: tuple[StepLine, ...]
    steps: tuple[StepLine, ...]
