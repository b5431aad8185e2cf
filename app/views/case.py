"""How one correction looks: what was asked, who has it, by when, what was decided and why."""

from collections.abc import Mapping

import flet as ft

from app import shown
from app.answers import CaseDecision, CaseFile, CaseLine, CaseStep, FieldChange
from app.parts.basic import (
    Tapped,
    Tone,
    button,
    card,
    chip,
    choices,
    headline,
    main_button,
    named,
    panel,
    soft,
    strong,
    title,
    words,
)
from app.texts import Say
from app.views.correct_forms import Names, value_in_words
from app.views.rights_words import source_in

STATE_TONES = {
    "draft": Tone.PLAIN,
    "more_needed": Tone.CARE,
    "decided": Tone.GOOD,
    "withdrawn": Tone.PLAIN,
    "closed": Tone.PLAIN,
}
OUTCOME_TONES = {"approved": Tone.GOOD, "partly": Tone.CARE, "refused": Tone.BAD}
STARS = ("1", "2", "3", "4", "5")
DRAFT = "draft"


def state_chip(say: Say, line: CaseLine) -> ft.Control:
    """Return where a case stands: its outcome once there is one, else its state."""
    if line.outcome is not None and line.state in {"decided", "closed"}:
        tone = OUTCOME_TONES.get(line.outcome, Tone.PLAIN)
        return chip(tone, say.code("case-outcome", line.outcome))
    return chip(STATE_TONES.get(line.state, Tone.CARE), say.code("case-state", line.state))


def about(say: Say, line: CaseLine) -> str:
    """Return what a case is about, in a few words."""
    return f"{say.code('case-kind', line.kind)}: {say.code('case-ask', line.ask)}"


def case_view(say: Say, case: CaseFile, names: Names | None = None) -> list[ft.Control]:
    """Show how the case stands on top, then what was asked, decided, and each step."""
    line = case.line
    return [
        ft.Column(
            [headline(about(say, line)), soft(say("case.number", number=line.number))],
            spacing=2,
            tight=True,
        ),
        named("case-state", ft.Row([state_chip(say, line)], wrap=True)),
        *_where(say, line),
        *_hand_over(say, case),
        *(_decision(say, each) for each in reversed(case.decisions)),
        *_appeal_until(say, case),
        *_employer(say, case),
        card(title(say("case.asked")), *_asked(say, case, names)),
    ]


def steps_view(say: Say, case: CaseFile) -> list[ft.Control]:
    """Show each step, the newest first."""
    if not case.steps:
        return []
    steps = [_step(say, each) for each in reversed(case.steps)]
    return [named("case-steps", card(title(say("case.steps")), *steps))]


def rating_view(say: Say, case: CaseFile, rate: Mapping[str, Tapped]) -> list[ft.Control]:
    """Ask how satisfied the asking side is, once."""
    if case.rating is not None:
        return [soft(say("case.rated", stars=case.rating))]
    if "rate" not in case.possible:
        return []
    offered = [(each, say(f"rate.{each}")) for each in STARS]
    return [card(title(say("case.rate")), choices(offered, "", rate, "rate"))]


def withdraw_view(say: Say, sure: Tapped, keep: Tapped) -> ft.Control:
    """Ask once more before a case is taken back."""
    return panel(
        Tone.CARE,
        say("case.withdraw.sure"),
        say("case.withdraw.means"),
        button(say("case.withdraw.yes"), ft.Icons.BLOCK, sure, "case-withdraw-yes"),
        button(say("case.withdraw.no"), None, keep, "case-withdraw-no"),
    )


def writing_view(
    say: Say, what: str, field: ft.Control, send: Tapped, *, busy: bool
) -> list[ft.Control]:
    """Show room for words, and what sends them: ``answer`` or ``appeal``."""
    sending = main_button(
        say(f"case.do.{what}"), ft.Icons.SEND, send, f"case-{what}", disabled=busy
    )
    return [field, sending]


def _where(say: Say, line: CaseLine) -> list[ft.Control]:
    """Return who has the case and until when, while somebody has."""
    if line.owner is None or line.state in {"decided", "closed", "withdrawn"}:
        return []
    due = ""
    if line.due_on is not None:
        key = "case.overdue" if line.is_overdue else "case.due"
        due = say(key, day=shown.day(line.due_on))
    tone = Tone.CARE if line.is_overdue else Tone.PLAIN
    return [named("case-with", panel(tone, say("case.with", name=line.owner.name), due))]


def _hand_over(say: Say, case: CaseFile) -> list[ft.Control]:
    told = case.hand_over
    if told is None:
        return []
    days = say("correct.who.days", days=told.working_days)
    where = say.pick(vi=told.where_vi, en=told.where_en)
    article = source_in(say, told.article)
    return [panel(Tone.CARE, say("correct.identity.where"), f"{where} {days}. {article}")]


def _decision(say: Say, decision: CaseDecision) -> ft.Control:
    reason = say.pick(vi=decision.reason_vi, en=decision.reason_en)
    automatic = say("case.automatic") if decision.is_automatic else ""
    cited = source_in(say, decision.article)
    article = say("case.article", article=cited) if cited else ""
    version = say("case.version", version=decision.version_after) if decision.version_after else ""
    by = say("case.by", name=decision.unit_name, moment=shown.moment(decision.at))
    told = [each for each in (reason, decision.words, automatic, article, version, by) if each]
    return named(
        "case-decision",
        panel(
            OUTCOME_TONES.get(decision.outcome, Tone.PLAIN),
            f"{say('case.decision')}: {say.code('case-outcome', decision.outcome)}",
            "\n".join(told),
        ),
    )


def _appeal_until(say: Say, case: CaseFile) -> list[ft.Control]:
    if "appeal" not in case.possible or case.appeal_until is None:
        return []
    return [words(say("case.appeal-until", day=shown.day(case.appeal_until)))]


def _employer(say: Say, case: CaseFile) -> list[ft.Control]:
    if not case.employer_answer:
        return []
    tone = Tone.GOOD if case.employer_answer == "agrees" else Tone.CARE
    said = say.code("case.employer", case.employer_answer)
    return [panel(tone, f"{say('case.employer')}: {said}", case.employer_words)]


def _asked(say: Say, case: CaseFile, names: Names | None) -> list[ft.Control]:
    asked = [_change(say, each, names) for each in case.changes] or [words(about(say, case.line))]
    place = [soft(case.line.employer_name)] if case.line.employer_name else []
    return [*place, *asked, *([words(case.words)] if case.words else [])]


def _change(say: Say, change: FieldChange, names: Names | None) -> ft.Control:
    def told(value: str) -> str:
        return value_in_words(say, change.field, value, names) if value else say("case.nothing")

    decided: list[ft.Control] = []
    if change.accepted is not None:
        tone = Tone.GOOD if change.accepted else Tone.BAD
        decided = [chip(tone, say("case.accepted" if change.accepted else "case.rejected"))]
    return ft.Column(
        [
            strong(say.code("correct-field", change.field)),
            soft(say("case.before", value=told(change.before))),
            words(say("case.after", value=told(change.after))),
            *([ft.Row(decided, wrap=True)] if decided else []),
        ],
        spacing=2,
        tight=True,
    )


def _step(say: Say, step: CaseStep) -> ft.Control:
    by = f", {step.by_name}" if step.by_name else ""
    due = [soft(say("case.due", day=shown.day(step.due_on)))] if step.due_on else []
    return ft.Column(
        [
            words(say.code("case-step", step.step)),
            soft(f"{shown.moment(step.at)}{by}"),
            *([words(step.words)] if step.words else []),
            *due,
        ],
        spacing=0,
        tight=True,
    )
