"""What is to be shared, before it is: a ready-made choice, or one's own of claims and lines."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import flet as ft

from app import guard
from app.answers import OwnBook
from app.client import NewShare
from app.parts.basic import (
    Tapped,
    button,
    choosing,
    headline,
    main_button,
    named,
    soft,
    title,
    words,
)
from app.parts.screen import filled
from app.state import use_answer, use_session
from app.texts import Say
from app.views.book import period

CUSTOM = "CUSTOM"
CLAIMS = (
    "worker.full_name",
    "worker.birth_date",
    "worker.sex",
    "worker.nationality",
    "worker.residence",
    "worker.population_check",
    "insurance.SI",
    "insurance.UI",
    "insurance.HI",
    "insurance.VOL",
    "insurance.last_month",
    "employments.months_paid",
    "gaps",
)
"""What can be chosen by name; a personal ID is not shown to whoever has a code."""
BEGUN_WITH = frozenset({"worker.full_name", "worker.population_check"})


@dataclass(frozen=True, slots=True)
class Draft:
    """A preset; with CUSTOM the claims and the numbers of lines."""

    preset: str = ""
    claims: frozenset[str] = BEGUN_WITH
    employments: frozenset[int] = frozenset()
    qualifications: frozenset[int] = frozenset()

    @property
    def is_empty(self) -> bool:
        return not (self.claims or self.employments or self.qualifications)

    def share(self, audience: str, purpose: str, until: datetime, views: int) -> NewShare:
        """Return what the interface is asked for."""
        share = NewShare(self.preset, audience, purpose, until, views)
        if self.preset != CUSTOM:
            return share
        return replace(
            share,
            claims=tuple(sorted(self.claims)),
            employments=tuple(sorted(self.employments)),
            qualifications=tuple(sorted(self.qualifications)),
        )

    def turned(self, kind: str, value: str | int) -> "Draft":
        """Return the same with one claim or line more, or less if it was in."""
        match kind, value:
            case "claims", str():
                return replace(self, claims=self.claims ^ {value})
            case "employments", int():
                return replace(self, employments=self.employments ^ {value})
            case "qualifications", int():
                return replace(self, qualifications=self.qualifications ^ {value})
        raise ValueError(kind)


def choose_view(
    say: Say,
    own: OwnBook,
    draft: Draft,
    turn: Callable[[str, str | int], Tapped],
    deeds: Mapping[str, Tapped],
) -> list[ft.Control]:
    """Show everything that can be shared, each with whether it is chosen."""
    book = own.book

    def box(kind: str, value: str | int, text: str, *, on: bool) -> ft.Control:
        tick = ft.Checkbox(
            label=text,
            label_style=ft.TextStyle(size=16),
            value=on,
            on_change=turn(kind, value),
        )
        return named(f"choose-{kind}-{value}", tick)

    lines = [
        box(
            "employments",
            each.no,
            f"{each.employer}, {each.position}, {period(say, each)}",
            on=each.no in draft.employments,
        )
        for each in reversed(book.employments)
    ]
    papers = [
        box("qualifications", number, each.field, on=number in draft.qualifications)
        for number, each in enumerate(book.qualifications, 1)
    ]
    return [
        headline(say("choose")),
        words(say("choose.why")),
        title(say("choose.about")),
        *(box("claims", each, say(f"claim.{each}"), on=each in draft.claims) for each in CLAIMS),
        *([title(say("part.work")), *lines] if lines else []),
        *([title(say("part.qualifications")), *papers] if papers else []),
        *([soft(say("choose.nothing"))] if draft.is_empty else []),
        main_button(
            say("choose.onward"),
            ft.Icons.ARROW_FORWARD,
            deeds["preview"],
            "choose-onward",
            disabled=draft.is_empty,
        ),
        button(say("new-share.other"), ft.Icons.ARROW_BACK, deeds["what"], "choose-back"),
    ]


@guard.component
def ChooseStep(
    draft: Draft, set_draft: Callable[[Draft], None], go: Callable[[str], None]
) -> ft.Control:
    """Load the book, and let its owner tick what is to be shown."""
    session = use_session()
    loaded, again = use_answer("book", session.client.own_book)

    def turn(kind: str, value: str | int) -> Tapped:
        async def on_change() -> None:
            set_draft(draft.turned(kind, value))

        return on_change

    def view(own: OwnBook) -> list[ft.Control]:
        return choose_view(session.say, own, draft, turn, choosing(("what", "preview"), go))

    return filled(session.say, loaded, again, view)
