"""What the app is, who is behind it, and what it is made of."""

import flet as ft

from app import guard
from app.parts.basic import card, facts, headline, title, words
from app.parts.screen import column, sheet
from app.state import use_session
from app.texts import Say

LICENCES = (
    ("Be Vietnam Pro", "SIL Open Font License 1.1"),
    ("Flet, flet-charts", "Apache License 2.0"),
    ("Flutter", "BSD 3-Clause"),
    ("Material Symbols", "Apache License 2.0"),
    ("Python", "Python Software Foundation License 2.0"),
    ("HTTPX", "BSD 3-Clause"),
    ("cryptography", "Apache License 2.0, BSD 3-Clause"),
    ("cbor2", "MIT"),
    ("joserfc", "BSD 3-Clause"),
    ("MessagePack", "Apache License 2.0"),
    ("PyJWT, pyHanko, asn1crypto", "MIT"),
)
"""What comes with the app, and under which licence."""


def about_view(say: Say) -> list[ft.Control]:
    """Show what it is, what it keeps, and the licences."""
    return [
        headline(say("app")),
        words(say("about.what")),
        card(
            title(say("about.kept")), words(say("settings.about.text")), words(say("about.drafts"))
        ),
        card(title(say("about.who")), words(say("about.who.text"))),
        card(title(say("about.licences")), facts(LICENCES)),
    ]


@guard.screen
def AboutSheet() -> ft.Control:
    """Tell about the app."""
    say = use_session().say
    return sheet(say("about"), column(*about_view(say)))
