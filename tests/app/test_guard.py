"""A tab goes on when drawing fails."""

import asyncio
import logging
from collections.abc import Callable

import flet as ft
import pytest
from flet.components.component import Component, Renderer
from flet.messaging.session import Session as Drawing

from app import guard
from app.client import Client
from app.doors import TokenDoor
from app.state import Session, Surroundings
from app.texts import Say
from tests.app.reading import is_said, names
from tests.app.samples import NOW


@guard.component
def shaky(error: Exception | None) -> ft.Control:
    if error is not None:
        raise error
    return ft.Text("drawn")


@guard.screen
def shaky_screen() -> ft.Control:
    raise KeyError("Nguyễn Thị Mẫu")


def drawn(make: Callable[[], ft.Control]) -> ft.Control | None:
    """Return what a component draws, as flet has it drawn."""
    renderer = Renderer()

    def inside() -> ft.Control:
        component = make()
        assert isinstance(component, Component)
        shown: ft.Control = component.fn(*component.args)
        return shown

    return renderer.render(inside)


def name_of(component: object) -> str:
    assert isinstance(component, Component)
    return component.fn.__name__


class TestComponent:
    def test_draws_what_can_be_drawn(self) -> None:
        assert is_said(drawn(lambda: shaky(None)), "drawn")

    @pytest.mark.parametrize("error", [ValueError("x"), DeprecationWarning("old"), KeyError("y")])
    def test_says_so_in_its_place_if_it_fails(self, error: Exception) -> None:
        assert name_of(drawn(lambda: shaky(error))) == "Broken"

    def test_says_so_on_a_whole_screen_if_a_screen_fails(self) -> None:
        assert name_of(drawn(shaky_screen)) == "BrokenScreen"

    def test_logs_the_kind_and_the_place_and_nothing_about_anybody(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.ERROR, "app"):
            drawn(shaky_screen)

        assert "KeyError at " in caplog.text
        assert "test_guard.py" in caplog.text
        assert "Nguyễn" not in caplog.text

    @pytest.mark.parametrize("language", ["vi", "en"])
    def test_offers_a_way_on(self, language: str) -> None:
        async def again() -> None:
            """Do nothing."""

        view = guard.broken_view(Say(language), again)

        assert is_said(view, Say(language)("broken"), Say(language)("broken.again"))
        assert {"broken", "reload"} <= names(view)


class _Drawing:
    """Draws like the session of flet: in a task, which an error ends."""

    def __init__(self) -> None:
        self.times = 0
        self.again = asyncio.Event()
        self.error: Exception | None = ValueError()
        self.start_updates_scheduler()

    def start_updates_scheduler(self) -> None:
        self._Session__updates_task = asyncio.create_task(self._draw())

    async def _draw(self) -> None:
        self.times += 1
        error, self.error = self.error, None
        if error is not None:
            raise error
        self.again.set()
        await asyncio.Event().wait()


class TestWatch:
    def test_draws_again_and_says_so_once_an_error_has_ended_the_drawing(self) -> None:
        async def watched() -> tuple[int, bool, bool]:
            drawing, session = _Drawing(), _session()
            guard.watch(drawing, guard.task_of(drawing), session)
            await asyncio.wait_for(drawing.again.wait(), 5)
            task = guard.task_of(drawing)
            is_drawing = not task.done()
            task.cancel()
            return drawing.times, session.broken, is_drawing

        assert asyncio.run(watched()) == (2, True, True)


def _session() -> Session:
    return Session(Surroundings(Client(TokenDoor(None, None)), lambda: NOW, ""))  # type: ignore[arg-type]  # nothing is asked


def test_flet_still_draws_in_the_task_that_is_watched() -> None:
    """The name is private to flet: look at it when flet is renewed."""
    assert "_Session__updates_task" in Drawing.start_updates_scheduler.__code__.co_names
