"""A dossier for the service portal: filled in from the book, completed, handed over."""

from collections.abc import Callable, Mapping

import flet as ft

from app import guard, guide
from app.answers import Book, Employment, OwnBook
from app.asking import registers as asking
from app.hooks import use_kept
from app.parts.basic import Tapped, Tone, choices, headline, main_button, named, panel, title, words
from app.parts.screen import column, filled, sheet, stacked, trouble
from app.state import use_answer, use_deed, use_session
from app.texts import Say
from app.views.dossiers import FIELDS

KIND = "kind"
"""The one field that is chosen and not typed."""
LONGEST = 200
Typing = Callable[[str], Callable[[ft.Event[ft.TextField]], object]]


def filled_in(procedure: str, book: Book) -> dict[str, str]:
    """Return what the book knows for a procedure, as a person would type it."""
    if procedure == "qualification.recognise":
        return {KIND: guide.CHOSEN[KIND][0]}
    ended = [each for each in book.employments if _ended(each)]
    if not ended:
        return {}
    last = max(ended, key=_ended)
    return {"employer": last.employer, "last_day": guide.typed_of("last_day", _ended(last))}


def _ended(each: Employment) -> str:
    return each.last_day or each.known_until or ""


def said_of(procedure: str, typed: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed as the interface takes it."""
    return {name: guide.wire(name, typed.get(name, "")) for name in FIELDS[procedure]}


def new_dossier_view(
    say: Say, procedure: str, fields: list[ft.Control], hand_over: Tapped, *, busy: bool
) -> list[ft.Control]:
    """Show what it is for, what is asked, and what hands it over."""
    return [
        headline(say.code("procedure", procedure)),
        words(say.code("procedure.why", procedure)),
        *fields,
        main_button(
            say("dossier.begin"),
            ft.Icons.OPEN_IN_NEW,
            hand_over,
            "dossier-begin",
            disabled=busy,
        ),
        words(say("dossier.kept")),
    ]


def typed_field(
    say: Say, name: str, typed: Mapping[str, str], typing: Typing, *, is_empty: bool
) -> ft.Control:
    """Return a field that is typed into."""
    control = ft.TextField(
        value=typed.get(name, ""),
        label=say(f"dossier.field.{name}"),
        error=say("dossier.empty") if is_empty else None,
        max_length=LONGEST,
        counter="",
        on_change=typing(name),
        border=ft.OutlineInputBorder(border_radius=12),
    )
    return named(f"dossier-{name}", control)


@guard.screen
def NewDossierSheet() -> ft.Control:
    """Load the book, and have the dossier completed that the address names."""
    session = use_session()
    say = session.say
    procedure = ft.use_route_params().get("procedure", "")
    loaded, again = use_answer("book", session.client.own_book)

    def view(own: OwnBook) -> list[ft.Control]:
        return [guard.keyed(NewDossier, procedure, procedure, filled_in(procedure, own.book))]

    if procedure not in FIELDS:
        return sheet(say("dossiers"), column(panel(Tone.PLAIN, say("lost"))))
    return sheet(say("dossiers"), filled(say, loaded, again, view))


@guard.component
def NewDossier(procedure: str, known: Mapping[str, str]) -> ft.Control:
    """Take what the book does not know, hand the dossier over, and lead to the list."""
    session = use_session()
    say, page = session.say, ft.context.page
    typed = use_kept().texts
    if not typed:
        typed.update(known)
    empty, set_empty = ft.use_state(frozenset[str]())
    kind, set_kind = ft.use_state(typed.get(KIND, ""))
    problem, busy, do = use_deed()

    async def begin() -> None:
        await asking.begin(session.client, procedure, said_of(procedure, typed))
        session.changed()
        page.navigate("/dossiers")

    async def hand_over() -> None:
        missing = frozenset(name for name, said in said_of(procedure, typed).items() if not said)
        set_empty(missing)
        if not missing:
            await do(begin)

    def typing(name: str) -> Callable[[ft.Event[ft.TextField]], object]:
        async def on_change(event: ft.Event[ft.TextField]) -> None:
            typed[name] = event.control.value

        return on_change

    def choose(value: str) -> Tapped:
        async def on_select() -> None:
            typed[KIND] = value
            set_kind(value)

        return on_select

    fields = [
        _kinds(say, kind, choose)
        if name == KIND
        else typed_field(say, name, typed, typing, is_empty=name in empty)
        for name in FIELDS[procedure]
    ]
    return stacked(
        *([trouble(say, problem)] if problem else []),
        *new_dossier_view(say, procedure, fields, hand_over, busy=busy),
    )


def _kinds(say: Say, kind: str, choose: Callable[[str], Tapped]) -> ft.Control:
    offered = [(each, say.code("qualification", each)) for each in guide.CHOSEN[KIND]]
    deeds = {each: choose(each) for each, _ in offered}
    return stacked(title(say("dossier.field.kind")), choices(offered, kind, deeds, KIND), spacing=6)
