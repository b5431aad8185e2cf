"""What begins each way about missing months: a question, a complaint, a bridge."""

from collections.abc import Awaitable, Callable

import flet as ft

from app import guard, shown
from app.answers import MissingMonths
from app.asking import rights as asking
from app.client import Problem
from app.hooks import use_kept
from app.parts.basic import Tapped, choices, choosing, main_button, named, soft, words
from app.parts.screen import stacked, trouble
from app.state import use_deed, use_session
from app.texts import Say

LONGEST_WORDS, LONGEST_REQUEST = 2000, 200
GROUPS = ("OTHER", "ETHNIC_MINORITY", "NEAR_POOR", "POOR_OR_ISLAND")


def deed_view(
    say: Say, way: str, asked: ft.Control, begin: Tapped, problem: Problem | None, *, busy: bool
) -> ft.Control:
    """Show what it does, what is asked, and the one button."""
    return stacked(
        words(say(f"gaps.{way}.does")),
        asked,
        main_button(say(f"gaps.{way}.begin"), ft.Icons.SEND, begin, f"begin-{way}", disabled=busy),
        *([trouble(say, problem)] if problem else []),
    )


def _text(say: Say, way: str, typed: dict[str, str], longest: int) -> ft.Control:
    async def on_change(event: ft.Event[ft.TextField]) -> None:
        typed["words"] = event.control.value

    field = ft.TextField(
        value=typed["words"],
        label=say(f"gaps.{way}.words"),
        max_length=longest,
        counter="",
        multiline=True,
        min_lines=2,
        on_change=on_change,
        border=ft.OutlineInputBorder(border_radius=12),
    )
    return named(f"words-{way}", field)


def _tapped(
    do: Callable[[Callable[[], Awaitable[None]]], Awaitable[None]],
    deed: Callable[[], Awaitable[None]],
) -> Tapped:
    async def tapped() -> None:
        await do(deed)

    return tapped


def missing_of(gap: MissingMonths, way: str) -> str:
    """Return the months that are left for a way, as people write them."""
    return ", ".join(shown.range_shown(each) for each in gap.left.get(way, ()))


@guard.component
def AskEmployer(gap: MissingMonths) -> ft.Control:
    """Ask the employer, with words of one's own."""
    session = use_session()
    say = session.say
    typed = use_kept().texts
    typed.setdefault(
        "words", say("gaps.ask-employer.usual", months=missing_of(gap, "ask-employer"))
    )
    problem, busy, do = use_deed()

    async def deed() -> None:
        await asking.ask_employer(session.client, gap.entry_number, typed["words"].strip())
        session.changed()

    field = _text(say, "ask-employer", typed, LONGEST_WORDS)
    return deed_view(say, "ask-employer", field, _tapped(do, deed), problem, busy=busy)


@guard.component
def Complain(gap: MissingMonths) -> ft.Control:
    """Hand a complaint over, and lead to where it goes on."""
    session = use_session()
    say, page = session.say, ft.context.page
    typed = use_kept().texts
    typed.setdefault("words", say("gaps.complain.usual"))
    problem, busy, do = use_deed()

    async def deed() -> None:
        await asking.complain(session.client, gap.entry_number, typed["words"].strip())
        session.changed()
        page.navigate("/dossiers")

    field = _text(say, "complain", typed, LONGEST_REQUEST)
    return deed_view(say, "complain", field, _tapped(do, deed), problem, busy=busy)


@guard.component
def Bridging(gap: MissingMonths) -> ft.Control:
    """Say the own group, hand the registration over, and lead to where it goes on."""
    session = use_session()
    say, page = session.say, ft.context.page
    group, set_group = ft.use_state(GROUPS[0])
    problem, busy, do = use_deed()

    async def deed() -> None:
        await asking.bridge(session.client, gap.entry_number, group)
        session.changed()
        page.navigate("/dossiers")

    offered = [(each, say.code("group", each)) for each in GROUPS]
    asked = stacked(
        choices(offered, group, choosing(GROUPS, set_group), "bridge-group"),
        soft(say("gaps.bridge.group")),
        spacing=6,
    )
    return deed_view(say, "bridge", asked, _tapped(do, deed), problem, busy=busy)
