"""Background work: what there is of it, start, stop and go on, and a process that does it."""

from importlib import import_module
from typing import Annotated
from uuid import UUID

import typer
from rich.table import Column, Table

from labour_book.cli.edge import OUT, me, now, opened
from labour_book.services import jobs
from labour_book.services.permission import deed

app = typer.Typer(help="Background work: start, stop, go on, list.", no_args_is_help=True)
Run = Annotated[UUID, typer.Argument(help="the work's id")]


def add_to(whole: typer.Typer) -> None:
    """Add the commands of this file."""
    whole.add_typer(app, name="jobs")
    whole.command("worker")(worker)


def worker() -> None:
    """Do the background work in this process, until it is told to stop (SIGTERM, Ctrl-C)."""
    # by its name, as the server finds the application: the command line knows nothing of the API
    import_module("api.worker").main()


@app.command("list")
def list_() -> None:
    """Show what was asked for, the latest first, and how far each is."""
    with opened() as installation, deed(installation.engine) as db:
        listed = jobs.overview(db, me(), now=now())
    table = Table(Column("id", min_width=36), "kind", "state", "done", "of", "asked", "why")
    for run in listed:
        of = "" if run.total is None else f"{run.total:,}"
        asked = f"{run.asked_at:%Y-%m-%d %H:%M} {run.asked_by}"
        table.add_row(
            str(run.run_id), run.kind, run.state, f"{run.done:,}", of, asked, run.cause or ""
        )
    OUT.print(table)


@app.command()
def start(
    kind: Annotated[str, typer.Argument(help=", ".join(jobs.KINDS))],
) -> None:
    """Ask for a piece of work; running workers share it."""
    with opened() as installation, deed(installation.engine) as db:
        run_id = jobs.start(db, me(), kind, now=now())
    OUT.print(str(run_id))


@app.command()
def cancel(run_id: Run) -> None:
    """Stop a piece of work; what it has done stays done."""
    with opened() as installation, deed(installation.engine) as db:
        jobs.cancel(db, me(), run_id, now=now())
    OUT.print("Đã dừng / Stopped.")


@app.command()
def retry(run_id: Run) -> None:
    """Let a piece of work that failed or was stopped go on from where it is."""
    with opened() as installation, deed(installation.engine) as db:
        jobs.retry(db, me(), run_id, now=now())
    OUT.print("Sẽ chạy tiếp / It goes on.")
