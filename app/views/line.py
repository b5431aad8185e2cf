"""One line of work, whole: months, what is owed, who vouches for it, what does not fit."""

from collections.abc import Mapping
from functools import partial

import flet as ft

from app import guard, shown
from app.answers import Background, Confirmation, Employment, OwnBook
from app.asking import codes
from app.parts.basic import (
    Tapped,
    Tone,
    button,
    card,
    chip,
    facts,
    headline,
    named,
    panel,
    soft,
    title,
    words,
)
from app.parts.months import month_bar
from app.parts.screen import filled, sheet, trouble
from app.state import use_answer, use_session
from app.texts import Say
from app.views.book import TONE_OF, period
from app.views.home import leader
from app.views.saying import EMPLOYMENT, is_it_right, use_saying

_TONES = {"paid": Tone.GOOD, "arrears": Tone.BAD, "unknown": Tone.PLAIN}


def line_view(
    say: Say,
    line: Employment,
    background: Background | None,
    said: Confirmation | None = None,
    deeds: Mapping[str, Tapped] | None = None,
    *,
    occupation: str | None = None,
) -> list[ft.Control]:
    """Show the line, from what it is to where it comes from; with deeds, what can be said of it."""
    level = say.code("level", line.assurance)
    return [
        ft.Column([headline(line.employer), words(line.position)], spacing=4, tight=True),
        *([is_it_right(say, said, deeds)] if deeds is not None else []),
        card(facts(_about(say, line, occupation))),
        card(title(say("line.months")), month_bar(say, line), *_months(say, line)),
        *(
            [panel(Tone.BAD, say("line.arrears"), say("insurance.arrears.todo"))]
            if line.arrears
            else []
        ),
        *(
            [panel(Tone.PLAIN, say("line.unknown"), say("line.unknown.why"))]
            if line.unknown
            else []
        ),
        card(
            title(say("line.trust")),
            ft.Row([chip(TONE_OF.get(line.assurance, Tone.PLAIN), level)], wrap=True),
            words(say.code("level.means", line.assurance)),
            *_sources(say, line, background),
        ),
        *_doubts(say, line, background),
        *_history(say, line, background, said),
        *([_vssid(say, deeds["months"])] if deeds is not None else []),
    ]


def _history(
    say: Say, line: Employment, background: Background | None, said: Confirmation | None
) -> list[ft.Control]:
    """Return who said what of the line and when, the newest first."""
    stated = background.lines if background else ()
    told = [
        (each.stated_on, say("line.history.source", source=say.code("source", each.source)))
        for found in stated
        if found.no == line.no
        for each in found.sources
    ]
    if said is not None and said.confirmed_at is not None:
        on = said.confirmed_at.astimezone(shown.VIETNAM).date()
        told.append((on, say("line.history.confirmed")))
    if not told:
        return []
    told.sort(reverse=True)
    rows = ((shown.day(on), text) for on, text in told)
    return [named("line-history", card(title(say("line.history")), facts(tuple(rows))))]


def _vssid(say: Say, report: Tapped) -> ft.Control:
    asking = button(say("line.vssid.ask"), ft.Icons.COMPARE_ARROWS, report, "line-months")
    return card(title(say("line.vssid")), soft(say("line.vssid.why")), asking)


def _about(say: Say, line: Employment, occupation: str | None) -> list[tuple[str, str | None]]:
    contract = line.contract_kind and say.code("contract", line.contract_kind)
    wage = line.wage_base_vnd and say("money", amount=shown.amount(line.wage_base_vnd))
    return [
        (say("line.period"), period(say, line)),
        (say("line.occupation"), occupation),
        (say("line.workplace"), line.workplace),
        (say("line.contract"), contract),
        (say("line.enterprise_code"), line.enterprise_code),
        (say("line.wage"), wage or None),
    ]


def _months(say: Say, line: Employment) -> list[ft.Control]:
    return [
        ft.Column(
            [
                ft.Row([chip(_TONES[name], say(f"months.{name}.short"))], wrap=True),
                soft("; ".join(map(shown.range_shown, getattr(line, name)))),
            ],
            spacing=4,
            tight=True,
        )
        for name in ("paid", "arrears", "unknown")
        if getattr(line, name)
    ]


def _sources(say: Say, line: Employment, background: Background | None) -> list[ft.Control]:
    if background is None:
        return [soft(say("line.sources.not_loaded"))]
    found = [source for each in background.lines if each.no == line.no for source in each.sources]
    rows: list[ft.Control] = [
        soft(
            say(
                "line.source", source=say.code("source", each.source), day=shown.day(each.stated_on)
            )
        )
        for each in found
    ]
    return [title(say("line.sources")), *rows] if rows else []


def _doubts(say: Say, line: Employment, background: Background | None) -> list[ft.Control]:
    if background is None:
        return []
    return [
        panel(Tone.CARE, say("line.doubt"), say.pick(vi=each.text_vi, en=each.text_en))
        for each in background.doubts
        if each.line == line.no
    ]


@guard.screen
def LineSheet() -> ft.Control:
    """Load the book and what stands behind it, and show the line that the address names."""
    session = use_session()
    say, client, page = session.say, session.client, ft.context.page
    number = ft.use_route_params().get("no", "")
    loaded, again = use_answer("book", client.own_book)
    background, _ = use_answer("background", client.background)
    saying = use_saying(EMPLOYMENT, number)
    found = loaded.value.book.employments if loaded.value else ()
    code = next((each.occupation_code for each in found if str(each.no) == number), None)
    held = ((codes.OCCUPATION, code),) if code else ()
    names, _ = use_answer(f"names-{held}", partial(codes.names, client, held), once=True)
    occupation = next(iter((names.value or {}).values()), None)
    deeds = saying.deeds | {"months": leader(page.navigate)(f"/correct/insurance/{number}")}

    def view(own: OwnBook) -> list[ft.Control]:
        lines = [each for each in own.book.employments if str(each.no) == number]
        if not lines:
            return [panel(Tone.PLAIN, say("line.none"))]
        above = [trouble(say, saying.problem)] if saying.problem else []
        return [
            *above,
            *line_view(say, lines[0], background.value, saying.said, deeds, occupation=occupation),
        ]

    return sheet(say("line"), filled(say, loaded, again, view))
