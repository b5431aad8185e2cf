"""Language, size of text, colours: chosen here, kept on the device."""

from collections.abc import Callable, Mapping

import flet as ft

from app import guard, theme
from app.parts.basic import Tapped, card, choices, choosing, row_button, title
from app.parts.screen import column, sheet
from app.state import Session, use_session
from app.texts import Say
from app.views.home import Leading, leader

KEPT_CHOICES = {
    "language": ("labour-book.language", ("vi", "en")),
    "text_size": ("labour-book.text-size", ("1.0", "1.3", "1.6", "2.0")),
    "theme": ("labour-book.theme", ("system", "light", "dark")),
    "contrast": ("labour-book.contrast", ("normal", "strong")),
}
"""What is kept on the device: under which key, and what it may be. Nothing about anybody."""
TEXT_SIZE = "text_size"
ELSEWHERE = (
    ("identity-check", ft.Icons.VERIFIED_USER),
    ("channels", ft.Icons.FORWARD_TO_INBOX),
    ("own-data", ft.Icons.FOLDER_SHARED),
    ("data-requests", ft.Icons.GAVEL),
    ("about", ft.Icons.INFO_OUTLINE),
)
"""Screens that people look for here."""


def apply(page: ft.Page, session: Session) -> None:
    """Give the page the look that was chosen; the text size is seen to by the client's page."""
    strong = session.contrast == "strong"
    page.theme = theme.light(strong=strong)
    page.dark_theme = theme.dark(strong=strong)
    page.theme_mode = ft.ThemeMode(session.theme)


def settings_view(
    say: Say, chosen: Mapping[str, str], choose: Mapping[str, Mapping[str, Tapped]], lead: Leading
) -> ft.Control:
    """Show each choice with what it may be, then what is set and found elsewhere."""
    cards = [
        card(
            title(say(f"settings.{name}")),
            choices(
                [(value, say(f"settings.{name}.{value}")) for value in allowed],
                chosen[name],
                choose[name],
                name,
            ),
        )
        for name, (_, allowed) in KEPT_CHOICES.items()
        if name in chosen
    ]
    rows = [
        row_button(icon, say(name), "", lead(f"/{name}"), f"go-{name}") for name, icon in ELSEWHERE
    ]
    return column(*cards, card(*rows))


@guard.screen
def SettingsSheet() -> ft.Control:
    """Change a choice, at once and for next time."""
    session = use_session()
    page = ft.context.page

    def chooser(name: str) -> Callable[[str], None]:
        key, _ = KEPT_CHOICES[name]

        def choose(value: str) -> None:
            setattr(session, name, value)
            apply(page, session)
            page.run_task(ft.SharedPreferences().set, key, value)

        return choose

    lead = leader(page.navigate)
    # A phone has a text size of its own, for all its apps; a browser's is kept by our page.
    offered = [name for name in KEPT_CHOICES if page.web or name != TEXT_SIZE]
    chosen = {name: str(getattr(session, name)) for name in offered}
    choose = {name: choosing(allowed, chooser(name)) for name, (_, allowed) in KEPT_CHOICES.items()}
    return sheet(session.say("settings"), settings_view(session.say, chosen, choose, lead))
