"""Everything the worker was told, the newest first; what is opened or marked counts as read."""

from collections.abc import Callable, Sequence

import flet as ft

from app import guard, inbox, shown
from app.answers import Notice
from app.parts.basic import (
    Tapped,
    Tone,
    button,
    card,
    chip,
    panel,
    soft,
    strong,
    words,
)
from app.parts.screen import filled, sheet, trouble
from app.state import use_answer, use_deed, use_session
from app.texts import Say


def notices_view(
    say: Say,
    notices: Sequence[Notice],
    open_it: Callable[[Notice], Tapped],
    read_all: Tapped,
    *,
    busy: bool,
) -> list[ft.Control]:
    """Show each notice as a button that leads to what it is about."""
    if not notices:
        return [panel(Tone.PLAIN, say("notices.none"))]
    icon = ft.Icons.DONE_ALL
    marking = button(say("notices.read-all"), icon, read_all, "read-all", disabled=busy)
    return [
        *([marking] if any(each.read_at is None for each in notices) else []),
        *(_notice(say, each, open_it(each)) for each in notices),
    ]


def _notice(say: Say, notice: Notice, open_it: Tapped) -> ft.Control:
    said, below = inbox.in_words(say, notice)
    is_new = notice.read_at is None
    return card(
        *([ft.Row([chip(Tone.CARE, say("notices.new"))], wrap=True)] if is_new else []),
        strong(said) if is_new else words(said),
        soft(below),
        soft(shown.moment(notice.created_at)),
        on_tap=open_it,
        name="notice",
    )


@guard.screen
def NoticesSheet() -> ft.Control:
    """Load the inbox; a tap marks a notice as read and leads on."""
    session = use_session()
    client, page = session.client, ft.context.page
    loaded, again = use_answer("notices", client.notices)
    problem, busy, do = use_deed()

    def open_it(notice: Notice) -> Tapped:
        async def deed() -> None:
            if notice.read_at is None:
                await client.mark_read(notice)
                session.changed()
            page.navigate(inbox.leads_to(notice))

        async def on_tap() -> None:
            await do(deed)

        return on_tap

    def view(notices: tuple[Notice, ...]) -> list[ft.Control]:
        async def deed() -> None:
            await client.mark_all_read(notices[0])
            session.changed()
            await again()

        async def read_all() -> None:
            await do(deed)

        above = [trouble(session.say, problem)] if problem else []
        return [*above, *notices_view(session.say, notices, open_it, read_all, busy=busy)]

    return sheet(session.say("notices"), filled(session.say, loaded, again, view))
