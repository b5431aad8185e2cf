"""The CV: which lines stand in it, and the files it comes in."""

import flet as ft

from app import guard
from app.answers import OwnBook
from app.parts.basic import (
    Tapped,
    Tone,
    button,
    card,
    chip,
    main_button,
    soft,
    strong,
    title,
    words,
)
from app.parts.screen import filled, sheet, trouble
from app.state import use_answer, use_deed, use_session
from app.texts import Say
from app.views.book import TONE_OF, period

FILES = {
    "cv.pdf": "cv.pdf",
    "cv": "cv-json-resume.json",
    "cv/europass": "cv-europass.json",
    "book.pdf": "so-lao-dong.pdf",
}
"""By document of the interface, the name of the file."""


def cv_view(say: Say, own: OwnBook, get: dict[str, Tapped], *, busy: bool) -> list[ft.Control]:
    """Show the lines that will stand in the CV, then the files."""
    lines = [
        card(
            strong(each.position),
            words(each.employer),
            soft(period(say, each)),
            ft.Row(
                [chip(TONE_OF.get(each.assurance, Tone.PLAIN), say.code("level", each.assurance))],
                wrap=True,
            ),
        )
        for each in reversed(own.book.employments)
    ]
    return [
        words(say("cv.why")),
        main_button(say("cv.pdf"), ft.Icons.PICTURE_AS_PDF, get["cv.pdf"], "cv-pdf", disabled=busy),
        title(say("cv.lines")),
        *lines,
        title(say("cv.other")),
        button(say("cv.json"), ft.Icons.DATA_OBJECT, get["cv"], "cv-json", disabled=busy),
        button(
            say("cv.europass"),
            ft.Icons.DATA_OBJECT,
            get["cv/europass"],
            "cv-europass",
            disabled=busy,
        ),
        button(say("cv.book"), ft.Icons.MENU_BOOK, get["book.pdf"], "book-pdf", disabled=busy),
    ]


@guard.screen
def CvSheet() -> ft.Control:
    """Load the lines; fetch a document and hand it over as a file."""
    session = use_session()
    say, client = session.say, session.client
    loaded, again = use_answer("book", client.own_book)
    problem, busy, do = use_deed()

    def getting(name: str) -> Tapped:
        async def deed() -> None:
            content = await client.document(name)
            await ft.FilePicker().save_file(file_name=FILES[name], src_bytes=content)

        async def get() -> None:
            await do(deed)

        return get

    def view(own: OwnBook) -> list[ft.Control]:
        above = [trouble(say, problem)] if problem else []
        return [*above, *cv_view(say, own, {name: getting(name) for name in FILES}, busy=busy)]

    return sheet(say("cv"), filled(say, loaded, again, view))
