"""Importing what officials sent in, beside the requests: one file at a time in each process."""

import logging
import threading
from contextlib import AbstractAsyncContextManager
from functools import partial

from fastapi import FastAPI

from api.background import in_rounds
from labour_book.services.importing import import_next

SECONDS = 2
"""How often it is asked whether a file waits: one small query."""

logger = logging.getLogger("api.imports")


def working(app: FastAPI) -> AbstractAsyncContextManager[None]:
    """Import for as long as the application runs; at its end a file waits for the next start."""
    work = partial(import_waiting, app)
    return in_rounds(work, seconds=SECONDS, logger=logger, name="importing files")


def import_waiting(app: FastAPI, stopping: threading.Event) -> int:
    """Import every file that waits; return how many there were."""
    state, files = app.state, 0
    while not stopping.is_set() and import_next(
        state.installation, clock=state.clock, is_stopping=stopping.is_set
    ):
        files += 1
    return files
