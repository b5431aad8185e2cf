"""The own offline code: a signed QR for where there is no network, with what it shows."""

import flet as ft

from app import guard, shown
from app.answers import OfflineCode
from app.parts.basic import Tapped, Tone, choices, choosing, headline, named, panel, soft, words
from app.parts.screen import filled, sheet
from app.state import use_answer, use_session
from app.texts import Say

DAYS = ("1", "3", "7")
SIDE = 334
"""As wide as a phone: there are many dots in it."""


def offline_code_view(
    say: Say, code: OfflineCode, days: str, choose: dict[str, Tapped]
) -> list[ft.Control]:
    """Show the code on white, as wide as the screen; below, what it says and for how long."""
    left_out = [soft(say("offline-code.left-out", count=code.left_out))] if code.left_out else []
    picture = ft.Image(
        src=code.svg,
        width=SIDE,
        height=SIDE,
        fit=ft.BoxFit.CONTAIN,
        semantics_label=say("offline-code.qr"),
    )
    return [
        headline(say("offline-code.title")),
        named(
            "offline-qr",
            ft.Container(
                picture,
                bgcolor="#ffffff",
                border_radius=16,
                padding=12,
                alignment=ft.Alignment.CENTER,
            ),
        ),
        words(say("offline-code.until", moment=shown.moment(code.expires_at))),
        choices([(each, say(f"days.{each}")) for each in DAYS], days, choose, "offline-days"),
        panel(
            Tone.PLAIN,
            say("offline-code.shows"),
            say("offline-code.shows.what", lines=code.lines),
            *left_out,
        ),
        panel(Tone.CARE, say("offline-code.care"), say("offline-code.care.why")),
    ]


@guard.screen
def OfflineCodeSheet() -> ft.Control:
    """Ask for a code of so many days, and show it; what was shown before stays without network."""
    session = use_session()
    say = session.say
    days, set_days = ft.use_state(DAYS[0])

    async def ask() -> tuple[str, OfflineCode]:
        return days, await session.client.offline_code(int(days))

    loaded, again = use_answer("offline-code", ask)
    asked = loaded.value[0] if loaded.value else days

    async def renew() -> None:
        if asked != days:
            await again()

    ft.use_effect(renew, [days])

    def view(told: tuple[str, OfflineCode]) -> list[ft.Control]:
        return offline_code_view(say, told[1], days, dict(choosing(DAYS, set_days)))

    return sheet(say("offline-code"), filled(say, loaded, again, view))
