"""What was done about missing months, until when more can be done, and what the bridge costs."""

import flet as ft

from app import shown
from app.answers.rights import Bridge, GapStep, MissingMonths, TimeLimit
from app.parts.basic import Tone, card, chip, facts, panel, soft, title, words
from app.texts import Say
from app.views.rights_words import source_in

ANSWER_TONES = {"pays-later": Tone.CARE, "disputes": Tone.BAD, "agrees": Tone.GOOD}
DOSSIER_TONES = {"granted": Tone.GOOD, "refused": Tone.BAD}


def limits_view(say: Say, gap: MissingMonths) -> list[ft.Control]:
    """Show until when one can act, each with its article and how well that is known."""
    if not gap.limits:
        return []
    counted = shown.day(gap.limits[0].counted_from)
    return [
        title(say("gaps.limits")),
        card(
            *(_limit(say, each) for each in gap.limits),
            soft(say("gaps.limits.counted", day=counted)),
            name="gap-limits",
        ),
    ]


def _limit(say: Say, each: TimeLimit) -> ft.Control:
    known = say.code("provenance", each.provenance)
    return ft.Column(
        [
            words(say("gaps.until", what=say(f"gaps.limit.{each.name}"),
                      day=shown.day(each.last_day))),
            soft(f"{source_in(say, each.source)} · {known}"),
        ],
        spacing=2,
        tight=True,
    )  # fmt: skip


def bridge_view(say: Say, bridge: Bridge) -> list[ft.Control]:
    """Show from when until when, what it costs a month, and what the State adds for each group."""
    rows: list[tuple[str, str | None]] = [
        (say("gaps.bridge.months", count=bridge.months),
         shown.range_shown(f"{bridge.first}/{bridge.last}")),
        (say("gaps.bridge.contribution"), say("money", amount=shown.amount(bridge.contribution))),
    ]  # fmt: skip
    shares: list[tuple[str, str | None]] = [
        (
            say.code("group", each.group),
            say(
                "gaps.bridge.share",
                support=shown.amount(each.support),
                own=shown.amount(each.own),
            ),
        )
        for each in bridge.shares
    ]
    cited = "; ".join(source_in(say, each) for each in bridge.sources)
    return [facts(rows), words(say("gaps.bridge.groups")), facts(shares), soft(cited)]


def steps_view(say: Say, gap: MissingMonths, way: str) -> list[ft.Control]:
    """Show what was done in one way, and what came of it."""
    return [_step(say, each) for each in gap.steps if each.way == way]


def _step(say: Say, each: GapStep) -> ft.Control:
    months = ", ".join(shown.range_shown(spread) for spread in each.months)
    rows = [
        (say("gaps.step.months"), months),
        (say("gaps.step.at"), shown.moment(each.begun_at)),
        (say("gaps.step.words"), each.words or None),
        (say("gaps.step.due"), _due(each)),
        (say("gaps.step.answered"), shown.moment(each.answered_at) if each.answered_at else None),
        (say("gaps.step.pay-by"), shown.day(each.pay_by) if each.pay_by else None),
        (say("gaps.step.answer"), each.answer_words or None),
        (say("gaps.step.cases"), ", ".join(each.cases) or None),
        (say("dossier.code"), each.dossier),
    ]
    late = [panel(Tone.BAD, say("gaps.step.late"), say("gaps.step.late.todo"))]
    return ft.Column(
        [ft.Row([_sign(say, each)], wrap=True), facts(rows), *(late if each.is_late else [])],
        spacing=6,
        tight=True,
    )


def _due(each: GapStep) -> str | None:
    return shown.day(each.due_on) if each.due_on and each.answer is None else None


def _sign(say: Say, each: GapStep) -> ft.Control:
    if each.dossier_state is not None:
        tone = DOSSIER_TONES.get(each.dossier_state, Tone.PLAIN)
        return chip(tone, say.code("dossier.state", each.dossier_state))
    if each.answer is None:
        return chip(Tone.PLAIN, say("gaps.step.waits"))
    return chip(ANSWER_TONES.get(each.answer, Tone.PLAIN), say.code("gaps.answer", each.answer))
