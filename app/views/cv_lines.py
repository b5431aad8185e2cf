"""The parts of the CV screen: a line with what can be done with it, what one says of oneself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import flet as ft

from app import shown
from app.answers import Cv, CvLine
from app.asking.making_cv import group_of
from app.parts.basic import Tapped, Tone, button, card, chip, named, soft, strong, title, words
from app.texts import Say
from app.theme import RADIUS
from app.views.book import TONE_OF
from app.views.home import Leading

PHOTO_WIDTH = 90
"""Of 3 x 4 cm, as it is printed."""


@dataclass(frozen=True, slots=True)
class LineDeeds:
    """What can be done with a line, by its ref."""

    turn: Callable[[str], Tapped]
    move: Callable[[str, int], Tapped]
    edit: Callable[[str], Tapped]


def line_card(say: Say, page: Cv, line: CvLine, deeds: LineDeeds, *, busy: bool) -> ft.Control:
    """Show a line: what it says, who vouches for it, whether it is shown, and where it stands."""
    group = group_of(page, line)
    at = group.index(line)
    move = [
        button(say("cv.up"), ft.Icons.ARROW_UPWARD, deeds.move(line.ref, -1), f"up-{line.ref}",
               disabled=busy or at == 0),
        button(say("cv.down"), ft.Icons.ARROW_DOWNWARD, deeds.move(line.ref, 1),
               f"down-{line.ref}", disabled=busy or at == len(group) - 1),
    ]  # fmt: skip
    edit = button(say("cv.edit"), ft.Icons.EDIT, deeds.edit(line.ref), f"edit-{line.ref}")
    shown_box = ft.Checkbox(
        label=say("cv.shown"),
        label_style=ft.TextStyle(size=15),
        value=line.shown,
        on_change=deeds.turn(line.ref),
        disabled=busy,
    )
    return card(
        strong(line.title),
        *([words(line.organisation)] if line.organisation else []),
        *(soft(each) for each in (_when(say, line), _level(say, line), line.text) if each),
        ft.Row([_mark(say, line)], wrap=True),
        named(f"show-{line.ref}", shown_box),
        *([ft.Row([ft.Container(each, expand=True) for each in move])] if len(group) > 1 else []),
        *([edit] if line.own else []),
        name=f"cv-line-{line.ref}",
    )


def _mark(say: Say, line: CvLine) -> ft.Control:
    if line.verified and line.assurance is not None:
        return chip(TONE_OF.get(line.assurance, Tone.PLAIN), say.code("level", line.assurance))
    return chip(Tone.CARE, say("cv.own"))


def _level(say: Say, line: CvLine) -> str:
    """Return the level; of a diploma in the book it is one of the national framework."""
    if line.verified and line.section == "education" and line.level.isdigit():
        return say("qualification.level", level=line.level)
    return line.level


def _when(say: Say, line: CvLine) -> str:
    first = "" if line.first_day is None else shown.partial(line.first_day)
    last = "" if line.last_day is None else shown.partial(line.last_day)
    if first and not last and line.section == "work" and line.is_current:
        last = say("now")
    return " - ".join(each for each in (first, last) if each)


def about_card(say: Say, page: Cv, lead: Leading) -> ft.Control:
    """Show what the worker says of themself; like own lines it is marked where it is printed."""
    contact = page.contact
    said = [page.headline, page.summary, contact.phone, contact.email, contact.url]
    edit = button(say("cv.about-me.edit"), ft.Icons.EDIT, lead("/cv/about-me"), "cv-about")
    return card(
        title(say("cv.about-me")),
        *([words(each) for each in said if each] or [soft(say("cv.about-me.empty"))]),
        ft.Row([chip(Tone.CARE, say("cv.own"))], wrap=True),
        edit,
    )


def photo_card(
    say: Say, page: Cv, picture: bytes | None, deeds: Mapping[str, Tapped], *, busy: bool
) -> ft.Control:
    """Show the photo, which nobody has to have."""
    pick = say("cv.photo.other" if page.has_photo else "cv.photo.pick")
    camera = ft.Icons.PHOTO_CAMERA
    drop = button(
        say("cv.photo.drop"), ft.Icons.DELETE, deeds["photo-drop"], "photo-drop", disabled=busy
    )
    return card(
        title(say("cv.photo")),
        *([_picture(say, picture)] if picture is not None else []),
        soft(say("cv.photo.why")),
        button(pick, camera, deeds["photo-pick"], "photo-pick", disabled=busy),
        *([drop] if page.has_photo else []),
    )


def _picture(say: Say, picture: bytes) -> ft.Control:
    image = ft.Image(
        src=picture,
        width=PHOTO_WIDTH,
        height=PHOTO_WIDTH * 4 / 3,
        border_radius=RADIUS / 4,
        semantics_label=say("cv.photo"),
    )
    return named("cv-photo", ft.Row([image]))
