"""The book: work and gaps as a timeline, insurance, diplomas."""

import flet as ft

from app import guard, shown
from app.answers import Book as BookRead
from app.answers import Employment, Gap, OwnBook, Qualification
from app.parts.basic import (
    Tapped,
    Tone,
    button,
    card,
    chip,
    choices,
    facts,
    headline,
    panel,
    soft,
    strong,
    words,
)
from app.parts.months import month_bar, months_in_words
from app.parts.screen import filled
from app.state import use_answer, use_session
from app.texts import Say
from app.views.home import Leading, leader
from app.views.insurance import insurance_view

PARTS = ("work", "insurance", "qualifications")
TONE_OF = {
    "SELF_DECLARED": Tone.PLAIN,
    "ATTESTED": Tone.PLAIN,
    "EMPLOYER_DECLARED": Tone.PLAIN,
    "CONTRACT_MATCHED": Tone.GOOD,
    "CONTRIBUTION_MATCHED": Tone.GOOD,
    "DECIDED": Tone.GOOD,
}


def timeline_view(say: Say, book: BookRead, lead: Leading) -> list[ft.Control]:
    """Show lines of work and gaps in one order, the newest first."""
    dated: list[tuple[int, Employment | Gap]] = [
        (shown.number_of(each.first_day or each.known_since or "0001-01"), each)
        for each in book.employments
    ]
    dated += [(shown.number_of(each.first), each) for each in book.gaps]
    dated.sort(key=lambda each: -each[0])
    if not dated:
        return [panel(Tone.PLAIN, say("book.empty"), say("book.empty.todo"))]
    return [
        _gap(say, each) if isinstance(each, Gap) else _employment(say, each, lead)
        for _, each in dated
    ]


def qualifications_view(say: Say, book: BookRead, lead: Leading | None = None) -> list[ft.Control]:
    """Show diplomas and certificates; in the own book each leads to itself."""
    if not book.qualifications:
        return [panel(Tone.PLAIN, say("qualifications.empty"), say("qualifications.empty.todo"))]
    return [
        _qualification(say, each, lead(f"/paper/{at}") if lead else None, f"paper-{at}")
        for at, each in enumerate(book.qualifications, 1)
    ]


def period(say: Say, each: Employment) -> str:
    """Return from when to when, as exactly as it is known."""
    first = each.first_day or each.known_since
    last = each.last_day or each.known_until
    start = shown.partial(first) if first else say("unknown")
    return f"{start} - {shown.partial(last) if last else say('now')}"


def _rail(color: ft.Colors, icon: ft.IconData) -> ft.Control:
    return ft.Column(
        [
            ft.Icon(icon, size=18, color=color),
            ft.Container(width=2, expand=True, bgcolor=ft.Colors.OUTLINE_VARIANT),
        ],
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        spacing=4,
        width=20,
    )


def _stop(color: ft.Colors, icon: ft.IconData, content: ft.Control) -> ft.Control:
    return ft.Row(
        [_rail(color, icon), ft.Container(content, expand=True, padding=ft.Padding.only(bottom=4))],
        spacing=10,
        intrinsic_height=True,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _employment(say: Say, each: Employment, lead: Leading) -> ft.Control:
    running = each.last_day is None and each.known_until is None
    shown_card = card(
        strong(each.employer),
        words(each.position),
        soft(period(say, each)),
        month_bar(say, each),
        soft(months_in_words(say, each)),
        ft.Row(
            [chip(TONE_OF.get(each.assurance, Tone.PLAIN), say.code("level", each.assurance))],
            wrap=True,
        ),
        on_tap=lead(f"/line/{each.no}"),
        name=f"line-{each.no}",
    )
    icon = ft.Icons.RADIO_BUTTON_CHECKED if running else ft.Icons.CIRCLE
    return _stop(ft.Colors.PRIMARY, icon, shown_card)


def level_shown(say: Say, level: str) -> str:
    """Return a level: a grade of the national framework, or whatever the register says."""
    return say("qualification.level", level=level) if level.isdigit() else level


def gap_span(say: Say, gap: Gap) -> str:
    """Return from when to when there was no line of work."""
    return f"{shown.partial(gap.first)} - {shown.partial(gap.last) if gap.last else say('now')}"


def _gap(say: Say, gap: Gap) -> ft.Control:
    text = gap_span(say, gap)
    if gap.last:
        months = shown.number_of(gap.last) - shown.number_of(gap.first) + 1
        text += f" ({shown.span(say, months)})"
    content = ft.Container(
        ft.Column(
            [words(say("gap"), ft.Colors.ON_SURFACE_VARIANT), soft(text)], spacing=2, tight=True
        ),
        padding=ft.Padding.symmetric(vertical=8, horizontal=16),
    )
    return _stop(ft.Colors.OUTLINE, ft.Icons.CIRCLE_OUTLINED, content)


def _qualification(say: Say, each: Qualification, on_tap: Tapped | None, name: str) -> ft.Control:
    return card(
        strong(each.field),
        soft(f"{say.code('qualification', each.kind)}, {level_shown(say, each.level)}"),
        facts(
            (
                (say("qualification.issuer"), each.issuer),
                (say("qualification.issued_on"), shown.partial(each.issued_on)),
                (say("qualification.number"), each.number),
            )
        ),
        ft.Row(
            [chip(TONE_OF.get(each.assurance, Tone.PLAIN), say.code("level", each.assurance))],
            wrap=True,
        ),
        on_tap=on_tap,
        name=name,
    )


def book_view(say: Say, own: OwnBook, part: str, lead: Leading) -> list[ft.Control]:
    """Show one part of the book below the words that choose it."""
    navigate = {each: lead(f"/book/{each}") for each in PARTS}
    shows = {
        "work": lambda: timeline_view(say, own.book, lead),
        "insurance": lambda: insurance_view(say, own.book, lead("/vssid")),
        "qualifications": lambda: qualifications_view(say, own.book, lead),
    }

    return [
        headline(say("tab.book")),
        _parts(say, part, navigate),
        *shows[part](),
        *_missing(say, part, lead),
    ]


def _missing(say: Say, part: str, lead: Leading) -> list[ft.Control]:
    """Return what reports a line that is not there."""
    what = {"work": "job", "qualifications": "study"}.get(part)
    if what is None:
        return []
    report = lead(f"/correct/missing-{what}/0")
    return [button(say(f"missing.{what}"), ft.Icons.ADD, report, "missing")]


def _parts(say: Say, part: str, navigate: dict[str, Tapped]) -> ft.Control:
    return choices([(each, say(f"part.{each}")) for each in PARTS], part, navigate, "part")


@guard.component
def Book() -> ft.Control:
    """Load the book, and show the part that the address names."""
    session = use_session()
    part = ft.use_route_params().get("part", PARTS[0])
    loaded, again = use_answer("book", session.client.own_book)
    lead = leader(ft.context.page.navigate)

    def view(own: OwnBook) -> list[ft.Control]:
        return book_view(session.say, own, part if part in PARTS else PARTS[0], lead)

    return filled(session.say, loaded, again, view)
