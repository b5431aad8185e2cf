"""Importing register files, and what became of their rows."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from labour_book.cli.edge import ERR, OUT, me, now, opened, progress_bar, rate
from labour_book.database import reading
from labour_book.domain.findings import Finding
from labour_book.registers import OF_REGISTERS
from labour_book.services import collection
from labour_book.services.collection import Outcome, Progress, Receipt, RunSummary
from labour_book.services.full_files import FULL_KINDS
from labour_book.services.installation import Installation
from labour_book.services.mending import mendable_file
from labour_book.services.receipts import Told, told

app = typer.Typer(
    help="Import a register's file; see what became of its rows.", no_args_is_help=True
)

MendableFile = Annotated[
    Path, typer.Argument(help="the file to write: .csv; .xlsx for form03, .jsonl for contracts")
]
RegisterFile = Annotated[Path, typer.Argument(help="the file", exists=True, dir_okay=False)]
Mapping = Annotated[Path | None, typer.Option(help="a mapping of unusual columns (YAML)")]


Full = Annotated[
    bool,
    typer.Option(
        "--full/--delta", help="the file holds all that the register states, or what has changed"
    ),
]


def import_file(
    installation: Installation,
    kind: str,
    path: Path,
    mapping: Path | None = None,
    *,
    is_full: bool = False,
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
            is_full=is_full,
        )


def _importer(kind: str) -> Callable[..., None]:
    def command(file: RegisterFile, mapping: Mapping = None) -> None:
        with opened() as installation:
            show_run(import_file(installation, kind, file, mapping))

    def either(file: RegisterFile, mapping: Mapping = None, *, full: Full = False) -> None:
        with opened() as installation:
            show_run(import_file(installation, kind, file, mapping, is_full=full))

    command.__doc__ = either.__doc__ = f"Import a file of the kind {kind}."
    return either if kind in FULL_KINDS else command


for _kind in OF_REGISTERS:
    app.command(_kind)(_importer(_kind))


@app.command("show")
def show(run: Annotated[UUID, typer.Argument(help="the run's id")]) -> None:
    """Show what became of the rows of a run."""
    with opened() as installation, reading(installation.engine) as db:
        show_run(collection.run_of(db, run))


@app.command("refused")
def refused(run: Annotated[UUID, typer.Argument(help="the run's id")], file: MendableFile) -> None:
    """Write the refused rows with their causes, to be mended and sent again."""
    with opened() as installation, reading(installation.engine) as db:
        content, count = mendable_file(db, installation.vault, run, file.suffix)
    file.write_bytes(content)
    ERR.print(f"{count} dòng / rows -> {file}")


@app.command("rows")
def rows(
    run: Annotated[UUID, typer.Argument(help="the run's id")],
    outcome: Annotated[list[Outcome] | None, typer.Option(help="only rows that ended so")] = None,
) -> None:
    """List the rows of a run: where each stood, what became of it, why, and what to do."""
    with opened() as installation, reading(installation.engine) as db:
        collection.run_of(db, run)
        wanted, after = outcome or list(Outcome), 0
        while page := collection.receipts_of(db, installation.vault, run, wanted, after=after):
            for each in page:
                _show_row(each)
            after = page[-1].ordinal


def _show_row(receipt: Receipt) -> None:
    sheet = f"{receipt.sheet} " if receipt.sheet else ""
    place = f"dòng / row {receipt.row_number}" if receipt.row_number else f"#{receipt.ordinal}"
    OUT.print(f"{sheet}{place}  {receipt.outcome}", markup=False, soft_wrap=True)
    for each in receipt.told:
        show_told(each)


def show_told(told: Told, before: str = "") -> None:
    """Print a finding: its cause and field, then in both languages what it is and what to do."""
    field = f" [{told.field}]" if told.field else ""
    lines = (
        f"  {before}{told.cause}{field}",
        f"    {told.message_vi} {told.what_to_do_vi}",
        f"    {told.message_en} {told.what_to_do_en}",
    )
    OUT.print("\n".join(lines), markup=False, soft_wrap=True)


def show_run(run: RunSummary) -> None:
    """Print a run: rows per outcome, remarks on the file, then each cause in both languages."""
    scope = "  đầy đủ / full" if run.is_full else ""
    OUT.print(f"{run.kind} {run.file_name}  {run.state}{scope}  {run.run_id}", markup=False)
    OUT.print(
        "  " + "  ".join(f"{outcome} {count:,}" for outcome, count in sorted(run.rows.items()))
    )
    for remark in run.remarks:
        show_told(remark)
    for outcome, causes in sorted(run.causes.items()):
        for cause, count in sorted(causes.items(), key=lambda each: (-each[1], each[0])):
            show_told(told(Finding(cause)), f"{outcome} {count:,}  ")
    if run.failure:
        ERR.print(run.failure, style="red", markup=False)
