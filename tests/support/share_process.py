"""A process that opens shares, to be raced with others."""

from collections.abc import Sequence
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

from labour_book.database import connect
from labour_book.errors import LabourBookError
from labour_book.services import visits
from labour_book.services.callers import ANYBODY
from tests.support.installations import opened


def race(
    url: str,
    folder: Path,
    *,
    now: datetime,
    means: str,
    address: str,
    codes: Sequence[str],
    line: "Connection[str, list[str]]",
) -> None:
    """Say that it is ready, wait for the word, open them all and tell what came of it."""
    inst = opened(connect(url), folder, now)
    opening = visits.open_live if means == "live" else visits.open_share
    line.send("ready")
    line.recv()
    outcomes = []
    for code in codes:
        try:
            opening(inst, code, visits.Visit(ANYBODY, address), now=now)
        except LabourBookError as error:
            outcomes.append(error.slug)
        else:
            outcomes.append("shown")
    line.send(outcomes)
