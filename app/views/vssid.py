"""What VssID shows beside what the book says: months that differ, and where they are reported."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

import flet as ft

from app import guard, shown
from app.answers import Book, Employment, MonthBeside, Vssid
from app.asking import registers as asking
from app.client import Client
from app.parts.basic import (
    Tone,
    button,
    card,
    chip,
    facts,
    headline,
    named,
    panel,
    soft,
    strong,
    title,
    words,
)
from app.parts.screen import filled, sheet
from app.state import use_answer, use_session
from app.texts import Say
from app.views.home import Leading, leader

VSSID = "vssid"
"""Under which name the last answer is kept."""
NOT_THERE = "none"
NOT_KNOWN = "NOT_FOUND"
"""The cause when there is nobody with this number in VssID: most often nothing was ever paid."""
LEFT_OPEN = "-"
"""In an address: how these months are to be is not filled in."""


@dataclass(frozen=True, slots=True)
class Run:
    """Months in a row at one employer in which the two differ in the same way."""

    first: str
    last: str
    beside: MonthBeside

    @property
    def name(self) -> str:
        """By which helpers and tests find it."""
        return f"{self.beside.employer_code}-{self.first}"

    @property
    def spread(self) -> str:
        return f"{self.first}/{self.last}"


def runs_of(months: Iterable[MonthBeside]) -> tuple[Run, ...]:
    """Return the months that differ, in runs, the newest first."""
    differing = [each for each in months if not each.same]
    differing.sort(key=lambda each: (each.employer_code, each.employer, each.month))
    found: list[Run] = []
    for each in differing:
        last = found[-1] if found else None
        if last is not None and _goes_on(last, each):
            found[-1] = Run(last.first, each.month, each)
        else:
            found.append(Run(each.month, each.month, each))
    return tuple(sorted(found, key=lambda run: run.last, reverse=True))


def _goes_on(run: Run, each: MonthBeside) -> bool:
    before = run.beside
    alike = (before.employer_code, before.employer, before.book, before.vssid)
    follows = shown.number_of(run.last) + 1 == shown.number_of(each.month)
    return follows and alike == (each.employer_code, each.employer, each.book, each.vssid)


def line_about(book: Book, run: Run) -> Employment | None:
    """Return the line of work that the months belong to; None if the book has none there."""
    at = run.beside
    here = [
        each
        for each in book.employments
        if at.employer_code == each.enterprise_code
        or at.employer.casefold() == each.employer.casefold()
    ]
    begun = [each for each in here if _month_begun(each) <= run.first]
    return max(begun or here, key=_month_begun, default=None)


def _month_begun(each: Employment) -> str:
    return (each.first_day or each.known_since or "")[: len("2026-08")]


def report_at(book: Book, run: Run) -> str:
    """Return the screen on which these months are reported, filled in as VssID shows them.

    What VssID lacks is not claimed to be wrong in the book: that is left to the worker to say.
    """
    line = line_about(book, run)
    if line is None:
        return "/correct/missing-job/0"
    status = LEFT_OPEN if run.beside.vssid == NOT_THERE else run.beside.vssid
    return f"/correct/insurance/{line.no}/{run.first}/{run.last}/{status}"


def vssid_view(say: Say, told: Vssid, book: Book, lead: Leading) -> list[ft.Control]:
    """Show how old the answer is, then the months that differ; or why there is no answer."""
    if told.cause == NOT_KNOWN:
        said = panel(Tone.PLAIN, say("vssid.not-known"), say("vssid.not-known.means"))
        return [headline(say("vssid")), named("vssid-not-known", said)]
    if told.cause is not None or told.through is None:
        return [headline(say("vssid")), _unavailable(say, told.cause or "")]
    runs = runs_of(told.months)
    return [
        headline(say("vssid")),
        words(say("vssid.why")),
        named("vssid-age", card(facts(_age(say, told, told.through)))),
        *([] if told.is_whole else [_in_part(say, told)]),
        *([title(say("vssid.differ", count=told.differences))] if runs else []),
        *(_run(say, run, book, lead) for run in runs),
        *([_alike(say, told.through)] if not runs and told.months else []),
    ]


def _age(say: Say, told: Vssid, through: str) -> list[tuple[str, str | None]]:
    as_of = shown.moment(told.data_as_of) if told.data_as_of else say("unknown")
    return [
        (say("vssid.as_of"), as_of),
        (say("vssid.through"), shown.partial(through)),
    ]


def _unavailable(say: Say, cause: str) -> ft.Control:
    known = say.code("vssid.cause", cause)
    why = say("vssid.cause.other") if known == cause else known
    text = f"{why} {say('vssid.unavailable.means')}"
    return named("vssid-unavailable", panel(Tone.CARE, say("vssid.unavailable"), text))


def _in_part(say: Say, told: Vssid) -> ft.Control:
    which = "part" if told.months else "nothing"
    said = panel(Tone.CARE, say(f"vssid.{which}"), say(f"vssid.{which}.means"))
    return named(f"vssid-{which}", said)


def _alike(say: Say, through: str) -> ft.Control:
    said = say("vssid.alike.means", month=shown.partial(through))
    return named("vssid-alike", panel(Tone.GOOD, say("vssid.alike"), said))


def _run(say: Say, run: Run, book: Book, lead: Leading) -> ft.Control:
    at = run.beside
    return card(
        strong(shown.range_shown(run.spread)),
        words(at.employer),
        ft.Row([chip(Tone.CARE, say("vssid.mismatch"))], wrap=True),
        facts(
            [
                (say("vssid.book"), say(f"vssid.month.{at.book}")),
                (say("vssid.vssid"), say(f"vssid.month.{at.vssid}")),
            ]
        ),
        *([] if line_about(book, run) else [soft(say("vssid.no-line"))]),
        button(
            say("vssid.report"),
            ft.Icons.EDIT_OUTLINED,
            lead(report_at(book, run)),
            f"report-{run.name}",
        ),
        name=f"differs-{run.name}",
    )


async def beside(client: Client) -> tuple[Book, Vssid]:
    """Return the own book, and what VssID shows.

    Raises:
        Problem: as ``Client.sent``.
    """
    own, told = await asyncio.gather(client.own_book(), asking.vssid(client))
    return own.book, told


@guard.screen
def VssidSheet() -> ft.Control:
    """Ask what VssID shows, and lay it beside the book."""
    session = use_session()
    say = session.say
    loaded, again = use_answer(VSSID, partial(beside, session.client))
    lead = leader(ft.context.page.navigate)
    ask_again = button(say("vssid.again"), ft.Icons.REFRESH, again, "vssid-again")

    def view(told: tuple[Book, Vssid]) -> list[ft.Control]:
        book, vssid = told
        return [*vssid_view(say, vssid, book, lead), ask_again]

    return sheet(say("vssid.compare"), filled(say, loaded, again, view))
