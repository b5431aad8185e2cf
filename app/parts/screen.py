"""What every screen has: its bars, a column that fits any width, and what stands in for data."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import flet as ft

from app import shown
from app.client import Problem
from app.parts.basic import Tone, button, panel
from app.state import Loaded
from app.texts import Say
from app.theme import GAP, RADIUS, WIDEST

T = TypeVar("T")
LOADING = "loading"
"""By which it is known that nothing of a screen is there yet."""
SCREEN = "screen"
"""By which the page knows that something of ours is painted."""
_SKELETON = (96, 180, 56, 120)
"""Heights of the blocks that are shown until there is something to show."""


def column(*controls: ft.Control) -> ft.Control:
    """Return the scrolled column of a screen: as wide as a phone, and no wider than reads well."""
    whole = ft.Column(
        [
            ft.Container(
                ft.ResponsiveRow(
                    [
                        ft.Column(
                            list(controls),
                            spacing=16,
                            col=dict(WIDEST),
                            tight=True,
                            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                        )
                    ],
                    alignment=ft.MainAxisAlignment.CENTER,
                ),
                padding=ft.Padding.only(left=16, right=16, top=16, bottom=32),
            )
        ],
        scroll=ft.ScrollMode.AUTO,
        expand=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return ft.Semantics(content=whole, identifier=SCREEN, container=True, expand=True)


def stacked(*controls: ft.Control, spacing: int = 16) -> ft.Control:
    """Return a part of a screen that is drawn for itself, spaced like the rest."""
    stretch = ft.CrossAxisAlignment.STRETCH
    return ft.Column(list(controls), spacing=spacing, tight=True, horizontal_alignment=stretch)


def sheet(title: str, content: ft.Control) -> ft.View:
    """Return a screen over the others, with a cross to close it."""
    return ft.View(
        controls=[ft.SafeArea(content, expand=True)],
        appbar=ft.AppBar(
            title=ft.Semantics(
                content=ft.Text(title, size=20, weight=ft.FontWeight.W_600), header=True
            ),
            center_title=False,
            bgcolor=ft.Colors.SURFACE,
        ),
        fullscreen_dialog=True,
        padding=0,
    )


def skeleton(say: Say) -> ft.Control:
    """Return where things will stand, while they are loaded."""
    blocks: list[ft.Control] = [
        ft.Container(height=each, border_radius=RADIUS, bgcolor=ft.Colors.SURFACE_CONTAINER_HIGH)
        for each in _SKELETON
    ]
    waiting = ft.Column(blocks, spacing=GAP)
    return column(ft.Semantics(content=waiting, label=say("loading"), identifier=LOADING))


def trouble(say: Say, problem: Problem) -> ft.Control:
    """Return what went wrong, and what to do."""
    known = say.code("problem", problem.kind)
    if known == problem.kind:
        known = problem.title.get(say.language) or say("problem.failed")
    return ft.Semantics(
        content=panel(Tone.BAD, known, _what_to_do(say, problem)),
        live_region=True,
        identifier="problem",
    )


def _what_to_do(say: Say, problem: Problem) -> str:
    """Return what to do, as exactly as it is known."""
    for code in (problem.cause, problem.kind):
        if code and say.code("problem.todo", code) != code:
            return say.code("problem.todo", code)
    return say("problem.todo.failed")


def filled(
    say: Say,
    loaded: Loaded[T],
    again: Callable[[], Awaitable[None]],
    view: Callable[[T], list[ft.Control]],
) -> ft.Control:
    """Return a screen of what was loaded; if it is from before, say so and how old it is."""
    retry = button(say("again"), ft.Icons.REFRESH, again, "again")
    if loaded.value is None:
        if loaded.problem is None:
            return skeleton(say)
        return column(trouble(say, loaded.problem), retry)
    controls = view(loaded.value)
    if loaded.problem is not None and loaded.at is not None:
        age = panel(Tone.CARE, say("stale"), say("stale.since", moment=shown.moment(loaded.at)))
        controls = [age, retry, *controls]
    return column(*controls)
