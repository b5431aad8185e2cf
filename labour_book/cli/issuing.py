"""Issuing, printing and revoking books."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from labour_book.cli.edge import ERR, OUT, me, now, opened, progress_bar, rate
from labour_book.errors import Invalid
from labour_book.services.access import deed
from labour_book.services.identity_checks import Occasion, check_if_due
from labour_book.services.installation import Installation
from labour_book.services.issuing import (
    Issued,
    Progress,
    Summary,
    issue_all,
    issue_book,
    revoke,
    verify_url,
)
from labour_book.services.printing import print_book, printable_of

Worker = Annotated[UUID, typer.Argument(help="the worker's id")]
Purpose = Annotated[str, typer.Option(help="what for; it stands in the trace")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("issue")(issue)
    app.command("print")(print_)
    app.command("revoke")(revoke_version)


def issue_everybody(
    installation: Installation, *, processes: int = 1, limit: int | None = None
) -> Summary:
    """Issue to everybody with a progress bar.

    With keys in a hardware token one process does it all: an open session survives no fork.
    """
    if installation.key_ring.token is not None:
        processes = 1
    with progress_bar() as bar:
        task = bar.add_task("issue", total=None, rate="")

        def show(progress: Progress) -> None:
            speed = rate(bar.tasks[task].speed)
            bar.update(task, completed=progress.done, total=progress.people, rate=speed)

        return issue_all(
            installation, by=me(), now=now(), on_progress=show, processes=processes, limit=limit
        )


def issue(
    everybody: Annotated[
        bool, typer.Option("--all", help="every worker whose book changed")
    ] = False,
    worker: Annotated[UUID | None, typer.Option(help="one worker, by id")] = None,
    processes: Annotated[int, typer.Option(min=1, help="processes that share the work")] = 1,
    limit: Annotated[int | None, typer.Option(min=1, help="look at so many workers only")] = None,
) -> None:
    """Sign a new version where, and only where, the content changed."""
    if everybody == (worker is not None):
        raise Invalid("either --all, or --worker with an id")
    with opened() as installation:
        if worker is None:
            show_summary(issue_everybody(installation, processes=processes, limit=limit))
            return
        check_if_due(installation, worker, occasion=Occasion.ISSUE, now=now())
        with deed(installation.engine) as db:
            result = issue_book(db, installation, worker, by=me(), now=now(), purpose="issue")
        if isinstance(result, Issued):
            OUT.print(f"phiên bản / version {result.version}")
            OUT.print(verify_url(installation, result.version_id), soft_wrap=True)
        else:
            OUT.print(f"không đổi / unchanged since version {result.version}")


def show_summary(summary: Summary) -> None:
    """Print what a run did; whoever's book could not be made is named by id, with the reason."""
    OUT.print(
        f"{summary.people:,} người / people: {summary.issued:,} phiên bản mới / issued, "
        f"{summary.unchanged:,} không đổi / unchanged, {len(summary.failed):,} lỗi / failed",
        soft_wrap=True,
    )
    for person, reason in summary.failed:
        ERR.print(f"[red]{person}  {reason}[/red]")


def print_(
    worker: Worker,
    file: Annotated[Path, typer.Argument(help="the PDF to write")],
    purpose: Purpose,
    version: Annotated[int | None, typer.Option(help="an older version")] = None,
    whole_id: Annotated[bool, typer.Option(help="print the whole personal ID")] = False,
) -> None:
    """Write the sealed PDF of a worker's book."""
    with opened() as installation:
        with deed(installation.engine) as db:
            found = printable_of(
                db, installation, me(), worker, purpose=purpose, now=now(), version=version
            )
        file.write_bytes(print_book(installation, found, now=now(), whole_personal_id=whole_id))
    ERR.print(str(file))


def revoke_version(
    version_id: Annotated[UUID, typer.Argument(help="the version's id")],
    reason: Annotated[str, typer.Option(help="why; it stands in the trace")],
) -> None:
    """Declare a version void. It cannot be taken back."""
    with opened() as installation, deed(installation.engine) as db:
        revoke(db, version_id, reason, by=me(), now=now())
    OUT.print("Đã thu hồi / Revoked.")
