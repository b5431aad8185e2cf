"""Where a command begins: the installation is opened, the clock is read, errors become text."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from labour_book.garbage import look_seldom
from labour_book.services.callers import Caller, operator
from labour_book.services.installation import Installation
from labour_book.settings import Settings, open_installation, read_settings

OUT = Console(highlight=False)
ERR = Console(stderr=True, highlight=False)


def now() -> datetime:
    return datetime.now(UTC)


def me() -> Caller:
    """The operator: whoever is signed in on this machine."""
    return operator(getpass.getuser())


@contextmanager
def opened(settings: Settings | None = None) -> Iterator[Installation]:
    """Open the installation that the environment describes, and close it after use."""
    look_seldom()
    installation = open_installation(settings or read_settings(), now=now())
    try:
        yield installation
    finally:
        installation.close()


def progress_bar() -> Progress:
    """A bar with rows done, rate and time left; it vanishes when done and when nobody watches."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=ERR,
        transient=True,
        disable=not ERR.is_terminal,
    )


def rate(task_speed: float | None) -> str:
    """Word a speed in rows per second, or nothing before it is known."""
    return f"{task_speed:,.0f}/s" if task_speed else ""
