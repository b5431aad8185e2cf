"""Rounds of checks, and the four numbers of quality."""

from typing import Annotated

import typer
from rich.table import Table

from labour_book.cli.edge import OUT, me, now, opened
from labour_book.database import transaction
from labour_book.services import checking, quality

app = typer.Typer(help="Check what the registers say against each other.", no_args_is_help=True)


@app.command("run")
def run(
    everybody: Annotated[
        bool, typer.Option("--all", help="everybody, not only those of whom something changed")
    ] = False,
) -> None:
    """Run a round of checks, or end the one that was stopped; then measure the four numbers."""
    with opened() as installation:
        for step in checking.check(installation, by=me(), now=now(), everybody=everybody):
            done = "  xong / done" if step.is_done else ""
            OUT.print(
                f"{step.stage:<8} {step.people:>11,} người / people  "
                f"{step.findings:>10,} điểm cần xem / findings{done}",
                soft_wrap=True,
            )


def add_to(app: typer.Typer) -> None:
    """Add the command for the four numbers."""
    app.command("quality")(told)


def told(
    scope: Annotated[str, typer.Option(help="unit, commune, employer or register")] = "unit",
    code: Annotated[str, typer.Option(help="its code; of a unit the ministry's if empty")] = "",
) -> None:
    """Show đúng, đủ, sạch, sống of a unit, commune, employer or register, and of what is below."""
    with opened() as installation, transaction(installation.engine) as db:
        found = quality.told(db, installation, me(), scope, code, now=now())
    table = Table(title=f"{found.name} · {found.numbers.day:%d/%m/%Y}")
    for header in ("", "Đúng / right", "Đủ / complete", "Sạch / clean", "Sống / alive"):
        table.add_column(header, justify="left" if not header else "right")
    for name, numbers in [(found.name, found.numbers), *found.below]:
        four = quality.four(numbers)
        table.add_row(name, *(each.shown for each in four))
    OUT.print(table)
