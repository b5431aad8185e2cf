"""What the law may give me: what is missing, each right in a few words, and what is proposed."""

from functools import partial

import flet as ft

from app import guard, shown
from app.answers import Entitlement, MissingMonths, Rights
from app.asking import rights as asking
from app.parts.basic import (
    Tone,
    button,
    card,
    chip,
    facts,
    named,
    panel,
    row_button,
    soft,
    strong,
    title,
    words,
)
from app.parts.screen import filled, sheet
from app.state import use_answer, use_session
from app.texts import Say
from app.views.home import Leading, leader
from app.views.rights_words import in_words, missing_in_words

EVERYTHING = "rights"
"""Under which name everything that can be told is kept."""
SHORTLY = {
    "pension": ("months_counted", "months_missing", "retirement_day", "rate"),
    "unemployment-benefit": ("benefit_months", "monthly_lowest", "monthly_highest", "apply_by"),
    "voluntary-insurance": ("lowest_contribution", "own_payment", "support_months_left"),
}
"""By right, the results that are told before anybody asks how."""
APPLIED_FOR = {"unemployment-benefit": "unemployment-benefit.apply"}
"""By right, the procedure of the service portal by which it is applied for."""


def rights_view(say: Say, told: Rights, lead: Leading) -> list[ft.Control]:
    """Show first what it is not, then what is missing, then each right, then what is proposed."""
    month = shown.partial(told.reported_through)
    day = shown.day(told.as_of)
    proposals = [
        card(strong(each.title), soft(shown.day(each.proposed_on))) for each in told.proposals
    ]
    return [
        panel(Tone.PLAIN, say("rights.caveat"), say("rights.caveat.why", day=day, month=month)),
        *_gaps(say, told, lead),
        *(_right(say, each, lead) for each in told.entitlements),
        title(say("rights.proposals")),
        *(proposals or [named("no-proposals", card(soft(say("rights.proposals.none"))))]),
        row_button(
            ft.Icons.VOLUNTEER_ACTIVISM_OUTLINED,
            say("support"),
            say("support.about"),
            lead("/support"),
            "go-support",
        ),
        row_button(
            ft.Icons.ACCOUNT_BALANCE_OUTLINED,
            say("dossiers"),
            say("dossiers.about"),
            lead("/dossiers"),
            "go-dossiers",
        ),
    ]


def _gaps(say: Say, told: Rights, lead: Leading) -> list[ft.Control]:
    if not told.gaps:
        return []
    return [title(say("gaps.missing")), *(_gap(say, each, lead) for each in told.gaps)]


def _gap(say: Say, gap: MissingMonths, lead: Leading) -> ft.Control:
    return card(
        words(missing_in_words(say, gap)),
        ft.Row([chip(Tone.BAD, say("gaps.months", count=gap.missing))], wrap=True),
        soft(say("gaps.todo")),
        on_tap=lead(f"/rights/gap/{gap.entry_number}"),
        name=f"gap-{gap.entry_number}",
    )


def _right(say: Say, each: Entitlement, lead: Leading) -> ft.Control:
    results = [
        (say(f"figure.{found.name}"), in_words(say, found))
        for name in SHORTLY[each.right]
        for found in each.results
        if found.name == name and not _is_said_twice(each, name)
    ]
    unknown = [soft(say("rights.not-computed", what=say(f"figure.{gone.name}"),
                        why=say(f"why.{gone.why}")))
               for gone in each.not_computed if gone.name in SHORTLY[each.right]]  # fmt: skip
    unmet = [condition for condition in each.conditions if condition.holds is False]
    return card(
        title(say(f"right.{each.right}")),
        facts(results),
        *(panel(Tone.CARE, say(f"condition.{condition.name}.no")) for condition in unmet),
        *unknown,
        button(
            say("rights.how"),
            ft.Icons.CALCULATE_OUTLINED,
            lead(f"/rights/of/{each.right}"),
            f"how-{each.right}",
        ),
        *_hand_over(say, each, lead),
        name=f"right-{each.right}",
    )


def _hand_over(say: Say, each: Entitlement, lead: Leading) -> list[ft.Control]:
    """Return what leads to the service portal, for a right that is applied for there."""
    procedure = APPLIED_FOR.get(each.right)
    if procedure is None:
        return []
    go = lead(f"/new-dossier/{procedure}")
    return [button(say("rights.apply"), ft.Icons.OPEN_IN_NEW, go, f"apply-{each.right}")]


def _is_said_twice(each: Entitlement, name: str) -> bool:
    """Say whether the highest amount is the lowest too: whatever the region, it is the same."""
    same = each.result("monthly_lowest") == each.result("monthly_highest")
    return name == "monthly_highest" and same


@guard.screen
def RightsSheet() -> ft.Control:
    """Load what can be told."""
    session = use_session()
    loaded, again = use_answer(EVERYTHING, partial(asking.rights, session.client))
    lead = leader(ft.context.page.navigate)

    def view(told: Rights) -> list[ft.Control]:
        return rights_view(session.say, told, lead)

    return sheet(session.say("rights"), filled(session.say, loaded, again, view))
