"""One diploma or certificate: what it says, and whether its owner calls it right."""

from collections.abc import Mapping

import flet as ft

from app import guard, shown
from app.answers import Confirmation, OwnBook, Qualification
from app.parts.basic import Tapped, Tone, card, chip, facts, headline, panel, words
from app.parts.screen import filled, sheet, trouble
from app.state import use_answer, use_session
from app.texts import Say
from app.views.book import TONE_OF, level_shown
from app.views.saying import QUALIFICATION, is_it_right, use_saying


def paper_view(
    say: Say, paper: Qualification, said: Confirmation | None, deeds: Mapping[str, Tapped]
) -> list[ft.Control]:
    """Show the paper, then ask whether it is right."""
    level = chip(TONE_OF.get(paper.assurance, Tone.PLAIN), say.code("level", paper.assurance))
    about = (
        (say("paper.kind"), say.code("qualification", paper.kind)),
        (say("paper.level"), level_shown(say, paper.level)),
        (say("qualification.issuer"), paper.issuer),
        (say("qualification.issued_on"), shown.partial(paper.issued_on)),
        (say("qualification.number"), paper.number),
    )
    return [
        headline(paper.field),
        is_it_right(say, said, deeds),
        card(facts(about)),
        card(ft.Row([level], wrap=True), words(say.code("level.means", paper.assurance))),
    ]


@guard.screen
def PaperSheet() -> ft.Control:
    """Load the book, and show the paper that the address names: 1 is the first."""
    session = use_session()
    say = session.say
    number = ft.use_route_params().get("no", "")
    loaded, again = use_answer("book", session.client.own_book)
    saying = use_saying(QUALIFICATION, number)

    def view(own: OwnBook) -> list[ft.Control]:
        papers = {str(at): each for at, each in enumerate(own.book.qualifications, 1)}
        if number not in papers:
            return [panel(Tone.PLAIN, say("line.none"))]
        above = [trouble(say, saying.problem)] if saying.problem else []
        return [*above, *paper_view(say, papers[number], saying.said, saying.deeds)]

    return sheet(say("paper"), filled(say, loaded, again, view))
