"""Everything else: CV, checking another book, settings, documents, and the way out."""

import flet as ft

from app import guard
from app.answers import Identity
from app.health import FULL_LEVEL
from app.parts.basic import Tapped, Tone, button, card, headline, panel, row_button, soft, strong
from app.parts.screen import column, trouble
from app.state import use_deed, use_session
from app.texts import Say
from app.views.home import Leading, leader


def more_view(say: Say, identity: Identity, lead: Leading, leave: Tapped) -> list[ft.Control]:
    """Show who is signed in and how surely, then where one can go."""
    level: ft.Control = soft(say("more.level", level=identity.level))
    if identity.level < FULL_LEVEL:
        level = panel(Tone.CARE, say("more.level", level=identity.level), say("more.level.todo"))
    return [
        headline(say("tab.more")),
        card(strong(identity.name), level),
        card(
            row_button(ft.Icons.DESCRIPTION, say("cv"), say("cv.about"), lead("/cv"), "go-cv"),
            row_button(
                ft.Icons.FACT_CHECK, say("scan"), say("scan.about"), lead("/scan"), "go-scan"
            ),
            row_button(
                ft.Icons.WALLET,
                say("wallets"),
                say("wallets.about"),
                lead("/wallets"),
                "go-wallets",
            ),
            row_button(
                ft.Icons.FOLDER_SHARED,
                say("own-data"),
                say("own-data.about"),
                lead("/own-data"),
                "go-own-data",
            ),
            row_button(
                ft.Icons.TUNE,
                say("settings"),
                say("settings.short"),
                lead("/settings"),
                "go-settings",
            ),
        ),
        button(say("sign-out"), ft.Icons.LOGOUT, leave, "sign-out"),
    ]


@guard.component
def More() -> ft.Control:
    """Lead elsewhere; sign out, and leave nothing on the screen."""
    session = use_session()
    page = ft.context.page
    problem, _, do = use_deed()
    assert session.identity is not None

    async def go_out() -> None:
        await session.client.leave()
        session.close(is_over=False)
        page.navigate("/")

    async def leave() -> None:
        await do(go_out)

    above = [trouble(session.say, problem)] if problem else []
    view = more_view(session.say, session.identity, leader(page.navigate), leave)
    return column(*above, *view)
