"""Importing register files, and what became of their rows."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table

from labour_book.cli.edge import ERR, OUT, me, now, opened, progress_bar, rate
from labour_book.database import reading
from labour_book.documents import refused_rows_csv, refused_rows_xlsx
from labour_book.domain.findings import message
from labour_book.errors import Invalid
from labour_book.registers import KINDS
from labour_book.services import collection
from labour_book.services.collection import Progress, RunSummary
from labour_book.services.installation import Installation

app = typer.Typer(
    help="Import a register's file; see what became of its rows.", no_args_is_help=True
)

MendableFile = Annotated[Path, typer.Argument(help="the file to write: .xlsx or .csv")]
RegisterFile = Annotated[Path, typer.Argument(help="the file", exists=True, dir_okay=False)]
Mapping = Annotated[Path | None, typer.Option(help="a mapping of unusual columns (YAML)")]


def import_file(
    installation: Installation, kind: str, path: Path, mapping: Path | None = None
) -> RunSummary:
    """Import one file with a progress bar: rows, rate and time left."""
    with progress_bar() as bar:
        task = bar.add_task(f"{kind} {path.name}", total=None, rate="")

        def show(progress: Progress) -> None:
            bar.update(
                task,
                completed=progress.rows_done,
                total=progress.rows_total,
                rate=rate(bar.tasks[task].speed),
            )

        return collection.import_file(
            installation.engine,
            installation.vault,
            kind,
            path,
            by=me().name,
            now=now(),
            mapping=mapping,
            on_progress=show,
        )


def _importer(kind: str) -> Callable[[Path, Path | None], None]:
    def command(file: RegisterFile, mapping: Mapping = None) -> None:
        with opened() as installation:
            show_run(import_file(installation, kind, file, mapping))

    command.__doc__ = f"Import a file of the kind {kind}."
    return command


for _kind in KINDS:
    app.command(_kind)(_importer(_kind))


@app.command("show")
def show(run: Annotated[UUID, typer.Argument(help="the run's id")]) -> None:
    """Show what became of the rows of a run."""
    with opened() as installation, reading(installation.engine) as db:
        show_run(collection.run_of(db, run))


@app.command("refused")
def refused(run: Annotated[UUID, typer.Argument(help="the run's id")], file: MendableFile) -> None:
    """Write the refused rows with their causes, to be mended and sent again."""
    writers = {".xlsx": refused_rows_xlsx, ".csv": refused_rows_csv}
    if file.suffix not in writers:
        raise Invalid("the file to write ends in .xlsx or .csv")
    with opened() as installation, reading(installation.engine) as db:
        rows = list(collection.refused_rows(db, installation.vault, run))
    headers = list(dict.fromkeys(name for row in rows for name in row.raw))
    causes = ["dòng / row", "lý do", "reason"]
    body = [
        [
            *(row.raw.get(name, "") for name in headers),
            str(row.row_number),
            row.causes_vi,
            row.causes_en,
        ]
        for row in rows
    ]
    file.write_bytes(writers[file.suffix]([*headers, *causes], body))
    ERR.print(f"{len(rows)} dòng / rows -> {file}")


def show_run(run: RunSummary) -> None:
    """Print a run: rows per outcome, then per cause with its meaning."""
    OUT.print(f"[bold]{run.kind}[/bold] {run.file_name}  {run.state}  {run.run_id}")
    OUT.print(
        "  " + "  ".join(f"{outcome} {count:,}" for outcome, count in sorted(run.rows.items()))
    )
    table = Table("outcome", "cause", "rows", "nghĩa / meaning", box=None, padding=(0, 2))
    for outcome, causes in sorted(run.causes.items()):
        for cause, count in sorted(causes.items(), key=lambda each: (-each[1], each[0])):
            table.add_row(outcome, cause, f"{count:,}", message(cause, {}, "vi"))
    if table.row_count:
        OUT.print(table)
    if run.failure:
        ERR.print(f"[red]{run.failure}[/red]")
