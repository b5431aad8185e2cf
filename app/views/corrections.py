"""The own corrections: what is not finished, what is open, what was decided."""

from datetime import datetime
from functools import partial

import flet as ft

from app import guard, keeping, shown
from app.answers import CaseLine
from app.asking import correcting
from app.guide import Draft
from app.hooks import use_maybe
from app.parts.basic import (
    Tapped,
    Tone,
    button,
    card,
    main_button,
    named,
    panel,
    soft,
    strong,
    words,
)
from app.parts.screen import filled, sheet
from app.state import use_answer, use_session
from app.texts import Say
from app.views.case import about, state_chip
from app.views.home import Leading, leader


def corrections_view(say: Say, cases: tuple[CaseLine, ...], lead: Leading) -> list[ft.Control]:
    """Show every case as a button, and where a new one begins."""
    return [
        words(say("corrections.why")),
        *(_case(say, each, lead) for each in cases),
        *([] if cases else [panel(Tone.PLAIN, say("corrections.none"))]),
        main_button(
            say("corrections.open-book"), ft.Icons.MENU_BOOK, lead("/book"), "corrections-book"
        ),
    ]


def left_view(say: Say, draft: Draft, resume: Tapped, drop: Tapped) -> ft.Control:
    """Show that something was left unfinished on this device."""
    wrong = draft.wrong
    what = say(f"wrong.{draft.subject}.{wrong.code}") if wrong else say("correct")
    saved = shown.moment(datetime.fromisoformat(draft.saved_at))
    box = panel(
        Tone.CARE,
        say("corrections.draft"),
        f"{what}. {say('corrections.draft.why', moment=saved)}",
        button(say("corrections.resume"), ft.Icons.EDIT, resume, "draft-resume"),
        button(say("corrections.drop"), ft.Icons.DELETE_OUTLINE, drop, "draft-drop"),
    )
    return named("draft-left", box)


def _case(say: Say, line: CaseLine, lead: Leading) -> ft.Control:
    due = (
        [soft(say("case.due", day=shown.day(line.due_on)))]
        if line.due_on and line.state not in {"decided", "closed", "withdrawn"}
        else []
    )
    place = [words(line.employer_name)] if line.employer_name else []
    fields = ", ".join(say.code("correct-field", each) for each in line.fields)
    return card(
        strong(about(say, line)),
        *([soft(fields)] if fields else []),
        *place,
        ft.Row([state_chip(say, line)], wrap=True),
        *due,
        soft(f"{say('case.number', number=line.number)}, {shown.moment(line.state_since)}"),
        on_tap=lead(f"/correction/{line.case_id}"),
        name="case",
    )


@guard.screen
def CorrectionsSheet() -> ft.Control:
    """Load the cases, and look for what was left on the device."""
    session = use_session()
    say, client, page = session.say, session.client, ft.context.page
    loaded, again = use_answer("cases", partial(correcting.own_cases, client))
    own, _ = use_answer("book", client.own_book)
    left, set_left = use_maybe(Draft)
    book_no = (own.value.book.book_no or "") if own.value else ""

    async def look() -> None:
        set_left(await keeping.kept(book_no) if book_no else None)

    async def drop() -> None:
        await keeping.drop()
        set_left(None)

    ft.use_effect(look, [book_no])
    lead = leader(page.navigate)

    def view(cases: tuple[CaseLine, ...]) -> list[ft.Control]:
        above = []
        if left is not None:
            resume = lead(f"/correct/{left.subject}/{left.number or 0}")
            above = [left_view(say, left, resume, drop)]
        return [*above, *corrections_view(say, cases, lead)]

    return sheet(say("corrections"), filled(say, loaded, again, view))
