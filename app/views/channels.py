"""How the worker is told things: in the app always, by e-mail if they like; and about what."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial

import flet as ft

from app import guard, shown
from app.answers import Channels
from app.asking import telling
from app.hooks import use_kept
from app.parts.basic import (
    Tapped,
    Tone,
    button,
    card,
    choices,
    main_button,
    named,
    panel,
    soft,
    title,
    words,
)
from app.parts.screen import filled, sheet, stacked, trouble
from app.state import use_answer, use_deed, use_session
from app.texts import LANGUAGES, Say

KINDS = (
    *("case.submitted", "case.more-needed", "case.decided", "case.moved", "filing.made"),
    *("share.viewed", "share.ended", "copy.deletion-confirmed", "access.reason-answered"),
    "book.yearly-check",
)
"""Notices to a worker that can be kept out of the mail."""
ADDRESS, CODE = "address", "code"
LONGEST_ADDRESS = 300
LONGEST_CODE = 40


@dataclass(frozen=True, slots=True)
class ChannelDeeds:
    """What can be done about the ways of being told."""

    language: Mapping[str, Tapped]
    turn: Callable[[str], Tapped]
    """For a kind of notice: into the mail, or out of it."""
    ask: Tapped
    confirm: Tapped
    forget: Tapped


def channels_view(
    say: Say,
    told: Channels,
    fields: Mapping[str, ft.Control],
    deeds: ChannelDeeds,
    *,
    busy: bool,
) -> list[ft.Control]:
    """Show that the inbox is always there; then the mail, where it goes and about what."""
    return [
        panel(Tone.GOOD, say("channels.inbox"), say("channels.inbox.why")),
        *_email(say, told, fields, deeds, busy=busy),
        *(_mails(say, told, deeds) if told.email else []),
    ]


def _email(
    say: Say,
    told: Channels,
    fields: Mapping[str, ft.Control],
    deeds: ChannelDeeds,
    *,
    busy: bool,
) -> list[ft.Control]:
    if not told.email_available:
        return [panel(Tone.PLAIN, say("channels.no-email"))]
    parts: list[ft.Control] = [title(say("channels.email"))]
    if told.email:
        forget = button(
            say("channels.forget"), ft.Icons.DELETE_OUTLINE, deeds.forget, "email-forget"
        )
        parts += [named("email", words(told.email)), forget]
    if told.waiting_for:
        until = shown.moment(told.code_until) if told.code_until else ""
        asked = say("channels.code.until", address=told.waiting_for, moment=until)
        confirm = main_button(
            say("channels.confirm"), ft.Icons.CHECK, deeds.confirm, "email-confirm", disabled=busy
        )
        parts += [soft(asked), fields[CODE], confirm]
    ask = button(
        say("channels.ask"), ft.Icons.EMAIL_OUTLINED, deeds.ask, "email-ask", disabled=busy
    )
    return [*parts, fields[ADDRESS], ask]


def _mails(say: Say, told: Channels, deeds: ChannelDeeds) -> list[ft.Control]:
    boxes = [
        named(
            f"mail-{kind}",
            ft.Checkbox(
                label=say(f"notice.{kind}"),
                label_style=ft.TextStyle(size=16),
                value=kind not in told.muted,
                on_change=deeds.turn(kind),
            ),
        )
        for kind in KINDS
    ]
    offered = [(each, say(f"settings.language.{each}")) for each in LANGUAGES]
    return [
        card(
            title(say("channels.language")),
            choices(offered, told.language, deeds.language, "mail-language"),
        ),
        card(title(say("channels.about")), *boxes),
    ]


@guard.screen
def ChannelsSheet() -> ft.Control:
    """Load where the worker is told things."""
    session = use_session()
    loaded, again = use_answer("channels", partial(telling.channels, session.client))

    def view(told: Channels) -> list[ft.Control]:
        return [Ways(told)]

    return sheet(session.say("channels"), filled(session.say, loaded, again, view))


@guard.component
def Ways(told: Channels) -> ft.Control:
    """Change where the worker is told things; an address counts once its code was given."""
    session = use_session()
    say, client = session.say, session.client
    typed = use_kept().texts
    problem, busy, do = use_deed()

    def doing(deed: Callable[[], Awaitable[Channels]]) -> Tapped:
        async def change() -> None:
            await deed()
            typed.clear()
            session.changed()

        return partial(do, change)

    def turn(kind: str) -> Tapped:
        return doing(partial(telling.choose, client, told.language, frozenset(told.muted) ^ {kind}))

    async def ask() -> Channels:
        return await telling.ask_for_email(client, typed.get(ADDRESS, "").strip())

    async def confirm() -> Channels:
        return await telling.confirm_email(client, typed.get(CODE, "").strip())

    muted = frozenset(told.muted)
    deeds = ChannelDeeds(
        language={each: doing(partial(telling.choose, client, each, muted)) for each in LANGUAGES},
        turn=turn,
        ask=doing(ask),
        confirm=doing(confirm),
        forget=doing(partial(telling.forget_email, client)),
    )
    fields = {
        ADDRESS: _field(say, ADDRESS, LONGEST_ADDRESS, typed),
        CODE: _field(say, CODE, LONGEST_CODE, typed),
    }
    above = [trouble(say, problem)] if problem else []
    return stacked(*above, *channels_view(say, told, fields, deeds, busy=busy))


def _field(say: Say, name: str, longest: int, typed: dict[str, str]) -> ft.Control:
    async def on_change(event: ft.Event[ft.TextField]) -> None:
        typed[name] = event.control.value

    is_address = name == ADDRESS
    field = ft.TextField(
        value=typed.get(name, ""),
        label=say(f"channels.{name}"),
        max_length=longest,
        counter="",
        on_change=on_change,
        keyboard_type=ft.KeyboardType.EMAIL if is_address else ft.KeyboardType.NUMBER,
        border=ft.OutlineInputBorder(border_radius=12),
    )
    return named(f"email-{name}", field)
