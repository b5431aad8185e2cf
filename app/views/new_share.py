"""Sharing in three steps: what for a kind of work; exactly what is seen; to whom and how long."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import flet as ft

from app import shown
from app.answers import Preset, Preview
from app.client import NewShare
from app.hooks import use_kept
from app.parts.basic import (
    Tapped,
    Tone,
    button,
    card,
    choices,
    choosing,
    headline,
    main_button,
    named,
    panel,
    soft,
    strong,
    title,
    words,
)
from app.parts.screen import column, filled, sheet, trouble
from app.state import use_answer, use_deed, use_session
from app.texts import Say
from app.views.shown_book import shown_book

DAYS = ("1", "7", "30", "90")
VIEWS = ("1", "10", "50")
AUDIENCES = ("anyone", "enterprise")
PURPOSES = ("job", "loan", "procedure")
LONGEST_PURPOSE = 200
CODE_LENGTHS = (10, 13, 14)
"""Digits of an enterprise's code, a branch's, and a branch's with its dash."""


@dataclass(frozen=True, slots=True)
class Terms:
    """To whom, and for how long; what is typed is not here."""

    audience: str = "anyone"
    days: str = "7"
    views: str = "10"


@dataclass(frozen=True, slots=True)
class Typed:
    """What is wrong with what was typed, by field; empty where nothing is."""

    purpose: str = ""
    enterprise_code: str = ""


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


def wrong_with(say: Say, audience: str, typed: Mapping[str, str]) -> Typed:
    """Return what is wrong with what was typed, before it is sent."""
    purpose = "" if typed.get("purpose", "").strip() else say("new-share.purpose.missing")
    code = typed.get("enterprise_code", "").strip()
    bad_code = audience == "enterprise" and not (
        len(code) in CODE_LENGTHS and code.replace("-", "", 1).isdigit()
    )
    return Typed(purpose, say("new-share.code.wrong") if bad_code else "")


@dataclass(frozen=True, slots=True)
class TermsDeeds:
    """What can be done while choosing to whom."""

    audience: Mapping[str, Tapped]
    days: Mapping[str, Tapped]
    views: Mapping[str, Tapped]
    purpose: Mapping[str, Tapped]
    create: Tapped
    back: Tapped


def terms_view(
    say: Say,
    terms: Terms,
    fields: Mapping[str, ft.Control],
    deeds: TermsDeeds,
    *,
    until: datetime,
    busy: bool,
) -> list[ft.Control]:
    """Show to whom, what for, until when and how often."""

    def offered(family: str, values: Sequence[str]) -> list[tuple[str, str]]:
        return [(each, say(f"{family}.{each}")) for each in values]

    return [
        headline(say("new-share.whom")),
        choices(offered("audience", AUDIENCES), terms.audience, deeds.audience, "audience"),
        *(
            [fields["enterprise_code"]]
            if terms.audience == "enterprise"
            else [soft(say("audience.anyone.means"))]
        ),
        title(say("new-share.purpose")),
        choices(offered("purpose", PURPOSES), "", deeds.purpose, "purpose"),
        fields["purpose"],
        title(say("new-share.until")),
        choices(offered("days", DAYS), terms.days, deeds.days, "days"),
        soft(say("share.until", moment=shown.moment(until))),
        title(say("new-share.views")),
        choices(offered("views", VIEWS), terms.views, deeds.views, "views"),
        main_button(
            say("new-share.create"), ft.Icons.QR_CODE_2, deeds.create, "create", disabled=busy
        ),
        button(say("new-share.back"), ft.Icons.ARROW_BACK, deeds.back, "terms-back"),
    ]


@ft.component
def NewShareSheet() -> ft.Control:
    """Walk through the three steps; nothing is shared before the last."""
    session = use_session()
    say = session.say
    preset, set_preset = ft.use_state("")
    step, set_step = ft.use_state("what")

    def pick(code: str) -> None:
        set_preset(code)
        set_step("preview")

    if step == "what":
        return sheet(say("new-share"), Presets(pick))
    if step == "preview":
        return sheet(say("new-share"), PreviewStep(preset, set_step))
    return sheet(say("new-share"), TermsStep(preset, set_step))


@ft.component
def Presets(pick: Callable[[str], None]) -> ft.Control:
    """Load the choices."""
    session = use_session()
    loaded, again = use_answer("presets", session.client.presets)

    def view(presets: tuple[Preset, ...]) -> list[ft.Control]:
        picks = choosing([each.preset for each in presets], pick)
        return presets_view(session.say, presets, picks)

    return filled(session.say, loaded, again, view)


@ft.component
def PreviewStep(preset: str, go: Callable[[str], None]) -> ft.Control:
    """Load what would be seen."""
    session = use_session()
    until = session.around.clock() + timedelta(days=1)
    share = NewShare(preset, "anyone", session.say("new-share.preview"), until, 1)
    loaded, again = use_answer(f"preview-{preset}", lambda: session.client.preview(share))
    steps = choosing(("what", "terms"), go)

    def view(preview: Preview) -> list[ft.Control]:
        return preview_view(session.say, preview, steps["terms"], steps["what"])

    return filled(session.say, loaded, again, view)


@ft.component
def TermsStep(preset: str, go: Callable[[str], None]) -> ft.Control:
    """Take the terms, create the share, and lead to it."""
    session = use_session()
    say, page = session.say, ft.context.page
    terms, set_terms = ft.use_state(Terms())
    wrong, set_wrong = ft.use_state(Typed())
    typed = use_kept().texts
    _, draw = ft.use_state(0)
    problem, busy, do = use_deed()
    until = session.around.clock() + timedelta(days=int(terms.days))

    async def create() -> None:
        found = wrong_with(say, terms.audience, typed)
        set_wrong(found)
        if found != Typed():
            return
        code = typed.get("enterprise_code", "").strip() if terms.audience == "enterprise" else None
        share = NewShare(
            preset, terms.audience, typed.get("purpose", "").strip(), until, int(terms.views), code
        )

        async def deed() -> None:
            created = await session.client.create(share)
            session.changed()
            page.navigate(f"/shared/{created.share_id}")

        await do(deed)

    def purpose(name: str) -> None:
        typed["purpose"] = say(f"purpose.{name}")
        draw(lambda times: times + 1)

    def keeper(name: str) -> Callable[[ft.Event[ft.TextField]], object]:
        async def on_change(event: ft.Event[ft.TextField]) -> None:
            typed[name] = event.control.value

        return on_change

    fields = {
        name: named(
            name,
            ft.TextField(
                value=typed.get(name, ""),
                label=say(f"field.{name}"),
                error=getattr(wrong, name) or None,
                max_length=most,
                on_change=keeper(name),
                border=ft.OutlineInputBorder(border_radius=12),
                multiline=name == "purpose",
            ),
        )
        for name, most in (("purpose", LONGEST_PURPOSE), ("enterprise_code", 14))
    }
    deeds = TermsDeeds(
        audience=choosing(AUDIENCES, lambda each: set_terms(replace(terms, audience=each))),
        days=choosing(DAYS, lambda each: set_terms(replace(terms, days=each))),
        views=choosing(VIEWS, lambda each: set_terms(replace(terms, views=each))),
        purpose=choosing(PURPOSES, purpose),
        create=create,
        back=choosing(("preview",), go)["preview"],
    )
    shown_terms = terms_view(say, terms, fields, deeds, until=until, busy=busy)
    return column(*([trouble(say, problem)] if problem else []), *shown_terms)
