"""The way in: what this is, and the button that leads to the national e-ID and back."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from urllib.parse import quote

import flet as ft

from app import guard
from app.client import Problem
from app.doors import SIGN_IN
from app.entry import Entry, asked_of, leads_back, new_asked
from app.hooks import use_kept
from app.parts.basic import (
    Tapped,
    Tone,
    button,
    headline,
    main_button,
    named,
    panel,
    row_button,
    soft,
    words,
)
from app.parts.screen import column, stacked, trouble
from app.state import Session, use_session
from app.texts import Say

BASE = "/app"
"""Where the web edition stands on the server."""
KEPT = "labour-book.sign-in"
"""Where what a sign-in was asked with is kept on the device until it is over."""
LONGEST_CODE = 20


def sign_in_view(
    say: Say,
    *,
    is_over: bool,
    enter: Tapped,
    other_language: Tapped,
    waiting: Sequence[ft.Control] = (),
) -> ft.Control:
    """Show what the app is, in three lines, and how to get in.

    ``waiting``: what is shown while the sign-in goes on in another window.
    """
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
        *waiting,
        main_button(say("sign-in"), ft.Icons.LOGIN, enter, "sign-in"),
        soft(say("sign-in.about")),
        row_button(ft.Icons.TRANSLATE, say("other-language"), "", other_language, "language"),
    )


def unknown_view(say: Say, problem: Problem, again: Tapped) -> ft.Control:
    """Show that the service does not answer: nobody has to sign in again for that."""
    return column(
        ft.Container(height=24),
        headline(say("app")),
        trouble(say, problem),
        words(say("welcome.unknown")),
        main_button(say("again"), ft.Icons.REFRESH, again, "again"),
    )


def waiting_view(
    say: Say, field: ft.Control, enter: Tapped, *, is_waiting: bool, problem: Problem | None
) -> list[ft.Control]:
    """Show what to do in the browser, and where its code is typed if it does not come back."""
    above = [trouble(say, problem)] if problem else []
    if not is_waiting:
        return above
    return [
        panel(Tone.PLAIN, say("sign-in.waiting"), say("sign-in.waiting.why")),
        *above,
        field,
        button(say("sign-in.code.enter"), ft.Icons.KEY, enter, "sign-in-code-enter"),
    ]


def follow_links(page: ft.Page, session: Session) -> None:
    """Go in when a link of the sign-in opens the app."""

    async def followed(event: ft.RouteChangeEvent) -> None:
        await come_back(page, session, event.route)

    page.on_route_change = followed


async def come_back(page: ft.Page, session: Session, route: str) -> None:
    """Go in with the code of the link that opened the app, if it is one of our sign-in."""
    entry = session.around.entry
    if entry is None or not leads_back(route):
        return
    if entry.asked is None:
        entry.asked = asked_of(str(await ft.SharedPreferences().get(KEPT) or ""))
    code = None if entry.asked is None else entry.asked.code_in(route)
    await page.push_route("/")
    if code is not None:
        await go_in(session, entry, code)


async def go_in(session: Session, entry: Entry, code: str) -> None:
    """Go in with a code; what is refused is said on the screen."""
    session.refused = None
    try:
        await entry.finish(session.client, code)
    except Problem as problem:
        session.refused = problem
        return
    await ft.SharedPreferences().remove(KEPT)
    session.is_over = False
    await session.look_who()


async def go_to_browser(page: ft.Page, session: Session, entry: Entry) -> None:
    """Open the sign-in in the system's browser, and wait for what it brings."""
    session.refused = None
    entry.asked = new_asked()
    await ft.SharedPreferences().set(KEPT, entry.asked.text())
    port = None
    if page.platform is not None and page.platform.is_desktop():
        with suppress(OSError):  # else the code is typed by hand
            port = await entry.listen(
                partial(go_in, session, entry), session.say("sign-in.close-page")
            )
    await ft.UrlLauncher().launch_url(
        entry.asked.address(session.around.public_url, port),
        mode=ft.LaunchMode.EXTERNAL_APPLICATION,
    )


@guard.component
def Waiting(entry: Entry) -> ft.Control:
    """The code of the browser's page, typed by hand."""
    session = use_session()
    typed = use_kept().texts

    async def on_change(event: ft.Event[ft.TextField]) -> None:
        typed["code"] = event.control.value

    async def enter() -> None:
        await go_in(session, entry, typed.get("code", ""))

    field = ft.TextField(
        value=typed.get("code", ""),
        label=session.say("sign-in.code"),
        max_length=LONGEST_CODE,
        counter="",
        on_change=on_change,
        capitalization=ft.TextCapitalization.CHARACTERS,
        border=ft.OutlineInputBorder(border_radius=12),
    )
    named_field = named("sign-in-code", field)
    parts = waiting_view(
        session.say, named_field, enter, is_waiting=entry.asked is not None, problem=session.refused
    )
    return stacked(*parts)


@guard.screen
def SignIn() -> ft.Control:
    """Lead to the sign-in, and back to the screen that was asked for."""
    session = use_session()
    page = ft.context.page
    entry = session.around.entry

    async def enter() -> None:
        if entry is not None:
            await go_to_browser(page, session, entry)
            session.changed()
            return
        back = quote(f"{BASE}{page.route or '/'}", safe="")
        address = f"{session.around.public_url}{SIGN_IN}/start?to={back}"
        await ft.UrlLauncher().launch_url(address, web_only_window_name="_self")

    async def other_language() -> None:
        session.language = "en" if session.language == "vi" else "vi"

    content = sign_in_view(
        session.say,
        is_over=session.is_over,
        enter=enter,
        other_language=other_language,
        waiting=[] if entry is None else [Waiting(entry)],
    )
    if session.unknown is not None:
        content = unknown_view(session.say, session.unknown, session.look_who)
    return ft.View(route="/", controls=[ft.SafeArea(content, expand=True)], padding=0)
