"""Signing where the trace stands, every minute, beside the requests.

What stands behind the last checkpoint is all that a thief of the database could still rewrite.
"""

import logging
import threading
from contextlib import AbstractAsyncContextManager
from functools import partial

from fastapi import FastAPI

from api.background import in_rounds
from labour_book.database import reading
from labour_book.errors import Conflict
from labour_book.services import auditing, keys
from labour_book.services.installation import Installation
from signing import Use

SECONDS = 60
"""Between two checkpoints; nothing is signed where nothing was added."""

logger = logging.getLogger("api.checkpoints")


def signing(app: FastAPI) -> AbstractAsyncContextManager[None]:
    """Sign for as long as the application runs; several processes share one file of them."""
    work = partial(sign_end, app)
    return in_rounds(work, seconds=SECONDS, logger=logger, name="checkpoints")


def sign_end(app: FastAPI, _stopping: threading.Event | None = None) -> int:
    """Sign the end of the trace if something was added; return its number of rows, or 0.

    A break is told loudly and every time: somebody has to look.
    """
    inst: Installation = app.state.installation
    now = app.state.clock()
    if Use.LOG not in inst.key_ring.signers:
        return 0
    try:
        with reading(inst.engine) as db:
            made = auditing.checkpoint(db, inst, keys.trust_bundle(db, inst, now), now)
    except Conflict:
        logger.exception("the trace is broken: run `labour-book audit verify`")
        return 0
    return 0 if made is None else made.size
