"""Losses of work, and the support that the law gives for them."""

from typing import Annotated

import typer

from labour_book.cli.edge import OUT, me, now, opened
from labour_book.cli.law import read_given
from labour_book.domain.evidence import vietnam_day
from labour_book.domain.findings import Language
from labour_book.errors import Invalid
from labour_book.law.programmes import programmes
from labour_book.services import job_losses
from labour_book.services.explaining_support import explain, facts_said

app = typer.Typer(help="Find losses of work and propose what the law gives.", no_args_is_help=True)


@app.command("run")
def run(
    everybody: Annotated[
        bool, typer.Option("--all", help="everybody, not only those of whom something changed")
    ] = False,
) -> None:
    """Run a round, or end the one that was stopped."""
    with opened() as installation:
        for step in job_losses.detect(installation, by=me(), now=now(), everybody=everybody):
            done = "  xong / done" if step.is_done else ""
            OUT.print(
                f"{step.people:>11,} người / people  {step.found:>9,} mất việc / losses  "
                f"{step.proposed:>9,} đề xuất / proposals{done}",
                soft_wrap=True,
            )


@app.command("explain")
def explained(
    policy: Annotated[str, typer.Argument(help="of the support; without one they are listed")] = "",
    given: Annotated[list[str] | None, typer.Argument(help="what is known: name=value ...")] = None,
    *,
    english: Annotated[bool, typer.Option("--english", help="tell it in English")] = False,
) -> None:
    """Tell who may get a support: each condition with its article, each number of the law."""
    if not policy:
        for code, known in programmes().items():
            OUT.print(f"{code:<30}{known.title_vi} / {known.title_en}", soft_wrap=True)
        return
    if policy not in programmes():
        raise Invalid("there is no such support; without a name they are listed")
    language: Language = "en" if english else "vi"
    programme, on = programmes()[policy], vietnam_day(now())
    found = explain(programme, facts_said(programme, read_given(given or [])), on, language)
    for line in found.facts:
        OUT.print(f"{line.label}: {line.value}", markup=False)
    for each in found.conditions:
        OUT.print(f"  {_MET[each.holds]} {each.words} ({each.article})", markup=False)
    for line in found.steps:
        OUT.print(
            f"{'  ' * (line.depth + 2)}{line.label}: {line.value} ({line.source})", markup=False
        )
    OUT.print(f"= {_MET[found.holds]} {found.sum}", style="bold", markup=False, soft_wrap=True)


_MET = {True: "✓", False: "✗", None: "?"}
