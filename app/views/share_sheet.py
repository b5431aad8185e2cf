"""One share: loaded again while it is on screen, and what its owner does about it."""

import asyncio
from collections.abc import Awaitable, Callable

import flet as ft

from app import guard
from app.answers import Share
from app.hooks import use_flag, use_maybe, use_while_shown
from app.parts.basic import Tapped, Tone, panel
from app.parts.screen import filled, sheet, trouble
from app.state import use_answer, use_deed, use_session
from app.views.share import later, share_view, withdraw_view

AGAIN_AFTER = 5
"""Seconds after which a share on screen is asked for again: somebody may be looking just now."""
PICTURE = "ma-qr-chia-se.png"


@guard.screen
def ShareSheet() -> ft.Control:
    """Load the share that the address names, and again every few seconds."""
    session = use_session()
    say = session.say
    share_id = ft.use_route_params().get("id", "")
    here = use_while_shown()

    async def ask() -> tuple[Share, ...]:
        found = await session.client.shares()
        return tuple(each for each in found.shares if each.share_id == share_id)

    loaded, again = use_answer(f"share-{share_id}", ask)

    async def follow() -> None:
        while not here.gone and session.identity is not None:
            await asyncio.sleep(AGAIN_AFTER)
            if not here.gone:
                await again()

    ft.use_effect(follow, [])

    def view(found: tuple[Share, ...]) -> list[ft.Control]:
        if not found:
            return [panel(Tone.PLAIN, say("share.none"))]
        return [OneShare(found[0])]

    return sheet(say("share"), filled(say, loaded, again, view))


@guard.component
def OneShare(share: Share) -> ft.Control:
    """Show the share with its QR; withdraw it only once that was asked twice."""
    session = use_session()
    say, client = session.say, session.client
    problem, busy, do = use_deed()
    qr, set_qr = use_maybe(bytes)
    asked, ask_first = use_flag()

    async def fetch_qr() -> None:
        set_qr(await client.qr(share.share_id))

    async def draw() -> None:
        await do(fetch_qr)

    async def first() -> None:
        ask_first(on=True)

    async def keep() -> None:
        ask_first(on=False)

    async def withdraw() -> None:
        ask_first(on=False)
        await client.withdraw(share.share_id)
        session.changed()

    async def sure() -> None:
        await do(withdraw)

    ft.use_effect(draw, [])
    deeds = _deeds(share, do) | _takings(share, qr) | {"withdraw": first}
    return ft.Column(
        [
            *([trouble(say, problem)] if problem else []),
            *([withdraw_view(say, sure, keep)] if asked else []),
            *share_view(say, share, qr, deeds, busy=busy),
        ],
        spacing=16,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _deeds(share: Share, do: Callable[[Tapped], Awaitable[None]]) -> dict[str, Tapped]:
    """Return what changes the share."""
    session = use_session()

    async def longer() -> None:
        await session.client.extend(share.share_id, later(share.expires_at), share.max_views)
        session.changed()

    async def ask_deletion() -> None:
        await session.client.ask_deletion(share.share_id)
        session.changed()

    async def on_longer() -> None:
        await do(longer)

    async def on_ask_deletion() -> None:
        await do(ask_deletion)

    return {"extend": on_longer, "ask-deletion": on_ask_deletion}


def _takings(share: Share, qr: bytes | None) -> dict[str, Tapped]:
    """Return what hands the share on to somebody."""
    say, page = use_session().say, ft.context.page

    async def live() -> None:
        page.navigate(f"/shared/{share.share_id}/live")

    async def save() -> None:
        if qr is not None:
            await ft.FilePicker().save_file(file_name=PICTURE, src_bytes=qr)

    async def copied() -> None:
        page.show_dialog(ft.SnackBar(ft.Text(say("share.copied"))))

    return {"live": live, "save": save, "copied": copied}
