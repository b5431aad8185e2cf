"""One line of work, whole: months, what is owed, who vouches for it, what does not fit."""

import flet as ft

from app import guard, shown
from app.answers import Background, Employment, OwnBook
from app.parts.basic import Tone, card, chip, facts, headline, panel, soft, title, words
from app.parts.months import month_bar
from app.parts.screen import filled, sheet
from app.state import use_answer, use_session
from app.texts import Say
from app.views.book import TONE_OF, period

_TONES = {"paid": Tone.GOOD, "arrears": Tone.BAD, "unknown": Tone.PLAIN}


def line_view(say: Say, line: Employment, background: Background | None) -> list[ft.Control]:
    """Show the line, from what it is to where it comes from."""
    level = say.code("level", line.assurance)
    return [
        ft.Column([headline(line.employer), words(line.position)], spacing=4, tight=True),
        card(facts(_about(say, line))),
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
    ]


def _about(say: Say, line: Employment) -> list[tuple[str, str | None]]:
    contract = line.contract_kind and say.code("contract", line.contract_kind)
    wage = line.wage_base_vnd and say("money", amount=shown.amount(line.wage_base_vnd))
    return [
        (say("line.period"), period(say, line)),
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
    number = ft.use_route_params().get("no", "")
    loaded, again = use_answer("book", session.client.own_book)
    background, _ = use_answer("background", session.client.background)

    def view(own: OwnBook) -> list[ft.Control]:
        found = [each for each in own.book.employments if str(each.no) == number]
        if not found:
            return [panel(Tone.PLAIN, session.say("line.none"))]
        return line_view(session.say, found[0], background.value)

    say = session.say
    return sheet(say("line"), filled(say, loaded, again, view))
