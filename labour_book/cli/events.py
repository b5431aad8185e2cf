"""Notifications of registers: put a file of them into the inbox, and let what waits take effect."""

from pathlib import Path
from typing import Annotated

import typer

from labour_book.cli.edge import ERR, OUT, me, now, opened, progress_bar, rate
from labour_book.domain.findings import Finding
from labour_book.services.applying_events import BATCH, Cycle, run_cycle
from labour_book.services.own_events import number_events
from labour_book.services.polling_registers import poll
from labour_book.services.receipts import told
from labour_book.services.receiving_events import import_events

app = typer.Typer(
    help="Notifications of registers: take them in, and let them take effect.",
    no_args_is_help=True,
)
_SHOWN = 50


@app.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(help="one notification on each line", exists=True, dir_okay=False)
    ],
) -> None:
    """Put the notifications of a file into the inbox; the same file again changes nothing."""
    with opened() as installation:
        done = import_events(installation, file, by=me(), now=now())
    OUT.print(
        f"{done.taken:,} mới / new, {done.known:,} đã có / known, "
        f"{done.refused_count:,} bị từ chối / refused"
    )
    for line, cause in done.refused[:_SHOWN]:
        why = told(Finding(cause))
        ERR.print(f"dòng / line {line}: {why.message_vi} / {why.message_en}", markup=False)
    if done.refused_count > _SHOWN:
        ERR.print(f"… {done.refused_count - _SHOWN:,}")


@app.command("poll")
def poll_() -> None:
    """Ask each connected register for its changes since the last time."""
    with opened() as installation:
        for found in poll(installation, clock=now):
            failure = "" if found.failure is None else f"  {found.failure}"
            OUT.print(f"{found.register}: {found.taken:,} mới / new{failure}", markup=False)


@app.command("run")
def run(
    batch: Annotated[int, typer.Option(min=1, help="notifications in one transaction")] = BATCH,
) -> None:
    """Let everything that waits take effect. Killed, it goes on where it stopped."""
    with opened() as installation, progress_bar() as bar:
        task = bar.add_task("events", total=None, rate="")

        def show(cycle: Cycle) -> None:
            bar.update(task, completed=cycle.done, rate=rate(bar.tasks[task].speed))

        done = run_cycle(installation, by=me(), clock=now, on_progress=show, batch=batch)
        number_events(installation)
    for register, outcomes in done.rows.items():
        counted = "  ".join(f"{name} {count:,}" for name, count in sorted(outcomes.items()))
        OUT.print(f"{register}: {counted}", markup=False)
    OUT.print(
        f"{done.effects.issued:,} phiên bản sổ mới / new versions, "
        f"{done.effects.alerts:,} dòng cần xem / lines to look at, "
        f"{done.reached:,} người làm ở doanh nghiệp có thay đổi / workers of changed firms",
        soft_wrap=True,
    )
