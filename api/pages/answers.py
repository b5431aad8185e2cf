"""From what a check found out to what the page says. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from api.pages.texts import Language, say
from labour_book.services.explaining import Question, explain
from labour_book.services.verifying import Answer, Checked

Tone = Literal["yes", "warn", "no", "unknown"]
QUESTIONS: tuple[Question, ...] = ("genuine", "current", "issuer")
HEADLINES: Mapping[str, tuple[str, Tone]] = {
    "SUPERSEDED": ("superseded", "warn"),
    "EXPIRED": ("expired", "warn"),
    "SUSPENDED": ("paused", "warn"),
    "NOT_YET_VALID": ("paused", "warn"),
    "REVOKED": ("revoked", "no"),
    "COPY_TAKEN_BACK": ("taken_back", "no"),
}
"""By the reason why a genuine book is not current: what the page says first, and how loudly."""


@dataclass(frozen=True, slots=True)
class Line:
    """One of the three answers, in words."""

    question: Question
    tone: Tone
    said: str
    why: str
    reason: str


@dataclass(frozen=True, slots=True)
class Result:
    """What the page says first, the three answers, and what to do next."""

    headline: str
    tone: Tone
    answers: tuple[Line, ...]
    next: tuple[str, ...]
    status_as_of: datetime | None


def result_of(checked: Checked, language: Language, issuer: str) -> Result:
    """Put an answer into words. ``issuer`` is the name of the body in that language."""
    headline, tone = _headline(checked)
    steps = [explain(each, _answer(checked, each).reason, language).next for each in QUESTIONS]
    return Result(
        headline=headline,
        tone=tone,
        answers=tuple(_line(each, _answer(checked, each), language, issuer) for each in QUESTIONS),
        next=tuple(dict.fromkeys(step for step in steps if step)),
        status_as_of=checked.status_as_of,
    )


def _headline(checked: Checked) -> tuple[str, Tone]:
    if "no" in (checked.genuine.state, checked.issuer.state):
        return "false", "no"
    if "unknown" in (checked.genuine.state, checked.current.state, checked.issuer.state):
        return "unknown", "unknown"
    if checked.current.state == "yes":
        return "good", "yes"
    return HEADLINES.get(checked.current.reason, ("paused", "warn"))


def _line(question: Question, answer: Answer, language: Language, issuer: str) -> Line:
    words = explain(question, answer.reason, language)
    named = question == "issuer" and answer.state == "yes"
    said = say(language, "verify.issued_by", issuer=issuer) if named else words.said
    return Line(question, _tone(answer), said, words.why, answer.reason)


def _tone(answer: Answer) -> Tone:
    match answer.state:
        case "yes":
            return "yes"
        case "no":
            return HEADLINES.get(answer.reason, ("", "no"))[1]
        case _:
            return "unknown"


def _answer(checked: Checked, question: Question) -> Answer:
    answer: Answer = getattr(checked, question)
    return answer


def holder_in(claims: Mapping[str, Any] | None) -> Mapping[str, str] | None:
    """Return whose book a file is, as far as it discloses it: nothing that pries further."""
    match claims:
        case {
            "worker": {"full_name": str(name)} as worker,
            "book_no": str(book_no),
            "version": int(version),
        }:
            return {
                "full_name": name,
                "book_no": book_no,
                "version": str(version),
                "population_check": worker.get("population_check", ""),
            }
    return None
