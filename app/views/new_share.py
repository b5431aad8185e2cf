"""Sharing in three steps: what for a kind of work; exactly what is seen; to whom and how long."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import flet as ft

from app import guard
from app.answers import Preset, Preview
from app.parts.basic import (
    Tapped,
    Tone,
    button,
    card,
    choosing,
    headline,
    main_button,
    panel,
    soft,
    strong,
    words,
)
from app.parts.screen import filled, sheet
from app.state import use_answer, use_session
from app.texts import Say
from app.views.draft import CUSTOM, ChooseStep, Draft
from app.views.shown_book import shown_book
from app.views.terms import TermsStep


def presets_view(
    say: Say, presets: Sequence[Preset], pick: Mapping[str, Tapped]
) -> list[ft.Control]:
    """Show the ready-made choices."""
    return [
        headline(say("new-share.what")),
        words(say("new-share.what.why")),
        *(
            card(
                strong(say.pick(vi=each.label_vi, en=each.label_en)),
                soft(say.pick(vi=each.shows_vi, en=each.shows_en)),
                on_tap=pick[each.preset],
                name=f"preset-{each.preset}",
            )
            for each in presets
        ),
        card(
            strong(say("preset.CUSTOM")),
            soft(say("preset.CUSTOM.shows")),
            on_tap=pick[CUSTOM],
            name=f"preset-{CUSTOM}",
        ),
    ]


def preview_view(say: Say, preview: Preview, onward: Tapped, back: Tapped) -> list[ft.Control]:
    """Show what a recipient would see, and nothing beside it."""
    return [
        headline(say("new-share.preview")),
        panel(Tone.PLAIN, say("new-share.preview.exactly"), say("new-share.preview.never")),
        *shown_book(say, preview.claims),
        main_button(say("new-share.onward"), ft.Icons.ARROW_FORWARD, onward, "preview-onward"),
        button(say("new-share.other"), ft.Icons.ARROW_BACK, back, "preview-back"),
    ]


@guard.screen
def NewShareSheet() -> ft.Control:
    """Walk through the steps; nothing is shared before the last."""
    session = use_session()
    say = session.say
    draft, set_draft = ft.use_state(Draft())
    step, set_step = ft.use_state("what")

    def pick(code: str) -> None:
        set_draft(replace(draft, preset=code))
        set_step("choose" if code == CUSTOM else "preview")

    if step == "what":
        return sheet(say("new-share"), Presets(pick))
    if step == "choose":
        return sheet(say("new-share"), ChooseStep(draft, set_draft, set_step))
    if step == "preview":
        return sheet(say("new-share"), PreviewStep(draft, set_step))
    return sheet(say("new-share"), TermsStep(draft, set_step))


@guard.component
def Presets(pick: Callable[[str], None]) -> ft.Control:
    """Load the choices."""
    session = use_session()
    loaded, again = use_answer("presets", session.client.presets)

    def view(presets: tuple[Preset, ...]) -> list[ft.Control]:
        picks = choosing([*(each.preset for each in presets), CUSTOM], pick)
        return presets_view(session.say, presets, picks)

    return filled(session.say, loaded, again, view)


@guard.component
def PreviewStep(draft: Draft, go: Callable[[str], None]) -> ft.Control:
    """Load what would be seen."""
    session = use_session()
    until = session.around.clock() + timedelta(days=1)
    share = draft.share("anyone", session.say("new-share.preview"), until, 1)
    loaded, again = use_answer(f"preview-{draft}", lambda: session.client.preview(share))
    steps = choosing(("what", "choose", "terms"), go)
    back = "choose" if draft.preset == CUSTOM else "what"

    def view(preview: Preview) -> list[ft.Control]:
        return preview_view(session.say, preview, steps["terms"], steps[back])

    return filled(session.say, loaded, again, view)
