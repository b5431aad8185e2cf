"""The CV as it will be printed, page by page."""

from functools import partial

import flet as ft

from app import guard
from app.asking import making_cv
from app.client import Client, Problem
from app.parts.basic import Tapped, button, named, soft, words
from app.parts.screen import filled, sheet, trouble
from app.state import use_answer, use_deed, use_session
from app.texts import Say
from app.views.cv import FILES

PAPER = "#ffffff"
GONE = "not-found"
MOST_PAGES = 10


def preview_view(
    say: Say, pages: tuple[bytes, ...], get: Tapped, *, busy: bool
) -> list[ft.Control]:
    """Show each page on white, as wide as the screen, and what hands it over."""
    return [
        words(say("cv.preview.why")),
        *(
            named(
                f"cv-page-{number}",
                ft.Container(
                    ft.InteractiveViewer(
                        ft.Image(
                            src=page,
                            fit=ft.BoxFit.FIT_WIDTH,
                            semantics_label=say("cv.preview.page", number=number),
                        ),
                        max_scale=4,
                    ),
                    bgcolor=PAPER,
                    border=ft.Border.all(1, ft.Colors.OUTLINE_VARIANT),
                ),
            )
            for number, page in enumerate(pages, start=1)
        ),
        soft(say("cv.preview.zoom")),
        button(say("cv.pdf"), ft.Icons.PICTURE_AS_PDF, get, "cv-pdf", disabled=busy),
    ]


@guard.screen
def CvPreviewSheet() -> ft.Control:
    """Load the pages, and hand over the file."""
    session = use_session()
    say, client = session.say, session.client
    problem, busy, do = use_deed()

    async def pages() -> tuple[bytes, ...]:
        found = [await making_cv.preview(client, 1)]
        while len(found) < MOST_PAGES and (page := await _next(client, len(found) + 1)):
            found.append(page)
        return tuple(found)

    loaded, again = use_answer("cv-preview", pages)

    async def deed() -> None:
        content = await client.document("cv.pdf")
        await ft.FilePicker().save_file(file_name=FILES["cv.pdf"], src_bytes=content)

    def view(found: tuple[bytes, ...]) -> list[ft.Control]:
        above = [trouble(say, problem)] if problem else []
        return [*above, *preview_view(say, found, partial(do, deed), busy=busy)]

    return sheet(say("cv.preview"), filled(say, loaded, again, view))


async def _next(client: Client, number: int) -> bytes | None:
    """Return a page; None after the last."""
    try:
        return await making_cv.preview(client, number)
    except Problem as over:
        if over.kind == GONE:
            return None
        raise
