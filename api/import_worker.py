"""Importing what officials sent in, beside the requests: one file at a time in each process."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI

from labour_book.errors import LabourBookError
from labour_book.services.importing import import_next

SECONDS = 2
"""How often it is asked whether a file waits: one small query."""

logger = logging.getLogger("api.imports")


@asynccontextmanager
async def working(app: FastAPI) -> AsyncIterator[None]:
    """Import for as long as the application runs; at its end a file waits for the next start."""
    stopping = threading.Event()
    task = asyncio.create_task(_work(app, stopping))
    try:
        yield
    finally:
        stopping.set()
        with suppress(asyncio.CancelledError):
            await task


def import_waiting(app: FastAPI, stopping: threading.Event) -> int:
    """Import every file that waits; return how many there were."""
    state, files = app.state, 0
    while not stopping.is_set() and import_next(
        state.installation, clock=state.clock, is_stopping=stopping.is_set
    ):
        files += 1
    return files


async def _work(app: FastAPI, stopping: threading.Event) -> None:
    while not await asyncio.to_thread(stopping.wait, SECONDS):  # after a start, requests go first
        try:
            await asyncio.to_thread(import_waiting, app, stopping)
        except LabourBookError as error:  # the database does not answer: it is asked again
            logger.warning("no file can be imported: %s", error)
        except Exception:  # a bug, told in full; it must not end all imports until the next start
            logger.exception("importing has failed")
