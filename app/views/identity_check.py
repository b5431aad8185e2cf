"""How the worker compares with the population register: state, causes, and who mends them."""

from functools import partial

import flet as ft

from app import guard, shown
from app.answers import IdentityCheck, WayOut
from app.asking import registers as asking
from app.parts.basic import Tone, button, card, facts, named, panel, soft, title, words
from app.parts.screen import filled, sheet
from app.state import use_answer, use_session
from app.texts import Say
from app.views.home import Leading, leader

IDENTITY_CHECK = "identity-check"
"""Under which name the last answer is kept."""
TONES = {
    "MATCHED": Tone.GOOD,
    "MISMATCH": Tone.CARE,
    "NOT_FOUND": Tone.CARE,
    "DECEASED": Tone.BAD,
    "UNCHECKED": Tone.PLAIN,
}
TO_CORRECT = frozenset({"MISMATCH", "NOT_FOUND", "DECEASED"})
"""States in which the worker may say that what we have is wrong."""


def identity_view(say: Say, told: IdentityCheck, lead: Leading) -> list[ft.Control]:
    """Show how it stands, why, and what to do; then when it was asked last."""
    key = f"identity-check.{told.state}"
    parts: list[ft.Control] = [
        soft(say("identity-check.why")),
        named("identity-state", panel(TONES[told.state], say(key), say(f"{key}.means"))),
    ]
    if not told.is_answered and told.tried_at is not None:
        when = shown.moment(told.tried_at)
        text = say("identity-check.silent.means", moment=when)
        parts.append(
            named("identity-silent", panel(Tone.PLAIN, say("identity-check.silent"), text))
        )
    parts += [_way_out(say, each) for each in told.ways_out]
    if told.state in TO_CORRECT:
        correct = lead("/correct/identity/0")
        parts.append(button(say("identity-check.correct"), None, correct, "identity-correct"))
    if told.checked_at is not None:
        parts.append(facts([(say("identity-check.checked"), shown.moment(told.checked_at))]))
    return parts


def _way_out(say: Say, each: WayOut) -> ft.Control:
    message = say.pick(vi=each.told.message_vi, en=each.told.message_en)
    to_do = say.pick(vi=each.told.what_to_do_vi, en=each.told.what_to_do_en)
    owner = say.code("identity-check.owner", each.owner)
    return card(title(message), words(to_do), soft(owner), name=f"identity-cause-{each.told.cause}")


@guard.screen
def IdentityCheckSheet() -> ft.Control:
    """Load how the worker compares, and show it."""
    session = use_session()
    loaded, again = use_answer(IDENTITY_CHECK, partial(asking.identity_check, session.client))
    lead = leader(ft.context.page.navigate)

    def view(told: IdentityCheck) -> list[ft.Control]:
        return identity_view(session.say, told, lead)

    return sheet(session.say("identity-check"), filled(session.say, loaded, again, view))
