"""Who looked: every access to the own data in plain words, people, offices and machines."""

from collections.abc import Callable, Mapping, Sequence

import flet as ft

from app import guard, shown
from app.answers import Access
from app.parts.basic import (
    Tapped,
    Tone,
    button,
    card,
    chip,
    choices,
    choosing,
    headline,
    panel,
    soft,
    strong,
    title,
    words,
)
from app.parts.screen import filled, trouble
from app.state import use_answer, use_deed, use_session
from app.texts import Say

OTHERS, SELF = "others", "worker"
KINDS = (OTHERS, "employer", "official", "machine", "public", "system", SELF)
ICONS = {
    "employer": ft.Icons.BUSINESS,
    "official": ft.Icons.ACCOUNT_BALANCE,
    "machine": ft.Icons.MEMORY,
    "public": ft.Icons.PERSON_OUTLINE,
    "worker": ft.Icons.PERSON,
    "system": ft.Icons.SETTINGS,
}
OWN = "own"
SYSTEM = "system"
"""Says what for in words of the trace, which are no sentences."""


def looked_view(
    say: Say,
    accesses: Sequence[Access],
    kind: str,
    choose: Mapping[str, Tapped],
    ask: Callable[[Access], Tapped],
) -> list[ft.Control]:
    """Show accesses of one kind, the newest first, under the day they happened."""
    there = {each.who_kind for each in accesses}
    offered = [(each, say(f"who.{each}")) for each in KINDS if each in {OTHERS, *there}]
    found = [
        each
        for each in accesses
        if each.who_kind == kind or (kind == OTHERS and each.who_kind != SELF)
    ]
    controls: list[ft.Control] = [
        headline(say("looked")),
        words(say("looked.why")),
        choices(offered, kind, choose, "kind"),
    ]
    if not found:
        return [*controls, panel(Tone.PLAIN, say("looked.none"))]
    day = ""
    for each in found:
        if (its_day := shown.day(each.at.astimezone(shown.VIETNAM).date())) != day:
            day = its_day
            controls.append(title(day))
        controls.append(_access(say, each, ask(each)))
    return controls


def _access(say: Say, access: Access, ask: Tapped) -> ft.Control:
    who = access.who_name or say.code("who", access.who_kind)
    if access.who_kind == SELF:
        who = say("who.you")
    purpose = (
        []
        if access.purpose in {"", OWN, "sign-in"} or access.who_kind == SYSTEM
        else [soft(say("looked.purpose", purpose=access.purpose))]
    )
    refused = (
        [ft.Row([chip(Tone.CARE, say("looked.refused"))], wrap=True)] if access.refused else []
    )
    return card(
        ft.Row(
            [
                ft.Icon(ICONS.get(access.who_kind, ft.Icons.HELP_OUTLINE), color=ft.Colors.PRIMARY),
                ft.Column(
                    [
                        strong(who),
                        words(say.code("deed", access.deed)),
                        *purpose,
                        soft(f"{access.at.astimezone(shown.VIETNAM):%H:%M}"),
                        *refused,
                        *_reason(say, access, ask),
                    ],
                    spacing=2,
                    tight=True,
                    expand=True,
                ),
            ],
            spacing=16,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
        name="access",
    )


def _reason(say: Say, access: Access, ask: Tapped) -> list[ft.Control]:
    """Return what can be asked, that it was asked, or the answer."""
    match access.reason:
        case "possible":
            icon = ft.Icons.HELP_OUTLINE
            return [button(say("reason.ask"), icon, ask, f"ask-reason-{access.number}")]
        case "asked":
            return [ft.Row([chip(Tone.CARE, say("reason.asked"))], wrap=True)]
        case "answered":
            return [panel(Tone.GOOD, say("reason.answer"), access.answer or "")]
        case _:
            return []


@guard.component
def Looked() -> ft.Control:
    """Load the accesses; notices of them count as read once they are on screen."""
    session = use_session()
    client = session.client
    kind, set_kind = ft.use_state(OTHERS)

    async def ask() -> tuple[Access, ...]:
        found = await client.accesses()
        for notice in await client.notices():
            if notice.kind == "share.viewed" and notice.read_at is None:
                await client.mark_read(notice)
        return found

    loaded, again = use_answer("accesses", ask)
    problem, _, do = use_deed()

    def asking(access: Access) -> Tapped:
        async def deed() -> None:
            await client.ask_reason(access)
            await again()

        async def on_tap() -> None:
            await do(deed)

        return on_tap

    def view(accesses: tuple[Access, ...]) -> list[ft.Control]:
        above = [trouble(session.say, problem)] if problem else []
        choose = choosing(KINDS, set_kind)
        return [*above, *looked_view(session.say, accesses, kind, choose, asking)]

    return filled(session.say, loaded, again, view)
