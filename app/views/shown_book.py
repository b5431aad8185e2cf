"""A part of a book as a recipient sees it: only what is shown, and nothing about the rest."""

import flet as ft

from app import shown
from app.answers import Book, Employment
from app.parts.basic import Tone, card, chip, facts, soft, strong, title
from app.texts import Say
from app.views.book import TONE_OF, gap_span, period, qualifications_view
from app.views.insurance import FUNDS


def shown_book(say: Say, book: Book) -> list[ft.Control]:
    """Show exactly what the claims hold."""
    parts: list[ft.Control] = [*_worker(say, book), *_insurance(say, book)]
    if book.employments:
        parts += [
            title(say("part.work")),
            *(_line(say, each) for each in reversed(book.employments)),
        ]
    if book.gaps:
        parts += [title(say("gaps")), *(soft(gap_span(say, each)) for each in book.gaps)]
    if book.qualifications:
        parts += [title(say("part.qualifications")), *qualifications_view(say, book)]
    return parts


def _worker(say: Say, book: Book) -> list[ft.Control]:
    worker = book.worker
    if worker is None:
        return []
    rows = (
        (say("worker.full_name"), worker.full_name),
        (say("worker.birth_date"), worker.birth_date and shown.partial(worker.birth_date)),
        (say("worker.sex"), worker.sex and say.code("sex", worker.sex)),
        (
            say("worker.nationality"),
            worker.nationality and say.code("nationality", worker.nationality),
        ),
        (say("worker.residence"), worker.residence),
        (say("worker.personal_id"), worker.personal_id),
        (
            say("worker.check"),
            worker.population_check and say.code("check", worker.population_check),
        ),
    )
    return [card(facts(rows))]


def _insurance(say: Say, book: Book) -> list[ft.Control]:
    totals = book.insurance
    if totals is None:
        return []
    rows: list[tuple[str, str | None]] = []
    for fund in FUNDS:
        months = getattr(totals, fund)
        rows.append((say(f"fund.{fund}"), None if months is None else say("months", count=months)))
    rows += [
        (say("insurance.first"), totals.first_month and shown.partial(totals.first_month)),
        (say("insurance.last"), totals.last_month and shown.partial(totals.last_month)),
        (say("insurance.reported"), totals.as_of_month and shown.partial(totals.as_of_month)),
    ]
    return [card(facts(rows))]


def _line(say: Say, line: Employment) -> ft.Control:
    paid = (
        []
        if line.months_paid is None
        else [soft(say("months.paid", span=shown.span(say, line.months_paid)))]
    )
    return card(
        strong(line.employer),
        soft(line.position),
        soft(period(say, line)),
        *paid,
        ft.Row(
            [chip(TONE_OF.get(line.assurance, Tone.PLAIN), say.code("level", line.assurance))],
            wrap=True,
        ),
    )
