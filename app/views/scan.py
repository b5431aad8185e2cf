"""Checking another book: a photo of its QR, or its PDF, and three answers apart."""

import flet as ft

from app import shown
from app.answers import Said, Verified
from app.hooks import use_maybe
from app.parts.basic import Tone, main_button, panel, soft, title, words
from app.parts.screen import column, sheet, trouble
from app.state import use_deed, use_session
from app.texts import Say

KINDS = ("png", "jpg", "jpeg", "pdf", "sdjwt")
TONES = {"yes": Tone.GOOD, "no": Tone.BAD, "unknown": Tone.CARE}


def scan_view(say: Say, checked: Verified | None) -> list[ft.Control]:
    """Show the answers, the whole one on top."""
    if checked is None:
        return []
    good = panel(Tone.GOOD, say("scan.good")) if checked.good else panel(Tone.BAD, say("scan.bad"))
    asked = (("genuine", checked.genuine), ("current", checked.current), ("issuer", checked.issuer))
    age = (
        [soft(say("scan.as_of", moment=shown.moment(checked.status_as_of)))]
        if checked.status_as_of
        else []
    )
    return [
        ft.Semantics(content=good, identifier="scan-answer", live_region=True),
        title(say("scan.answers")),
        *(_said(say, name, said) for name, said in asked),
        *age,
    ]


def _said(say: Say, name: str, said: Said) -> ft.Control:
    why = say.pick(vi=said.why_vi, en=said.why_en)
    onward = say.pick(vi=said.next_vi, en=said.next_en)
    return panel(
        TONES.get(said.answer, Tone.CARE),
        say.pick(vi=said.text_vi, en=said.text_en),
        " ".join(each for each in (say(f"scan.{name}"), why, onward) if each),
    )


@ft.component
def ScanSheet() -> ft.Control:
    """Take a file, have it verified, show what came out; nothing of it is kept."""
    session = use_session()
    say = session.say
    checked, set_checked = use_maybe(Verified)
    problem, busy, do = use_deed()

    async def verify() -> None:
        set_checked(None)
        picked = await ft.FilePicker().pick_files(
            allowed_extensions=list(KINDS), file_type=ft.FilePickerFileType.CUSTOM, with_data=True
        )
        if picked and picked[0].bytes:
            set_checked(await session.client.verify(picked[0].bytes))

    async def pick() -> None:
        await do(verify)

    above = [trouble(say, problem)] if problem else []
    content = column(
        words(say("scan.why")),
        main_button(say("scan.pick"), ft.Icons.UPLOAD_FILE, pick, "scan-pick", disabled=busy),
        *above,
        *scan_view(say, checked),
    )
    return sheet(say("scan"), content)
