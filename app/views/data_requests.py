"""What the worker asks about the own data, by when it is answered, and the answers."""

from collections.abc import Mapping, Sequence
from functools import partial

import flet as ft

from app import guard, shown
from app.answers import DataRequest
from app.asking import data_requests
from app.hooks import use_flag, use_kept
from app.parts.basic import (
    Tapped,
    Tone,
    card,
    chip,
    choices,
    choosing,
    facts,
    main_button,
    named,
    panel,
    soft,
    strong,
    title,
    words,
)
from app.parts.screen import filled, sheet, stacked, trouble
from app.state import use_answer, use_deed, use_session
from app.texts import Say

KINDS = ("access", "correct", "provide", "withdraw", "restrict", "object", "delete")
LONGEST_WORDS = 2000
TONES = {
    "received": Tone.PLAIN,
    "acknowledged": Tone.PLAIN,
    "answered": Tone.GOOD,
    "refused": Tone.CARE,
}


def data_requests_view(say: Say, asked: Sequence[DataRequest]) -> list[ft.Control]:
    """Show what was asked, the newest first: how it stands, by when, and the answer."""
    return [
        words(say("data-requests.why")),
        *(_request(say, each) for each in asked),
        *([] if asked else [soft(say("data-requests.none"))]),
    ]


def new_view(
    say: Say,
    kind: str,
    choose: Mapping[str, Tapped],
    field: ft.Control,
    *,
    send: Tapped,
    busy: bool,
) -> list[ft.Control]:
    """Show what can be asked, and what the law gives the office for it."""
    offered = [(each, say(f"data-request.{each}")) for each in KINDS]
    return [
        title(say("data-requests.new")),
        choices(offered, kind, choose, "data-request-kind"),
        soft(say(f"data-request.{kind}.days")),
        field,
        main_button(
            say("data-requests.send"), ft.Icons.SEND, send, "data-request-send", disabled=busy
        ),
    ]


def _request(say: Say, asked: DataRequest) -> ft.Control:
    signs = [chip(TONES.get(asked.state, Tone.PLAIN), say.code("data-request-state", asked.state))]
    if asked.is_late:
        signs.append(chip(Tone.BAD, say("data-request.late")))
    rows = [
        (say("data-request.made"), shown.moment(asked.created_at)),
        *_days(say, asked),
        (say("data-request.office"), asked.office or None),
        (say("data-request.answer"), asked.answer or None),
    ]
    return card(
        strong(say.code("data-request", asked.kind)),
        ft.Row(signs, wrap=True),
        words(asked.words),
        facts(rows),
        name="data-request",
    )


def _days(say: Say, asked: DataRequest) -> list[tuple[str, str | None]]:
    """Return by when what is still to be done is due, or when it was done."""
    if asked.answered_at is not None:
        return [(say("data-request.answered-at"), shown.moment(asked.answered_at))]
    due_on = shown.day(asked.due_on)
    due = due_on if not asked.third_party else say("data-request.third-party", day=due_on)
    if asked.acknowledged_at is None:
        by = shown.day(asked.acknowledge_by)
        return [(say("data-request.acknowledge-by"), by), (say("data-request.due"), due)]
    acknowledged = shown.moment(asked.acknowledged_at)
    return [(say("data-request.acknowledged-at"), acknowledged), (say("data-request.due"), due)]


@guard.screen
def DataRequestsSheet() -> ft.Control:
    """Load what was asked; ask something."""
    session = use_session()
    say = session.say
    ask = partial(data_requests.data_requests, session.client)
    loaded, again = use_answer("data-requests", ask)

    def view(asked: tuple[DataRequest, ...]) -> list[ft.Control]:
        return [*data_requests_view(say, asked), NewRequest()]

    return sheet(say("data-requests"), filled(say, loaded, again, view))


@guard.component
def NewRequest() -> ft.Control:
    """Take what is asked, in words; send it."""
    session = use_session()
    say = session.say
    kind, set_kind = ft.use_state(KINDS[0])
    empty, set_empty = use_flag()
    sent, set_sent = use_flag()
    typed = use_kept().texts
    problem, busy, do = use_deed()

    async def deed() -> None:
        await data_requests.make(session.client, kind, typed["words"].strip())
        typed.clear()
        set_sent(on=True)
        session.changed()

    async def send() -> None:
        set_sent(on=False)
        is_empty = not typed.get("words", "").strip()
        set_empty(on=is_empty)
        if not is_empty:
            await do(deed)

    done = [named("data-request-sent", panel(Tone.GOOD, say("data-requests.sent")))]
    choose = choosing(KINDS, set_kind)
    return stacked(
        *(done if sent else []),
        *new_view(say, kind, choose, _field(say, typed, is_empty=empty), send=send, busy=busy),
        *([trouble(say, problem)] if problem else []),
    )


def _field(say: Say, typed: dict[str, str], *, is_empty: bool) -> ft.Control:
    async def on_change(event: ft.Event[ft.TextField]) -> None:
        typed["words"] = event.control.value

    field = ft.TextField(
        value=typed.get("words", ""),
        label=say("data-requests.words"),
        error=say("data-requests.empty") if is_empty else None,
        max_length=LONGEST_WORDS,
        counter="",
        multiline=True,
        min_lines=3,
        on_change=on_change,
        border=ft.OutlineInputBorder(border_radius=12),
    )
    return named("data-request-words", field)
