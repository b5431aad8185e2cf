"""One correction: handed in, answered, appealed, taken back, as its state allows."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import flet as ft

from app import guard
from app.answers import CaseFile
from app.asking import codes, correcting
from app.guide import CODED
from app.hooks import use_flag, use_kept
from app.parts.basic import Tapped, Tone, button, choosing, main_button, panel
from app.parts.screen import filled, sheet, stacked, trouble
from app.state import use_answer, use_deed, use_session
from app.texts import Say
from app.views.case import (
    DRAFT,
    STARS,
    case_view,
    rating_view,
    steps_view,
    withdraw_view,
    writing_view,
)
from app.views.correct_forms import Field, typed_field
from app.views.papers import Papers
from app.views.routing import Routing
from app.writing import WORDS

WRITTEN = {"answer": correcting.answer, "appeal": correcting.appeal}
"""Steps that need words, and what sends them."""


@guard.screen
def CorrectionSheet() -> ft.Control:
    """Load the case that the address names."""
    session = use_session()
    case_id = ft.use_route_params().get("id", "")
    ask = partial(correcting.own_case, session.client, case_id)
    loaded, again = use_answer(f"case-{case_id}", ask)

    def view(case: CaseFile) -> list[ft.Control]:
        return [Case(case)]

    return sheet(session.say("case"), filled(session.say, loaded, again, view))


@guard.component
def Case(case: CaseFile) -> ft.Control:
    """Show the case, and below it what can be done with it now."""
    session = use_session()
    say, held = session.say, coded(case)
    names, _ = use_answer(f"names-{held}", partial(codes.names, session.client, held), once=True)
    return stacked(
        *case_view(say, case, names.value),
        *([Routing(case)] if case.line.state == DRAFT else []),
        *([Papers(case)] if case.evidence or "attach" in case.possible else []),
        *(Words(case, each) for each in WRITTEN if each in case.possible),
        Deeds(case),
        *steps_view(say, case),
    )


@guard.component
def Deeds(case: CaseFile) -> ft.Control:
    """What is done with a tap: hand in, say how satisfied one is, take back."""
    session = use_session()
    say, client, page = session.say, session.client, ft.context.page
    problem, busy, do = use_deed()
    asked, ask_first = use_flag()
    case_id = case.line.case_id

    def doing(deed: Callable[[], Awaitable[Any]]) -> Tapped:
        async def change() -> None:
            await deed()
            session.changed()

        return partial(do, change)

    def rate(stars: str) -> None:
        page.run_task(doing(partial(correcting.rate, client, case_id, int(stars))))

    async def ask() -> None:
        ask_first(on=True)

    async def keep() -> None:
        ask_first(on=False)

    submit = doing(partial(correcting.submit, client, case_id, case_id))
    withdraw = doing(partial(correcting.withdraw, client, case_id))
    sure = withdraw_view(say, withdraw, keep)
    return stacked(
        *([trouble(say, problem)] if problem else []),
        *([_unsent(say)] if problem and case.line.state == DRAFT else []),
        *([_submit(say, submit, busy=busy)] if "submit" in case.possible else []),
        *rating_view(say, case, choosing(STARS, rate)),
        *([sure] if asked else []),
        *([_withdraw(say, ask)] if "withdraw" in case.possible else []),
    )


@guard.component
def Words(case: CaseFile, what: str) -> ft.Control:
    """Room for an answer or an appeal; what was typed stays where it could not be sent."""
    session = use_session()
    say = session.say
    typed = use_kept().texts
    missing, set_missing = use_flag()
    problem, busy, do = use_deed()

    async def typing(event: ft.Event[ft.TextField]) -> None:
        typed[WORDS] = event.control.value

    async def deed() -> None:
        await WRITTEN[what](session.client, case.line.case_id, typed[WORDS].strip())
        typed.clear()
        session.changed()

    async def send() -> None:
        empty = not typed.get(WORDS, "").strip()
        set_missing(on=empty)
        if not empty:
            await do(deed)

    wrong = "correct.words.needed" if missing else None
    field = Field(WORDS, typed.get(WORDS, ""), wrong)
    control = typed_field(say, field, typing, label=say(f"case.words.{what}"))
    return stacked(
        *writing_view(say, what, control, send, busy=busy),
        *([trouble(say, problem)] if problem else []),
    )


def coded(case: CaseFile) -> tuple[tuple[str, str], ...]:
    """Return the codes in what was asked for, each with its field."""
    values = ((each.field, value) for each in case.changes for value in (each.before, each.after))
    return tuple(sorted({(name, value) for name, value in values if name in CODED and value}))


def _submit(say: Say, submit: Tapped, *, busy: bool) -> ft.Control:
    return main_button(say("correct.send"), ft.Icons.SEND, submit, "case-submit", disabled=busy)


def _withdraw(say: Say, ask: Tapped) -> ft.Control:
    return button(say("case.do.withdraw"), ft.Icons.BLOCK, ask, "case-withdraw")


def _unsent(say: Say) -> ft.Control:
    return panel(Tone.CARE, say("correct.unsent"), say("correct.unsent.why"))
