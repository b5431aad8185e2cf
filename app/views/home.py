"""The first screen: whose book, how it stands, what needs attention, and one thing to do."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

import flet as ft

from app import guard, shown
from app.answers import Background, OwnBook
from app.asking import correcting, satisfaction, support
from app.attention import Attention, Known, attention, undecided
from app.client import Client, Problem
from app.health import Word, four_words
from app.parts.basic import (
    LOOKS,
    Tapped,
    Tone,
    card,
    chip,
    headline,
    main_button,
    soft,
    strong,
    title,
    words,
)
from app.parts.screen import filled
from app.state import use_answer, use_session
from app.texts import Say
from app.theme import RADIUS

T = TypeVar("T")
Leading = Callable[[str], Tapped]
"""Returns what leads to a screen."""


@dataclass(frozen=True, slots=True)
class HomeData:
    """What the first screen is made of."""

    own: OwnBook
    background: Background | None
    known: Known


def home_view(
    say: Say, data: HomeData, four: Sequence[Word], todo: Sequence[Attention], lead: Leading
) -> list[ft.Control]:
    """Show the state of the book on top, then the one button, then what needs attention."""
    own = data.own
    name = own.book.worker.full_name if own.book.worker else ""
    current = own.state == "current"
    return [
        ft.Column(
            [
                soft(say("home.hello")),
                headline(name),
                soft(say("book.number", number=own.book.book_no or "")),
            ],
            spacing=2,
            tight=True,
        ),
        card(
            ft.Row(
                [
                    strong(say("home.book")),
                    chip(Tone.GOOD if current else Tone.BAD, say.code("state", own.state)),
                ],
                wrap=True,
                spacing=12,
                run_spacing=8,
                vertical_alignment=ft.CrossAxisAlignment.CENTER,
            ),
            soft(
                say(
                    "home.issued",
                    day=shown.day(own.issued_at.astimezone(shown.VIETNAM).date()),
                    until=shown.day(own.expires_on),
                )
            ),
            *(
                ft.Row(
                    [_word(say, each, lead) for each in pair],
                    spacing=8,
                    intrinsic_height=True,
                    vertical_alignment=ft.CrossAxisAlignment.STRETCH,
                )
                for pair in (four[:2], four[2:])
            ),
            name="home-state",
        ),
        main_button(say("home.share"), ft.Icons.QR_CODE_2, lead("/new-share"), "home-share"),
        title(say("home.attention")),
        *([_todo(say, each, lead) for each in todo] or [_nothing(say)]),
    ]


def _word(say: Say, word: Word, lead: Leading) -> ft.Control:
    look = LOOKS[word.tone]
    why = say(f"word.{word.name}.{word.why}", count=word.count)
    return ft.Semantics(
        content=ft.Container(
            ft.Column(
                [
                    ft.Row(
                        [
                            ft.Icon(look.icon, color=look.ink, size=22),
                            strong(say(f"word.{word.name}"), look.ink),
                        ],
                        spacing=8,
                        wrap=True,
                    ),
                    ft.Text(why, size=13, color=look.ink),
                ],
                spacing=4,
                tight=True,
            ),
            padding=12,
            border_radius=RADIUS - 4,
            bgcolor=look.ground,
            ink=True,
            on_click=lead(f"/word/{word.name}"),
        ),
        identifier=f"word-{word.name}",
        button=True,
        container=True,
        expand=True,
    )


def _todo(say: Say, each: Attention, lead: Leading) -> ft.Control:
    look = LOOKS[each.tone]
    return card(
        ft.Row(
            [
                ft.Container(
                    ft.Icon(look.icon, color=look.ink, size=22),
                    padding=8,
                    border_radius=RADIUS,
                    bgcolor=look.ground,
                ),
                ft.Column(
                    [words(say(each.what, count=each.count)), soft(say(f"{each.what}.todo"))],
                    spacing=2,
                    tight=True,
                    expand=True,
                ),
                ft.Icon(ft.Icons.CHEVRON_RIGHT),
            ],
            spacing=12,
        ),
        on_tap=lead(each.where),
        name=each.what,
    )


def _nothing(say: Say) -> ft.Control:
    return card(
        ft.Row(
            [
                ft.Icon(ft.Icons.CHECK_CIRCLE, color=ft.Colors.PRIMARY),
                ft.Container(words(say("home.nothing")), expand=True),
            ],
            spacing=12,
        )
    )


def leader(navigate: Callable[[str], None]) -> Leading:
    """Return what makes handlers that lead to screens."""

    def lead(where: str) -> Tapped:
        async def go() -> None:
            navigate(where)

        return go

    return lead


@guard.component
def Home() -> ft.Control:
    """Load the book and what stands beside it; the book is shown without the latter too."""
    session = use_session()
    loaded, again = use_answer("home", partial(home_data, session.client, session.say.language))
    lead = leader(ft.context.page.navigate)

    def view(data: HomeData) -> list[ft.Control]:
        now = session.around.clock()
        todo = attention(data.own, data.known, session.identity, now)
        return home_view(session.say, data, words_of(data, now), todo, lead)

    return filled(session.say, loaded, again, view)


async def home_data(client: Client, language: str = "vi") -> HomeData:
    """Load what the first screen is made of; only the book has to be there.

    Raises:
        SignedOut, Problem: as ``Client.sent``.
    """
    own = await client.own_book()
    background, notices, confirmed, cases, finished, proposed = await asyncio.gather(
        _or_none(client.background),
        _or_none(client.notices),
        _or_none(partial(correcting.confirmations, client)),
        _or_none(partial(correcting.own_cases, client)),
        _or_none(partial(satisfaction.finished, client)),
        _or_none(partial(support.own_support, client, language)),
    )
    known = Known(
        *(notices or (), confirmed or (), cases or (), finished or (), proposed or ()),
    )
    return HomeData(own, background, known)


def words_of(data: HomeData, now: datetime) -> tuple[Word, ...]:
    """Return how the book stands, in four words."""
    return four_words(data.own, data.background, undecided(data.known.cases), now)


async def _or_none(ask: Callable[[], Awaitable[T]]) -> T | None:
    try:
        return await ask()
    except Problem:
        return None
