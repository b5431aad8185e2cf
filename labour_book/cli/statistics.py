"""Counting the statistics of months, and telling them."""

from typing import Annotated

import typer
from rich.table import Table

from labour_book.cli.edge import OUT, me, now, opened
from labour_book.database import transaction
from labour_book.domain.disclosure import TOTAL
from labour_book.domain.statistics import SEXES
from labour_book.services import counting, statistics

app = typer.Typer(help="Count and tell statistics by month.", no_args_is_help=True)
Unit = Annotated[str, typer.Option(help="code of a unit; the ministry's if empty")]
MonthText = Annotated[str, typer.Option(help="YYYY-MM; the newest if empty")]


@app.command("count")
def count() -> None:
    """Count the months that are due: those that late filings may still change, and new ones."""
    with opened() as installation:
        for each in counting.count(installation, by=me(), now=now()):
            said = "mới / new" if each.is_changed else "không đổi / unchanged"
            OUT.print(
                f"{each.month}  {each.cells:>9,} ô / cells  {each.moves:>7,} luồng / flows  "
                f"{each.content_hash.hex()[:16]}  {said}",
                soft_wrap=True,
            )


@app.command("structure")
def structure(
    unit: Unit = "",
    month: MonthText = "",
    basis: Annotated[str, typer.Option(help="residents or workers")] = "residents",
) -> None:
    """Show who lives, or works, in a place; a dash where that would tell of too few."""
    with opened() as installation, transaction(installation.engine) as db:
        found = statistics.structure(
            db, installation, me(), unit=unit, month=month, basis=basis, now=now()
        )
    title = f"{found.place.name} · {found.month.month} · {found.month.content_hash.hex()[:16]}"
    shown = Table(title=title)
    for header in ("", "", *SEXES[:2], "?", "Tổng / all"):
        shown.add_column(header, justify="right" if header else "left")
    for each in found.tables:
        for code in (*each.codes, TOTAL):
            told = [_told(each.people(code, sex)) for sex in (*SEXES, TOTAL)]
            shown.add_row(str(each.dimension), code, *told)
    OUT.print(shown)


@app.command("moves")
def moves(
    unit: Unit = "",
    month: MonthText = "",
    kind: Annotated[
        str, typer.Option(help="zone, firm, province, occupation or industry")
    ] = "zone",
    span: Annotated[int, typer.Option(help="months added up: 1, 3 or 12")] = 12,
) -> None:
    """Show who moved, from where (rows) to where (columns)."""
    with opened() as installation, transaction(installation.engine) as db:
        found = statistics.moved(
            db, installation, me(), unit=unit, month=month, kind=kind, span=span, now=now()
        )
    shown = Table(title=f"{found.place.name} · {found.month.month} · {found.kind}")
    shown.add_column("")
    codes = (*found.matrix.codes, TOTAL)
    for code in codes:
        shown.add_column(code, justify="right")
    for origin in codes:
        told = [_told(found.matrix.people(origin, each)) for each in codes]
        shown.add_row(origin, *told)
    OUT.print(shown)


def _told(people: int | None) -> str:
    return "–" if people is None else f"{people:,}".replace(",", ".")
