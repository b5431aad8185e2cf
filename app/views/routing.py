"""Who would decide a draft, and by when: told before it is handed in."""

from functools import partial

import flet as ft

from app import guard, shown
from app.answers import CaseFile, Foreseen
from app.asking import correcting
from app.parts.basic import Tone, named, panel, soft
from app.parts.screen import stacked
from app.state import use_answer, use_session
from app.texts import Say


def routing_view(say: Say, told: Foreseen | None) -> ft.Control:
    """Show to whom it goes and until when; or that this is not known yet."""
    if told is None:
        unknown = panel(Tone.PLAIN, say("correct.who"), say("correct.who.unknown"))
        return named("case-who", unknown)
    more = []
    if told.is_high_impact:
        more.append(say("correct.who.two"))
    if told.is_alternative:
        more.append(say("correct.who.alternative"))
    due = say("correct.who.by", day=shown.day(told.due_on)) if told.due_on else ""
    said = "\n".join(each for each in (say("correct.who.to", name=told.owner.name), due) if each)
    return named("case-who", panel(Tone.PLAIN, say("correct.who"), said, *map(soft, more)))


@guard.component
def Routing(case: CaseFile) -> ft.Control:
    """Ask where the draft would go."""
    session = use_session()
    case_id = case.line.case_id
    ask = partial(correcting.foreseen, session.client, case_id)
    # Once: after handing in, the same question would come too late, and be refused.
    loaded, _ = use_answer(f"foreseen-{case_id}", ask, once=True)
    if loaded.waiting and loaded.value is None:
        return stacked(soft(session.say("loading")))
    return stacked(routing_view(session.say, loaded.value))
