"""Checking another book: by camera, a photo of its QR, its PDF or its text; three answers apart.

The camera is that of the service's page for checks without a network: it reads the code on the
device, frame by frame, and needs neither the app nor the server. The extension flet-camera would do
less: a browser gives it no frames, so each picture would travel to the server, and a phone has no
decoder beside it (zxing-cpp has no wheels for phones); its Flutter half would have to be built.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import flet as ft

from app import guard, offline, shown
from app.answers import Said, Verified
from app.client import Problem
from app.hooks import use_kept, use_maybe
from app.parts.basic import Tone, button, main_button, named, panel, soft, title, words
from app.parts.screen import column, sheet, trouble
from app.state import Session, use_deed, use_session
from app.texts import Say

LIVE = "/offline?lang={language}#camera"
"""Of the service: the page that begins with the camera."""
KINDS = ("png", "jpg", "jpeg", "pdf", "sdjwt")
PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
TONES = {"yes": Tone.GOOD, "no": Tone.BAD, "unknown": Tone.CARE}
LINKS = ("http://", "https://")
LONGEST_TEXT = 20_000
TRUST = "labour-book.trust"
"""Where a phone keeps the trust list."""
SILENT = frozenset({"unreachable", "unavailable"})
"""Problems after which the saved trust list answers."""


@dataclass(frozen=True, slots=True)
class Found:
    """What came out of a picture, file or text: three answers, or an address."""

    checked: Verified | None = None
    saved_at: datetime | None = None
    """Of the trust list, where it answered and not the server."""
    link: str = ""


def scan_view(say: Say, found: Found | None, public_url: str) -> list[ft.Control]:
    """Show where a code leads, or the answers, the whole one on top."""
    if found is None:
        return []
    if found.link:
        return [_link(say, found.link, public_url)]
    checked = found.checked
    assert checked is not None
    return [
        ft.Semantics(content=_whole(say, checked), identifier="scan-answer", live_region=True),
        *_without_server(say, found),
        title(say("scan.answers")),
        _said(say, "genuine", checked.genuine),
        _said(say, "current", checked.current),
        _said(say, "issuer", checked.issuer),
        *(
            [soft(say("scan.as_of", moment=shown.moment(checked.status_as_of)))]
            if checked.status_as_of
            else []
        ),
    ]


def _whole(say: Say, checked: Verified) -> ft.Control:
    """Return the answer in one line: unknown is not the same as no."""
    if checked.good:
        return panel(Tone.GOOD, say("scan.good"))
    answers = (checked.genuine, checked.current, checked.issuer)
    if any(each.answer == "no" for each in answers):
        return panel(Tone.BAD, say("scan.bad"))
    return panel(Tone.CARE, say("scan.unsure"))


def _without_server(say: Say, found: Found) -> list[ft.Control]:
    if found.saved_at is None:
        return []
    said = say("scan.offline.age", moment=shown.moment(found.saved_at))
    return [named("scan-offline", panel(Tone.CARE, say("scan.offline"), said))]


def _link(say: Say, link: str, public_url: str) -> ft.Control:
    """Return what a code leads to; only addresses of this service are offered to be opened."""
    if not link.startswith(f"{public_url}/"):
        return named("scan-foreign", panel(Tone.BAD, say("scan.foreign"), link))
    opening = button(
        say("scan.open"), ft.Icons.OPEN_IN_NEW, None, "scan-open", action=ft.OpenUrl(link)
    )
    return named("scan-link", panel(Tone.PLAIN, say("scan.link"), say("scan.link.why"), opening))


def _said(say: Say, name: str, said: Said) -> ft.Control:
    why = say.pick(vi=said.why_vi, en=said.why_en)
    onward = say.pick(vi=said.next_vi, en=said.next_en)
    return panel(
        TONES.get(said.answer, Tone.CARE),
        say.pick(vi=said.text_vi, en=said.text_en),
        " ".join(each for each in (say(f"scan.{name}"), why, onward) if each),
    )


async def found_in(session: Session, content: bytes) -> Found:
    """Return what a picture, file or text says.

    Raises:
        SignedOut: a picture was to be read, and nobody is signed in any more.
        Problem: it could not be found out.
    """
    if content.startswith(PICTURES):
        inside = await session.client.in_picture(content)
        content = inside.text.encode()
        if inside.kind == "other":
            return Found(link=inside.text)
    with suppress(UnicodeDecodeError):
        text = content.decode().strip()
        if text.startswith(LINKS):
            return Found(link=text)
    try:
        return Found(await session.client.verify(content))
    except Problem as problem:
        found = found_offline(session, content) if problem.kind in SILENT else None
        if found is None:
            raise
        return found


def found_offline(session: Session, content: bytes) -> Found | None:
    """Return what the saved trust list says; None if there is none, or it cannot tell."""
    around = session.around
    token, now = around.trust.get(TRUST), around.clock()
    bundle = offline.trusted(token, around.root, now) if token and around.root else None
    checked = offline.checked(content, bundle, now) if bundle else None
    if bundle is None or checked is None:
        return None
    return Found(checked, bundle.issued_at)


async def renew_trust(page: ft.Page, session: Session) -> None:
    """Load the trust list; what was saved stays where the server does not answer."""
    if session.around.root is None:
        return
    kept, trust = ft.SharedPreferences(), session.around.trust
    if not page.web and TRUST not in trust:
        trust[TRUST] = str(await kept.get(TRUST) or "")
    with suppress(Problem):
        trust[TRUST] = await session.client.trust_list()
        if not page.web:
            await kept.set(TRUST, trust[TRUST])


@guard.screen
def ScanSheet() -> ft.Control:
    """Take a file or a text, have it checked, show what came out; nothing of it is kept."""
    session = use_session()
    say, page = session.say, ft.context.page
    found, set_found = use_maybe(Found)
    typed = use_kept().texts
    problem, busy, do = use_deed()

    async def renew() -> None:
        await renew_trust(page, session)

    ft.use_effect(renew, [])

    async def look_into(picked: list[ft.FilePickerFile]) -> None:
        if picked and picked[0].bytes:
            set_found(await found_in(session, picked[0].bytes))

    async def from_photo() -> None:
        set_found(None)
        kind = ft.FilePickerFileType.IMAGE  # on a phone this offers the camera as well
        await look_into(await ft.FilePicker().pick_files(file_type=kind, with_data=True))

    async def from_file() -> None:
        set_found(None)
        picked = await ft.FilePicker().pick_files(
            allowed_extensions=list(KINDS), file_type=ft.FilePickerFileType.CUSTOM, with_data=True
        )
        await look_into(picked)

    async def from_text() -> None:
        set_found(None)
        if typed.get("text", "").strip():
            set_found(await found_in(session, typed["text"].encode()))

    async def on_change(event: ft.Event[ft.TextField]) -> None:
        typed["text"] = event.control.value

    field = ft.TextField(
        value=typed.get("text", ""),
        label=say("scan.text"),
        on_change=on_change,
        max_lines=3,
        min_lines=1,
        multiline=True,
        max_length=LONGEST_TEXT,
        counter="",
        border=ft.OutlineInputBorder(border_radius=12),
    )
    content = column(
        words(say("scan.why")),
        main_button(
            say("scan.live"),
            ft.Icons.QR_CODE_SCANNER,
            None,
            "scan-live",
            action=ft.OpenUrl(
                f"{session.around.public_url}{LIVE.format(language=session.language)}"
            ),
        ),
        button(
            say("scan.photo"),
            ft.Icons.PHOTO_CAMERA,
            partial(do, from_photo),
            "scan-pick",
            disabled=busy,
        ),
        button(
            say("scan.file"),
            ft.Icons.UPLOAD_FILE,
            partial(do, from_file),
            "scan-file",
            disabled=busy,
        ),
        *([trouble(say, problem)] if problem else []),
        *scan_view(say, found, session.around.public_url),
        named("scan-text", field),
        button(
            say("scan.check"),
            ft.Icons.FACT_CHECK,
            partial(do, from_text),
            "scan-check",
            disabled=busy,
        ),
    )
    return sheet(say("scan"), content)
