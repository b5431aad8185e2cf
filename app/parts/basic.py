"""Text, cards, buttons, signs: each says what it is to a screen reader too."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import flet as ft

from app.theme import FONT, GAP, RADIUS, TOUCH

Tapped = Callable[[], Awaitable[None]]


class Tone(StrEnum):
    """How something stands; always with a sign and a word, never by colour alone."""

    GOOD = "good"
    CARE = "care"
    BAD = "bad"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class _Look:
    ground: ft.Colors
    ink: ft.Colors
    icon: ft.IconData


LOOKS = {
    Tone.GOOD: _Look(
        ft.Colors.PRIMARY_CONTAINER, ft.Colors.ON_PRIMARY_CONTAINER, ft.Icons.CHECK_CIRCLE
    ),
    Tone.CARE: _Look(ft.Colors.TERTIARY_CONTAINER, ft.Colors.ON_TERTIARY_CONTAINER, ft.Icons.ERROR),
    Tone.BAD: _Look(ft.Colors.ERROR_CONTAINER, ft.Colors.ON_ERROR_CONTAINER, ft.Icons.CANCEL),
    Tone.PLAIN: _Look(
        ft.Colors.SURFACE_CONTAINER_HIGH, ft.Colors.ON_SURFACE_VARIANT, ft.Icons.INFO
    ),
}


def headline(text: str) -> ft.Control:
    """Return the one large line of a screen."""
    return ft.Semantics(content=ft.Text(text, size=26, weight=ft.FontWeight.W_700), header=True)


def title(text: str) -> ft.Control:
    return ft.Semantics(content=ft.Text(text, size=18, weight=ft.FontWeight.W_600), header=True)


def strong(text: str, color: ft.ColorValue | None = None) -> ft.Text:
    return ft.Text(text, size=16, weight=ft.FontWeight.W_600, color=color)


def words(text: str, color: ft.ColorValue | None = None) -> ft.Text:
    return ft.Text(text, size=16, color=color)


def soft(text: str) -> ft.Text:
    return ft.Text(text, size=14, color=ft.Colors.ON_SURFACE_VARIANT)


def named(identifier: str, content: ft.Control, label: str | None = None) -> ft.Control:
    """Return a control with a name by which tests and helpers find it."""
    return ft.Semantics(content=content, identifier=identifier, label=label, container=True)


def card(*controls: ft.Control, on_tap: Tapped | None = None, name: str = "") -> ft.Control:
    """Return controls on a sheet of paper; with ``on_tap`` the whole sheet is a button."""
    whole = ft.Container(
        ft.Column(list(controls), spacing=8, tight=True),
        padding=16,
        border_radius=RADIUS,
        border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
        ink=on_tap is not None,
        on_click=on_tap,
    )
    return ft.Semantics(
        content=whole, identifier=name or None, button=True if on_tap else None, container=True
    )


def panel(tone: Tone, heading: str, text: str = "", *more: ft.Control) -> ft.Control:
    """Return a coloured box that says how something stands: sign, word, explanation."""
    look = LOOKS[tone]
    said: list[ft.Control] = [strong(heading, look.ink)]
    if text:
        said.append(ft.Text(text, size=15, color=look.ink))
    return ft.Semantics(
        content=ft.Container(
            ft.Row(
                [
                    ft.Icon(look.icon, color=look.ink, size=24),
                    ft.Column([*said, *more], spacing=4, tight=True, expand=True),
                ],
                spacing=GAP,
                vertical_alignment=ft.CrossAxisAlignment.START,
            ),
            padding=16,
            border_radius=RADIUS,
            bgcolor=look.ground,
        ),
        container=True,
    )


def chip(tone: Tone, text: str) -> ft.Control:
    """Return a small sign with a word."""
    look = LOOKS[tone]
    return ft.Container(
        ft.Row(
            [
                ft.Icon(look.icon, color=look.ink, size=16),
                ft.Text(text, size=13, weight=ft.FontWeight.W_500, color=look.ink),
            ],
            spacing=6,
            tight=True,
            wrap=True,
        ),
        padding=ft.Padding.symmetric(vertical=4, horizontal=10),
        border_radius=RADIUS,
        bgcolor=look.ground,
    )


def facts(rows: Sequence[tuple[str, str | None]]) -> ft.Control:
    """Return labels with their values; what is not known is left out."""
    return ft.Column(
        [
            ft.Column([soft(label), words(value)], spacing=0, tight=True)
            for label, value in rows
            if value
        ],
        spacing=10,
        tight=True,
    )


def main_button(
    text: str,
    icon: ft.IconData | None,
    on_tap: Tapped | None,
    name: str,
    *,
    action: ft.ClientAction | None = None,
    disabled: bool = False,
) -> ft.Control:
    """Return the one thing to do on a screen."""
    style = ft.ButtonStyle(
        shape=ft.RoundedRectangleBorder(radius=RADIUS),
        text_style=ft.TextStyle(font_family=FONT, size=17, weight=ft.FontWeight.W_600),
        padding=ft.Padding.symmetric(vertical=16, horizontal=24),
    )
    made = ft.FilledButton(
        text, icon=icon, on_click=on_tap, style=style, expand=True, disabled=disabled, action=action
    )
    return ft.Semantics(
        content=ft.Row([made]),
        identifier=name,
        container=True,
    )


def button(
    text: str,
    icon: ft.IconData | None,
    on_tap: Tapped | None,
    name: str,
    *,
    action: ft.ClientAction | None = None,
    disabled: bool = False,
) -> ft.Control:
    """Return one of several things to do."""
    style = ft.ButtonStyle(
        shape=ft.RoundedRectangleBorder(radius=RADIUS),
        text_style=ft.TextStyle(font_family=FONT, size=16, weight=ft.FontWeight.W_500),
        padding=ft.Padding.symmetric(vertical=12, horizontal=16),
    )
    made = ft.OutlinedButton(
        text, icon=icon, on_click=on_tap, style=style, expand=True, disabled=disabled, action=action
    )
    return ft.Semantics(content=ft.Row([made]), identifier=name, container=True)


def row_button(icon: ft.IconData, text: str, about: str, on_tap: Tapped, name: str) -> ft.Control:
    """Return a line that leads somewhere."""
    tile = ft.ListTile(
        leading=ft.Icon(icon, color=ft.Colors.PRIMARY),
        title=words(text),
        subtitle=soft(about) if about else None,
        trailing=ft.Icon(ft.Icons.CHEVRON_RIGHT),
        on_click=on_tap,
        min_height=TOUCH,
        content_padding=ft.Padding.symmetric(vertical=4, horizontal=16),
    )
    return ft.Semantics(content=tile, identifier=name, container=True)


def choices(
    offered: Sequence[tuple[str, str]], chosen: str, choose: Mapping[str, Tapped], name: str
) -> ft.Control:
    """Return a few words of which one is chosen."""
    return ft.Row(
        [
            ft.Semantics(
                content=ft.Chip(
                    label=ft.Text(text, size=15),
                    selected=value == chosen,
                    on_select=choose[value],
                    padding=ft.Padding.symmetric(vertical=10, horizontal=8),
                ),
                identifier=f"{name}-{value}",
                container=True,
            )
            for value, text in offered
        ],
        wrap=True,
        spacing=8,
        run_spacing=8,
    )


def choosing(values: Iterable[str], choose: Callable[[str], None]) -> Mapping[str, Tapped]:
    """Return, for each value, the handler that chooses it."""

    def one(value: str) -> Tapped:
        async def on_select() -> None:
            choose(value)

        return on_select

    return {value: one(value) for value in values}
