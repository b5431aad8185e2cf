"""One job with missing months: what is known, and each way to do something about it."""

from functools import partial

import flet as ft

from app import guard, shown
from app.answers import MissingMonths, Rights
from app.asking import rights as asking
from app.parts.basic import Tone, button, card, facts, headline, named, panel, soft, title, words
from app.parts.screen import filled, sheet
from app.state import use_answer, use_session
from app.texts import Say
from app.views.home import Leading, leader
from app.views.rights import EVERYTHING
from app.views.rights_words import missing_in_words

WHERE = {"correct": "/correct/employment/{number}", "bridge": "/rights/of/voluntary-insurance"}
"""Ways that go on in the app, and where."""
LETTERS = ("ask-employer", "complain")
"""Ways that go on outside, with a message that is ready to be sent."""


def gap_view(say: Say, gap: MissingMonths, lead: Leading) -> list[ft.Control]:
    """Show what is missing, then the ways, the best first."""
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
                    (say("gaps.employer"), status),
                ]
            )
        ),
        *([_may_be_right(say)] if gap.unseen else []),
        title(say("gaps.ways")),
        *(_way(say, number, gap, way, lead) for number, way in enumerate(gap.ways, start=1)),
    ]


def _may_be_right(say: Say) -> ft.Control:
    return panel(Tone.PLAIN, say("gaps.may-be-right"), say("gaps.may-be-right.why"))


def _way(say: Say, number: int, gap: MissingMonths, way: str, lead: Leading) -> ft.Control:
    heading = title(f"{number}. {say(f'way.{way}')}")
    how = words(say(f"way.{way}.how"))
    if way in LETTERS:
        return named(f"way-{way}", card(heading, how, *_letter(say, gap, way)))
    where = WHERE.get(way)
    onward = [] if where is None else [
        button(say(f"way.{way}.onward"), ft.Icons.ARROW_FORWARD,
               lead(where.format(number=gap.entry_number)), f"go-{way}")
    ]  # fmt: skip
    return named(f"way-{way}", card(heading, how, *onward))


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
        return gap_view(say, found[0], lead) if found else [soft(say("gaps.none"))]

    return sheet(say("gaps.missing"), filled(say, loaded, again, view))
