"""One job with missing months: what is known, and each way to do something about it."""

from collections.abc import Mapping
from functools import partial

import flet as ft

from app import guard, shown
from app.answers import MissingMonths, Rights
from app.asking import rights as asking
from app.parts.basic import Tone, button, card, facts, headline, named, panel, soft, title, words
from app.parts.screen import filled, sheet
from app.state import use_answer, use_session
from app.texts import Say
from app.views.gap_deeds import AskEmployer, Bridging, Complain
from app.views.gap_steps import bridge_view, limits_view, steps_view
from app.views.home import Leading, leader
from app.views.rights import EVERYTHING
from app.views.rights_words import missing_in_words

WHERE = {"correct": "/correct/employment/{number}", "bridge": "/rights/of/voluntary-insurance"}
"""Ways that go on in the app, and where."""
LETTERS = ("ask-employer", "complain")
"""Ways that go on outside, with a message that is ready to be sent."""


NO_DEEDS: Mapping[str, ft.Control] = {}


def gap_view(
    say: Say, gap: MissingMonths, lead: Leading, deeds: Mapping[str, ft.Control] = NO_DEEDS
) -> list[ft.Control]:
    """Show what is missing and until when to act, then the ways, the best first.

    ``deeds`` is by way what begins it from here, where it can still be begun.
    """
    wage = gap.wage_base_vnd
    spread = {name: ", ".join(map(shown.range_shown, getattr(gap, name)))
              for name in ("paid", "owed", "unseen")}  # fmt: skip
    status = say.code("employer", gap.employer_status or "UNKNOWN")
    return [
        headline(say("gaps.months", count=gap.missing)),
        words(missing_in_words(say, gap)),
        card(
            facts(
                [
                    (say("gaps.paid"), spread["paid"]),
                    (say("gaps.owed"), spread["owed"]),
                    (say("gaps.unseen"), spread["unseen"]),
                    (say("gaps.wage"), say("money", amount=shown.amount(wage)) if wage else None),
                    (say("gaps.employer"), status),
                ]
            )
        ),
        *([_may_be_right(say)] if gap.unseen else []),
        *limits_view(say, gap),
        title(say("gaps.ways")),
        *(
            _way(say, number, gap, way, lead, deeds.get(way))
            for number, way in enumerate(gap.ways, start=1)
        ),
    ]


def _may_be_right(say: Say) -> ft.Control:
    return panel(Tone.PLAIN, say("gaps.may-be-right"), say("gaps.may-be-right.why"))


def _way(
    say: Say, number: int, gap: MissingMonths, way: str, lead: Leading, *deed: ft.Control | None
) -> ft.Control:
    """Show a way: how it goes, what was done so far, and what begins it from here."""
    begins = [each for each in deed if each is not None]
    done = steps_view(say, gap, way)
    said = [] if begins or done else [words(say(f"way.{way}.how"))]
    cost = bridge_view(say, gap.bridge) if way == "bridge" and gap.bridge else []
    return named(
        f"way-{way}",
        card(
            title(f"{number}. {say(f'way.{way}')}"),
            *said,
            *cost,
            *done,
            *begins,
            *(_letter(say, gap, way) if way in LETTERS and not begins and not done else []),
            *_onward(say, gap, way, lead),
        ),
    )


def _onward(say: Say, gap: MissingMonths, way: str, lead: Leading) -> list[ft.Control]:
    where = WHERE.get(way)
    if where is None:
        return []
    there = lead(where.format(number=gap.entry_number))
    return [button(say(f"way.{way}.onward"), ft.Icons.ARROW_FORWARD, there, f"go-{way}")]


def _letter(say: Say, gap: MissingMonths, way: str) -> list[ft.Control]:
    """Return a message that can be sent by any means; nobody is named in it but the employer."""
    missing = ", ".join(shown.range_shown(each) for each in (*gap.owed, *gap.unseen))
    letter = say(f"way.{way}.letter", employer=gap.employer, months=missing)
    copying = button(
        say("way.copy"),
        ft.Icons.CONTENT_COPY,
        None,
        f"copy-{way}",
        action=ft.CopyToClipboard(letter),
    )
    return [soft(letter), copying]


@guard.screen
def GapSheet() -> ft.Control:
    """Load the job that the address names."""
    session = use_session()
    say = session.say
    number = ft.use_route_params().get("no", "")
    loaded, again = use_answer(EVERYTHING, partial(asking.rights, session.client))
    lead = leader(ft.context.page.navigate)

    def view(told: Rights) -> list[ft.Control]:
        found = [each for each in told.gaps if str(each.entry_number) == number]
        if not found:
            return [soft(say("gaps.none"))]
        return gap_view(say, found[0], lead, _deeds(found[0]))

    return sheet(say("gaps.missing"), filled(say, loaded, again, view))


def _deeds(gap: MissingMonths) -> dict[str, ft.Control]:
    """Return what begins each way that has months left."""
    begun_by = {"ask-employer": AskEmployer, "complain": Complain, "bridge": Bridging}
    return {
        way: guard.keyed(begin, f"{way}-{gap.entry_number}", gap)
        for way, begin in begun_by.items()
        if gap.left.get(way)
    }
