"""Right or wrong: what the owner of a book says of one of its lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import flet as ft

from app import shown
from app.answers import Confirmation
from app.asking import correcting
from app.client import Problem
from app.parts.basic import Tapped, Tone, button, card, named, panel, soft, title
from app.state import use_answer, use_deed, use_session
from app.texts import Say
from app.views.home import leader

EMPLOYMENT, QUALIFICATION = "employment", "qualification"
"""Kinds of lines that can be called right."""


@dataclass(frozen=True, slots=True)
class Saying:
    """What was said of a line, the problem with the last word, and what can be said."""

    said: Confirmation | None
    problem: Problem | None
    deeds: dict[str, Tapped]


def is_it_right(say: Say, said: Confirmation | None, deeds: Mapping[str, Tapped]) -> ft.Control:
    """Ask whether a line is right; silence is no answer, and does no harm."""
    wrong = button(say("line.wrong"), ft.Icons.EDIT_NOTE, deeds["wrong"], "line-wrong")
    if said is not None and said.confirmed_at is not None:
        on = say("line.said.on", moment=shown.moment(said.confirmed_at))
        back = button(say("line.take-back"), ft.Icons.UNDO, deeds["take-back"], "line-take-back")
        agreed = panel(Tone.GOOD, say("line.said.right"), on)
        return ft.Column([named("line-said", agreed), back, wrong], spacing=8, tight=True)
    # It is there from the start: a button that came later would take the other one's place.
    right = button(
        say("line.right"), ft.Icons.CHECK, deeds["right"], "line-right", disabled=said is None
    )
    return card(
        title(say("line.said")),
        soft(say("line.said.silent")),
        right,
        wrong,
    )


def use_saying(kind: str, number: str) -> Saying:
    """Load what was said of a line, and return what says something of it."""
    session = use_session()
    client = session.client
    confirmed, _ = use_answer("confirmations", partial(correcting.confirmations, client))
    problem, _, do = use_deed()
    found = (each for each in confirmed.value or () if (each.kind, str(each.no)) == (kind, number))
    said = next(found, None)

    def saying(*, right: bool) -> Tapped:
        async def deed() -> None:
            assert said is not None
            await correcting.confirm(client, said.key, right=right)
            session.changed()

        async def on_tap() -> None:
            await do(deed)

        return on_tap

    wrong = leader(ft.context.page.navigate)(f"/correct/{kind}/{number}")
    deeds = {"right": saying(right=True), "take-back": saying(right=False), "wrong": wrong}
    return Saying(said, problem, deeds)
