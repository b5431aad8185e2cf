"""What keeps a tab alive when drawing fails: a screen that says so, and a way on.

flet draws in one loop for each tab, and an error in it ends the loop: nothing on the tab would
answer any more, without a word. So every component is drawn under guard, and the loop is watched.
"""

import asyncio
import logging
from collections.abc import Callable
from functools import wraps
from traceback import extract_tb
from typing import Any, ParamSpec, Protocol

import flet as ft

from app.parts.basic import Tapped, Tone, button, panel
from app.parts.screen import column
from app.state import Session, use_session
from app.texts import Say

P = ParamSpec("P")
LOG = logging.getLogger("app")


class _Drawing(Protocol):
    """The session of flet, by what is used of it."""

    def start_updates_scheduler(self) -> None:
        """Begin to draw, unless it is done already."""


def component(draw: Callable[P, ft.Control]) -> Callable[P, ft.Control]:
    """Return a component; where drawing it fails, a part of the screen says so."""
    return ft.component(_guarded(draw, Broken))


def keyed(drawn: Callable[..., ft.Control], key: str, *args: object) -> ft.Control:
    """Return a component that begins anew when the key is another."""
    return drawn(*args, key=key)


def screen(draw: Callable[P, ft.Control]) -> Callable[P, ft.Control]:
    """Return a component that is a whole screen; where drawing it fails, another says so."""
    return ft.component(_guarded(draw, BrokenScreen))


def watch(drawing: _Drawing, task: asyncio.Task[None], session: Session) -> None:
    """Begin to draw again, with a screen that says so, should an error have ended the drawing."""

    def ended(over: asyncio.Task[None]) -> None:
        error = None if over.cancelled() else over.exception()
        if error is None:
            return
        LOG.error("drawing ended: %s", described(error))
        drawing.start_updates_scheduler()
        watch(drawing, task_of(drawing), session)
        session.broken = True

    task.add_done_callback(ended)


def task_of(drawing: Any) -> asyncio.Task[None]:  # noqa: ANN401 - a private name of flet
    """Return the task that draws a tab; flet has no public name for it."""
    task: asyncio.Task[None] = drawing._Session__updates_task  # noqa: SLF001 - see above
    return task


def described(error: BaseException) -> str:
    """Return what kind of error it was and where: never what it says, which may be about people."""
    places = extract_tb(error.__traceback__)
    where = f"{places[-1].filename}:{places[-1].lineno}" if places else "nowhere"
    return f"{type(error).__name__} at {where}"


def broken_view(say: Say, again: Tapped) -> ft.Control:
    """Show that something went wrong here, and what to do."""
    return column(
        ft.Semantics(
            content=panel(Tone.BAD, say("broken"), say("broken.todo")),
            identifier="broken",
            live_region=True,
        ),
        button(say("broken.again"), ft.Icons.REFRESH, again, "reload"),
    )


@ft.component
def Broken() -> ft.Control:
    """What stands in the place of a part that could not be drawn."""
    session = use_session()
    page = ft.context.page

    async def again() -> None:
        session.around.kept.clear()
        session.broken = False
        page.navigate("/")
        session.changed()

    return broken_view(session.say, again)


@ft.component
def BrokenScreen() -> ft.Control:
    """The same, as a whole screen."""
    return ft.View(route="/", controls=[ft.SafeArea(Broken(), expand=True)], padding=0)


def _guarded(
    draw: Callable[P, ft.Control], instead: Callable[[], ft.Control]
) -> Callable[P, ft.Control]:
    @wraps(draw)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ft.Control:
        try:
            return draw(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - whatever it is, the tab has to go on
            LOG.error("%s was not drawn: %s", draw.__name__, described(error))  # noqa: TRY400 - the trace could hold names
            return instead()

    return guarded
