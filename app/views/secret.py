"""A field for a personal ID: masked while it is typed, until its owner wants to see it."""

from collections.abc import Callable
from dataclasses import dataclass

import flet as ft

from app import guard
from app.hooks import use_flag
from app.parts.basic import named
from app.parts.screen import stacked
from app.state import use_session

Typing = Callable[[ft.Event[ft.TextField]], object]


@dataclass(frozen=True, slots=True)
class Secret:
    """The field: its name, what is said at it, and where what is typed is kept."""

    name: str
    label: str
    wrong: str
    longest: int
    typed: Callable[[], str]
    typing: Typing


@guard.component
def SecretField(spec: Secret) -> ft.Control:
    """Show the field, and beside it what shows or hides what was typed."""
    say = use_session().say
    is_shown, show = use_flag()

    async def turn() -> None:
        show(on=not is_shown)

    eye = ft.TextButton(
        say("secret.hide" if is_shown else "secret.show"),
        icon=ft.Icons.VISIBILITY_OFF if is_shown else ft.Icons.VISIBILITY,
        on_click=turn,
    )
    text = ft.TextField(
        value=spec.typed(),
        label=spec.label,
        error=spec.wrong or None,
        max_length=spec.longest,
        counter="",
        on_change=spec.typing,
        password=not is_shown,
        keyboard_type=ft.KeyboardType.NUMBER,
        border=ft.OutlineInputBorder(border_radius=12),
    )
    return named(spec.name, stacked(text, eye, spacing=0))
