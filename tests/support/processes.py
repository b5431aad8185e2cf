"""Processes of their own for tests, quickly there.

Each is forked from one that did nothing but import; importing takes longer than most of what is
tested in them.
"""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

IMPORTED = [
    "__main__",
    "labour_book.registers",
    "labour_book.services.bulk_issuing",
    "labour_book.services.checking",
    "labour_book.services.collection",
    "labour_book.services.daily",
    "labour_book.services.job_works",
    "labour_book.services.law_rules",
    "labour_book.services.link_runs",
    "labour_book.services.polling_registers",
    "labour_book.services.printing",
    "labour_book.services.samples",
    "labour_book.services.sandbox_officials",
    "labour_book.services.visits",
    "labour_book.settings",
    "signing.hsm",
    "tests.services.import_process",
    "tests.support.issue_process",
    "tests.support.killed_deeds",
    "tests.support.share_process",
    "typer",
    "uvicorn",
]
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(IMPORTED)


def run_apart(
    target: Callable[..., None], *given: Any, environment: Mapping[str, str], folder: Path
) -> "subprocess.CompletedProcess[str]":
    """Run it to its end in a process with that environment, in that folder."""
    with TemporaryDirectory() as beside:
        process = CONTEXT.Process(
            target=_begin, args=(dict(environment), folder, Path(beside), target, given)
        )
        process.start()
        process.join()
        assert process.exitcode is not None
        said, complained = (
            (Path(beside) / name).read_text(encoding="utf-8") for name in ("out", "err")
        )
    return subprocess.CompletedProcess(
        [str(each) for each in given], process.exitcode, said, complained
    )


def _begin(
    environment: dict[str, str],
    folder: Path,
    beside: Path,
    target: Callable[..., None],
    given: tuple[Any, ...],
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for name, stream in (("out", sys.stdout), ("err", sys.stderr)):
        with (beside / name).open("wb") as file:
            os.dup2(file.fileno(), stream.fileno())
    target(*given)


def command_line(*words: str) -> None:
    """Be ``labour-book`` with these words."""
    from labour_book.cli import main  # noqa: PLC0415 - it looks at its output as it is imported

    sys.argv = ["labour-book", *words]
    main()
