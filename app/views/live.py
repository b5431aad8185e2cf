"""A code that works once and not for long, to be held out to somebody: large, with its seconds."""

import asyncio

import flet as ft

from app import guard
from app.answers import LiveCode
from app.hooks import use_maybe, use_while_shown
from app.parts.basic import headline, soft, words
from app.parts.screen import column, sheet, trouble
from app.state import use_deed, use_session
from app.texts import Say

RENEWED_BEFORE = 5
"""Seconds: nobody should be shown a code that is over once the camera has found it."""


def live_view(say: Say, code: LiveCode | None, left: int) -> list[ft.Control]:
    """Show the code on white, and how long it still works."""
    picture: ft.Control = ft.ProgressRing()
    if code is not None:
        picture = ft.Image(
            src=code.qr_svg,
            width=300,
            height=300,
            fit=ft.BoxFit.CONTAIN,
            semantics_label=say("share.qr"),
        )
    share = 0.0 if code is None else left / max(1, code.seconds_left)
    return [
        headline(say("live.title")),
        words(say("live.why")),
        ft.Semantics(
            content=ft.Container(
                picture,
                bgcolor="#ffffff",
                border_radius=16,
                padding=16,
                height=340,
                alignment=ft.Alignment.CENTER,
            ),
            identifier="live-qr",
            container=True,
        ),
        ft.ProgressBar(value=share, bar_height=8, border_radius=4),
        ft.Semantics(content=soft(say("live.left", seconds=left)), identifier="live-left"),
    ]


@guard.screen
def LiveSheet() -> ft.Control:
    """Ask for a code, count its seconds down, and ask for the next before it is over."""
    session = use_session()
    client = session.client
    share_id = ft.use_route_params().get("id", "")
    code, set_code = use_maybe(LiveCode)
    left, set_left = ft.use_state(0)
    problem, _, do = use_deed()
    here = use_while_shown()

    async def show() -> None:
        while not here.gone and session.identity is not None:
            made = await client.live_code(share_id)
            set_code(made)
            for seconds in range(made.seconds_left, RENEWED_BEFORE, -1):
                if here.gone:
                    return
                set_left(seconds)
                await asyncio.sleep(1)

    async def begin() -> None:
        await do(show)

    ft.use_effect(begin, [])
    above = [trouble(session.say, problem)] if problem else []
    content = column(*above, *live_view(session.say, code, left))
    return sheet(session.say("live"), content)
