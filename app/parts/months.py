"""Months paid, owed and unknown: as a small bar, and in words beside it."""

import flet as ft

from app import shown
from app.answers import Employment
from app.texts import Say

_HEIGHT = 10
COLORS = {
    "paid": ft.Colors.PRIMARY,
    "arrears": ft.Colors.ERROR,
    "unknown": ft.Colors.OUTLINE_VARIANT,
}
"""By what is known of a month; the words beside it say the same."""


def counts(each: Employment) -> dict[str, int]:
    """Return how many months of each kind a line has; without those that are not told."""
    told = {
        "paid": each.months_paid,
        "arrears": each.months_arrears,
        "unknown": each.months_unknown,
    }
    return {name: count for name, count in told.items() if count}


def month_bar(say: Say, each: Employment) -> ft.Control:
    """Return the bar: its parts as long as there are months."""
    parts = counts(each)
    return ft.Semantics(
        content=ft.Container(
            ft.Row(
                [
                    ft.Container(expand=count, height=_HEIGHT, bgcolor=COLORS[name])
                    for name, count in parts.items()
                ],
                spacing=2,
            ),
            border_radius=_HEIGHT / 2,
            clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
            visible=bool(parts),
        ),
        label=months_in_words(say, each),
        image=True,
        exclude_semantics=True,
    )


def months_in_words(say: Say, each: Employment) -> str:
    """Return the same in words: what was paid, what is owed, what nobody reported."""
    said = [
        say(f"months.{name}", span=shown.span(say, count)) for name, count in counts(each).items()
    ]
    return ", ".join(said)
