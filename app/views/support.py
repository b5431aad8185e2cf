"""The support that was proposed: what I may get, until when, what is missing; one tap to start."""

from collections.abc import Mapping, Sequence
from functools import partial

import flet as ft

from app import guard, shown
from app.answers.support import StepLine, Support, SupportExplained
from app.asking import support as asking
from app.parts.basic import (
    Tapped,
    Tone,
    button,
    card,
    chip,
    facts,
    headline,
    main_button,
    panel,
    soft,
    strong,
    title,
    words,
)
from app.parts.screen import column, filled, sheet, stacked, trouble
from app.state import use_answer, use_deed, use_session
from app.texts import Say
from app.views.home import Leading, leader
from app.views.rights_words import source_in

SUPPORT = "support"
"""Under which name the list is kept."""
TONES = {
    "proposed": Tone.CARE,
    "seen": Tone.CARE,
    "started": Tone.CARE,
    "granted": Tone.GOOD,
    "done": Tone.GOOD,
    "refused": Tone.BAD,
    "expired": Tone.BAD,
}
"""By state; of others it does not matter."""
OF_CONDITION = {True: Tone.GOOD, False: Tone.BAD, None: Tone.PLAIN}
ICONS = {
    "start": ft.Icons.SEND_OUTLINED,
    "decline": ft.Icons.DO_NOT_DISTURB_ALT_OUTLINED,
    "undo": ft.Icons.UNDO,
    "reopen": ft.Icons.REPLAY,
}
DECLINES = {
    "not-needed": "support.decline.not-needed",
    "working-again": "support.decline.working-again",
    "not-true": "support.decline.not-true",
}
"""Why it is not wanted, each with its words."""
BACK = {"undo": "support.undo", "reopen": "support.reopen"}
"""What takes something back."""
VOLUNTARY = "voluntary-insurance-support"
"""The support whose sum depends on the household."""
OVERLAPS = "support-overlaps"
SEEN = "seen"


def support_view(say: Say, proposed: Sequence[Support], lead: Leading) -> list[ft.Control]:
    """Show what is open first, then what is over."""
    is_open = [each for each in proposed if each.steps or each.state == "handed-over"]
    over = [each for each in proposed if each not in is_open]
    return [
        panel(Tone.PLAIN, say("rights.caveat"), say("support.why")),
        *(_line(say, each, lead) for each in is_open),
        *([] if is_open else [soft(say("support.none"))]),
        *([title(say("support.over"))] if over else []),
        *(_line(say, each, lead) for each in over),
    ]


def _line(say: Say, each: Support, lead: Leading) -> ft.Control:
    due = [soft(say("support.until", day=shown.day(each.due_on)))] if each.due_on else []
    return card(
        strong(each.title),
        ft.Row([chip(TONES.get(each.state, Tone.PLAIN), each.state_words)], wrap=True),
        *([words(each.amount)] if each.amount else []),
        *due,
        on_tap=lead(f"/support/{each.id}"),
        name=f"support-{each.policy}",
    )


def one_view(
    say: Say,
    told: SupportExplained,
    deeds: Mapping[str, Tapped],
    *,
    busy: bool,
    overlaps: bool,
) -> list[ft.Control]:
    """Show one support: what, until when, what is missing, what to do, then how it was come to."""
    each = told.proposal
    return [
        headline(each.title),
        panel(Tone.PLAIN, say("rights.caveat"), say("support.why")),
        card(facts(_known(say, each)), name="support-facts"),
        *_lowest(say, each),
        *_warned(say, each, overlaps=overlaps),
        *_to_do(say, each, deeds, busy=busy, overlaps=overlaps),
        title(say("support.needs")),
        *(_needs(say, each) or [soft(say("support.needs.none"))]),
        title(say("rights.conditions")),
        *(
            panel(OF_CONDITION[term.holds], _answered(say, term.words, holds=term.holds),
                  source_in(say, term.article))
            for term in each.conditions
        ),
        *_how(say, told),
    ]  # fmt: skip


def _known(say: Say, each: Support) -> list[tuple[str, str | None]]:
    job = None
    if each.employer is not None and each.month is not None:
        job = say("support.of", employer=each.employer, month=shown.partial(each.month))
    return [
        (say("support.state"), each.state_words),
        (say("support.reason"), each.reason),
        (say("support.amount"), each.amount or say("support.amount.unknown")),
        (say("support.due"), None if each.due_on is None else shown.day(each.due_on)),
        (say("support.job"), job),
        (say("support.level"), each.level_words),
        (say("dossier.code"), each.dossier_code),
        (say("support.law"), source_in(say, each.article)),
    ]


def _lowest(say: Say, each: Support) -> list[ft.Control]:
    """Say that some get more: what household somebody lives in no book tells."""
    if each.policy != VOLUNTARY or not each.amount:
        return []
    return [panel(Tone.CARE, say("support.lowest"), say("support.lowest.how"))]


def _warned(say: Say, each: Support, *, overlaps: bool) -> list[ft.Control]:
    if overlaps or each.overlap == "receives":
        return [panel(Tone.BAD, say("support.overlaps"), say("support.overlaps.todo"))]
    return []


def _to_do(
    say: Say, each: Support, deeds: Mapping[str, Tapped], *, busy: bool, overlaps: bool
) -> list[ft.Control]:
    found: list[ft.Control] = []
    if "start" in each.steps:
        key = "support.start.again" if overlaps or each.state == "started" else "support.start"
        tap = deeds["start"]
        found.append(main_button(say(key), ICONS["start"], tap, "support-start", disabled=busy))
        found.append(soft(say("support.start.about")))
    if each.dossier_address is not None and each.state == "handed-over":
        opens = ft.OpenUrl(each.dossier_address)
        icon = ft.Icons.OPEN_IN_NEW
        found.append(main_button(say("dossier.open"), icon, None, "support-portal", action=opens))
    for step, text in BACK.items():
        if step in each.steps:
            name = f"support-{step}"
            found.append(button(say(text), ICONS[step], deeds[step], name, disabled=busy))
    if "decline" in each.steps:
        found.append(title(say("support.decline")))
        found += [
            button(
                say(text),
                ICONS["decline"],
                deeds[f"decline-{why}"],
                f"support-decline-{why}",
                disabled=busy,
            )
            for why, text in DECLINES.items()
        ]
    return found


def _needs(say: Say, each: Support) -> list[ft.Control]:
    return [
        panel(
            Tone.GOOD if need.is_there else Tone.CARE,
            need.words,
            say("support.need.there" if need.is_there else "support.need.missing"),
        )
        for need in each.needs
    ]


def _answered(say: Say, text: str, *, holds: bool | None) -> str:
    answer = {True: "support.yes", False: "support.no", None: "support.open"}[holds]
    return f"{text}: {say(answer)}"


def _how(say: Say, told: SupportExplained) -> list[ft.Control]:
    return [
        title(say("rights.from-book")),
        card(facts([(each.label, each.value) for each in told.facts]), name="support-known"),
        *([title(say("rights.from-law"))] if told.steps else []),
        *(_step(say, each) for each in told.steps),
    ]


def _step(say: Say, each: StepLine) -> ft.Control:
    since = "" if each.since is None else shown.day(each.since)
    source = source_in(say, each.source)
    where = say("rights.since", source=source, day=since) if since else source
    unsure = each.provenance and each.provenance != SEEN
    return card(
        soft(each.label),
        strong(each.value),
        *([soft(where)] if where else []),
        *([chip(Tone.CARE, say(f"provenance.{each.provenance}"))] if unsure else []),
    )


@guard.screen
def SupportSheet() -> ft.Control:
    """Load what was proposed."""
    session = use_session()
    say = session.say
    ask = partial(asking.own_support, session.client, say.language)
    loaded, again = use_answer(SUPPORT, ask)
    lead = leader(ft.context.page.navigate)

    def view(found: tuple[Support, ...]) -> list[ft.Control]:
        return support_view(say, found, lead)

    return sheet(say("support"), filled(say, loaded, again, view))


@guard.screen
def OneSupportSheet() -> ft.Control:
    """Load the one that the address names."""
    session = use_session()
    say = session.say
    support_id = ft.use_route_params().get("support_id", "")
    ask = partial(asking.explained, session.client, support_id, say.language)
    loaded, again = use_answer(f"support-{support_id}", ask)

    def view(told: SupportExplained) -> list[ft.Control]:
        return [guard.keyed(OneSupport, f"{support_id}-{told.proposal.state}", told)]

    if not support_id:
        return sheet(say("support"), column(panel(Tone.PLAIN, say("lost"))))
    return sheet(say("support"), filled(say, loaded, again, view))


@guard.component
def OneSupport(told: SupportExplained) -> ft.Control:
    """Take the steps of one support."""
    session = use_session()
    each = told.proposal
    problem, busy, do = use_deed()
    overlaps = problem is not None and problem.kind == OVERLAPS

    def doing(step: str, said: dict[str, object] | None = None) -> Tapped:
        async def deed() -> None:
            await asking.take_step(session.client, each.id, step, said)
            session.changed()

        async def tapped() -> None:
            await do(deed)

        return tapped

    deeds = {
        "start": doing("start", {"in_spite_of_overlap": overlaps or each.overlap == "receives"}),
        "undo": doing("undo"),
        "reopen": doing("reopen"),
    } | {f"decline-{why}": doing("decline", {"reason": why}) for why in DECLINES}
    return stacked(
        *([trouble(session.say, problem)] if problem is not None and not overlaps else []),
        *one_view(session.say, told, deeds, busy=busy, overlaps=overlaps),
    )
