"""What was told to the worker: in which words, and which screen is about it."""

from collections.abc import Iterable

from app.answers import Notice
from app.texts import Say, catalogue

VIEWED = "share.viewed"
ANSWERED = "access.reason-answered"
SCREENS = {
    "share": "/share",
    "copy": "/share",
    "book": "/book",
    "line": "/book",
    "access": "/looked",
    "case": "/corrections",
    "correction": "/corrections",
    "insurance": "/book/insurance",
    "filing": "/book",
    "person": "/book",
    "mandate": "/mandates",
    "data-request": "/data-requests",
    "dossier": "/dossiers",
    "gap": "/rights",
    "offer": "/support",
    "proposal": "/support",
    "support": "/support",
}
"""By the first word of what a notice says, the screen that is about it."""


def leads_to(notice: Notice) -> str:
    """Return the screen that a notice is about; the first screen where there is none."""
    if notice.kind == VIEWED:
        return "/looked"
    return SCREENS.get(notice.kind.partition(".")[0], "/")


def in_words(say: Say, notice: Notice) -> tuple[str, str]:
    """Return what a notice says, and below it what follows from its facts or is to be done."""
    key = f"notice.{notice.kind}"
    if key not in catalogue():
        return say("notice.new"), say("notice.new.todo")
    if notice.kind == ANSWERED:
        return say(key), str(notice.facts.get("answer", ""))
    return say(key), say(f"{key}.todo")


def unread(notices: Iterable[Notice]) -> int:
    """Return how many notices have not been read; looks at shares are counted by themselves."""
    return sum(each.read_at is None and each.kind != VIEWED for each in notices)
