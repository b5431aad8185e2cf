"""Letting notifications of registers take effect, beside the requests, and fetching new ones."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI

from labour_book.errors import LabourBookError
from labour_book.services.applying_events import run_cycle
from labour_book.services.callers import operator
from labour_book.services.own_events import number_events
from labour_book.services.polling_registers import poll

SECONDS = 5
"""How often it is asked whether notifications wait: a few small queries."""
ROUNDS_BETWEEN_POLLS = 12
"""Registers are asked for their changes once in so many rounds: once a minute."""
BY = operator("register-events")

logger = logging.getLogger("api.events")


@asynccontextmanager
async def applying(app: FastAPI) -> AsyncIterator[None]:
    """Work for as long as the application runs; at its end what waits, waits for the next start."""
    stopping = threading.Event()
    task = asyncio.create_task(_work(app, stopping))
    try:
        yield
    finally:
        stopping.set()
        with suppress(asyncio.CancelledError):
            await task


def apply_waiting(app: FastAPI, stopping: threading.Event, *, polls: bool) -> int:
    """Fetch what registers offer, let all that waits take effect; return how much that was."""
    state = app.state
    if polls:
        for found in poll(state.installation, clock=state.clock):
            if found.failure is not None:
                logger.info("%s does not tell its changes: %s", found.register, found.failure)
            if stopping.is_set():
                return 0
    done = run_cycle(state.installation, by=BY, clock=state.clock, is_stopping=stopping.is_set)
    number_events(state.installation)
    return done.done


async def _work(app: FastAPI, stopping: threading.Event) -> None:
    rounds = 0
    while not await asyncio.to_thread(stopping.wait, SECONDS):  # after a start, requests go first
        polls = rounds % ROUNDS_BETWEEN_POLLS == 0
        rounds += 1
        try:
            await asyncio.to_thread(apply_waiting, app, stopping, polls=polls)
        except LabourBookError as error:  # the database does not answer: it is asked again
            logger.warning("no notification can take effect: %s", error)
        except Exception:  # a bug, told in full; it must not end all of it until the next start
            logger.exception("notifications have failed")
