"""Where the app begins: the look, the choices kept on the device, and the first screen."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import flet as ft

from app import guard
from app.client import Client, Problem
from app.doors import Door, SignedOut
from app.root import App
from app.state import Session, Surroundings
from app.texts import LANGUAGES
from app.views.settings import KEPT_CHOICES, apply

_LOCALES = [ft.Locale("vi", "VN"), ft.Locale("en", "US")]


async def main(
    page: ft.Page,
    *,
    door: Door,
    clock: Callable[[], datetime],
    public_url: str,
    root: Any = None,  # noqa: ANN401 - a certificate
) -> None:
    """Show the app in a tab, window or phone that has just been opened."""
    session = Session(Surroundings(Client(door), clock, public_url, root))
    kept = ft.SharedPreferences()
    for name, (key, allowed) in KEPT_CHOICES.items():
        value = await kept.get(key)
        if value in allowed:
            setattr(session, name, value)
    page.title = session.say("app")
    page.locale_configuration = ft.LocaleConfiguration(
        supported_locales=_LOCALES,
        current_locale=_LOCALES[LANGUAGES.index(session.language)],
    )
    apply(page, session)
    try:
        session.identity = await session.client.identity()
    except (SignedOut, Problem):
        session.identity = None
    page.render_views(App, session)
    guard.watch(page.session, guard.task_of(page.session), session)
