"""Insurance: months by fund, each year as a picture and in words, and what is owed."""

from collections.abc import Iterator

import flet as ft
import flet_charts as fc

from app import shown
from app.answers import Book, Employment
from app.parts.basic import Tapped, Tone, button, card, panel, soft, strong, title, words
from app.texts import Say

FUNDS = ("SI", "UI", "HI", "VOL")
YEARS_DRAWN = 10
_SHARES = ("paid", "arrears", "unknown")


def insurance_view(say: Say, book: Book, compare: Tapped | None = None) -> list[ft.Control]:
    """Show totals, then what is owed and what to do, then year by year.

    ``compare`` leads to what VssID shows; only of the own book.
    """
    totals = book.insurance
    if totals is None:
        return [panel(Tone.PLAIN, say("insurance.empty"))]
    funds = ft.ResponsiveRow(
        [_fund(say, fund, getattr(totals, fund) or 0) for fund in FUNDS], spacing=8, run_spacing=8
    )
    shown_parts: list[ft.Control] = [card(title(say("insurance.totals")), funds, _as_of(say, book))]
    if totals.arrears_months:
        owed = say("insurance.arrears", count=totals.arrears_months)
        shown_parts.append(panel(Tone.BAD, owed, say("insurance.arrears.todo")))
    if compare is not None:
        asks = button(say("vssid.compare"), ft.Icons.COMPARE_ARROWS, compare, "go-vssid")
        shown_parts.append(asks)
    years = paid_by_year(book)
    if years:
        shown_parts += [
            card(
                title(say("insurance.years")),
                soft(say("insurance.years.about")),
                _chart(say, years),
            ),
            title(say("insurance.list")),
            ft.Column([_year(say, book, year) for year in sorted(years, reverse=True)], spacing=8),
        ]
    return shown_parts


def paid_by_year(book: Book) -> dict[int, int]:
    """Return the months paid in each year from the first line to the last, each month once."""
    paid = {month for each in book.employments for month in shown.months_in(each.paid)}
    known = paid | {
        month
        for each in book.employments
        for month in shown.months_in((*each.arrears, *each.unknown))
    }
    if not known:
        return {}
    years = range(min(known) // shown.YEAR, max(known) // shown.YEAR + 1)
    return {year: sum(month // shown.YEAR == year for month in paid) for year in years}


def lines_of_year(book: Book, year: int) -> Iterator[tuple[Employment, str, str]]:
    """Yield employer, kind and months of that year, in words such as ``02, 03, 04``."""
    for each in book.employments:
        for name in _SHARES:
            months = sorted(
                month
                for month in shown.months_in(getattr(each, name))
                if month // shown.YEAR == year
            )
            if months:
                yield each, name, _run(months)


def _run(months: list[int]) -> str:
    """Return months of one year as ranges: ``01-03, 07``."""
    runs: list[list[int]] = []
    for month in months:
        if runs and month == runs[-1][-1] + 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    numbers = [(run[0] % shown.YEAR + 1, run[-1] % shown.YEAR + 1) for run in runs]
    return ", ".join(f"{a:02}" if a == b else f"{a:02}-{b:02}" for a, b in numbers)


def _fund(say: Say, fund: str, months: int) -> ft.Control:
    years = [soft(shown.span(say, months))] if months >= shown.YEAR else []
    return ft.Column(
        [soft(say(f"fund.{fund}")), strong(say("months", count=months)), *years],
        spacing=0,
        tight=True,
        col={"xs": 6, "md": 3},
    )


def _as_of(say: Say, book: Book) -> ft.Control:
    month = book.insurance.as_of_month if book.insurance else None
    return soft(say("insurance.as_of", month=shown.partial(month) if month else say("unknown")))


def _chart(say: Say, years: dict[int, int]) -> ft.Control:
    drawn = sorted(years)[-YEARS_DRAWN:]
    label = "; ".join(say("year.paid", year=year, count=years[year]) for year in drawn)
    chart = fc.BarChart(
        groups=[
            fc.BarChartGroup(
                x=year,
                rods=[
                    fc.BarChartRod(
                        to_y=years[year],
                        width=16,
                        color=ft.Colors.PRIMARY,
                        bg_to_y=shown.YEAR,
                        bgcolor=ft.Colors.SURFACE_CONTAINER_HIGH,
                        border_radius=4,
                    )
                ],
            )
            for year in drawn
        ],
        bottom_axis=fc.ChartAxis(
            labels=[
                fc.ChartAxisLabel(value=year, label=ft.Text(f"{year % 100:02}", size=12))
                for year in drawn
            ],
            label_size=24,
        ),
        left_axis=fc.ChartAxis(
            labels=[fc.ChartAxisLabel(value=y, label=ft.Text(str(y), size=12)) for y in (0, 6, 12)],
            label_size=28,
        ),
        horizontal_grid_lines=fc.ChartGridLines(interval=6, color=ft.Colors.OUTLINE_VARIANT),
        max_y=shown.YEAR,
        min_y=0,
        interactive=False,
        height=180,
        animation=0,
    )
    return ft.Semantics(content=chart, label=label, image=True, container=True)


def _year(say: Say, book: Book, year: int) -> ft.Control:
    lines = list(lines_of_year(book, year))
    owed = any(name == "arrears" for _, name, _ in lines)
    content: list[ft.Control] = [
        ft.Column(
            [words(each.employer), soft(say(f"year.{name}.months", months=months))],
            spacing=0,
            tight=True,
        )
        for each, name, months in lines
    ] or [soft(say("year.nothing"))]
    return ft.ExpansionTile(
        title=words(str(year)),
        subtitle=soft(
            say("year.count", count=paid_by_year(book)[year])
            + (f", {say('year.owed')}" if owed else "")
        ),
        leading=ft.Icon(ft.Icons.ERROR, color=ft.Colors.ERROR)
        if owed
        else ft.Icon(ft.Icons.CALENDAR_MONTH, color=ft.Colors.PRIMARY),
        controls=[ft.Container(ft.Column(content, spacing=8), padding=16)],
        expanded_cross_axis_alignment=ft.CrossAxisAlignment.START,
    )
