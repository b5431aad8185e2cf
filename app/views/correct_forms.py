"""How asking for a correction looks: what is wrong, then only what is needed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import flet as ft

from app import guide
from app.guide import CHOSEN, LONGEST_WORDS, WRONGS, Draft, Wrong
from app.parts.basic import (
    Tapped,
    button,
    card,
    choices,
    headline,
    main_button,
    named,
    soft,
    strong,
    title,
    words,
)
from app.parts.screen import stacked
from app.texts import Say

Names = Mapping[tuple[str, str], str]
"""What the codes of fields are called, by field and code."""
Typing = Callable[[ft.Event[ft.TextField]], object]
PORTAL = "https://dichvucong.gov.vn"
"""Where the population register's procedure is begun."""
WORDS = "words"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form: what was typed, what is wrong with it, what the book says."""

    name: str
    typed: str = ""
    wrong: str | None = None
    current: str | None = None
    """None: there is no line yet, or it says nothing of the kind."""


def identity_view(say: Say) -> list[ft.Control]:
    """Show why personal details are not corrected here, and where they are."""
    return [
        headline(say("correct.identity")),
        words(say("correct.identity.why")),
        card(title(say("correct.identity.where")), words(say("correct.identity.how"))),
        button(
            say("correct.identity.portal"),
            ft.Icons.OPEN_IN_NEW,
            None,
            "portal",
            action=ft.OpenUrl(PORTAL),
        ),
    ]


def what_view(
    say: Say, subject: str, wrongs: tuple[Wrong, ...], pick: Mapping[str, Tapped]
) -> list[ft.Control]:
    """Show what can be wrong, each as a plain sentence."""
    return [
        headline(say("correct.what")),
        words(say("correct.what.why")),
        *(
            card(
                strong(say(f"wrong.{subject}.{each.code}")),
                on_tap=pick[each.code],
                name=f"wrong-{each.code}",
            )
            for each in wrongs
        ),
    ]


def fields_view(
    say: Say,
    draft: Draft,
    controls: Mapping[str, ft.Control],
    deeds: Mapping[str, Tapped],
    *,
    busy: bool,
) -> list[ft.Control]:
    """Show only the fields that are needed, then room for words."""
    wrong = draft.wrong
    assert wrong is not None
    back = button(say("correct.back"), ft.Icons.ARROW_BACK, deeds["back"], "correct-back")
    return [
        headline(say(f"wrong.{draft.subject}.{wrong.code}")),
        *(controls[name] for name in wrong.fields),
        controls[WORDS],
        main_button(
            say("correct.onward"),
            ft.Icons.ARROW_FORWARD,
            deeds["onward"],
            "correct-onward",
            disabled=busy,
        ),
        *([back] if len(WRONGS[draft.subject]) > 1 else []),
    ]


def typed_field(say: Say, field: Field, typing: Typing, *, label: str = "") -> ft.Control:
    """Return a field that is typed into, with what the book says now."""
    is_words = field.name == WORDS
    control = ft.TextField(
        value=field.typed,
        label=label or say(f"correct-field.{field.name}"),
        error=say(field.wrong) if field.wrong else None,
        hint_text=say(f"correct-hint.{field.name}"),
        on_change=typing,
        multiline=is_words,
        min_lines=3 if is_words else 1,
        max_length=LONGEST_WORDS if is_words else guide.LONGEST_VALUE,
        counter="",
        border=ft.OutlineInputBorder(border_radius=12),
    )
    return _with_current(say, field, named(f"field-{field.name}", control))


def chosen_field(say: Say, field: Field, choose: Mapping[str, Tapped]) -> ft.Control:
    """Return a field of which one of a few values is chosen."""
    offered = [(each, value_in_words(say, field.name, each)) for each in CHOSEN[field.name]]
    chips = choices(offered, field.typed, choose, field.name)
    wrong = [ft.Text(say(field.wrong), color=ft.Colors.ERROR)] if field.wrong else []
    return _with_current(say, field, title(say(f"correct-field.{field.name}")), chips, *wrong)


def _with_current(say: Say, field: Field, *controls: ft.Control) -> ft.Control:
    said = [] if field.current is None else [soft(_says(say, field.name, field.current))]
    return stacked(*controls, *said, spacing=6)


def value_in_words(say: Say, name: str, value: str, names: Names | None = None) -> str:
    """Return a value of a field as people read it; without names a code is still looked up."""
    match name:
        case "workplace" | "occupation_code":
            known = say("loading") if names is None else say("correct.code", code=value)
            return (names or {}).get((name, value), known)
        case "contract_kind":
            return say.code("contract", value)
        case "status":
            return say.code("month-status", value)
        case "kind":
            return say.code("qualification", value)
        case "sex":
            return say.code("sex", value)
        case _:
            return guide.typed_of(name, value)


def _says(say: Say, name: str, value: str) -> str:
    if not value:
        return say("correct.is.nothing")
    return say("correct.is", value=value_in_words(say, name, value))
