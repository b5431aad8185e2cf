"""A field that holds a code: what people know is typed, what the list calls it is chosen."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import flet as ft

from app import guard
from app.asking import codes
from app.asking.codes import Coded
from app.client import Problem
from app.doors import SignedOut
from app.guide import NAME_OF
from app.parts.basic import (
    Tapped,
    Tone,
    button,
    card,
    named,
    panel,
    soft,
    strong,
    title,
)
from app.parts.screen import stacked, trouble
from app.state import Session, unforeseen, use_answer, use_session
from app.texts import Say
from app.theme import RADIUS
from app.views.correct_forms import Names, value_in_words
from app.writing import Writing

PAUSE = 0.3
"""Seconds without a key after which is looked for what was typed."""
LONGEST = 80


@ft.observable
@dataclass
class Search:
    """What was typed, and what was found: drawn apart from the field, which keeps its letters."""

    typed: str = ""
    found: tuple[Coded, ...] | None = None
    problem: Problem | None = None


def chosen_view(say: Say, field: str, name: str, again: Tapped) -> list[ft.Control]:
    """Show what was chosen, and what chooses something else."""
    return [
        named(f"picked-{field}", panel(Tone.GOOD, name)),
        button(say("pick.other"), ft.Icons.SEARCH, again, f"pick-other-{field}"),
    ]


def found_view(
    say: Say, field: str, search: Search, pick: Callable[[Coded], Tapped]
) -> list[ft.Control]:
    """Show what was found, each as a button; or that nothing was, and what to do."""
    if search.problem is not None:
        return [trouble(say, search.problem)]
    if search.found is None:
        return []
    if not search.found:
        none = panel(Tone.CARE, say("pick.none"), say(f"pick-none.{field}"))
        return [ft.Semantics(content=none, identifier=f"pick-none-{field}", live_region=True)]
    more = [soft(say("pick.more"))] if len(search.found) == codes.AT_ONCE else []
    return [*(_result(say, field, each, pick(each)) for each in search.found), *more]


def _result(say: Say, field: str, each: Coded, pick: Tapped) -> ft.Control:
    key = "pick.formerly" if field == codes.WORKPLACE else "pick.group"
    about = [soft(say(key, name=each.about))] if each.about else []
    return card(strong(each.name), *about, on_tap=pick, name=f"pick-{field}-{each.code}")


def says_now(say: Say, field: str, now: str | None, names: Names | None) -> list[ft.Control]:
    """Return what the book says of the field: a place by its name, an occupation by its code."""
    if now is None:
        return []
    if not now:
        return [soft(say("correct.is.nothing"))]
    called = now if field == codes.WORKPLACE else value_in_words(say, field, now, names)
    return [soft(say("correct.is", value=called))]


@guard.component
def Picker(writing: Writing, field: str, wrong: str | None, now: str | None) -> ft.Control:
    """Let one value of a list be chosen; ``now`` is what the book says, None for a new line."""
    session = use_session()
    say = session.say
    search = ft.use_ref(Search()).current
    assert search is not None
    name = writing.typed.get(NAME_OF[field], "")
    held = ((field, now),) if now and field == codes.OCCUPATION else ()
    names, _ = use_answer(f"names-{held}", partial(codes.names, session.client, held), once=True)

    def pick(chosen: Coded) -> Tapped:
        async def on_tap() -> None:
            search.typed, search.found = "", None
            await writing.pick_code(field, chosen.code, chosen.name)

        return on_tap

    heading = title(say(f"correct-field.{field}"))
    below = says_now(say, field, now, names.value)
    if name:
        again = pick(Coded("", ""))
        return stacked(heading, *chosen_view(say, field, name, again), *below, spacing=6)
    whole = partial(look_for, session, search, field, "", codes.ALL)
    see_all = button(say("pick.all"), ft.Icons.LIST, whole, f"pick-all-{field}")
    return stacked(
        heading,
        search_field(say, field, search.typed, wrong, typing(session, search, field)),
        *below,
        Results(search, field, pick),
        *([see_all] if field == codes.OCCUPATION else []),
        spacing=8,
    )


@guard.component
def Results(search: Search, field: str, pick: Callable[[Coded], Tapped]) -> ft.Control:
    """Show what was found; drawn again whenever that is something else."""
    return stacked(*found_view(use_session().say, field, search, pick), spacing=8)


def search_field(
    say: Say,
    field: str,
    typed: str,
    wrong: str | None,
    on_change: Callable[[ft.Event[ft.TextField]], object],
) -> ft.Control:
    """Return where a name is typed."""
    control = ft.TextField(
        value=typed,
        label=say(f"correct-hint.{field}"),
        prefix_icon=ft.Icons.SEARCH,
        error=say(wrong) if wrong else None,
        on_change=on_change,
        max_length=LONGEST,
        counter="",
        border=ft.OutlineInputBorder(border_radius=RADIUS - 4),
    )
    return named(f"field-{field}", control)


def typing(
    session: Session, search: Search, field: str
) -> Callable[[ft.Event[ft.TextField]], object]:
    """Return what looks for what is typed, once there was no key for a moment."""

    async def on_change(event: ft.Event[ft.TextField]) -> None:
        typed = search.typed = event.control.value
        await asyncio.sleep(PAUSE)
        if typed != search.typed:
            return
        if typed.strip():
            await look_for(session, search, field, typed, codes.AT_ONCE)
        else:
            search.found = None

    return on_change


async def look_for(session: Session, search: Search, field: str, typed: str, limit: int) -> None:
    """Look for a text; what comes when another is being looked for already is dropped."""
    asked = search.typed
    problem: Problem | None = None
    found: tuple[Coded, ...] | None = None
    try:
        found = await codes.find(session.client, field, typed, limit)
    except SignedOut:
        session.close(is_over=True)
    except Problem as refused:
        problem = refused
    except Exception as error:  # noqa: BLE001 - else nothing would be said about it
        problem = unforeseen(error)
    if search.typed == asked:
        search.problem, search.found = problem, found
