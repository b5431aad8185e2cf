"""Where the app begins: the look, the choices kept on the device, and the first screen."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import flet as ft

from app import guard
from app.client import Client
from app.doors import AppDoor, Door
from app.entry import Entry
from app.root import App
from app.state import Session, Surroundings
from app.texts import LANGUAGES
from app.views.settings import KEPT_CHOICES, apply
from app.views.sign_in import come_back, follow_links

FRESH = timedelta(minutes=1)
"""What was loaded longer ago is loaded again when somebody comes back to the app."""
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
    entry = Entry(door) if isinstance(door, AppDoor) else None
    session = Session(Surroundings(Client(door), clock, public_url, root, entry=entry))
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
    await session.look_who()
    _follow(page, session)
    if entry is not None:
        follow_links(page, session)
        await come_back(page, session, page.route)
    page.render_views(App, session)
    guard.watch(page.session, guard.task_of(page.session), session)


def _follow(page: ft.Page, session: Session) -> None:
    """Load what is on screen again when a tab is reloaded, or is back from having been away.

    A tab that connects again gets the screen it had, as old as it is.
    """
    clock = session.around.clock
    loaded_at = clock()

    async def connected() -> None:
        nonlocal loaded_at
        loaded_at = clock()
        session.changed()

    async def lived(event: ft.AppLifecycleStateChangeEvent) -> None:
        if event.state is ft.AppLifecycleState.RESUME and clock() - loaded_at >= FRESH:
            await connected()

    page.on_connect = connected
    page.on_app_lifecycle_state_change = lived
