"""Everything else: CV, checking another book, settings, documents, and the way out."""

import flet as ft

from app import guard, keeping
from app.answers import Identity
from app.attention import FULL_LEVEL
from app.parts.basic import Tapped, Tone, button, card, headline, panel, row_button, soft, strong
from app.parts.screen import column, trouble
from app.state import use_deed, use_session
from app.texts import Say
from app.views.home import Leading, leader

PLACES = (
    ("corrections", ft.Icons.EDIT_NOTE, "corrections.about"),
    ("notices", ft.Icons.NOTIFICATIONS_OUTLINED, "notices.about"),
    ("cv", ft.Icons.DESCRIPTION, "cv.about"),
    ("rights", ft.Icons.VOLUNTEER_ACTIVISM, "rights.about"),
    ("satisfaction", ft.Icons.SENTIMENT_SATISFIED, "satisfaction.about"),
    ("scan", ft.Icons.FACT_CHECK, "scan.about"),
    ("wallets", ft.Icons.WALLET, "wallets.about"),
    ("mandates", ft.Icons.SUPERVISOR_ACCOUNT, "mandates.about"),
    ("own-data", ft.Icons.FOLDER_SHARED, "own-data.about"),
    ("channels", ft.Icons.FORWARD_TO_INBOX, "channels.short"),
    ("settings", ft.Icons.TUNE, "settings.short"),
    ("about", ft.Icons.INFO_OUTLINE, "settings.about.about"),
)
"""Screens that have no tab: the last part of the address, an icon, and what is there."""


def more_view(say: Say, identity: Identity, lead: Leading, leave: Tapped) -> list[ft.Control]:
    """Show who is signed in and how surely, then where one can go."""
    level: ft.Control = soft(say("more.level", level=identity.level))
    if identity.level < FULL_LEVEL:
        level = panel(Tone.CARE, say("more.level", level=identity.level), say("more.level.todo"))
    return [
        headline(say("tab.more")),
        card(strong(identity.name), level),
        card(
            *(
                row_button(icon, say(name), say(about), lead(f"/{name}"), f"go-{name}")
                for name, icon, about in PLACES
            )
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
        await keeping.drop()
        page.navigate("/")

    async def leave() -> None:
        await do(go_out)

    above = [trouble(session.say, problem)] if problem else []
    view = more_view(session.say, session.identity, leader(page.navigate), leave)
    return column(*above, *view)
