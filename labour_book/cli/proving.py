"""What this installation can prove of itself, with goal, time and the facts of the machine."""

import json
import os
import platform
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from labour_book import data
from labour_book.cli.edge import OUT, me, now, opened
from labour_book.database import reading
from labour_book.queries.conditions import conditions
from labour_book.services import proving
from labour_book.services.installation import Installation
from labour_book.services.proving import Proof

GIB = 2**30


@dataclass(frozen=True, slots=True)
class Line:
    """A proof with how long it took."""

    proof: Proof
    seconds: float

    @property
    def is_good(self) -> bool:
        most = data.by("proofs", "what")[self.proof.what]["most_seconds"]
        return self.proof.is_good and (not most or self.seconds <= float(most))


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("prove")(prove)


def prove(
    *,
    sample: Annotated[
        int, typer.Option(min=1, help="books and people that are drawn by lot")
    ] = 1_000,
    log: Annotated[
        list[Path] | None,
        typer.Option(help="log file that must name nobody", exists=True, dir_okay=False),
    ] = None,
    no_drills: Annotated[
        bool, typer.Option("--no-drills", help="nothing that takes a copy of the whole")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="for programs")] = False,
) -> None:
    """Prove the figures of trust that an installation can show of itself; exit 1 if one fails."""
    found = []
    with opened() as inst:
        facts = machine(inst)
        for line in _timed(_proofs(inst, sample, log or [], with_drills=not no_drills)):
            found.append(line)
            if not as_json:
                _tell(line)
    if as_json:
        objects = [_as_object(each) for each in found]
        typer.echo(json.dumps({"machine": facts, "proofs": objects}, ensure_ascii=False, indent=1))
    else:
        OUT.print(", ".join(f"{name} {value}" for name, value in facts.items()), soft_wrap=True)
    if not all(each.is_good for each in found):
        raise typer.Exit(1)


def _proofs(
    inst: Installation, sample: int, logs: list[Path], *, with_drills: bool
) -> Iterator[Proof]:
    yield from proving.proofs(inst, sample=sample, logs=logs, now=now(), timer=time.process_time)
    if with_drills:
        yield from proving.drilled(inst, by=me(), now=now())


def _timed(found: Iterator[Proof]) -> Iterator[Line]:
    began = time.monotonic()
    for each in found:
        yield Line(each, time.monotonic() - began)
        began = time.monotonic()


def machine(inst: Installation) -> dict[str, str]:
    """Return what the figures were found on."""
    with reading(inst.engine) as db:
        of = conditions(db)
    pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "machine": platform.machine(),
        "cores": str(os.cpu_count()),
        "memory": f"{pages / GIB:.1f} GiB",
        "load": f"{os.getloadavg()[0]:.1f}",
        "Python": platform.python_version(),
        of.kind: ".".join(map(str, of.version)),
    }


def _tell(line: Line) -> None:
    words = data.by("proofs", "what")[line.proof.what]
    mark = "[green]đạt / pass[/green]" if line.is_good else "[red]KHÔNG ĐẠT / FAIL[/red]"
    OUT.print(
        f"{mark}  {words['figure']}  {words['vi']} / {words['en']} ({words['goal']}):"
        f" {line.proof.detail}; {line.seconds:.1f} s",
        soft_wrap=True,
    )


def _as_object(line: Line) -> dict[str, str | float | bool]:
    words = data.by("proofs", "what")[line.proof.what]
    return {
        "what": line.proof.what,
        "figure": words["figure"],
        "goal": words["goal"],
        "is_good": line.is_good,
        "detail": line.proof.detail,
        "seconds": round(line.seconds, 2),
    }
