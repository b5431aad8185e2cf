"""One of the four words, explained: what it means, how it stands, what to do about it."""

import flet as ft

from app import guard
from app.health import WORDS, Word
from app.parts.basic import Tone, button, headline, panel, title, words
from app.parts.screen import filled, sheet
from app.state import use_answer, use_session
from app.texts import Say
from app.views.home import HomeData, Leading, home_data, leader, words_of

ONWARD = {
    "right": ("/corrections", ft.Icons.EDIT_NOTE),
    "complete": ("/book", ft.Icons.MENU_BOOK),
    "clean": ("/correct/identity/0", ft.Icons.BADGE),
    "alive": ("/book/insurance", ft.Icons.CALENDAR_MONTH),
}
"""Where something can be done about a word that is not good."""


def word_view(say: Say, word: Word, lead: Leading) -> list[ft.Control]:
    """Show what the word asks, and how it stands."""
    why = say(f"word.{word.name}.{word.why}", count=word.count)
    where, icon = ONWARD[word.name]
    onward = button(say(f"word.{word.name}.onward"), icon, lead(where), "word-onward")
    return [
        headline(say(f"word.{word.name}")),
        words(say(f"word.{word.name}.means")),
        title(say("word.now")),
        panel(word.tone, why),
        *([] if word.tone is Tone.GOOD else [words(say(f"word.{word.name}.todo")), onward]),
    ]


@guard.screen
def WordSheet() -> ft.Control:
    """Explain the word that the address names, with what the first screen has loaded."""
    session = use_session()
    say = session.say
    name = ft.use_route_params().get("name", "")
    at = WORDS.index(name) if name in WORDS else 0
    lead = leader(ft.context.page.navigate)

    async def ask() -> HomeData:
        return await home_data(session.client)

    loaded, again = use_answer("home", ask)

    def view(data: HomeData) -> list[ft.Control]:
        return word_view(say, words_of(data, session.around.clock())[at], lead)

    return sheet(say("home.book"), filled(say, loaded, again, view))
