"""How well a line of the book is vouched for. Derived from its sources, never typed in."""

from collections.abc import Iterable
from enum import IntEnum, StrEnum


class Source(StrEnum):
    """Who stated a fact (nguồn dữ liệu)."""

    POPULATION = "POPULATION"
    INSURANCE = "INSURANCE"
    CONTRACT_PLATFORM = "CONTRACT_PLATFORM"
    FORM03 = "FORM03"
    PAPER_BOOK = "PAPER_BOOK"
    ENTERPRISE_REGISTER = "ENTERPRISE_REGISTER"
    QUALIFICATION_REGISTER = "QUALIFICATION_REGISTER"
    WORKER = "WORKER"
    EMPLOYER = "EMPLOYER"
    DECISION = "DECISION"


class Assurance(IntEnum):
    """How well a line is vouched for (mức độ tin cậy), weakest first; the wire form is the name."""

    SELF_DECLARED = 0
    ATTESTED = 1
    EMPLOYER_DECLARED = 2
    CONTRACT_MATCHED = 3
    CONTRIBUTION_MATCHED = 4
    DECIDED = 5


_OF_SOURCE = {
    Source.WORKER: Assurance.SELF_DECLARED,
    Source.FORM03: Assurance.SELF_DECLARED,
    Source.PAPER_BOOK: Assurance.ATTESTED,
    Source.POPULATION: Assurance.ATTESTED,
    Source.ENTERPRISE_REGISTER: Assurance.ATTESTED,
    Source.QUALIFICATION_REGISTER: Assurance.ATTESTED,
    Source.INSURANCE: Assurance.EMPLOYER_DECLARED,
    Source.EMPLOYER: Assurance.EMPLOYER_DECLARED,
    Source.CONTRACT_PLATFORM: Assurance.CONTRACT_MATCHED,
    Source.DECISION: Assurance.DECIDED,
}


def assurance_of(source: Source) -> Assurance:
    """Return how well a fact of this source is vouched for by itself.

    An insurance range counts as declared by the employer here; what it is worth with or without
    payment says ``assurance_of_insurance``.
    """
    return _OF_SOURCE[source]


def assurance_of_insurance(*, paid: bool, credited_only: bool) -> Assurance:
    """Return how well an insurance range vouches for the work of its months."""
    if paid:
        return Assurance.CONTRIBUTION_MATCHED
    return Assurance.ATTESTED if credited_only else Assurance.EMPLOYER_DECLARED


def highest(levels: Iterable[Assurance]) -> Assurance:
    """Return the level of a line: the highest of its sources."""
    return max(levels, default=Assurance.SELF_DECLARED)
