"""What is typed for the CV: about oneself, and a line of one's own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import flet as ft

from app import guard
from app.answers import Contact, Cv, CvLine
from app.asking import making_cv
from app.hooks import use_kept
from app.parts.basic import (
    Tapped,
    Tone,
    button,
    choices,
    choosing,
    main_button,
    named,
    panel,
    soft,
    title,
    words,
)
from app.parts.screen import filled, sheet, stacked, trouble
from app.shown import partial as shown_partial
from app.state import use_answer, use_deed, use_session
from app.texts import Say
from app.views.cv import EVERYTHING, SECTIONS

NEW = "new"
LONGEST = {
    "headline": 120, "summary": 1_500, "phone": 20, "email": 254, "url": 200, "title": 200,
    "organisation": 200, "level": 60, "place": 120, "first_day": 10, "last_day": 10, "text": 1_000,
}  # fmt: skip
"""Characters of each field."""
ABOUT = ("headline", "summary", "phone", "email", "url")
FIELDS = {
    "work": ("title", "organisation", "place", "first_day", "last_day", "text"),
    "education": ("title", "organisation", "level", "first_day", "last_day"),
    "certificates": ("title", "organisation", "last_day"),
    "languages": ("title", "level"),
    "skills": ("title", "level"),
    "projects": ("title", "organisation", "first_day", "last_day", "text"),
}
"""By section, what a line of it says."""
DATES = ("first_day", "last_day")
MANY_LINES = ("summary", "text")
_PARTS = (4, 2, 2)
"""Digits of year, month and day."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One field: what it holds, what is wrong with it, and what it is called."""

    name: str
    label: str
    typed: str = ""
    wrong: str | None = None


def entry_field(say: Say, entry: Entry, typed: dict[str, str]) -> ft.Control:
    """Return a field; what is typed is kept apart, and never written back."""

    async def on_change(event: ft.Event[ft.TextField]) -> None:
        typed[entry.name] = event.control.value

    many = entry.name in MANY_LINES
    control = ft.TextField(
        value=entry.typed,
        label=entry.label,
        error=say(entry.wrong) if entry.wrong else None,
        hint_text=say("cv-hint.date") if entry.name in DATES else None,
        on_change=on_change,
        multiline=many,
        min_lines=3 if many else 1,
        max_length=LONGEST[entry.name],
        counter="",
        border=ft.OutlineInputBorder(border_radius=12),
    )
    field = named(f"field-{entry.name}", control)
    field.key = f"{entry.name}-{entry.label}"  # else another section's field takes its place
    return field


def about_view(
    say: Say, fields: Sequence[ft.Control], save: Tapped, *, busy: bool
) -> list[ft.Control]:
    """Show what one can say of oneself; how to be reached is nobody's to check either."""
    return [
        words(say("cv.about-me.why")),
        *fields,
        main_button(say("cv.save"), ft.Icons.CHECK, save, "cv-save", disabled=busy),
    ]


def line_view(
    say: Say,
    section: str,
    fields: Sequence[ft.Control],
    pick: Mapping[str, Tapped],
    deeds: Mapping[str, Tapped],
    *,
    busy: bool,
) -> list[ft.Control]:
    """Show the mark the line will carry, what it is about, and its fields."""
    remove = deeds.get("remove")
    offered = [(each, say(f"cv-section.{each}")) for each in SECTIONS]
    return [
        panel(Tone.CARE, say("cv.own"), say("cv.own.why")),
        title(say("cv.line.section")),
        choices(offered, section, pick, "section"),
        *fields,
        main_button(say("cv.save"), ft.Icons.CHECK, deeds["save"], "cv-save", disabled=busy),
        *(
            [button(say("cv.line.remove"), ft.Icons.DELETE, remove, "cv-remove", disabled=busy)]
            if remove
            else []
        ),
    ]


def wire_date(text: str) -> str | None:
    """Return a typed date, ``dd/mm/yyyy`` or a part of it, as it goes over the wire; None: none.

    Raises:
        ValueError: it is no such date.
    """
    parts = [part.strip() for part in text.split("/") if part.strip()][::-1]
    if not parts:
        return None
    if len(parts) > len(_PARTS) or not all(part.isdecimal() for part in parts):
        raise ValueError
    year, *rest = parts
    padded = [year, *(part.rjust(size, "0") for part, size in zip(rest, _PARTS[1:], strict=False))]
    if [len(part) for part in padded] != list(_PARTS[: len(padded)]):
        raise ValueError
    return "-".join(padded)


def line_of(section: str, typed: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the line that was typed, and by field the key of what is wrong with it."""
    line: dict[str, Any] = {"section": section}
    wrong = {}
    for name in FIELDS[section]:
        text = typed.get(name, "").strip()
        if name not in DATES:
            line[name] = text
            continue
        try:
            line[name] = wire_date(text)
        except ValueError:
            wrong[name] = "cv.wrong.date"
    if not line["title"]:
        wrong["title"] = "cv.wrong.title"
    return line, wrong


@guard.screen
def AboutMeSheet() -> ft.Control:
    """Load what was said before."""
    session = use_session()
    loaded, again = use_answer(EVERYTHING, partial(making_cv.cv, session.client))

    def view(cv: Cv) -> list[ft.Control]:
        return [AboutMe(cv)]

    return sheet(session.say("cv.about-me"), filled(session.say, loaded, again, view))


@guard.component
def AboutMe(cv: Cv) -> ft.Control:
    """Take the texts, save them, go back."""
    session = use_session()
    say, page = session.say, ft.context.page
    typed = use_kept().texts
    problem, busy, do = use_deed()
    before = {"headline": cv.headline, "summary": cv.summary} | {
        name: str(getattr(cv.contact, name)) for name in ("phone", "email", "url")
    }

    async def deed() -> None:
        said = {name: typed.get(name, before[name]).strip() for name in ABOUT}
        contact = Contact(said["email"], said["phone"], said["url"])
        wanted = replace(cv, headline=said["headline"], summary=said["summary"], contact=contact)
        await making_cv.save(session.client, wanted)
        session.changed()
        page.navigate("/cv")

    fields = [
        entry_field(say, Entry(each, say(f"cv-field.{each}"), typed.get(each, before[each])), typed)
        for each in ABOUT
    ]
    above = [trouble(say, problem)] if problem else []
    return stacked(*above, *about_view(say, fields, partial(do, deed), busy=busy))


@guard.screen
def OwnLineSheet() -> ft.Control:
    """Load the line that the address names; a new one has none."""
    session = use_session()
    say = session.say
    ref = ft.use_route_params().get("ref", NEW)
    loaded, again = use_answer(EVERYTHING, partial(making_cv.cv, session.client))

    def view(cv: Cv) -> list[ft.Control]:
        line = next((each for each in cv.lines if each.own and each.ref == ref), None)
        if line is None and ref != NEW:
            return [soft(say("cv.line.none"))]
        return [OwnLine(line)]

    return sheet(say("cv.line.new" if ref == NEW else "cv.line"), filled(say, loaded, again, view))


@guard.component
def OwnLine(line: CvLine | None) -> ft.Control:
    """Take a line, save or delete it, go back."""
    session = use_session()
    say, client, page = session.say, session.client, ft.context.page
    typed = use_kept().texts
    section, set_section = ft.use_state(SECTIONS[0] if line is None else line.section)
    nothing: dict[str, str] = {}
    wrong, set_wrong = ft.use_state(nothing)
    problem, busy, do = use_deed()
    before = {} if line is None else _typed_before(line)

    async def back() -> None:
        session.changed()
        page.navigate("/cv")

    async def save() -> None:
        made, found = line_of(section, before | typed)
        set_wrong(found)
        if not found:
            await do(partial(_saved, made))

    async def _saved(made: dict[str, Any]) -> None:
        await making_cv.save_line(client, made, None if line is None else line.ref)
        await back()

    async def remove() -> None:
        assert line is not None
        await making_cv.remove_line(client, line.ref)
        await back()

    deeds: dict[str, Callable[[], Any]] = {"save": save}
    if line is not None:
        deeds["remove"] = partial(do, remove)
    fields = [
        entry_field(say, Entry(each, _label(say, section, each), (before | typed).get(each, ""),
                               wrong.get(each)), typed)
        for each in FIELDS[section]
    ]  # fmt: skip
    pick = choosing(SECTIONS, set_section)
    above = [trouble(say, problem)] if problem else []
    return stacked(*above, *line_view(say, section, fields, pick, deeds, busy=busy))


def _typed_before(line: CvLine) -> dict[str, str]:
    values = {name: getattr(line, name) or "" for name in FIELDS[line.section]}
    return {
        name: shown_partial(value) if name in DATES else value for name, value in values.items()
    }


def _label(say: Say, section: str, name: str) -> str:
    if name == "title":
        return say(f"cv-title.{section}")
    if name == "last_day" and section == "certificates":
        return say("cv-field.issued")
    return say(f"cv-field.{name}")
