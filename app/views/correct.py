"""Asking for a correction, step by step; what was written is kept until it has been laid down."""

from collections.abc import Mapping
from functools import partial

import flet as ft

from app import guard, guide, keeping, shown
from app.answers import OwnBook
from app.asking import correcting
from app.guide import CHOSEN, CODED, WRONGS, Draft
from app.hooks import use_kept
from app.parts.basic import Tone, choosing, panel
from app.parts.screen import column, filled, sheet, stacked, trouble
from app.state import use_answer, use_deed, use_session
from app.texts import Say
from app.views.correct_forms import (
    Field,
    chosen_field,
    fields_view,
    identity_view,
    typed_field,
    what_view,
)
from app.views.pick_code import Picker
from app.writing import WORDS, Writing

IDENTITY = "identity"


@guard.screen
def CorrectSheet() -> ft.Control:
    """Ask what is wrong with the line that the address names; 0 is none."""
    session = use_session()
    say = session.say
    params = ft.use_route_params()
    subject, number = params.get("subject", ""), params.get("no", "")
    loaded, again = use_answer("book", session.client.own_book)

    def view(own: OwnBook) -> list[ft.Control]:
        line = int(number) if number.isdigit() and number != "0" else None
        current = guide.current_of(own.book, subject, line) if subject in WRONGS else None
        if current is None:
            return [panel(Tone.PLAIN, say("line.none"))]
        given = guide.given_of(params)
        return [guard.keyed(Steps, f"{subject}-{number}", own, subject, line, current, given)]

    if subject == IDENTITY:
        return sheet(say("correct"), column(*identity_view(say)))
    return sheet(say("correct"), filled(say, loaded, again, view))


@guard.component
def Steps(
    own: OwnBook,
    subject: str,
    number: int | None,
    current: Mapping[str, str],
    given: Mapping[str, str],
) -> ft.Control:
    """Let the owner choose what is wrong; then have the form filled in.

    ``given`` is what the form begins with; without it, with what was left on the device.
    """
    session = use_session()
    wrongs = guide.offered(subject, current)
    only = wrongs[0].code if len(wrongs) == 1 else ""
    draft, set_draft = ft.use_state(Draft(subject, number, own.version, only))
    writing = Writing(
        draft, set_draft, use_kept().texts, own.book.book_no or "", session.around.clock
    )
    ft.use_effect(partial(writing.begin, given), [])
    if draft.wrong is None:
        picks = choosing([each.code for each in wrongs], lambda code: writing.pick(code, current))
        return stacked(*what_view(session.say, subject, wrongs, picks))
    return Form(writing, current)


@guard.component
def Form(writing: Writing, current: Mapping[str, str]) -> ft.Control:
    """Take what is right; lay the draft down at the service and lead to it."""
    session = use_session()
    say, page = session.say, ft.context.page
    mistakes, set_mistakes = ft.use_state(dict[str, str]())
    problem, busy, do = use_deed()

    async def lay_down() -> None:
        made = await correcting.draft(session.client, writing.whole().body(current))
        writing.typed.clear()  # what is about to be kept after the last key is not kept any more
        await keeping.drop()
        session.changed()
        page.navigate(f"/correction/{made.line.case_id}")

    async def onward() -> None:
        today = session.around.clock().astimezone(shown.VIETNAM).date()
        found = guide.mistakes(writing.whole(), current, today)
        set_mistakes(found)
        if not found:
            await writing.keep()
            await do(lay_down)

    unsent = panel(Tone.CARE, say("correct.unsent"), say("correct.unsent.why"))
    deeds = {"onward": onward, "back": choosing([""], lambda _: writing.pick("", current))[""]}
    controls = _controls(say, writing, current, mistakes)
    return stacked(
        *([trouble(say, problem), unsent] if problem else []),
        *fields_view(say, writing.draft, controls, deeds, busy=busy),
    )


def _controls(
    say: Say, writing: Writing, current: Mapping[str, str], mistakes: Mapping[str, str]
) -> dict[str, ft.Control]:
    """Return the fields that are needed, and one for words, by name."""
    wrong = writing.draft.wrong
    assert wrong is not None
    is_new = writing.draft.number is None or wrong.kind == "insurance"
    made: dict[str, ft.Control] = {}
    for name in (*wrong.fields, WORDS):
        says = None if is_new or name == WORDS else current.get(name)
        if name in CODED:
            made[name] = Picker(writing, name, mistakes.get(name), says)
            continue
        field = Field(name, writing.typed.get(name, ""), mistakes.get(name), says)
        made[name] = (
            chosen_field(say, field, writing.choosing(name))
            if name in CHOSEN
            else typed_field(say, field, writing.typing(name))
        )
    return made
