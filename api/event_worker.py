"""Letting notifications of registers take effect, beside the requests, and fetching new ones."""

import logging
import threading
from contextlib import AbstractAsyncContextManager
from itertools import count

from fastapi import FastAPI

from api.background import in_rounds
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


def applying(app: FastAPI) -> AbstractAsyncContextManager[None]:
    """Work for as long as the application runs; at its end what waits, waits for the next start."""
    rounds = count()

    def work(stopping: threading.Event) -> None:
        apply_waiting(app, stopping, polls=next(rounds) % ROUNDS_BETWEEN_POLLS == 0)

    return in_rounds(work, seconds=SECONDS, logger=logger, name="applying notifications")


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
