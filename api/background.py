"""Work that goes on beside the requests for as long as the application runs."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

from labour_book.errors import LabourBookError


@asynccontextmanager
async def beside_requests(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Do work that does not end by itself; it is cancelled when the application ends."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def in_rounds(
    work: Callable[[threading.Event], object], *, seconds: float, logger: logging.Logger, name: str
) -> AsyncIterator[None]:
    """Do work on a thread again and again, so many seconds apart; requests go first after a start.

    ``work`` gets what tells it to stop; when the application ends it is told so, and waited for.
    """
    stopping = threading.Event()
    task = asyncio.create_task(_rounds(work, stopping, seconds, logger, name))
    try:
        yield
    finally:
        stopping.set()
        with suppress(asyncio.CancelledError):
            await task


async def _rounds(
    work: Callable[[threading.Event], object],
    stopping: threading.Event,
    seconds: float,
    logger: logging.Logger,
    name: str,
) -> None:
    while not await asyncio.to_thread(stopping.wait, seconds):
        try:
            await asyncio.to_thread(work, stopping)
        except LabourBookError as error:  # the database does not answer: it is asked again
            logger.warning("%s has to wait: %s", name, error)
        except Exception:  # a bug, told in full; it must not end the work until the next start
            logger.exception("%s has failed", name)
