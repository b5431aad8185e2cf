"""Proving the access trace."""

from pathlib import Path
from typing import Annotated

import typer

from labour_book.cli.edge import ERR, OUT, now, opened
from labour_book.database import reading
from labour_book.services import auditing, head_statements, keys

app = typer.Typer(help="Prove the access trace, or sign where it stands.", no_args_is_help=True)


@app.command("verify")
def verify(
    kept: Annotated[
        Path | None,
        typer.Option("--kept", help="statements of the head that somebody else has kept"),
    ] = None,
) -> None:
    """Prove the chain; name the first broken row."""
    with opened() as installation, reading(installation.engine) as db:
        trust = keys.trust_bundle(db, installation, now())
        report = head_statements.verify_stated(db, installation, trust, now(), kept=kept)
    OUT.print(
        f"{report.rows:,} dòng / rows; đã ký tới dòng / signed up to row {report.proven_to:,}"
    )
    if report.checkpoints_refused:
        ERR.print(
            f"[red]{report.checkpoints_refused} mốc không xác thực được / bad checkpoints[/red]"
        )
    if report.first_broken_seq is not None:
        ERR.print(f"[red]Chuỗi gãy từ dòng / broken from row {report.first_broken_seq:,}[/red]")
    if report.checkpoints_refused or report.first_broken_seq is not None:
        raise typer.Exit(1)
    OUT.print("[green]Nguyên vẹn / Intact[/green]")


@app.command("checkpoint")
def checkpoint() -> None:
    """Sign where the trace stands now; copy the file of checkpoints elsewhere."""
    with opened() as installation, reading(installation.engine) as db:
        trust = keys.trust_bundle(db, installation, now())
        made = auditing.checkpoint(db, installation, trust, now())
    OUT.print("Không có dòng mới / Nothing new." if made is None else f"{made.size:,} dòng / rows")


@app.command("head")
def head(
    *,
    every: Annotated[bool, typer.Option("--all", help="every day's statement")] = False,
) -> None:
    """State in public where the trace stands today, and print the signed statement."""
    with opened() as installation, reading(installation.engine) as db:
        trust = keys.trust_bundle(db, installation, now())
        head_statements.state_head(db, installation, trust, now())
        said = head_statements.all_statements if every else head_statements.latest_statement
        typer.echo(said(installation), nl=False)
