"""Whom the worker lets act for them: the mandates given, a new one, and what ends one."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial

import flet as ft

from app import guard, shown
from app.answers import Mandate
from app.asking import acting
from app.asking.acting import NewMandate
from app.hooks import use_flag, use_kept
from app.parts.basic import (
    Tapped,
    Tone,
    button,
    card,
    chip,
    choices,
    choosing,
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
from app.views.secret import Secret, SecretField

SCOPES = ("view", "correct", "share")
SPANS = ("30", "90", "180", "365")
"""Days."""
ID_DIGITS = 12
LONGEST_NAME = 120
TONES = {"running": Tone.GOOD, "coming": Tone.PLAIN, "over": Tone.PLAIN, "revoked": Tone.PLAIN}


def mandates_view(
    say: Say, mandates: Sequence[Mandate], revoke: Callable[[Mandate], Tapped], *, busy: bool
) -> list[ft.Control]:
    """Show each mandate, with what ends it."""
    return [
        words(say("mandates.why")),
        *([_mandate(say, each, revoke(each), busy=busy) for each in mandates]),
        *([] if mandates else [soft(say("mandates.none"))]),
    ]


def new_view(
    say: Say,
    fields: Mapping[str, ft.Control],
    chosen: frozenset[str],
    turn: Callable[[str], Tapped],
    span: tuple[str, Mapping[str, Tapped]],
    *,
    give: Tapped,
    busy: bool,
) -> list[ft.Control]:
    """Show what a new mandate needs: who, for what, how long."""
    boxes = [
        named(
            f"scope-{each}",
            ft.Checkbox(
                label=say(f"mandate-scope.{each}"),
                label_style=ft.TextStyle(size=16),
                value=each in chosen,
                on_change=turn(each),
            ),
        )
        for each in SCOPES
    ]
    offered = [(each, say(f"mandate-span.{each}")) for each in SPANS]
    return [
        title(say("mandate.new")),
        fields["name"],
        fields["personal_id"],
        *boxes,
        choices(offered, span[0], span[1], "span"),
        main_button(say("mandate.give"), ft.Icons.PERSON_ADD, give, "mandate-give", disabled=busy),
    ]


def wrong_with(typed: Mapping[str, str], scope: frozenset[str]) -> dict[str, str]:
    """Return, by field, the key of what is wrong before anything is sent."""
    number = typed.get("personal_id", "").strip()
    is_number = len(number) == ID_DIGITS and number.isascii() and number.isdigit()
    return {
        name: key
        for name, key, wrong in (
            ("name", "mandate.wrong.name", not typed.get("name", "").strip()),
            ("personal_id", "mandate.wrong.number", not is_number),
            ("scope", "mandate.wrong.scope", not scope),
        )
        if wrong
    }


def _mandate(say: Say, mandate: Mandate, revoke: Tapped, *, busy: bool) -> ft.Control:
    ends = {"running", "coming"}
    taking_back = button(
        say("mandate.revoke"), ft.Icons.PERSON_REMOVE, revoke, "mandate-revoke", disabled=busy
    )
    until = say(
        "mandate.days", first=shown.day(mandate.first_day), last=shown.day(mandate.last_day)
    )
    return card(
        strong(mandate.name),
        soft(", ".join(say.code("mandate-scope", each) for each in mandate.scope)),
        soft(until),
        ft.Row(
            [chip(TONES.get(mandate.state, Tone.PLAIN), say.code("mandate-state", mandate.state))],
            wrap=True,
        ),
        *([taking_back] if mandate.state in ends else []),
        name="mandate",
    )


@guard.screen
def MandatesSheet() -> ft.Control:
    """Load the mandates; end one."""
    session = use_session()
    say, client = session.say, session.client
    loaded, again = use_answer("mandates", partial(acting.mandates, client))
    problem, busy, do = use_deed()

    def revoking(mandate: Mandate) -> Tapped:
        async def deed() -> None:
            await acting.revoke(client, mandate)
            session.changed()

        return partial(do, deed)

    def view(mandates: tuple[Mandate, ...]) -> list[ft.Control]:
        above = [trouble(say, problem)] if problem else []
        return [*above, *mandates_view(say, mandates, revoking, busy=busy), NewOne()]

    return sheet(say("mandates"), filled(say, loaded, again, view))


@guard.component
def NewOne() -> ft.Control:
    """Take who, for what and how long; give the mandate."""
    session = use_session()
    say = session.say
    scope, set_scope = ft.use_state(frozenset({"view"}))
    span, set_span = ft.use_state(SPANS[1])
    wrong, set_wrong = ft.use_state(dict[str, str]())
    given, set_given = use_flag()
    typed = use_kept().texts
    problem, busy, do = use_deed()

    async def deed() -> None:
        today = session.around.clock().astimezone(shown.VIETNAM).date()
        last = today + timedelta(days=int(span))
        wanted = NewMandate(
            typed["personal_id"].strip(), typed["name"].strip(), tuple(sorted(scope)), today, last
        )
        await acting.give(session.client, wanted)
        typed.clear()
        set_given(on=True)
        session.changed()

    async def give() -> None:
        set_given(on=False)
        found = wrong_with(typed, scope)
        set_wrong(found)
        if not found:
            await do(deed)

    def turn(value: str) -> Tapped:
        async def on_change() -> None:
            set_scope(scope ^ {value})

        return on_change

    fields = {name: _field(say, name, typed, wrong) for name in ("name", "personal_id")}
    spans = (span, choosing(SPANS, set_span))
    missing = [ft.Text(say(wrong["scope"]), color=ft.Colors.ERROR)] if "scope" in wrong else []
    done = [named("mandate-given", panel(Tone.GOOD, say("mandate.given")))] if given else []
    return stacked(
        *done,
        *new_view(say, fields, scope, turn, spans, give=give, busy=busy),
        *missing,
        *([trouble(say, problem)] if problem else []),
    )


def _field(say: Say, name: str, typed: dict[str, str], wrong: Mapping[str, str]) -> ft.Control:
    async def on_change(event: ft.Event[ft.TextField]) -> None:
        typed[name] = event.control.value

    error = say(wrong[name]) if name in wrong else ""
    label = say(f"mandate.{name}")
    if name == "personal_id":
        return SecretField(
            Secret(
                f"mandate-{name}", label, error, ID_DIGITS, lambda: typed.get(name, ""), on_change
            )
        )
    field = ft.TextField(
        value=typed.get(name, ""),
        label=label,
        error=error or None,
        max_length=LONGEST_NAME,
        counter="",
        on_change=on_change,
        border=ft.OutlineInputBorder(border_radius=12),
    )
    return named(f"mandate-{name}", field)
