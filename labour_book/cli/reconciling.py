"""Reconciling in bulk, and what came of it."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from labour_book.cli.edge import OUT, me, now, opened, progress_bar, rate
from labour_book.services.installation import Installation
from labour_book.services.link_runs import OnProgress, RunOnFile, runs

app = typer.Typer(
    help="Reconcile in bulk: whom rows mean, who is on file twice, who matches an extract.",
    no_args_is_help=True,
)

Extract = Annotated[
    Path, typer.Argument(help="an extract of the population register", exists=True, dir_okay=False)
]
AsOf = Annotated[datetime, typer.Option(help="when the extract was made", formats=["%Y-%m-%d"])]


@app.command("held")
def held() -> None:
    """Propose whom each row that waits in the review rooms means."""
    from labour_book.services.reconciling import propose_for_held  # noqa: PLC0415 - loads Splink

    _made("held", lambda inst, show: propose_for_held(inst, me(), now=now(), on_progress=show))


@app.command("twice")
def twice() -> None:
    """Propose who may be on file twice."""
    from labour_book.services.reconciling import propose_twice  # noqa: PLC0415 - loads Splink

    _made("twice", lambda inst, show: propose_twice(inst, me(), now=now(), on_progress=show))


@app.command("people")
def people(file: Extract, as_of: AsOf) -> None:
    """Note of everybody on file how they compare with an extract of the population register."""
    from labour_book.services.reconciling_file import (  # noqa: PLC0415 - loads Splink
        check_against_file,
    )

    _made(
        "people",
        lambda inst, show: check_against_file(
            inst, me(), file, data_as_of=as_of.astimezone(), now=now(), on_progress=show
        ),
    )


@app.command("show")
def show() -> None:
    """Show the passes that were made, the newest first."""
    with opened() as installation:
        for run in runs(installation):
            _show(run)


def _made(name: str, deed: Callable[[Installation, OnProgress], RunOnFile]) -> None:
    """Make a pass, or go on with one that was cut off, with a progress bar."""
    with opened() as installation, progress_bar() as bar:
        task = bar.add_task(name, total=None, rate="")

        def show(done: int, total: int) -> None:
            speed = rate(bar.tasks[task].speed)
            bar.update(task, completed=done, total=total, rate=speed)

        run = deed(installation, show)
    _show(run)


def _show(run: RunOnFile) -> None:
    counts = "  ".join(f"{name} {count:,}" for name, count in json.loads(run.counts).items())
    OUT.print(
        f"{run.kind}  {run.state}  {run.position:,}/{run.rows:,}  {counts}",
        markup=False,
        soft_wrap=True,
    )
