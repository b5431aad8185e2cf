"""The last step of sharing: to whom, what for, until when and how often."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import flet as ft

from app import guard, shown
from app.hooks import use_kept
from app.parts.basic import (
    Tapped,
    button,
    choices,
    choosing,
    headline,
    main_button,
    named,
    soft,
    title,
)
from app.parts.screen import column, trouble
from app.state import use_deed, use_session
from app.texts import Say
from app.views.draft import Draft
from app.views.secret import Secret, SecretField

DAYS = ("1", "7", "30", "90")
VIEWS = ("1", "10", "50")
AUDIENCES = ("anyone", "enterprise", "person")
PURPOSES = ("job", "loan", "procedure")
LONGEST_PURPOSE = 200
LONGEST_CODE = 14
ID_DIGITS = 12
CODE_LENGTHS = (10, 13, 14)
"""Digits of an enterprise's code, a branch's, and a branch's with its dash."""
LATEST = timedelta(days=89)
"""A share lasts 90 days at most; the last day is given whole."""
FIELD_OF = {"enterprise": "enterprise_code", "person": "personal_id"}
"""By audience, by what the recipient is named."""


@dataclass(frozen=True, slots=True)
class Terms:
    """To whom, and for how long; what is typed is not here."""

    audience: str = "anyone"
    days: str = "7"
    views: str = "10"
    own_day: date | None = None
    """The last day, where it was picked."""

    def until(self, now: datetime) -> datetime:
        """Return when it is to end; an own day to its last minute, in Viet Nam."""
        if self.days == "own" and self.own_day is not None:
            return datetime.combine(self.own_day, time(23, 59), shown.VIETNAM)
        return now + timedelta(days=int(self.days))


@dataclass(frozen=True, slots=True)
class Typed:
    """What is wrong with what was typed, by field; empty where nothing is."""

    purpose: str = ""
    enterprise_code: str = ""
    personal_id: str = ""


@dataclass(frozen=True, slots=True)
class TermsDeeds:
    """What can be done while choosing to whom."""

    audience: Mapping[str, Tapped]
    days: Mapping[str, Tapped]
    own_day: Tapped
    views: Mapping[str, Tapped]
    purpose: Mapping[str, Tapped]
    create: Tapped
    back: Tapped


def wrong_with(say: Say, audience: str, typed: Mapping[str, str]) -> Typed:
    """Return what is wrong with what was typed, before it is sent."""
    purpose = "" if typed.get("purpose", "").strip() else say("new-share.purpose.missing")
    code = typed.get("enterprise_code", "").strip()
    bad_code = audience == "enterprise" and not (
        len(code) in CODE_LENGTHS and code.replace("-", "", 1).isdigit()
    )
    number = typed.get("personal_id", "").strip()
    bad_number = audience == "person" and not (len(number) == ID_DIGITS and number.isdigit())
    return Typed(
        purpose,
        say("new-share.code.wrong") if bad_code else "",
        say("new-share.person.wrong") if bad_number else "",
    )


def picked_day(value: datetime) -> date:
    """Return the day that was picked: the picker tells local midnight, as UTC, so a day early."""
    return (value + timedelta(hours=12)).date()


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

    named_by = FIELD_OF.get(terms.audience)
    return [
        headline(say("new-share.whom")),
        choices(offered("audience", AUDIENCES), terms.audience, deeds.audience, "audience"),
        soft(say(f"audience.{terms.audience}.means")),
        *([fields[named_by]] if named_by else []),
        title(say("new-share.purpose")),
        choices(offered("purpose", PURPOSES), "", deeds.purpose, "purpose"),
        fields["purpose"],
        title(say("new-share.until")),
        choices(offered("days", DAYS), terms.days, deeds.days, "days"),
        button(say("days.own"), ft.Icons.CALENDAR_MONTH, deeds.own_day, "days-own"),
        named("until", soft(say("share.until", moment=shown.moment(until)))),
        title(say("new-share.views")),
        choices(offered("views", VIEWS), terms.views, deeds.views, "views"),
        main_button(
            say("new-share.create"), ft.Icons.QR_CODE_2, deeds.create, "create", disabled=busy
        ),
        button(say("new-share.back"), ft.Icons.ARROW_BACK, deeds.back, "terms-back"),
    ]


@guard.component
def TermsStep(draft: Draft, go: Callable[[str], None]) -> ft.Control:
    """Take the terms, create the share, and lead to it."""
    session = use_session()
    say, page, clock = session.say, ft.context.page, session.around.clock
    terms, set_terms = ft.use_state(Terms())
    wrong, set_wrong = ft.use_state(Typed())
    typed = use_kept().texts
    _, draw = ft.use_state(0)
    problem, busy, do = use_deed()
    until = terms.until(clock())

    async def create() -> None:
        found = wrong_with(say, terms.audience, typed)
        set_wrong(found)
        if found != Typed():
            return
        share = replace(
            draft.share(terms.audience, typed["purpose"].strip(), until, int(terms.views)),
            enterprise_code=_named_by(typed, terms.audience, "enterprise"),
            personal_id=_named_by(typed, terms.audience, "person"),
        )

        async def deed() -> None:
            created = await session.client.create(share)
            session.changed()
            page.navigate(f"/shared/{created.share_id}")

        await do(deed)

    def purpose(name: str) -> None:
        typed["purpose"] = say(f"purpose.{name}")
        draw(lambda times: times + 1)

    async def pick_day() -> None:
        page.show_dialog(_picker(say, clock(), own))

    def own(day: date) -> None:
        set_terms(replace(terms, days="own", own_day=day))

    deeds = TermsDeeds(
        audience=choosing(AUDIENCES, lambda each: set_terms(replace(terms, audience=each))),
        days=choosing(DAYS, lambda each: set_terms(replace(terms, days=each))),
        own_day=pick_day,
        views=choosing(VIEWS, lambda each: set_terms(replace(terms, views=each))),
        purpose=choosing(PURPOSES, purpose),
        create=create,
        back=choosing(("preview",), go)["preview"],
    )
    shown_terms = terms_view(say, terms, _fields(say, typed, wrong), deeds, until=until, busy=busy)
    return column(*([trouble(say, problem)] if problem else []), *shown_terms)


def _named_by(typed: Mapping[str, str], audience: str, wanted: str) -> str | None:
    """Return by what the recipient is named; None for another audience."""
    return typed[FIELD_OF[wanted]].strip() if audience == wanted else None


def _picker(say: Say, now: datetime, pick: Callable[[date], None]) -> ft.DatePicker:
    async def on_change(event: ft.Event[ft.DatePicker]) -> None:
        value = event.control.value
        if isinstance(value, datetime):
            pick(picked_day(value))

    return ft.DatePicker(
        first_date=now + timedelta(days=1),
        last_date=now + LATEST,
        current_date=now,
        help_text=say("new-share.until"),
        on_change=on_change,
    )


def _fields(say: Say, typed: dict[str, str], wrong: Typed) -> Mapping[str, ft.Control]:
    """Return what is typed into. What is typed is kept apart, and never written back."""

    def keeper(name: str) -> Callable[[ft.Event[ft.TextField]], object]:
        async def on_change(event: ft.Event[ft.TextField]) -> None:
            typed[name] = event.control.value

        return on_change

    def field(name: str, longest: int) -> ft.Control:
        text = ft.TextField(
            value=typed.get(name, ""),
            label=say(f"field.{name}"),
            error=getattr(wrong, name) or None,
            max_length=longest,
            on_change=keeper(name),
            border=ft.OutlineInputBorder(border_radius=12),
            multiline=name == "purpose",
        )
        return named(name, text)

    number = "personal_id"
    secret = Secret(
        number,
        say(f"field.{number}"),
        wrong.personal_id,
        ID_DIGITS,
        lambda: typed.get(number, ""),
        keeper(number),
    )
    lengths = {"purpose": LONGEST_PURPOSE, "enterprise_code": LONGEST_CODE}
    return {name: field(name, most) for name, most in lengths.items()} | {
        number: SecretField(secret)
    }
