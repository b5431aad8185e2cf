"""The words for an answer of a verification: what it says, why, and what to do next."""

from dataclasses import dataclass
from typing import Literal

from labour_book import data

Question = Literal["genuine", "current", "issuer", "timestamp"]
Language = Literal["vi", "en"]


@dataclass(frozen=True, slots=True)
class Words:
    """An answer in one language. ``next`` is empty where there is nothing to do."""

    said: str
    why: str
    next: str


def explain(question: Question, reason: str, language: Language) -> Words:
    """Return the words for a reason code, which may mean something else for each question.

    Raises:
        KeyError: no such code in ``reasons.csv``; that is a bug.
    """
    known = data.by("reasons", "reason")
    row = known.get(f"{reason}.{question}") or known[reason]
    return Words(row[f"said_{language}"], row[f"why_{language}"], row[f"next_{language}"])


def framework_level(level: str, language: Language) -> str | None:
    """Return the name of a level of the national qualifications framework; None of another."""
    row = data.by("nqf_8_levels", "level").get(level)
    return None if row is None else row[f"name_{language}"]
