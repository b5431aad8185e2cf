"""How a right was computed: every result, condition and figure, and where each comes from."""

from functools import partial

import flet as ft

from app import guard, shown
from app.answers import Condition, Entitlement, Figure, NotComputed, Rights
from app.asking import rights as asking
from app.parts.basic import Tone, card, chip, facts, headline, panel, soft, strong, title, words
from app.parts.screen import filled, sheet
from app.state import use_answer, use_session
from app.texts import Say
from app.views.rights import EVERYTHING
from app.views.rights_words import called, in_words, source_in

TONE_OF = {True: Tone.GOOD, False: Tone.BAD, None: Tone.CARE}
ANSWER_OF = {True: "yes", False: "no", None: "unknown"}
SEEN = "seen"


def how_view(say: Say, told: Rights, each: Entitlement) -> list[ft.Control]:
    """Show results, what could not be computed, conditions, then the figures by their origin."""
    month = shown.partial(told.reported_through)
    from_book = [figure for figure in each.inputs if figure.basis == "book"]
    from_law = [figure for figure in each.inputs if figure.basis == "law"]
    caveat = say("rights.caveat.why", day=shown.day(told.as_of), month=month)
    return [
        headline(say(f"right.{each.right}")),
        panel(Tone.PLAIN, say("rights.caveat"), caveat),
        words(say(f"right.{each.right}.about")),
        title(say("rights.results")),
        card(
            facts([(called(say, figure), in_words(say, figure)) for figure in each.results]),
            name="right-results",
        ),
        *_not_computed(say, each.not_computed),
        title(say("rights.conditions")),
        *(_condition(say, condition) for condition in each.conditions),
        title(say("rights.from-book")),
        card(facts([(called(say, figure), in_words(say, figure)) for figure in from_book])),
        title(say("rights.from-law")),
        *(_of_law(say, figure) for figure in from_law),
        soft(say("rights.articles", articles=source_in(say, "; ".join(each.articles)))),
    ]


def _not_computed(say: Say, missing: tuple[NotComputed, ...]) -> list[ft.Control]:
    return [
        panel(
            Tone.CARE,
            say("rights.not-computed.what", what=say(f"figure.{each.name}")),
            say("rights.not-computed.why", why=say(f"why.{each.why}")),
        )
        for each in missing
    ]


def _condition(say: Say, each: Condition) -> ft.Control:
    answer = ANSWER_OF[each.holds]
    said = say(f"condition.{each.name}.{answer}")
    return panel(TONE_OF[each.holds], said, source_in(say, each.article))


def _of_law(say: Say, figure: Figure) -> ft.Control:
    assert figure.since is not None
    unsure = [] if figure.provenance == SEEN else [
        ft.Row([chip(Tone.CARE, say(f"provenance.{figure.provenance}"))], wrap=True)
    ]  # fmt: skip
    return card(
        soft(called(say, figure)),
        strong(in_words(say, figure)),
        soft(
            say("rights.since", source=source_in(say, figure.source), day=shown.day(figure.since))
        ),
        *unsure,
    )


@guard.screen
def RightSheet() -> ft.Control:
    """Load the right that the address names."""
    session = use_session()
    say = session.say
    name = ft.use_route_params().get("right", "")
    loaded, again = use_answer(EVERYTHING, partial(asking.rights, session.client))

    def view(told: Rights) -> list[ft.Control]:
        found = [each for each in told.entitlements if each.right == name]
        return how_view(say, told, found[0]) if found else [soft(say("lost"))]

    return sheet(say("rights.how"), filled(say, loaded, again, view))
