"""How it was: one tap for each request that is over, and words for whoever likes."""

from collections.abc import Mapping, Sequence
from functools import partial

import flet as ft

from app import guard, shown
from app.answers.satisfaction import FinishedRequest
from app.asking import satisfaction
from app.hooks import use_kept
from app.parts.basic import Tapped, button, card, named, soft, strong, words
from app.parts.screen import filled, sheet, stacked, trouble
from app.state import use_answer, use_deed, use_session
from app.texts import Say

SATISFACTION = "satisfaction"
"""Under which name the list is kept."""
FACES: Mapping[int, ft.IconData] = {
    5: ft.Icons.SENTIMENT_VERY_SATISFIED,
    4: ft.Icons.SENTIMENT_SATISFIED,
    3: ft.Icons.SENTIMENT_NEUTRAL,
    2: ft.Icons.SENTIMENT_DISSATISFIED,
    1: ft.Icons.SENTIMENT_VERY_DISSATISFIED,
}
LONGEST_WORDS = 2000


def finished_view(
    say: Say,
    each: FinishedRequest,
    tap: Mapping[int, Tapped],
    field: ft.Control,
    send: Tapped,
    *,
    busy: bool,
) -> ft.Control:
    """Show one finished request: what it was, the faces, and after a tap the words."""
    until = each.changeable_until
    rated = each.score is not None
    later: list[ft.Control] = []
    if rated and each.may_change and until is not None:
        later = [
            soft(say("satisfaction.until", day=shown.moment(until))),
            field,
            button(
                say("satisfaction.words.send"),
                ft.Icons.SEND,
                send,
                f"words-{each.about_id}",
                disabled=busy,
            ),
        ]
    elif rated:
        later = [words(each.words)] if each.words else []
    return card(
        strong(say.code("satisfaction.kind", each.kind)),
        soft(f"{_what(say, each)} · {shown.moment(each.finished_at)}"),
        words(say("satisfaction.thanks" if rated else "satisfaction.how")),
        _faces(say, each, tap),
        *later,
        name=f"finished-{each.about_id}",
    )


def satisfaction_view(say: Say, cards: Sequence[ft.Control]) -> list[ft.Control]:
    """Show the finished requests, the newest first."""
    none = [soft(say("satisfaction.none"))]
    return [words(say("satisfaction.why")), *(cards or none)]


def _what(say: Say, each: FinishedRequest) -> str:
    prefix = {"data-request": "data-request", "dossier": "procedure"}.get(each.kind)
    return each.what if prefix is None else say.code(prefix, each.what)


def _faces(say: Say, each: FinishedRequest, tap: Mapping[int, Tapped]) -> ft.Control:
    offered = FACES if each.may_change else [score for score in FACES if score == each.score]
    return ft.Row(
        [
            ft.Semantics(
                content=ft.Chip(
                    leading=ft.Icon(FACES[score], size=22),
                    label=ft.Text(say(f"satisfaction.score.{score}"), size=15),
                    selected=score == each.score,
                    show_checkmark=False,
                    on_select=tap[score],
                    padding=ft.Padding.symmetric(vertical=10, horizontal=8),
                ),
                identifier=f"score-{score}",
                container=True,
            )
            for score in offered
        ],
        wrap=True,
        spacing=8,
        run_spacing=8,
    )


@guard.screen
def SatisfactionSheet() -> ft.Control:
    """Load what is over."""
    session = use_session()
    say = session.say
    loaded, again = use_answer(SATISFACTION, partial(satisfaction.finished, session.client))

    def view(found: tuple[FinishedRequest, ...]) -> list[ft.Control]:
        cards = [guard.keyed(OneFinished, each.about_id, each) for each in found]
        return satisfaction_view(say, cards)

    return sheet(say("satisfaction"), filled(say, loaded, again, view))


@guard.component
def OneFinished(each: FinishedRequest) -> ft.Control:
    """Take one tap, and words afterwards."""
    session = use_session()
    typed = use_kept().texts
    typed.setdefault("words", each.words)
    problem, busy, do = use_deed()

    def saying(score: int) -> Tapped:
        async def deed() -> None:
            said = typed["words"].strip()
            await satisfaction.say(session.client, each.about_id, score, said)
            session.changed()

        async def tapped() -> None:
            await do(deed)

        return tapped

    tap = {score: saying(score) for score in FACES}
    field = _field(session.say, typed)
    send = tap[each.score or 3]
    return stacked(
        finished_view(session.say, each, tap, field, send, busy=busy),
        *([trouble(session.say, problem)] if problem else []),
    )


def _field(say: Say, typed: dict[str, str]) -> ft.Control:
    async def on_change(event: ft.Event[ft.TextField]) -> None:
        typed["words"] = event.control.value

    field = ft.TextField(
        value=typed["words"],
        label=say("satisfaction.words"),
        max_length=LONGEST_WORDS,
        counter="",
        multiline=True,
        min_lines=2,
        on_change=on_change,
        border=ft.OutlineInputBorder(border_radius=12),
    )
    return named("satisfaction-words", field)
