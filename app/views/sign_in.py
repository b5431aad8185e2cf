"""The way in: what this is, and the button that leads to the national e-ID and back."""

from urllib.parse import quote

import flet as ft

from app import guard
from app.doors import SIGN_IN
from app.parts.basic import Tapped, Tone, headline, main_button, panel, row_button, soft, words
from app.parts.screen import column
from app.state import use_session
from app.texts import Say

BASE = "/app"
"""Where the web edition stands on the server."""


def sign_in_view(say: Say, *, is_over: bool, enter: Tapped, other_language: Tapped) -> ft.Control:
    """Show what the app is, in three lines, and how to get in."""
    points = (
        (ft.Icons.MENU_BOOK, "welcome.book"),
        (ft.Icons.QR_CODE_2, "welcome.share"),
        (ft.Icons.VISIBILITY, "welcome.looked"),
    )
    return column(
        ft.Container(height=24),
        ft.Image(src="icons/icon-192.png", width=72, height=72, semantics_label=say("app")),
        headline(say("app")),
        words(say("welcome.lead")),
        *([panel(Tone.CARE, say("welcome.over"), say("welcome.over.why"))] if is_over else []),
        ft.Column(
            [
                ft.Row(
                    [
                        ft.Icon(icon, color=ft.Colors.PRIMARY),
                        ft.Container(words(say(key)), expand=True),
                    ],
                    spacing=16,
                )
                for icon, key in points
            ],
            spacing=16,
        ),
        main_button(say("sign-in"), ft.Icons.LOGIN, enter, "sign-in"),
        soft(say("sign-in.about")),
        row_button(ft.Icons.TRANSLATE, say("other-language"), "", other_language, "language"),
    )


@guard.screen
def SignIn() -> ft.Control:
    """Lead to the sign-in, and back to the screen that was asked for."""
    session = use_session()
    page = ft.context.page

    async def enter() -> None:
        back = quote(f"{BASE}{page.route or '/'}", safe="")
        address = f"{session.around.public_url}{SIGN_IN}/start?to={back}"
        await ft.UrlLauncher().launch_url(address, web_only_window_name="_self")

    async def other_language() -> None:
        session.language = "en" if session.language == "vi" else "vi"

    content = sign_in_view(
        session.say, is_over=session.is_over, enter=enter, other_language=other_language
    )
    return ft.View(route="/", controls=[ft.SafeArea(content, expand=True)], padding=0)
