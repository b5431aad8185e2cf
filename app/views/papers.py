"""The papers of a correction: attached one by one, looked at before they are sent."""

from collections.abc import Mapping
from functools import partial

import flet as ft

from app import evidence, guard
from app.answers import CaseEvidence, CaseFile
from app.asking import correcting
from app.parts.basic import (
    Tapped,
    Tone,
    button,
    card,
    choices,
    choosing,
    named,
    panel,
    soft,
    title,
    words,
)
from app.parts.screen import stacked, trouble
from app.state import use_deed, use_session
from app.texts import Say

CLASSES: Mapping[str, tuple[str, ...]] = {
    "employment": (
        *("CONTRACT", "PAYSLIP", "SI_BOOK", "END_DECISION", "WORK_CARD", "TAX_RECORD"),
        *("TRADE_UNION", "TRUSTEE", "CO_WORKERS", "STATE_ARCHIVE", "COURT", "OTHER"),
    ),
    "insurance": ("SI_BOOK", "PAYSLIP", "CONTRACT", "COURT", "OTHER"),
    "qualification": ("DIPLOMA", "ISSUER_LETTER", "COURT", "OTHER"),
}
"""By kind of case, what a paper can be, the likeliest first."""
_KILO = 1024


def papers_view(
    say: Say,
    case: CaseFile,
    chosen: str,
    choose: Mapping[str, Tapped],
    take_back: Mapping[str, Tapped],
    *,
    add: Tapped,
    busy: bool,
) -> list[ft.Control]:
    """Show what is attached; while more can be, what it is and where to choose it."""
    listed = [_paper(say, each, take_back.get(each.evidence_id)) for each in case.evidence]
    shown = [title(say("evidence")), *(listed or [soft(say("evidence.none"))])]
    if "attach" not in case.possible:
        return shown
    offered = [(each, say(f"evidence-class.{each}")) for each in choose]
    return [
        *shown,
        soft(say("evidence.why")),
        words(say("evidence.kind")),
        choices(offered, chosen, choose, "paper"),
        button(say("evidence.add"), ft.Icons.ADD_A_PHOTO, add, "evidence-add", disabled=busy),
    ]


def refused_view(say: Say, wrong: str) -> ft.Control:
    """Say why a file was not sent."""
    told = panel(Tone.BAD, say("evidence.wrong"), say(wrong))
    return ft.Semantics(content=told, identifier="evidence-wrong", live_region=True)


def _paper(say: Say, paper: CaseEvidence, take_back: Tapped | None) -> ft.Control:
    size = say("evidence.size", size=max(1, paper.size // _KILO))
    name = f"evidence-remove-{paper.file_number}"
    back = (
        [button(say("evidence.remove"), ft.Icons.DELETE_OUTLINE, take_back, name)]
        if take_back
        else []
    )
    return named(
        "evidence",
        card(words(say.code("evidence-class", paper.evidence_class)), soft(size), *back),
    )


@guard.component
def Papers(case: CaseFile) -> ft.Control:
    """Take a file from the device, look at it, and send it; or take one back."""
    session = use_session()
    say, client = session.say, session.client
    classes = CLASSES.get(case.line.kind, ("OTHER",))
    chosen, set_chosen = ft.use_state(classes[0])
    wrong, set_wrong = ft.use_state("")
    problem, busy, do = use_deed()
    case_id = case.line.case_id

    async def attach() -> None:
        set_wrong("")
        picked = await ft.FilePicker().pick_files(
            allowed_extensions=list(evidence.KINDS),
            file_type=ft.FilePickerFileType.CUSTOM,
            with_data=True,
        )
        if not picked:
            return
        content = picked[0].bytes or b""
        found = evidence.wrong_with(content)
        if found is not None:
            set_wrong(found)
            return
        await correcting.attach(client, case_id, content, chosen)
        session.changed()

    async def add() -> None:
        await do(attach)

    def taking_back(paper: CaseEvidence) -> Tapped:
        async def deed() -> None:
            await correcting.detach(client, case_id, paper.evidence_id)
            session.changed()

        return partial(do, deed)

    take_back = (
        {each.evidence_id: taking_back(each) for each in case.evidence}
        if "detach" in case.possible
        else {}
    )
    return stacked(
        *papers_view(
            say, case, chosen, choosing(classes, set_chosen), take_back, add=add, busy=busy
        ),
        *([refused_view(say, wrong)] if wrong else []),
        *([trouble(say, problem)] if problem else []),
    )
