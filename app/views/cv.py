"""The CV: which lines stand in it and in what order, own lines, photo, and its files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import flet as ft

from app import guard
from app.answers import Cv
from app.asking import making_cv
from app.hooks import use_maybe
from app.parts.basic import (
    Tapped,
    button,
    card,
    main_button,
    row_button,
    title,
    words,
)
from app.parts.screen import filled, sheet, stacked, trouble
from app.state import use_answer, use_deed, use_session
from app.texts import Say
from app.views.cv_lines import LineDeeds, about_card, line_card, photo_card
from app.views.home import Leading, leader

FILES = {
    "cv.pdf": "cv.pdf",
    "cv/json-resume": "cv-json-resume.json",
    "cv/europass": "cv-europass.json",
    "book.pdf": "so-lao-dong.pdf",
}
"""By document of the interface, the name of the file."""
SECTIONS = ("work", "education", "certificates", "languages", "skills", "projects")
EVERYTHING = "cv"
"""Under which name the page is kept, and asked for again."""


@dataclass(frozen=True, slots=True)
class CvDeeds:
    """What can be done with a CV: its files by name, its lines, and where it leads."""

    files: Mapping[str, Tapped]
    lines: LineDeeds
    lead: Leading


def cv_view(
    say: Say, page: Cv, photo: ft.Control, deeds: CvDeeds, *, busy: bool
) -> list[ft.Control]:
    """Show what the CV is made of, section by section, then what can be done with it."""
    lead = deeds.lead
    preview = say("cv.preview")
    seeking = row_button(
        ft.Icons.WORK_OUTLINE,
        say("seeking"),
        say("seeking.about"),
        lead("/cv/seeking"),
        "go-seeking",
    )
    return [
        words(say("cv.why")),
        main_button(preview, ft.Icons.VISIBILITY, lead("/cv/preview"), "cv-preview", disabled=busy),
        about_card(say, page, lead),
        photo,
        *(
            each
            for section in SECTIONS
            for each in _section(say, page, section, deeds.lines, busy=busy)
        ),
        button(say("cv.add"), ft.Icons.ADD, lead("/cv/line/new"), "cv-add", disabled=busy),
        card(seeking),
        *_files(say, deeds.files, busy=busy),
    ]


def _section(say: Say, page: Cv, section: str, deeds: LineDeeds, *, busy: bool) -> list[ft.Control]:
    lines = [each for each in page.lines if each.section == section]
    if not lines:
        return []
    return [
        title(say(f"cv-section.{section}")),
        *(line_card(say, page, each, deeds, busy=busy) for each in lines),
    ]


def _files(say: Say, get: Mapping[str, Tapped], *, busy: bool) -> list[ft.Control]:
    json, book, pdf = ft.Icons.DATA_OBJECT, ft.Icons.MENU_BOOK, ft.Icons.PICTURE_AS_PDF
    return [
        title(say("cv.files")),
        button(say("cv.pdf"), pdf, get["cv.pdf"], "cv-pdf", disabled=busy),
        button(say("cv.json"), json, get["cv/json-resume"], "cv-json", disabled=busy),
        button(say("cv.europass"), json, get["cv/europass"], "cv-europass", disabled=busy),
        button(say("cv.book"), book, get["book.pdf"], "book-pdf", disabled=busy),
    ]


@guard.screen
def CvSheet() -> ft.Control:
    """Load what the CV is made of."""
    session = use_session()
    loaded, again = use_answer(EVERYTHING, partial(making_cv.cv, session.client))

    def view(cv: Cv) -> list[ft.Control]:
        return [CvPage(cv)]

    return sheet(session.say("cv"), filled(session.say, loaded, again, view))


@guard.component
def CvPage(cv: Cv) -> ft.Control:
    """Change what stands in the CV, and hand over its files."""
    session = use_session()
    say, client, page = session.say, session.client, ft.context.page
    problem, busy, do = use_deed()
    lead = leader(page.navigate)

    def getting(name: str) -> Tapped:
        async def deed() -> None:
            content = await client.document(name)
            await ft.FilePicker().save_file(file_name=FILES[name], src_bytes=content)

        return partial(do, deed)

    def saving(wanted: Callable[[], Cv]) -> Tapped:
        async def deed() -> None:
            await making_cv.save(client, wanted())
            session.changed()

        return partial(do, deed)

    lines = LineDeeds(
        turn=lambda ref: saving(lambda: making_cv.turned(cv, ref)),
        move=lambda ref, by: saving(lambda: making_cv.moved(cv, ref, by)),
        edit=lambda ref: lead(f"/cv/line/{ref}"),
    )
    deeds = CvDeeds({name: getting(name) for name in FILES}, lines, lead)
    above = [trouble(say, problem)] if problem else []
    return stacked(*above, *cv_view(say, cv, Photo(cv), deeds, busy=busy))


@guard.component
def Photo(cv: Cv) -> ft.Control:
    """Load, take and delete the photo."""
    session = use_session()
    say, client = session.say, session.client
    picture, set_picture = use_maybe(bytes)
    problem, busy, do = use_deed()

    async def load() -> None:
        set_picture(await making_cv.photo(client) if cv.has_photo else None)

    ft.use_effect(partial(do, load), [cv.has_photo, session.revision])

    async def pick() -> None:
        kind = ft.FilePickerFileType.IMAGE
        picked = await ft.FilePicker().pick_files(file_type=kind, with_data=True)
        if picked and picked[0].bytes:
            await making_cv.put_photo(client, picked[0].bytes)
            session.changed()

    async def drop() -> None:
        await making_cv.remove_photo(client)
        session.changed()

    deeds = {"photo-pick": partial(do, pick), "photo-drop": partial(do, drop)}
    above = [trouble(say, problem)] if problem else []
    return stacked(*above, photo_card(say, cv, picture, deeds, busy=busy))
