"""Dossiers that go on at the National Public Service Portal: how each stands, and its result."""

from collections.abc import Mapping, Sequence
from functools import partial

import flet as ft

from app import guard, shown
from app.answers import Dossier
from app.asking import registers as asking
from app.parts.basic import (
    Tapped,
    Tone,
    button,
    card,
    chip,
    facts,
    main_button,
    row_button,
    soft,
    strong,
    title,
    words,
)
from app.parts.screen import filled, sheet, trouble
from app.state import use_answer, use_deed, use_session
from app.texts import Say
from app.views.home import Leading, leader

DOSSIERS = "dossiers"
"""Under which name the list is kept."""
FIELDS: Mapping[str, tuple[str, ...]] = {
    "unemployment-benefit.apply": ("employer", "last_day", "receive_at"),
    "qualification.recognise": ("kind", "field", "level", "issuer", "issued_on", "number"),
}
"""What can be handed over, and what is asked for beside what the book knows."""
TONES = {"begun": Tone.CARE, "handed-over": Tone.PLAIN, "granted": Tone.GOOD, "refused": Tone.BAD}
BEGUN = "begun"


def dossiers_view(
    say: Say, dossiers: Sequence[Dossier], again: Mapping[str, Tapped], lead: Leading
) -> list[ft.Control]:
    """Show the dossiers, the newest first, then what else can be begun."""
    return [
        words(say("dossiers.why")),
        *(_dossier(say, each, again) for each in dossiers),
        *([] if dossiers else [soft(say("dossiers.none"))]),
        title(say("dossiers.new")),
        *(
            row_button(
                ft.Icons.NOTE_ADD_OUTLINED,
                say.code("procedure", each),
                "",
                lead(f"/new-dossier/{each}"),
                f"new-{each}",
            )
            for each in FIELDS
        ),
        soft(say("dossiers.more")),
    ]


def _dossier(say: Say, each: Dossier, again: Mapping[str, Tapped]) -> ft.Control:
    means = say.code("dossier.means", each.state)
    decided = shown.day(each.decided_on) if each.decided_on else None
    rows = [
        (say("dossier.code"), each.code),
        (say("dossier.made"), shown.moment(each.created_at)),
        (say("dossier.decided"), decided),
    ]
    state = say.code("dossier.state", each.state)
    return card(
        strong(say.code("procedure", each.procedure)),
        ft.Row([chip(TONES.get(each.state, Tone.PLAIN), state)], wrap=True),
        facts(rows),
        *([] if means == each.state else [soft(means)]),
        *_onward(say, each, again),
        name=f"dossier-{each.code}",
    )


def _onward(say: Say, each: Dossier, again: Mapping[str, Tapped]) -> list[ft.Control]:
    """Return what can be done with it: go on at the portal, or hand it over again."""
    if each.address is not None:
        opens = ft.OpenUrl(each.address)
        name = f"open-{each.code}"
        return [main_button(say("dossier.open"), ft.Icons.OPEN_IN_NEW, None, name, action=opens)]
    if each.state == BEGUN:
        retry = again[each.code]
        return [button(say("dossier.again"), ft.Icons.REFRESH, retry, f"again-{each.code}")]
    return []


@guard.screen
def DossiersSheet() -> ft.Control:
    """Load the dossiers; hand one over again."""
    session = use_session()
    say, client = session.say, session.client
    loaded, reload = use_answer(DOSSIERS, partial(asking.dossiers, client))
    problem, _, do = use_deed()
    lead = leader(ft.context.page.navigate)

    def again(code: str) -> Tapped:
        async def hand_over() -> None:
            await asking.hand_over_again(client, code)
            session.changed()

        async def tapped() -> None:
            await do(hand_over)

        return tapped

    def view(dossiers: tuple[Dossier, ...]) -> list[ft.Control]:
        deeds = {each.code: again(each.code) for each in dossiers}
        above = [trouble(say, problem)] if problem else []
        return [*above, *dossiers_view(say, dossiers, deeds, lead)]

    return sheet(say("dossiers"), filled(say, loaded, reload, view))
