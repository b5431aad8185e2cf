"""Everything that is kept about me, as files: for machines, and to be read."""

import json

import flet as ft

from app import guard
from app.parts.basic import Tapped, button, headline, main_button, row_button, soft, title, words
from app.parts.screen import column, sheet, trouble
from app.state import use_deed, use_session
from app.texts import Say
from app.views.home import leader

JSON_FILE = "du-lieu-cua-toi.json"
PDF_FILE = "so-lao-dong.pdf"
PARTS = (
    *("book", "background", "cv", "shares", "received", "wallets", "accesses", "notices"),
    *("data_requests", "credential"),
)


def own_data_view(say: Say, get_json: Tapped, get_pdf: Tapped, *, busy: bool) -> list[ft.Control]:
    """Show what the files hold, then the files."""
    return [
        headline(say("own-data")),
        words(say("own-data.why")),
        title(say("own-data.holds")),
        *(
            ft.Row(
                [
                    ft.Icon(ft.Icons.CHECK, color=ft.Colors.PRIMARY, size=20),
                    ft.Container(words(say(f"own-data.{each}")), expand=True),
                ],
                spacing=12,
            )
            for each in PARTS
        ),
        main_button(
            say("own-data.json"), ft.Icons.DOWNLOAD, get_json, "own-data-json", disabled=busy
        ),
        button(
            say("own-data.pdf"), ft.Icons.PICTURE_AS_PDF, get_pdf, "own-data-pdf", disabled=busy
        ),
        *([_preparing(say)] if busy else []),
        soft(say("own-data.care")),
    ]


def _preparing(say: Say) -> ft.Control:
    """Say that it goes on: a file of everything takes a moment."""
    ring = ft.ProgressRing(width=20, height=20, stroke_width=3)
    row = ft.Row([ring, ft.Container(words(say("own-data.busy")), expand=True)], spacing=12)
    return ft.Semantics(content=row, identifier="own-data-busy", live_region=True)


@guard.screen
def OwnDataSheet() -> ft.Control:
    """Fetch everything, and hand it over as a file."""
    session = use_session()
    say, client = session.say, session.client
    problem, busy, do = use_deed()

    async def as_json() -> None:
        told = {"exported_at": session.around.clock().isoformat()} | await client.everything()
        content = json.dumps(told, ensure_ascii=False, indent=2).encode()
        await ft.FilePicker().save_file(file_name=JSON_FILE, src_bytes=content)

    async def as_pdf() -> None:
        content = await client.document("book.pdf")
        await ft.FilePicker().save_file(file_name=PDF_FILE, src_bytes=content)

    async def get_json() -> None:
        await do(as_json)

    async def get_pdf() -> None:
        await do(as_pdf)

    above = [trouble(say, problem)] if problem else []
    view = own_data_view(say, get_json, get_pdf, busy=busy)
    asking = row_button(
        ft.Icons.GAVEL,
        say("data-requests"),
        say("data-requests.about"),
        leader(ft.context.page.navigate)("/data-requests"),
        "go-data-requests",
    )
    return sheet(say("own-data"), column(*above, *view, asking))
