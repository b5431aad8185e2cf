"""Letting public employment services see the CV: what for, where, what of it, until when."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import flet as ft

from app import guard, shown
from app.answers import JobSeeking
from app.asking import making_cv
from app.hooks import use_flag, use_kept
from app.parts.basic import (
    Tapped,
    Tone,
    button,
    card,
    main_button,
    named,
    panel,
    soft,
    title,
    words,
)
from app.parts.screen import filled, sheet, stacked, trouble
from app.state import use_answer, use_deed, use_session
from app.texts import Say

PARTS = ("contact", "work", "learnt", "own")
LONGEST_WISH = 200
MOST_PROVINCES = 5


def seeking_view(
    say: Say, seeking: JobSeeking, end: Tapped, change: Tapped, *, busy: bool
) -> list[ft.Control]:
    """Show what is agreed to, and that it can be taken back at any time."""
    given, expires = seeking.given_at, seeking.expires_at
    assert given is not None
    assert expires is not None
    names = {each.code: each.name for each in seeking.offered}
    return [
        named("seeking-on", panel(Tone.GOOD, say("seeking.on"), seeking.purpose)),
        card(
            *_said(say("seeking.wanted"), seeking.wanted),
            *_said(say("seeking.where"), ", ".join(names[each] for each in seeking.provinces)),
            *_said(
                say("seeking.shows"),
                ", ".join(say(f"cv-part.{each}") for each in ("name", *seeking.shows)),
            ),
            *_said(say("seeking.since"), shown.day(given.astimezone(shown.VIETNAM).date())),
            *_said(say("seeking.until"), shown.day(expires.astimezone(shown.VIETNAM).date())),
        ),
        soft(say("seeking.traced")),
        button(say("seeking.change"), ft.Icons.EDIT, change, "seeking-change", disabled=busy),
        button(say("seeking.end"), ft.Icons.BLOCK, end, "seeking-end", disabled=busy),
    ]


def _said(label: str, value: str) -> list[ft.Control]:
    return [soft(label), words(value)] if value else []


def asking_view(
    say: Say,
    wanted: JobSeeking,
    field: ft.Control,
    provinces: ft.Control,
    turn: Mapping[str, Tapped],
    *,
    begin: Tapped,
    busy: bool,
) -> list[ft.Control]:
    """Ask for consent: nothing is ticked beforehand, and nothing happens before the button."""
    boxes = [
        named(
            f"shows-{each}",
            ft.Checkbox(
                label=say(f"cv-part.{each}"),
                label_style=ft.TextStyle(size=16),
                value=each in wanted.shows,
                on_change=turn[each],
            ),
        )
        for each in PARTS
    ]
    ready = bool(wanted.shows and wanted.provinces)
    return [
        words(say("seeking.why")),
        panel(Tone.PLAIN, say("seeking.agree"), wanted.purpose),
        field,
        title(say("seeking.where")),
        provinces,
        title(say("seeking.shows")),
        soft(say("seeking.shows.name")),
        *boxes,
        soft(say("seeking.traced")),
        main_button(
            say("seeking.begin"), ft.Icons.CHECK, begin, "seeking-begin", disabled=busy or not ready
        ),
    ]


@guard.screen
def SeekingSheet() -> ft.Control:
    """Load whether it is agreed to."""
    session = use_session()
    loaded, again = use_answer("seeking", partial(making_cv.seeking, session.client))

    def view(seeking: JobSeeking) -> list[ft.Control]:
        return [Agreed(seeking) if seeking.active else Asking(seeking)]

    return sheet(session.say("seeking"), filled(session.say, loaded, again, view))


@guard.component
def Agreed(seeking: JobSeeking) -> ft.Control:
    """Take it back, or change what is agreed to."""
    session = use_session()
    say = session.say
    problem, busy, do = use_deed()
    changing, change = use_flag()

    async def end() -> None:
        await making_cv.end_seeking(session.client)
        session.changed()

    async def begin_change() -> None:
        change(on=True)

    if changing:
        return Asking(seeking)
    above = [trouble(say, problem)] if problem else []
    view = seeking_view(say, seeking, partial(do, end), begin_change, busy=busy)
    return stacked(*above, *view)


@guard.component
def Asking(seeking: JobSeeking) -> ft.Control:
    """Take what is wanted, where, and what may be seen."""
    session = use_session()
    say = session.say
    typed = use_kept().texts
    wanted, set_wanted = ft.use_state(_begun(seeking))
    problem, busy, do = use_deed()
    whole, show_all = use_flag()

    async def on_change(event: ft.Event[ft.TextField]) -> None:
        typed["wanted"] = event.control.value

    def turned(part: str) -> Tapped:
        async def turn() -> None:
            shows = {*wanted.shows} ^ {part}
            set_wanted(replace(wanted, shows=tuple(each for each in PARTS if each in shows)))

        return turn

    def placed(code: str) -> Tapped:
        async def turn() -> None:
            set_wanted(replace(wanted, provinces=_turned(wanted.provinces, code)))

        return turn

    async def begin() -> None:
        words_typed = typed.get("wanted", seeking.wanted).strip()
        await making_cv.begin_seeking(session.client, replace(wanted, wanted=words_typed))
        session.changed()

    async def more() -> None:
        show_all(on=True)

    field = named(
        "field-wanted",
        ft.TextField(
            value=typed.get("wanted", seeking.wanted),
            label=say("seeking.wanted"),
            hint_text=say("seeking.wanted.hint"),
            max_length=LONGEST_WISH,
            counter="",
            on_change=on_change,
            border=ft.OutlineInputBorder(border_radius=12),
        ),
    )
    places = {each.code: placed(each.code) for each in seeking.offered}
    provinces = provinces_view(say, wanted, places, more, whole=whole)
    turn = {each: turned(each) for each in PARTS}
    above = [trouble(say, problem)] if problem else []
    ask = asking_view(say, wanted, field, provinces, turn, begin=partial(do, begin), busy=busy)
    return stacked(*above, *ask)


def provinces_view(
    say: Say, wanted: JobSeeking, turn: Mapping[str, Tapped], more: Tapped, *, whole: bool
) -> ft.Control:
    """Show the provinces that are chosen; all of them once they are asked for."""
    full = len(wanted.provinces) >= MOST_PROVINCES
    chips: list[ft.Control] = [
        named(
            f"province-{each.code}",
            ft.Chip(
                label=ft.Text(each.name, size=15),
                selected=each.code in wanted.provinces,
                on_select=turn[each.code],
                disabled=full and each.code not in wanted.provinces,
            ),
        )
        for each in wanted.offered
        if whole or each.code in wanted.provinces
    ]
    other = button(say("seeking.where.other"), ft.Icons.ADD_LOCATION_ALT, more, "province-more")
    return ft.Column(
        [
            ft.Row(chips, wrap=True, spacing=8, run_spacing=8),
            soft(say("seeking.where.why", most=MOST_PROVINCES)),
            *([] if whole else [other]),
        ],
        spacing=8,
        tight=True,
    )


def _begun(seeking: JobSeeking) -> JobSeeking:
    """Return what the form begins with: what was agreed to; else nothing but the own province."""
    if seeking.active:
        return seeking
    home = (seeking.home,) if seeking.home else ()
    return replace(seeking, provinces=home)


def _turned(chosen: tuple[str, ...], one: str) -> tuple[str, ...]:
    return tuple(sorted({*chosen} ^ {one}))
