"""Doing background jobs, beside the requests or in a process of its own: one at a time in each."""

import logging
import os
import socket
import threading
from contextlib import AbstractAsyncContextManager
from functools import partial

from fastapi import FastAPI

from api.background import in_rounds
from labour_book.services.doing_jobs import do_next
from labour_book.services.job_works import WORKS
from labour_book.services.jobs import plan_daily

SECONDS = 5
"""How often it is asked whether a job is due: one small query."""

logger = logging.getLogger("api.jobs")


def working(app: FastAPI) -> AbstractAsyncContextManager[None]:
    """Work for as long as the application runs; at its end a job waits for the next process."""
    work = partial(do_waiting, app)
    return in_rounds(work, seconds=SECONDS, logger=logger, name="background jobs")


def do_waiting(app: FastAPI, stopping: threading.Event) -> int:
    """Do every job that is due; return how many there were."""
    state, done = app.state, 0
    plan_daily(state.installation, now=state.clock())
    while not stopping.is_set() and do_next(
        state.installation,
        WORKS,
        holder=f"{socket.gethostname()[:60]}:{os.getpid()}",
        clock=state.clock,
        is_stopping=stopping.is_set,
    ):
        done += 1
    return done
